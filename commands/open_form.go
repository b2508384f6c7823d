package commands

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// maxRelated is how many open incidents of the same service a form names.
const maxRelated = 3

// openForm asks what is wrong. A title alone is enough; the rest can be said now
// or later.
func openForm(c *call) Form {
	o, _ := c.declaration() // as far as it was typed
	typ := c.said("type")
	private := Field{Name: "private", Label: "Private", Kind: FieldTick, Optional: true,
		Options: []Option{{Value: "yes", Label: "Only those who are brought in can see it"}}}
	switch {
	case slices.Contains(c.desk.rules().PrivateTypes, typ):
		private.Name, private.Value = privateField(typ), []string{"yes"}
	case o.Private != nil && *o.Private, c.Source != nil && c.Source.Private:
		private.Value = []string{"yes"}
	}
	title, started := o.Title, ""
	if title == "" && c.Source != nil {
		title = brief(c.Source.Text, incidents.MaxTitle)
	}
	if !o.Started.IsZero() {
		started = o.Started.In(c.Zone).Format("2006-01-02 15:04")
	}
	severity := choiceField("severity", "Severity", o.Severity.String(), c.severityOptions()).optional()
	kind := choiceField("type", "Type", typ, c.typeOptions()).optional()
	kind.Redraw = len(c.desk.rules().PrivateTypes) > 0
	return Form{
		Title: "Open an incident", Submit: "Open", Notes: c.openNotes(),
		Fields: []Field{
			lineField("title", "Title").with(title).hint("A few words: what is wrong?"),
			severity, kind, c.servicesField(),
			areaField("summary", "Summary").optional(),
			private,
			lineField("started", "Started").with(started).optional().hint("When the impact began: 14:02, 20m, or 2026-11-20 14:02. Empty: not known."),
		},
	}
}

// privateField is the tick of a type that is private unless somebody says
// otherwise: a field of its own, for its tick is set.
func privateField(typ string) string { return "private_" + typ }

// typeOptions are the types to choose from: those of the policy, and whatever
// else it names.
func (c *call) typeOptions() []Option {
	list := plainOptions(incidents.DefaultType)
	rules := c.desk.rules()
	for _, t := range rules.Types {
		list = append(list, Option{Value: t.Name, Label: t.Name, Detail: t.Meaning})
	}
	for _, t := range rules.PrivateTypes {
		if !slices.ContainsFunc(list, func(o Option) bool { return o.Value == t }) {
			list = append(list, plainOptions(t)...)
		}
	}
	return list[:min(len(list), maxOptions)]
}

// servicesField lets people choose among the services of the policy, or write
// them where it has none.
func (c *call) servicesField() Field {
	known := c.desk.rules().Services
	if len(known) == 0 || len(known) > maxOptions {
		return lineField("services", "Services").optional().hint("With commas between them: checkout, search")
	}
	f := Field{Name: "services", Label: "Services", Kind: FieldMany, Optional: true, Redraw: true}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		detail := ""
		if t := known[name].Tier; t > 0 {
			detail = fmt.Sprintf("tier %d", t)
		}
		f.Options = append(f.Options, Option{Value: name, Label: name, Detail: detail})
	}
	return f
}

// maxOptions is how many options a choice can have in Slack
// (docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element).
const maxOptions = 100

// openNotes say from which message it is opened, and which incidents of the same
// services are open already.
func (c *call) openNotes() (notes []Note) {
	if c.Source != nil {
		notes = append(notes, c.sourceNotes()...)
	}
	chosen := c.saidServices()
	if len(chosen) == 0 {
		return notes
	}
	notes = append(notes, c.changedBefore(chosen)...)
	open, _ := c.desk.Store.Incidents(c.ctx, store.Query{Open: true, Where: func(in incidents.Incident) bool {
		return in.VisibleTo(c.Actor) && slices.ContainsFunc(in.Services, func(s string) bool { return containsFold(chosen, s) })
	}, Limit: maxRelated})
	for _, in := range open {
		notes = append(notes, c.joinInstead(in, in.Number.String()+" is open for "+enumerate(in.Services)+": "))
	}
	return notes
}

// sourceNotes say from which message it is opened, who may read that, and what has
// been opened from it already.
func (c *call) sourceNotes() []Note {
	note := Note{Text: "From a message by " + c.Source.Author.Name + ": " + quote(c.Source.Text)}
	if c.Source.Private {
		note.Text += " It stands in a private channel; whoever can see the incident will read it."
	}
	notes := []Note{note}
	opened, _ := c.desk.Store.Incidents(c.ctx, store.Query{Open: true, Limit: maxRelated, Where: func(in incidents.Incident) bool {
		return in.VisibleTo(c.Actor) && slices.ContainsFunc(in.Links, func(l incidents.Link) bool { return c.Source.URL != "" && l.URL == c.Source.URL })
	}})
	for _, in := range opened {
		notes = append(notes, c.joinInstead(in, in.Number.String()+" was opened from this message: "))
	}
	return notes
}

// joinInstead names an incident with a button that joins it.
func (c *call) joinInstead(in incidents.Incident, what string) Note {
	n := in.Number.String()
	return Note{Text: what + in.Title + " (" + in.Severity.String() + ", " + string(in.Status) + ")", Choice: &Choice{Label: "Join " + n + " instead", Command: "join " + n}}
}

// changedBefore names what was changed about these services in the two hours
// before it began or, where nobody has said when that was, before now.
func (c *call) changedBefore(services []string) (notes []Note) {
	began, err := c.saidTime("started", last)
	if err != nil || began.IsZero() {
		began = c.At
	}
	list, _ := c.desk.Store.ServiceChanges(c.ctx, began.Add(-incidents.Suspicious), began, maxRelated, func(one incidents.ServiceChange) bool { return one.Affects(services) })
	for _, one := range list {
		notes = append(notes, Note{Text: one.Service + " was changed at " + c.clock(one.At) + ": " + strings.TrimSpace(one.Title+" "+one.URL)})
	}
	return notes
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, s) })
}

// saidServices are the services that were filled in.
func (c *call) saidServices() (list []string) {
	for _, said := range c.Values["services"] {
		for one := range strings.SplitSeq(said, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
	}
	return list
}

// fillOpen opens what was filled in.
func fillOpen(c *call) (Reply, error) {
	o := incidents.Open{Title: c.said("title"), Summary: c.said("summary"), Type: c.said("type"), Services: c.saidServices(), From: c.Source}
	if word := c.said("severity"); word != "" {
		sev, ok := incidents.ParseSeverityAlone(word)
		if !ok {
			return Reply{}, incidents.About("severity", incidents.Invalid("%s is not a severity; there are sev1 (the worst) to sev5, and unset.", quote(word)))
		}
		o.Severity = sev
	}
	yes := c.said("private") != "" || c.said(privateField(o.Type)) != ""
	if _, shown := c.Values[privateField(o.Type)]; yes || shown {
		o.Private = &yes
	}
	var err error
	if o.Started, err = c.saidTime("started", last); err != nil {
		return Reply{}, err
	}
	return c.open(o)
}
