package commands

import (
	"strings"

	"fireboss/incidents"
)

var statusVerb = Verb{
	Name: "status", Group: groupRun, about: true,
	Usage:    []string{"status STATUS [why]"},
	Does:     "changes the status: triage, investigating, identified, monitoring, resolved, closed or canceled",
	Examples: []string{"status identified a full disk on db-2", "status monitoring"},
	run: func(c *call) (Reply, error) {
		word, why := cut(c.args)
		return c.setStatus(word, why)
	},
	form: func(c *call) Form {
		in, _ := c.incident()
		var options []Option
		for _, s := range incidents.Statuses {
			options = append(options, Option{Value: string(s), Label: string(s), Detail: s.Meaning()})
		}
		return Form{Title: "Status of " + c.number.String(), Submit: "Change", Fields: []Field{
			choiceField("status", "Status", string(in.Status), options), areaField("why", "Why, or what was found").optional(),
		}}
	},
	fill: func(c *call) (Reply, error) { return c.setStatus(c.said("status"), c.said("why")) },
}

// setStatus changes the status.
func (c *call) setStatus(word, why string) (Reply, error) {
	to, ok := incidents.ParseStatus(word)
	if !ok {
		return c.whichStatus(word, why)
	}
	return c.move(incidents.ChangeStatus{To: to, Why: why}, why)
}

// whichStatus refuses what is none, and offers the nearest.
func (c *call) whichStatus(word, why string) (Reply, error) {
	var r Reply
	var names []string
	for _, s := range incidents.Statuses {
		names = append(names, string(s))
	}
	if word == "" {
		return r, incidents.Missing("status", "Which status? There are %s. Example: %s", enumerate(names), c.say("status", "identified a full disk on db-2"))
	}
	what := quote(word) + " is not a status."
	if near, ok := nearest(word, names); ok {
		what += " Did you mean " + near + "?"
		r.Choices = choose(nil, "", c.command("status", strings.TrimSpace(near+" "+why)), true)
	}
	return r, incidents.Invalid("%s There are %s. Example: %s", what, enumerate(names), c.say("status", "identified a full disk on db-2"))
}

// move carries out an act that changes the status, with what was said to it.
func (c *call) move(act incidents.Act, why string) (Reply, error) {
	out, err := c.apply(act)
	if err != nil {
		return Reply{}, err
	}
	if len(out.Events) == 0 {
		return c.done(out, c.already(out.Incident), c.unkept(why))
	}
	in := movedTo(out)
	return c.done(out, c.moved(in), c.afterMove(in))
}

// movedTo is the incident with the status that this very command gave it:
// where the command comes again, the incident may have moved on.
func movedTo(out incidents.Outcome) incidents.Incident {
	in := out.Incident
	for _, e := range out.Events {
		if to, ok := incidents.ParseStatus(e.Field("to")); ok && e.Kind == incidents.StatusChanged {
			in.Status, in.EndedAs = to, incidents.EndedAs(e.Field("ended_as"))
		}
	}
	return in
}

// unkept says what becomes of a reason for what was so before: saying it twice
// is once, but nobody should think that these words are in the record.
func (c *call) unkept(why string) string {
	if why == "" {
		return ""
	}
	return "Your words were not kept; to keep them: " + c.say("note", brief(why, 80))
}

// already says that the incident had that status before.
func (c *call) already(in incidents.Incident) string {
	n := in.Number.String()
	switch in.Status {
	case incidents.Resolved:
		return n + " was resolved at " + c.clock(in.Times.Resolved) + "."
	case incidents.Closed:
		return n + " was closed at " + c.clock(in.Times.Closed) + "."
	}
	return n + " is " + statusWord(in) + " already."
}

// moved says what the status is now.
func (c *call) moved(in incidents.Incident) string {
	text := in.Number.String() + " is now " + statusWord(in)
	if d := in.Times.Durations().Resolve; in.Status == incidents.Resolved && d != nil && *d > 0 {
		text += ", after " + span(*d)
	}
	return text + "."
}

// afterMove says what comes next in this status.
func (c *call) afterMove(in incidents.Incident) string {
	switch in.Status {
	case incidents.Monitoring:
		return "When the impact is over: " + c.say("resolve", "")
	case incidents.Resolved:
		return "When the work on it is over: " + c.say("close", "")
	case incidents.Closed, incidents.Canceled:
		return "Should it come back: " + c.say("reopen", "WHY")
	}
	return c.calledFor(in)
}
