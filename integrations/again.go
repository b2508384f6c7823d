package integrations

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Verdict is what to do about a call that did not go well.
type Verdict int

// The verdicts.
const (
	Done    Verdict = iota // it went well
	Later                  // not now; they said when, or nearly
	Never                  // it will be refused again
	Unknown                // it may have happened: look before doing it again, if doing it twice does harm
	Backoff                // it has not happened, and may the next time
)

// String is its name.
func (v Verdict) String() string {
	return [...]string{"done", "later", "never", "unknown", "backoff"}[v]
}

// Again is whether, and when, to try a call again.
type Again struct {
	Verdict Verdict
	After   time.Duration // Later: not before; 0: they did not say
}

// Trouble is why a call had no answer. Its text has no address, header or body of the call, since there are secrets in
// those.
type Trouble struct {
	Integration string
	Again       Again
	Outcome     string // for metrics; see [Observer]
	err         error
}

// Error says what happened, for the log.
func (t *Trouble) Error() string { return t.Integration + ": " + t.err.Error() }

// Unwrap is the cause.
func (t *Trouble) Unwrap() error { return t.err }

// Reasons for which a call is not made, or not read to its end.
var (
	ErrElsewhere = errors.New("the address is not that of the configuration")
	ErrPrivate   = errors.New("the address is a private one, and private_network is not set")
	ErrMetadata  = errors.New("the address is of this machine's link or its cloud's metadata")
	ErrOpen      = errors.New("it has failed often, and is left in peace for a while")
	ErrTooLarge  = errors.New("the answer is too large")
)

// Judge says what to do about an answer, or about the lack of one. This is the one table of it, for every integration.
func Judge(res *http.Response, err error, now time.Time) Again {
	if err != nil {
		return judgeError(err)
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests:
		return Again{Later, retryAfter(res.Header, now)}
	case http.StatusServiceUnavailable:
		if after := retryAfter(res.Header, now); after > 0 {
			return Again{Later, after}
		}
		return Again{Verdict: Backoff}
	case http.StatusRequestTimeout, http.StatusTooEarly: // RFC 9110 15.5.9, RFC 8470: it was not worked on
		return Again{Verdict: Backoff}
	}
	switch {
	case res.StatusCode >= 500:
		return Again{Verdict: Unknown}
	case res.StatusCode >= 300:
		return Again{Verdict: Never}
	}
	return Again{}
}

func judgeError(err error) Again {
	var (
		known       *Trouble
		op          *net.OpError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		host        x509.HostnameError
		record      tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &known):
		return known.Again
	case errors.Is(err, ErrElsewhere), errors.Is(err, ErrPrivate), errors.Is(err, ErrMetadata), errors.Is(err, ErrTooLarge):
		return Again{Verdict: Never}
	case errors.Is(err, ErrOpen):
		return Again{Verdict: Later}
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &host), errors.As(err, &record):
		return Again{Verdict: Never}
	case errors.As(err, &op) && op.Op == "dial":
		return Again{Verdict: Backoff}
	}
	return Again{Verdict: Unknown} // it was cut, or took too long: after it was sent, for all we know
}

// longestWait bounds what a server can make us wait; some say a day.
const longestWait = time.Hour

// retryAfter is what the header says (RFC 9110, section 10.2.3): seconds, or a date. 0: nothing that can be read.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, longestWait)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), longestWait)
	}
	return 0
}

// outcome names how a call ended, for metrics.
func outcome(res *http.Response, err error) string {
	var timeout interface{ Timeout() bool }
	switch {
	case err == nil && res.StatusCode < 300:
		return "ok"
	case err == nil:
		return "http " + strconv.Itoa(res.StatusCode)
	case errors.Is(err, ErrOpen):
		return "open"
	case errors.Is(err, ErrElsewhere), errors.Is(err, ErrPrivate), errors.Is(err, ErrMetadata):
		return "blocked"
	case errors.Is(err, ErrTooLarge):
		return "too large"
	case errors.Is(err, ErrSilent):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "network"
}

// trouble is an error without what net/http writes of the address into it.
func trouble(integration string, err error) *Trouble {
	var known *Trouble
	if errors.As(err, &known) {
		return known
	}
	return &Trouble{Integration: integration, Again: judgeError(err), Outcome: outcome(nil, err), err: plainly(err)}
}

// plainly is an error without the URL that net/http puts around it.
func plainly(err error) error {
	var around *url.Error
	if errors.As(err, &around) {
		return around.Err
	}
	return err
}
