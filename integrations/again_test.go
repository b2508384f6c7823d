package integrations

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// The one table of what to do about a call, whoever made it.
func TestJudge(t *testing.T) {
	dial := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://x/secret", Err: &net.OpError{Op: "dial", Net: "tcp", Err: err}}
	}
	for _, c := range []struct {
		status int
		after  string
		err    error
		want   Again
		how    string
	}{
		{status: 200, how: "ok"},
		{status: 201, how: "ok"},
		{status: 204, how: "ok"},
		{status: 301, want: Again{Verdict: Never}, how: "http 301"},
		{status: 307, want: Again{Verdict: Never}, how: "http 307"},
		{status: 400, want: Again{Verdict: Never}, how: "http 400"},
		{status: 401, want: Again{Verdict: Never}, how: "http 401"},
		{status: 403, after: "5", want: Again{Verdict: Never}, how: "http 403"},
		{status: 404, want: Again{Verdict: Never}, how: "http 404"},
		{status: 408, want: Again{Verdict: Backoff}, how: "http 408"},
		{status: 409, want: Again{Verdict: Never}, how: "http 409"},
		{status: 413, want: Again{Verdict: Never}, how: "http 413"},
		{status: 422, want: Again{Verdict: Never}, how: "http 422"},
		{status: 425, want: Again{Verdict: Backoff}, how: "http 425"},
		{status: 429, want: Again{Verdict: Later}, how: "http 429"},
		{status: 429, after: "7", want: Again{Later, 7 * time.Second}, how: "http 429"},
		{status: 429, after: "Fri, 20 Nov 2026 12:00:09 GMT", want: Again{Later, 9 * time.Second}, how: "http 429"},
		{status: 429, after: "Fri, 20 Nov 2026 11:00:00 GMT", want: Again{Verdict: Later}, how: "http 429"},
		{status: 429, after: "99999999", want: Again{Later, time.Hour}, how: "http 429"},
		{status: 429, after: "-1", want: Again{Verdict: Later}, how: "http 429"},
		{status: 429, after: "soon", want: Again{Verdict: Later}, how: "http 429"},
		{status: 500, want: Again{Verdict: Unknown}, how: "http 500"},
		{status: 502, want: Again{Verdict: Unknown}, how: "http 502"},
		{status: 503, want: Again{Verdict: Backoff}, how: "http 503"},
		{status: 503, after: "2", want: Again{Later, 2 * time.Second}, how: "http 503"},
		{status: 504, want: Again{Verdict: Unknown}, how: "http 504"},
		{err: dial(syscall.ECONNREFUSED), want: Again{Verdict: Backoff}, how: "network"},
		{err: dial(&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}), want: Again{Verdict: Backoff}, how: "network"},
		{err: dial(ErrPrivate), want: Again{Verdict: Never}, how: "blocked"},
		{err: dial(ErrMetadata), want: Again{Verdict: Never}, how: "blocked"},
		{err: ErrElsewhere, want: Again{Verdict: Never}, how: "blocked"},
		{err: ErrTooLarge, want: Again{Verdict: Never}, how: "too large"},
		{err: &Trouble{Again: Again{Later, time.Second}, err: ErrOpen}, want: Again{Later, time.Second}, how: "open"},
		{err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, want: Again{Verdict: Never}, how: "network"},
		{err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, want: Again{Verdict: Never}, how: "network"},
		{err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, want: Again{Verdict: Never}, how: "network"},
		{err: &net.OpError{Op: "read", Err: syscall.ECONNRESET}, want: Again{Verdict: Unknown}, how: "network"},
		{err: io.ErrUnexpectedEOF, want: Again{Verdict: Unknown}, how: "network"},
		{err: context.DeadlineExceeded, want: Again{Verdict: Unknown}, how: "timeout"},
		{err: context.Canceled, want: Again{Verdict: Unknown}, how: "canceled"},
	} {
		var res *http.Response
		if c.err == nil {
			res = &http.Response{StatusCode: c.status, Header: http.Header{}}
			if c.after != "" {
				res.Header.Set("Retry-After", c.after)
			}
		}
		name := fmt.Sprint(c.status, " ", c.after, " ", c.err)
		if got := Judge(res, c.err, noon); got != c.want {
			t.Errorf("%s: %s %s, want %s %s", name, got.Verdict, got.After, c.want.Verdict, c.want.After)
		}
		if got := outcome(res, c.err); got != c.how {
			t.Errorf("%s is called %q, want %q", name, got, c.how)
		}
		if c.err != nil {
			if told := trouble("x", c.err); strings.Contains(told.Error(), "secret") || !errors.Is(told, plainly(c.err)) {
				t.Errorf("%s is told as %q", name, told)
			}
		}
	}
}
