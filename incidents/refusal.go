package incidents

import (
	"errors"
	"fmt"
)

// Code is what a refusal is to a program.
type Code string

// The codes, as the API gives them.
const (
	CodeRefused  Code = "refused"   // the rules do not allow it now
	CodeNotFound Code = "not_found" // it does not exist or is not open to them
	CodeInvalid  Code = "invalid"   // it is not said in a way that can be understood
	CodeConflict Code = "conflict"  // the same key was used for something else
)

// Refusal is a no to a person: what was wrong, what is allowed, an example.
// It is an ordinary answer, not a fault; nothing was changed.
type Refusal struct {
	Code Code   `json:"code"`
	Text string `json:"text"`
	// Incident is set where the refusal could offer a way to ask for access.
	Incident Number `json:"incident,omitempty"`
}

func (r *Refusal) Error() string { return r.Text }

// Refused says no because the rules do not allow it now.
func Refused(format string, args ...any) error {
	return &Refusal{Code: CodeRefused, Text: fmt.Sprintf(format, args...)}
}

// Invalid says no because of how it was said.
func Invalid(format string, args ...any) error {
	return &Refusal{Code: CodeInvalid, Text: fmt.Sprintf(format, args...)}
}

// NotFound is the one answer for an incident that does not exist and for one
// that the asker may not see.
func NotFound(n Number) error {
	return &Refusal{Code: CodeNotFound, Text: fmt.Sprintf("%s does not exist or is not open to you.", n), Incident: n}
}

// AsRefusal finds the refusal in an error, if it is one.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
