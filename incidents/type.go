package incidents

import (
	"fmt"
	"slices"
	"strings"
)

// Type is a sort of incident that the policy knows. Others can be said as well;
// of those it wants nothing.
type Type struct {
	Name      string   // security
	Meaning   string   // one clause that helps to choose
	Checklist []string // tasks that an incident gets when it comes to be of this type
	Fields    []Field  // what is to be known of incidents of this type
}

// Field is something that an organisation wants to know of its incidents.
type Field struct {
	Name     string   // root_cause
	Ask      string   // as a person asks for it: "What caused it?"; may be empty
	Values   []string // what it can be; empty: anything
	Required Gate     // what cannot be done before it is set; empty: nothing
}

// Gate is an act that waits for fields.
type Gate string

// The acts that can wait for fields.
const (
	BeforeResolve Gate = "resolve"
	BeforeClose   Gate = "close"
)

// Type finds a type by its name, in any case and however its words are joined:
// "third party" is third-party.
func (r Rules) Type(name string) (Type, bool) {
	name = joined(name)
	for _, t := range r.Types {
		if joined(t.Name) == name {
			return t, true
		}
	}
	return Type{}, false
}

// joined is a name in one word.
func joined(name string) string {
	return strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(Tidy(name)))
}

// field is a field of an incident's type.
func (r Rules) field(in Incident, name string) (Field, bool) {
	t, _ := r.Type(in.Type)
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return t.Fields[i], true
}

// Missing are the fields of the incident's type that have to be set before any
// of these can be done, and are not.
func (r Rules) Missing(in Incident, gates ...Gate) []Field {
	var list []Field
	t, _ := r.Type(in.Type)
	for _, f := range t.Fields {
		if contains(gates, f.Required) && in.Fields[f.Name] == "" {
			list = append(list, f)
		}
	}
	return list
}

// Want is what has to be known before something can be done: what a form asks for.
type Want struct {
	Of     Number
	Gate   Gate    // what was to be done
	Fields []Field // never empty
}

// complete refuses what cannot be done before the fields of the incident's type are set.
func (d *decision) complete(done string, gates ...Gate) error {
	list := d.rules.Missing(d.in, gates...)
	if len(list) == 0 {
		return nil
	}
	var names, asked []string
	for _, f := range list {
		names = append(names, f.Name)
		if f.Ask != "" {
			asked = append(asked, f.Name+": "+f.Ask)
		}
	}
	is, each := "is", "Set it"
	if len(list) > 1 {
		is, each = "are", "Set each"
	}
	value := "TEXT"
	if len(list[0].Values) > 0 {
		value = list[0].Values[0]
	}
	why := ""
	if len(asked) > 0 {
		why = " (" + strings.Join(asked, " ") + ")"
	}
	err := Refused("%s is of the type %s and cannot be %s before %s %s set%s. %s, and say it again: %s", d.in.Number, d.in.Type, done,
		strings.Join(names, " and "), is, why, each, d.say("field", list[0].Name+" "+value))
	refusal, _ := AsRefusal(err)
	refusal.Want = &Want{Of: d.in.Number, Gate: gates[len(gates)-1], Fields: list}
	return err
}

// allows refuses a value that a field cannot have, and writes it as the policy does.
func (f Field) allows(value string, example Say) (string, error) {
	for _, v := range f.Values {
		if strings.EqualFold(v, value) {
			return v, nil
		}
	}
	if len(f.Values) == 0 || value == "" {
		return value, nil
	}
	return "", Invalid("%s can be %s, not %q. Example: %s", f.Name, strings.Join(f.Values, ", "), shorten(Tidy(value), 40), example)
}

// checklist adds the tasks of the incident's type that it does not have yet. It
// is one event, for it is one thing to read.
func (d *decision) checklist() {
	t, _ := d.rules.Type(d.in.Type)
	var numbers []int
	var items []string
	for _, words := range t.Checklist {
		known := slices.ContainsFunc(d.in.Tasks, func(t Task) bool { return t.Text == words })
		if known || len(d.in.Tasks) >= maxList {
			continue
		}
		number := len(d.in.Tasks) + 1
		d.in.Tasks = append(d.in.Tasks, Task{Number: number, Text: words, State: TaskOpen})
		numbers = append(numbers, number)
		items = append(items, fmt.Sprintf("%d. %s", number, words))
	}
	if len(numbers) > 0 {
		d.event(TaskAdded, "Checklist for "+t.Name+": "+strings.Join(items, "; "), "number", numbers[0], "numbers", numbers, "checklist", t.Name)
	}
}
