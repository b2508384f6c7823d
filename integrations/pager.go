package integrations

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"fireboss/incidents"
)

// Pager wakes people.
type Pager struct {
	// Paging is whom it can be asked for.
	Paging incidents.Paging
	// Page has somebody woken. It is answered once the other side has accepted it, and may be asked for again: what has
	// the same key wakes nobody twice. An error is an *[Unpaged].
	Page func(ctx context.Context, p Page) (Paged, error)
	// Answer says that a page is acknowledged or over; it may be said again. An error is an *[Unpaged].
	Answer func(ctx context.Context, a PageAnswer) error
}

// Page is what somebody is woken for.
type Page struct {
	Key      string // [Ours], the incident and the reason
	Whom     incidents.Whom
	Summary  Cleared // one line
	Details  []Detail
	Severity incidents.Severity // [incidents.Unset]: not known, or not to be told
	Service  string             // that it is about; empty: not known, or not to be told
	Link     string             // the incident's page; empty: none
}

// Detail is something more about it.
type Detail struct {
	Name string
	Text Cleared
}

// Paged is what was made of a page.
type Paged struct{ ID string }

// PageAnswer says that a page is acknowledged or, with Over, over.
type PageAnswer struct {
	Key  string
	Whom incidents.Whom
	Over bool
}

// Unpaged is why a page, or an answer to one, was not accepted.
type Unpaged struct {
	Again Again
	Why   string // a sentence for people, without its dot
	Cause error  // for the log; may be nil
}

// Error says both.
func (u *Unpaged) Error() string {
	if u.Cause == nil {
		return u.Why
	}
	return u.Why + ": " + u.Cause.Error()
}

// Unwrap is the cause.
func (u *Unpaged) Unwrap() error { return u.Cause }

// Accepted is nil where a call to a system, by its name for people, went well; else an *[Unpaged]. said is what the answer
// says is wrong, where it does.
func Accepted(system string, res *http.Response, err error, said string, now time.Time) error {
	again := Judge(res, err, now)
	if again.Verdict == Done {
		return nil
	}
	return &Unpaged{Again: again, Why: unpaged(system, res, err, incidents.Tidy(said)), Cause: err}
}

// saidRoom is how much of what the other side says is shown, in characters.
const saidRoom = 200

func unpaged(system string, res *http.Response, err error, said string) string {
	var t *Trouble
	switch {
	case errors.As(err, &t) && t.Outcome == "timeout":
		return system + " does not answer in time"
	case errors.Is(err, ErrOpen):
		return system + " has failed often, and is left in peace for a moment"
	case err != nil:
		return system + " cannot be reached"
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusForbidden:
		return fmt.Sprintf("%s does not take the key (HTTP %d)", system, res.StatusCode)
	case res.StatusCode == http.StatusTooManyRequests:
		return system + " is asked too much (HTTP 429)"
	case res.StatusCode >= 500:
		return fmt.Sprintf("%s is out of order (HTTP %d)", system, res.StatusCode)
	}
	why := fmt.Sprintf("%s does not take it (HTTP %d)", system, res.StatusCode)
	if r := []rune(said); len(r) > saidRoom {
		said = string(r[:saidRoom]) + "…"
	}
	if said != "" {
		why += ": " + strings.TrimRight(said, ".")
	}
	return why
}

// Summons is what may be said of any incident, whatever else of it may not leave: that it needs somebody.
func (Egress) Summons(in incidents.Incident) Cleared {
	what := "An incident"
	if in.Private {
		what = "A private incident"
	}
	return Cleared{what + " needs you: " + in.Number.String()}
}

// Here says whether an address names this machine or one of the own network, by its number or as localhost: whoever wrote
// that meant it.
func (u BaseURL) Here() bool {
	at, err := url.Parse(string(u))
	if err != nil {
		return false
	}
	host := at.Hostname()
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && (ip.IsLoopback() || ip.IsPrivate())
}

// CheckURL reports an address to which a secret would be sent for everybody on the way to read.
func CheckURL(name string, u BaseURL, report func(key, sentence string)) {
	if strings.HasPrefix(string(u), "http://") && !u.Here() {
		report(name, "what is sent there can be read on the way; use https")
	}
}
