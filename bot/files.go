package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/slack"
	"fireboss/incidents/store"
)

// A Fetcher reads what was shared from where it is: what a door has to offer for
// files. It reads at most limit bytes.
type Fetcher interface {
	Fetch(ctx context.Context, from string, limit int64, each func(io.Reader) error) error
}

// library fetches the content of files that are to be kept, one after the other:
// nobody waits for it.
type library struct {
	store store.Store
	door  Fetcher
	limit int64 // in bytes
	log   zerolog.Logger
	wake  bell
}

// Bounds of fetching a file.
const (
	pieceSize    = 256 << 10
	maxFetches   = 20
	longestFetch = 5 * time.Minute
)

func newLibrary(s store.Store, door Fetcher, limit int64, log zerolog.Logger) *library {
	return &library{store: s, door: door, limit: limit, log: log, wake: newBell()}
}

// changed says that there may be something to fetch; it does not block.
func (l *library) changed() {
	l.wake.ring()
}

// run fetches until the context ends.
func (l *library) run(ctx context.Context) {
	rounds(ctx, l.wake, l.once)
}

// once fetches what is due and answers how long until something is.
func (l *library) once(ctx context.Context, now time.Time) time.Duration {
	list, err := l.store.WantedFiles(ctx)
	if err != nil {
		if ctx.Err() == nil {
			l.log.Error().Err(err).Msg("the files to be kept cannot be read")
		}
		return time.Minute
	}
	next := time.Hour
	for _, f := range list {
		wait := f.NextTry.Sub(now)
		if wait <= 0 {
			wait = l.take(ctx, f)
		}
		if wait > 0 {
			next = min(next, wait)
		}
	}
	return next
}

// take fetches one file; it answers how long to wait before the next try.
func (l *library) take(ctx context.Context, f store.File) time.Duration {
	pieces, err := l.fetch(ctx, f)
	switch {
	case ctx.Err() != nil, errors.Is(err, store.ErrNotFound): // it was taken back meanwhile
		return 0
	case err == nil:
		f.State, f.Pieces, f.Error = store.FileKept, pieces, ""
		return l.put(ctx, f, 0)
	}
	f.Attempts++
	f.Error = err.Error()
	wait := min(time.Second<<min(f.Attempts, 9), longestFetch)
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		wait = later.RetryAfter()
	}
	if errors.Is(err, slack.ErrNoFile) || f.Attempts >= maxFetches {
		f.State, f.NextTry = store.FileFailed, time.Time{}
		l.log.Warn().Err(err).Str("incident", f.Incident.String()).Str("file", f.ID).Msg("the content of a file could not be kept")
		return l.put(ctx, f, 0)
	}
	f.NextTry = time.Now().Add(wait)
	return l.put(ctx, f, wait)
}

// fetch stores the content in pieces and answers how many. A panic is an error.
func (l *library) fetch(ctx context.Context, f store.File) (pieces int, err error) {
	defer func() {
		if p := recover(); p != nil {
			l.log.Error().Interface("panic", p).Bytes("stack", debug.Stack()).Str("file", f.ID).Msg("fetching a file panicked")
			err = errors.New("fetching it panicked; see the log")
		}
	}()
	size := int64(0)
	err = l.door.Fetch(ctx, f.From, l.limit+1, func(content io.Reader) error {
		piece := make([]byte, pieceSize)
		for {
			n, err := fill(content, piece)
			if n > 0 {
				if size += int64(n); size > l.limit {
					return fmt.Errorf("%w: it is larger than it was said to be", slack.ErrNoFile)
				}
				if err := l.store.PutPiece(ctx, f, pieces, piece[:n]); err != nil {
					return err
				}
				pieces++
			}
			if err == io.EOF { //nolint:errorlint // a reader's own
				return nil
			}
			if err != nil {
				return fmt.Errorf("it broke off: %w", err)
			}
		}
	})
	return pieces, err
}

// fill reads until the piece is full. Unlike io.ReadFull it tells a content that
// ends from one that breaks off.
func fill(r io.Reader, piece []byte) (n int, err error) {
	for n < len(piece) && err == nil {
		var read int
		read, err = r.Read(piece[n:])
		n += read
	}
	return n, err
}

// put stores how far it came and answers wait, or a minute where it could not.
func (l *library) put(ctx context.Context, f store.File, wait time.Duration) time.Duration {
	err := l.store.PutFile(context.WithoutCancel(ctx), f)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		l.log.Error().Err(err).Str("file", f.ID).Msg("how far a file has come cannot be stored")
		return time.Minute
	}
	return wait
}
