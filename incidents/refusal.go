package incidents

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
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
	Code Code
	// Text is right wherever it is read: a command in it names its incident.
	Text string
	// Here is the same for the incident's own channel, where that is understood.
	Here string
	// Want is set where something has to be known first: what a form asks for.
	Want *Want
	// Incident is set where the refusal could offer a way to ask for access.
	Incident Number
	// Missing says that nothing was wrong with what was said: something that is
	// needed was not said. A door that can ask for it does.
	Missing bool
	// Field names the argument that is missing or wrong, as a form calls it; empty
	// where it is the act itself that is refused.
	Field string
	// said is what Text was made from, where a time stands in it; else nil.
	said *words
}

func (r *Refusal) Error() string { return r.Text }

// In is the refusal as somebody of a time zone reads it; in UTC it was made.
func (r *Refusal) In(zone *time.Location) *Refusal {
	if r.said == nil {
		return r
	}
	there := *r
	there.Text, there.Here = r.said.in(zone)
	return &there
}

// words are a refusal before it is put into words.
type words struct {
	format string
	args   []any
}

// instant is a time in a refusal.
type instant time.Time

func (i instant) String() string { return told(time.Time(i)) }

// in puts it into words for readers of a time zone: as it is right wherever it is
// read, and for the incident's own channel.
func (w words) in(zone *time.Location) (text, here string) {
	everywhere, there := slices.Clone(w.args), slices.Clone(w.args)
	for i, arg := range w.args {
		switch arg := arg.(type) {
		case Say:
			arg.Of = 0
			there[i] = arg
		case instant:
			everywhere[i] = toldIn(time.Time(arg), zone)
			there[i] = everywhere[i]
		}
	}
	return fmt.Sprintf(w.format, everywhere...), fmt.Sprintf(w.format, there...)
}

// Say is a command in a sentence: /incident reopen INC-12 WHY. A rule does not
// know where its answer will be read. In another incident's channel a command
// that names none would be carried out on that one.
type Say struct {
	Of   Number // 0: it is about no incident, or its place says which
	Verb string
	Args string
}

// String is how people type it.
func (s Say) String() string {
	words := []string{"/incident", s.Verb}
	if s.Of != 0 {
		words = append(words, s.Of.String())
	}
	if s.Args != "" {
		words = append(words, s.Args)
	}
	return strings.Join(words, " ")
}

func refuse(code Code, format string, args []any) *Refusal {
	w := words{format, args}
	r := &Refusal{Code: code}
	r.Text, r.Here = w.in(time.UTC)
	if slices.ContainsFunc(args, func(arg any) bool { _, is := arg.(instant); return is }) {
		r.said = &w
	}
	return r
}

// Refused says no because the rules do not allow it now.
func Refused(format string, args ...any) error { return refuse(CodeRefused, format, args) }

// Invalid says no because of how it was said.
func Invalid(format string, args ...any) error { return refuse(CodeInvalid, format, args) }

// Missing says no because an argument is not there; field is its name in a form.
func Missing(field, format string, args ...any) error {
	r := refuse(CodeInvalid, format, args)
	r.Missing, r.Field = true, field
	return r
}

// About says which argument of a form an error is about, if it is a refusal.
func About(field string, err error) error {
	r, ok := AsRefusal(err)
	if !ok {
		return err
	}
	named := *r
	named.Field = field
	return &named
}

// NotFound is the one answer for an incident that does not exist and for one
// that the asker may not see.
func NotFound(n Number) error {
	text := fmt.Sprintf("%s does not exist or is not open to you.", n)
	return &Refusal{Code: CodeNotFound, Text: text, Here: text, Incident: n}
}

// AsRefusal finds the refusal in an error, if it is one.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
