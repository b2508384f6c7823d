package commands

import (
	"fmt"
	"strings"

	"fireboss/incidents"
)

// wantField begins the names of a form's fields that are fields of the incident.
const wantField = "set_"

// askForFields is the form of what has to be set before the verb can be carried
// out. Sending it sets them and carries the verb out, as it was said.
func (c *call) askForFields(want *incidents.Want) *Form {
	f := &Form{Command: c.verb.Name + " " + want.Of.String(), Title: capital(c.verb.Name) + " " + want.Of.String(), Submit: capital(c.verb.Name)}
	if c.args != "" {
		f.Command += " " + c.args
	}
	f.Notes = []Note{{Text: "Before it is " + string(want.Gate) + "d, this has to be known:"}}
	for _, field := range want.Fields {
		asked := areaField(wantField+field.Name, capital(strings.ReplaceAll(field.Name, "_", " "))).hint(field.Ask)
		if len(field.Values) > 0 {
			asked.Kind, asked.Options = FieldChoice, plainOptions(field.Values...)
		}
		f.Fields = append(f.Fields, asked)
	}
	return f
}

// fillFields sets the fields of the incident that a form holds, and answers
// whether there were any. Each is a command of its own, so that sending the form
// again sets none twice.
func (c *call) fillFields() (set bool, err error) {
	for name, said := range c.Values {
		field, ok := strings.CutPrefix(name, wantField)
		if !ok || len(said) == 0 {
			continue
		}
		set = true
		cmd := incidents.Command{ID: fmt.Sprintf("%s/%s", c.ID, name), Actor: c.Actor, At: c.At, Incident: c.number, Origin: c.Origin, Do: incidents.SetField{Name: field, Value: said[0]}}
		if _, err := c.desk.Store.Apply(c.ctx, cmd); err != nil {
			return set, incidents.About(name, err)
		}
	}
	return set, nil
}
