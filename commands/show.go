package commands

import "fireboss/incidents"

var showVerb = Verb{
	Name: "show", Group: groupOpen, about: true,
	Usage:    []string{"show [INC-n]"},
	Does:     "shows an incident's card",
	Examples: []string{"show", "show INC-12"},
	run: func(c *call) (Reply, error) {
		if c.args != "" {
			return Reply{}, incidents.Invalid("%s is not an incident; write it like INC-12. Example: /incident show INC-12", quote(c.args))
		}
		in, err := c.incident()
		if err != nil {
			return Reply{}, err
		}
		return Reply{Text: c.headline(in), Incident: &in, Card: true}, nil
	},
}

// headline says in two sentences how it stands.
func (c *call) headline(in incidents.Incident) string {
	text := in.Number.String() + " (" + in.Title + ") is " + judged(in.Severity) + " and " + statusWord(in) + "."
	if in.Drill {
		text = "Drill: " + text
	}
	if p, led := in.Commander(); led {
		if p.ID == c.Actor.ID {
			return text + " You command it."
		}
		return text + " " + p.Name + " commands it."
	}
	return sentence(text, c.calledFor(in))
}

// judged is a severity in a sentence that begins "INC-3 is".
func judged(s incidents.Severity) string {
	if s == incidents.Unset {
		return "of unset severity"
	}
	return s.String()
}

// statusWord is the status in a sentence that begins "INC-3 is".
func statusWord(in incidents.Incident) string {
	switch {
	case in.Status == incidents.Triage:
		return "in triage"
	case in.MergedInto != 0:
		return "merged into " + in.MergedInto.String()
	case in.EndedAs == incidents.EndedFalsePositive:
		return "canceled as a false positive"
	}
	return string(in.Status)
}
