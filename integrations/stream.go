package integrations

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// ErrSilent is that nothing came of an answer for too long.
var ErrSilent = errors.New("nothing came for too long")

// Stream makes a call once and gives its answer as it comes, for as long as it comes: for events that another system
// tells of while they happen. Until the answer begins it may take as long as any other call; after that it ends when
// nothing came for the time of silence, by the request's context, or when its body is closed, which the caller has to do.
// How much it reads of the body is up to the caller. An answer that is none of 2xx is read to its end as [Client.Do]
// does. An error is a *[Trouble], also one of the body.
func (c *Client) Stream(req *http.Request, silence time.Duration) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	late := time.AfterFunc(c.reach.Timeout, func() { cancel(ErrSilent) })
	res, err := c.attempt(req, func(req *http.Request) (*http.Response, error) {
		open := *c.http
		open.Timeout = 0 // it would end the body as well
		res, err := open.Do(req.WithContext(ctx))
		if err == nil && res.StatusCode/100 != 2 {
			res, err = c.all(res)
		}
		return res, because(ctx, err)
	})
	if err != nil || res.StatusCode/100 != 2 {
		late.Stop()
		cancel(nil)
		return res, err
	}
	late.Reset(silence)
	res.Body = &stream{body: res.Body, integration: c.reach.Integration, ctx: ctx, cancel: cancel, late: late, silence: silence}
	return res, nil
}

// because is the reason for which a context was ended, where that is why something failed.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// stream is the body of an answer that goes on.
type stream struct {
	body        io.ReadCloser
	integration string
	ctx         context.Context // it ends the body, and says why
	cancel      context.CancelCauseFunc
	late        *time.Timer
	silence     time.Duration
}

// Read reads what has come.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.body.Read(p)
	if n > 0 {
		s.late.Reset(s.silence)
	}
	if err != nil && err != io.EOF { //nolint:errorlint // io.EOF itself is what a reader promises
		err = trouble(s.integration, because(s.ctx, err))
	}
	return n, err
}

// Close ends it.
func (s *stream) Close() error {
	s.late.Stop()
	s.cancel(nil)
	return s.body.Close()
}
