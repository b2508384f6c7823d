package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Problem is an error of the API as RFC 9457 has it. It is an error itself, so
// that a handler can just return one.
type Problem struct {
	Type   string `json:"type"`   // where the code is described
	Title  string `json:"title"`  // what sort of problem it is
	Status int    `json:"status"` // the HTTP status
	Code   string `json:"code"`   // for programs
	Detail string `json:"detail"` // for people: what happened, what to do now
	// Reference finds an unforeseen error in the log.
	Reference string `json:"reference,omitempty"`

	wait int // seconds until it is worth trying again; 0: nobody knows
}

func (p *Problem) Error() string { return p.Detail }

// class is what problems of one code have in common.
type class struct {
	Code, Title string
	Status      int
}

// The codes. The first six are the contract's; the others say what the HTTP
// status says.
var (
	refused      = class{"refused", "The rules do not allow it", http.StatusUnprocessableEntity}
	notFound     = class{"not_found", "Not found", http.StatusNotFound}
	unauthorized = class{"unauthorized", "Who are you?", http.StatusUnauthorized}
	forbidden    = class{"forbidden", "Not with this token", http.StatusForbidden}
	conflict     = class{"conflict", "Something else came before it", http.StatusConflict}
	invalid      = class{"invalid", "Not understood", http.StatusBadRequest}
	notAllowed   = class{"method_not_allowed", "Not with this method", http.StatusMethodNotAllowed}
	noSuchType   = class{"not_acceptable", "Not in any of these types", http.StatusNotAcceptable}
	tooMany      = class{"too_many_requests", "Too often", http.StatusTooManyRequests}
	internal     = class{"internal", "Something failed", http.StatusInternalServerError}

	classes = []class{refused, notFound, unauthorized, forbidden, conflict, invalid, notAllowed, noSuchType, tooMany, internal}
)

func problemf(of class, format string, args ...any) *Problem {
	return &Problem{
		Type: "/api/v1/openapi.json#/components/responses/" + of.Code, Title: of.Title,
		Status: of.Status, Code: of.Code, Detail: fmt.Sprintf(format, args...),
	}
}

func invalidf(format string, args ...any) error { return problemf(invalid, format, args...) }

func wrongMethod(r *http.Request, allow []string) error {
	return problemf(notAllowed, "%s does not answer %s. It answers %s.", shorten(r.URL.Path, 100), shorten(r.Method, 20), strings.Join(allow, ", "))
}

// refusal is a refusal of the rules as a problem.
func refusal(code incidents.Code, text string) *Problem {
	switch code {
	case incidents.CodeNotFound:
		return problemf(notFound, "%s", text)
	case incidents.CodeInvalid:
		return problemf(invalid, "%s", text)
	case incidents.CodeConflict:
		return problemf(conflict, "%s", text)
	}
	return problemf(refused, "%s", text)
}

// problem translates an error for the one who asked: the only place where that
// is done. What nobody foresaw goes to the log, and a number to the person.
func (s *Site) problem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if r, ok := incidents.AsRefusal(err); ok {
		return refusal(r.Code, r.Text)
	}
	ref := reference()
	entry := s.log.Error().Err(err).Str("reference", ref)
	var panicked *store.PanicError
	if errors.As(err, &panicked) {
		entry.Bytes("stack", panicked.Stack)
	}
	entry.Msg("a request failed")
	return fault(ref, "")
}

// fault is what somebody hears of an error that nobody foresaw; text is empty
// where nobody has put it into words yet.
func fault(ref, text string) *Problem {
	if text == "" {
		text = "Something went wrong here, and it is not your fault. Try again with the same Idempotency-Key, which does it at most once; if it fails again, look for " + ref + " in the log."
	}
	p := problemf(internal, "%s", text)
	p.Reference = ref
	return p
}

// fail answers a call of the API, or another machine, with a problem. Who has
// hung up gets nothing.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return
	}
	p := s.problem(err)
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="fireboss"`)
	}
	retryAfter(w.Header(), p.wait)
	body, _ := json.Marshal(p) // strings and a number
	send(w, p.Status, "application/problem+json", body)
}

func (s *Site) noRoute(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, problemf(notFound, "There is nothing at %s. What there is stands in /api/v1/openapi.json.", shorten(r.URL.Path, 100)))
}

// missing turns a row that is not there into the one answer for it.
func missing(n incidents.Number, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return incidents.NotFound(n)
	}
	return err
}

// reply writes a JSON answer.
func reply(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	send(w, http.StatusOK, "application/json", body)
	return nil
}

func send(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	if w.Header().Get("Cache-Control") == "" { // a page of somebody who is signed in says more
		w.Header().Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // who has hung up needs no answer
}

// shorten cuts what is repeated to people.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
