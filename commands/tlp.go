package commands

import "fireboss/incidents"

var tlpVerb = Verb{
	Name: "tlp", Group: groupCorrect, about: true,
	Usage:    []string{"tlp LEVEL"},
	Does:     "says how far the incident's text may travel: clear, green, amber, amber+strict or red",
	Examples: []string{"tlp amber+strict", "tlp red"},
	form: func(c *call) Form {
		in, _ := c.incident()
		var levels []Option
		for _, level := range incidents.TLPLevels {
			levels = append(levels, Option{Value: level, Label: "TLP:" + level, Detail: incidents.TLPMeaning(level)})
		}
		return Form{Title: "How far may it travel?", Submit: "Set", Fields: []Field{choiceField("level", "TLP", in.TLP, levels)}}
	},
	fill: retyped("level"),
	run: func(c *call) (Reply, error) {
		if c.args == "" {
			in, err := c.incident()
			if err != nil {
				return Reply{}, err
			}
			r := c.levels(in)
			if c.barred(c.verb, in) == nil {
				r.Form = c.asks()
			}
			return r, nil
		}
		out, err := c.apply(incidents.SetTLP{Level: c.args})
		if err != nil {
			return Reply{}, err
		}
		level := out.Incident.TLP
		word := " is now TLP:"
		if len(out.Events) == 0 {
			word = " is TLP:"
		}
		return c.done(out, out.Incident.Number.String()+word+level+": its text may travel "+incidents.TLPMeaning(level)+".")
	},
}

// levels shows them all.
func (c *call) levels(in incidents.Incident) Reply {
	r := Reply{Text: in.Number.String() + " is TLP:" + in.TLP + ". To change that: " + c.say("tlp", "red"), Incident: &in}
	for _, level := range incidents.TLPLevels {
		r.Lines = append(r.Lines, Line{Text: "TLP:" + level + " may travel " + incidents.TLPMeaning(level)})
	}
	return r
}
