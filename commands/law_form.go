package commands

import (
	"strings"

	"fireboss/incidents"
)

// lawForm asks for what a word about the clock of a law lacks: which law, which
// moment or stage of it, and when it was.
func lawForm(c *call) Form {
	word, rest := cut(c.args)
	name, _ := cut(rest)
	word = strings.ToLower(word)
	in, _ := c.incident()
	f := Form{Command: "clock " + c.number.String() + " " + word, Submit: "Write down"}
	when := lineField("at", "When").optional().hint("14:02, 20m for twenty minutes ago, or 2026-11-20 14:02. Empty: now.")
	switch word {
	case "mark":
		f.Title = "What has happened?"
		f.Fields = []Field{choiceField("of", "Clock and moment", "", lawOptions(in, name, moments)), when}
	case "submitted":
		f.Title = "What was submitted?"
		f.Fields = []Field{choiceField("of", "Clock and stage", "", lawOptions(in, name, stages)), when}
	case "stop":
		f.Title, f.Submit = "Stop a clock", "Stop"
		f.Fields = []Field{choiceField("of", "Clock", name, lawOptions(in, name, whole)), areaField("why", "Why").optional()}
	default:
		f.Command, f.Title, f.Submit = "clock "+c.number.String()+" start", "Start a clock", "Start"
		f.Fields = []Field{choiceField("of", "Law or contract", name, c.startable()), when}
	}
	if len(f.Fields[0].Options) == 0 { // a choice needs something to choose from
		f.Fields[0] = lineField("of", f.Fields[0].Label).hint("No clock runs that this fits.")
	}
	return f
}

// startable are all laws whose clock can be started.
func (c *call) startable() (list []Option) {
	rules := c.desk.rules()
	for _, name := range rules.RegulationNames() {
		law, _ := rules.Regulation(name)
		list = append(list, Option{Value: name, Label: law.Title, Detail: "from " + law.Start})
	}
	return list[:min(len(list), maxOptions)]
}

// moments, stages and whole are what can be said of a law's clock, behind its name.
func moments(law incidents.Regulation) (list []string) {
	for _, m := range law.Moments {
		list = append(list, m.Name)
	}
	return list
}

func stages(law incidents.Regulation) (list []string) {
	for _, s := range law.Stages {
		list = append(list, s.Name)
	}
	return list
}

func whole(incidents.Regulation) []string { return []string{""} }

// lawOptions are what can be said of the clocks that run, of one of them where it
// was named.
func lawOptions(in incidents.Incident, name string, parts func(incidents.Regulation) []string) (list []Option) {
	for _, clock := range in.Clocks {
		if name != "" && clock.Regulation.Name != name {
			continue
		}
		for _, part := range parts(clock.Regulation) {
			said := strings.TrimSpace(clock.Regulation.Name + " " + part)
			list = append(list, Option{Value: said, Label: strings.TrimSpace(clock.Regulation.Title + ": " + strings.ReplaceAll(part, "_", " "))})
		}
	}
	return list[:min(len(list), maxOptions)]
}

// fillLaw says what was filled in.
func fillLaw(c *call) (Reply, error) {
	word, _ := cut(c.args)
	said := word + " " + c.said("of")
	if why := c.said("why"); why != "" {
		said += " " + why
	}
	at, err := c.saidTime("at", last)
	if err != nil {
		return Reply{}, err
	}
	if !at.IsZero() {
		said += " at " + at.UTC().Format("2006-01-02T15:04:05Z")
	}
	c.args = said
	return c.verb.run(c)
}
