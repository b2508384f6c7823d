package incidents

import (
	"fmt"
	"slices"
	"strings"
)

// Act is allowed in these groups of statuses.
type when uint8

const (
	whileOpen when = 1 << iota // triage to monitoring
	whileResolved
	whileClosed
	whileCanceled
	always = whileOpen | whileResolved | whileClosed | whileCanceled
	live   = whileOpen | whileResolved
)

const (
	askVerb    = "ask"
	accessVerb = "access"
	openVerb   = "open"
)

// lifecycleRow is one row of the lifecycle: an act, the statuses that allow it,
// and what it does in words.
type lifecycleRow struct {
	Verb string
	In   when
	Does string
}

// Lifecycle is the one table of what may be done in which status. The
// documentation prints it.
var Lifecycle = []lifecycleRow{
	{"sev", whileOpen, "change the severity"},
	{"status", whileOpen, "change the status"},
	{"ack", whileOpen, "acknowledge"},
	{"resolve", live, "resolve"},
	{"close", whileOpen | whileResolved | whileClosed, "close"},
	{"cancel", whileOpen | whileCanceled, "cancel"},
	{"reopen", whileResolved | whileClosed | whileCanceled, "reopen"},
	{"role", live, "assign a role"},
	{"snooze", live, "put reminders off"},
	{"handoff", whileOpen, "hand over command"},
	{"accept", whileOpen, "accept command"},
	{"decline", whileOpen, "decline command"},
	{mergeVerb, whileOpen, "merge it into another one"},
	{absorbVerb, whileOpen, "have another one merged into it"},
	{releaseVerb, always, "have what was merged into it opened again"},
	{"join", always, "become a responder"},
	{"leave", always, "cease to be a responder"},
	{followVerb, always, "follow it, or follow it no more"},
	{"invite", live, "bring somebody in"},
	{pageVerb, live, "wake somebody"},
	{pagedVerb, always, "learn what became of a page"},
	{"update", live, "post an update"},
	{"summary", always, "write the summary"},
	{"note", always, "write a note"},
	{"decision", always, "write down a decision"},
	{"task", live, "work with tasks"},
	{"followup", always, "work with follow-ups"},
	{"link", always, "add a link"},
	{alertVerb, always, "work with alerts"},
	{"service", always, "say which services are affected"},
	{"rename", always, "rename it"},
	{"type", always, "change the type"},
	{"field", always, "set a field"},
	{"impact", always, "say when the impact began or ended"},
	{"time", always, "set a time"},
	{"message", always, "record a message of the channel"},
	{"private", always, "make it private"},
	{"public", always, "make it public"},
	{"tlp", always, "say how far its text may travel"},
	{postmortemVerb, always, "work on the postmortem"},
	{clockVerb, always, "keep the times that a law sets"},
	{askVerb, always, "ask for access"},
	{accessVerb, always, "answer who asks for access"},
	{"redact", always, "blot out a text"},
	{"hold", always, "place or lift a legal hold"},
	{retainVerb, always, "lose what is kept no longer"},
	{remindVerb, always, "be reminded of what is due"},
}

// In reports whether the status belongs to the group.
func (w when) In(s Status) bool {
	switch s {
	case Resolved:
		return w&whileResolved != 0
	case Closed:
		return w&whileClosed != 0
	case Canceled:
		return w&whileCanceled != 0
	}
	return w&whileOpen != 0
}

// allowed refuses an act that the status does not allow, with the way out.
func allowed(verb string, in Incident) error {
	for _, row := range Lifecycle {
		if row.Verb != verb {
			continue
		}
		if row.In.In(in.Status) {
			return nil
		}
		if in.Status.Open() {
			return Refused("%s is %s already; there is nothing to %s.", in.Number, in.Status, row.Does)
		}
		if in.MergedInto != 0 {
			return Refused("%s was merged into %s, so you cannot %s. Go on there, or open it again first: %s", in.Number, in.MergedInto, row.Does, Say{in.Number, "reopen", "WHY"})
		}
		return Refused("%s is %s, so you cannot %s. Open it again first: %s", in.Number, in.Status, row.Does, Say{in.Number, "reopen", "WHY"})
	}
	panic("incidents: the act " + verb + " has no row in Lifecycle")
}

// Allowed refuses an act, by its verb, that the status does not allow, with the
// way out; it is nil for a verb that has no row in [Lifecycle].
func Allowed(verb string, in Incident) error {
	if !slices.ContainsFunc(Lifecycle, func(row lifecycleRow) bool { return row.Verb == verb }) {
		return nil
	}
	return allowed(verb, in)
}

// LifecycleMarkdown prints the table for the documentation.
func LifecycleMarkdown() string {
	var b strings.Builder
	b.WriteString("| act | open (triage to monitoring) | resolved | closed | canceled |\n|---|---|---|---|---|\n")
	for _, row := range Lifecycle {
		fmt.Fprintf(&b, "| %s |", row.Does)
		for _, s := range []Status{Triage, Resolved, Closed, Canceled} {
			if row.In.In(s) {
				b.WriteString(" yes |")
			} else {
				b.WriteString(" – |")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
