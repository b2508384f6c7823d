package postmortem

import "fireboss/incidents"

// law is what the regulation of an event is called.
func (a *account) law(e *entry) string {
	name := e.field("name")
	for _, c := range a.Incident.Clocks {
		if c.Regulation.Name == name {
			return term(c.Regulation.Title)
		}
	}
	if law, ok := a.Rules.Regulation(name); ok {
		return term(law.Title)
	}
	return term(name)
}

// regulation is the one that an event is about, as far as it is known.
func (a *account) regulation(e *entry) incidents.Regulation {
	for _, c := range a.Incident.Clocks {
		if c.Regulation.Name == e.field("name") {
			return c.Regulation
		}
	}
	law, _ := a.Rules.Regulation(e.field("name"))
	return law
}

func sayClockMarked(v *voice, e *entry, c *claim) {
	c.subject = term(e.field("moment"))
	for _, m := range v.a.regulation(e).Moments {
		if m.Name == e.field("moment") {
			c.subject = term(m.Title)
		}
	}
	c.verb = "came (" + v.a.law(e) + ")"
}

func sayClockSubmitted(v *voice, e *entry, c *claim) {
	c.subject = "the " + term(e.field("stage"))
	for _, s := range v.a.regulation(e).Stages {
		if s.Name == e.field("stage") {
			c.subject = "the " + term(s.Title)
		}
	}
	c.verb = "was submitted (" + v.a.law(e) + ")"
}
