package commands

import (
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

// Form asks for what a command needs. It is data: the door draws it, and sends
// the command again with what was filled in as [Request.Values]. A door that has
// no forms shows the reply's text, which says how to type the same.
type Form struct {
	Command string // what sending it says, behind /incident
	Title   string // at most 24 characters, which is all that Slack shows
	Submit  string // the button that sends it; at most 24 characters
	Notes   []Note // above the fields
	Fields  []Field
}

// Note is a line of a form, with something that can be done instead.
type Note struct {
	Text   string
	Choice *Choice // nil: nothing to press
}

// FieldKind is how a field is filled in.
type FieldKind int

// The kinds of fields.
const (
	FieldLine   FieldKind = iota // one line of text
	FieldText                    // lines of text
	FieldChoice                  // one of the options
	FieldMany                    // any number of the options
	FieldTick                    // the one option, or not
	FieldPerson                  // somebody; the value is what the door knows them by
	FieldPeople                  // some people, the same way
)

// Field is one thing that a form asks for.
type Field struct {
	Name     string // by which [Request.Values] has it
	Label    string
	Hint     string // a sentence below it; may be empty
	Kind     FieldKind
	Options  []Option
	Value    []string // as it is filled in before; for people their ids
	Optional bool
	Redraw   bool // what is chosen here changes the rest of the form
	Max      int  // the longest text, in characters; 0: as long as the door takes
}

// Option is one of those to choose from.
type Option struct {
	Value  string
	Label  string
	Detail string // what it means; may be empty
}

// asks draws the verb's form, filled in as far as it is known.
func (c *call) asks() *Form {
	f := c.verb.form(c)
	if f.Command == "" {
		f.Command = c.verb.Name
		if c.number != 0 {
			f.Command += " " + c.number.String()
		}
	}
	for i, field := range f.Fields {
		if said, filled := c.Values[field.Name]; filled {
			f.Fields[i].Value = said
		}
	}
	return &f
}

// possibleNow reports whether the verb may be carried out in the incident as it
// is: nobody fills in a form in order to be refused.
func (c *call) possibleNow() error {
	var in incidents.Incident
	if c.number != 0 {
		var err error
		if in, err = c.incident(); err != nil {
			return err
		}
	}
	return c.barred(c.verb, in)
}

// fill carries out the verb with what its form holds.
func (c *call) fill() (Reply, error) {
	if c.Redraw {
		if err := c.possibleNow(); err != nil {
			return Reply{}, err
		}
		return Reply{Text: "The form is drawn anew.", Form: c.asks()}, nil
	}
	return c.verb.fill(c)
}

// said is what was filled in for a field; "" for nothing.
func (c *call) said(name string) string {
	if list := c.Values[name]; len(list) > 0 {
		return strings.TrimSpace(list[0])
	}
	return ""
}

// saidPerson is who was chosen in a field.
func (c *call) saidPerson(name string) (incidents.Person, error) {
	word := c.said(name)
	if word == "" {
		return incidents.Person{}, nil
	}
	p, err := c.person(word)
	return p, incidents.About(name, err)
}

// guess is the id of whom a word names, if it names somebody.
func (c *call) guess(s string) string {
	word, _ := c.cutPerson(s)
	if word == "" {
		return ""
	}
	p, err := c.person(word)
	if err != nil {
		return ""
	}
	return p.ID
}

// saidTime is the moment that was written into a field; zero for none.
func (c *call) saidTime(name string, which sense) (time.Time, error) {
	word := c.said(name)
	if word == "" {
		return time.Time{}, nil
	}
	if which == next {
		t, found, err := c.dueAt(word)
		if err == nil && !found {
			err = incidents.Invalid("%s is no time. Write 30m, tomorrow, 14:02 or 2026-12-01.", quote(word))
		}
		return t, incidents.About(name, err)
	}
	t, err := c.wholeTime(word, "14:02")
	return t, incidents.About(name, err)
}

// saidDuration is the length that was chosen in a field; zero for none.
func (c *call) saidDuration(name string) time.Duration {
	d, _ := duration(strings.ReplaceAll(c.said(name), " ", ""))
	return d
}

// lineField, areaField, choiceField and personField are fields.
func lineField(name, label string) Field {
	return Field{Name: name, Label: label, Kind: FieldLine, Max: incidents.MaxTitle}
}

func areaField(name, label string) Field {
	return Field{Name: name, Label: label, Kind: FieldText, Max: maxField}
}

func choiceField(name, label, chosen string, options []Option) Field {
	f := Field{Name: name, Label: label, Kind: FieldChoice, Options: options}
	if slices.ContainsFunc(options, func(o Option) bool { return o.Value == chosen }) {
		f.Value = []string{chosen}
	}
	return f
}

func personField(label string) Field { return Field{Name: "to", Label: label, Kind: FieldPerson} }

// maxField is the longest text of a form: the most that Slack's fields take
// (docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element).
const maxField = 3000

// optional is a field that may be left empty.
func (f Field) optional() Field {
	f.Optional = true
	return f
}

// with is a field that is filled in before; an empty value leaves it empty.
func (f Field) with(value string) Field {
	if value != "" {
		f.Value = []string{value}
	}
	return f
}

func (f Field) hint(s string) Field {
	f.Hint = s
	return f
}

// plainOptions are options that need no words beside their values.
func plainOptions(values ...string) []Option {
	var list []Option
	for _, v := range values {
		list = append(list, Option{Value: v, Label: v})
	}
	return list
}

// severityOptions are the severities with what each means.
func (c *call) severityOptions() []Option {
	var list []Option
	for _, s := range incidents.Severities {
		list = append(list, Option{Value: s.String(), Label: s.String(), Detail: c.desk.rules().Meaning(s)})
	}
	return list
}

// lengths are durations to choose from, and one more where it is none of them.
func lengths(more string) []Option {
	list := plainOptions("15m", "30m", "1h", "2h", "4h", "8h", "1d")
	if more != "" && !slices.ContainsFunc(list, func(o Option) bool { return o.Value == more }) {
		list = append(list, plainOptions(more)...)
	}
	return list
}

// retyped carries out the verb as if what was filled in had been typed: for
// those whose words cannot be taken for anything else.
func retyped(fields ...string) func(*call) (Reply, error) {
	return func(c *call) (Reply, error) {
		var words []string
		for _, name := range fields {
			words = append(words, c.said(name))
		}
		c.args = strings.TrimSpace(strings.Join(words, " "))
		return c.verb.run(c)
	}
}
