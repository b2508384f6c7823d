package postmortem

import (
	"strings"
	"time"

	"fireboss/incidents"
)

// claim is a statement about one event, in plain text.
type claim struct {
	at, until time.Time // until: of what lasted; zero for what happened at once
	subject   string    // the incident commander
	verb      string    // raised the severity from sev2 to sev1
	tail      string    // what was written then, in quotation marks; may be empty
	cites     []uint64
}

// text is the statement without its time and its full stop, as in the middle of a
// sentence.
func (c claim) text() string {
	s := strings.TrimSpace(c.subject + " " + c.verb)
	if c.tail != "" {
		s += ": " + c.tail
	}
	return s
}

// claim is what is said of an event; false where nothing is.
func (v *voice) claim(e *entry) (claim, bool) {
	c := claim{at: e.At, cites: []uint64{e.Seq}}
	if v.a.Incident.Backfilled && e.Kind == incidents.StatusChanged && e.field("to") == string(incidents.Resolved) {
		c.subject, c.verb = "the incident", "was resolved"
		return c, true
	}
	if happens := happenings[e.Kind]; happens != nil && !e.hidden {
		happens(v, e, &c)
		return c, c.verb != ""
	}
	if e.hidden {
		c.subject = v.actor(e)
		if e.Kind == incidents.MessageMarked {
			c.subject = "a message"
			c.verb = "was marked as a key event, and its text was removed later"
			return c, true
		}
		c.verb = did(e.Kind) + "; what was written down of it was removed later"
		return c, true
	}
	does := deeds[e.Kind]
	if does == nil {
		return c, false
	}
	c.subject = v.actor(e)
	does(v, e, &c)
	if c.verb != "" && e.later() && (e.Kind == incidents.NoteAdded) {
		c.verb += ", writing it down at " + clockOn(e.RecordedAt, e.At)
	}
	return c, c.verb != ""
}

// did is what was done by an event of which nothing is left but its kind.
func did(k incidents.Kind) string {
	if s := blanks[k]; s != "" {
		return s
	}
	return "did something (" + strings.ReplaceAll(string(k), "_", " ") + ")"
}

var blanks = map[incidents.Kind]string{
	incidents.Declared: "declared the incident", incidents.SeverityChanged: "changed the severity", incidents.StatusChanged: "changed the status",
	incidents.UpdatePosted: "posted an update", incidents.NoteAdded: "wrote a note", incidents.DecisionMade: "recorded a decision",
	incidents.TaskAdded: "added a task", incidents.TaskAssigned: "gave a task to somebody", incidents.TaskDone: "finished a task",
	incidents.TaskDropped: "dropped a task", incidents.TaskReopened: "opened a task again", incidents.SummaryChanged: "wrote the summary",
	incidents.Renamed: "renamed the incident", incidents.FieldChanged: "set a field", incidents.LinkAdded: "added a link",
	incidents.HandoffOffered: "offered command to somebody", incidents.HandoffAccepted: "took command", incidents.HandoffDeclined: "declined command",
	incidents.Acknowledged: "acknowledged the incident", incidents.RoleAssigned: "gave somebody a role", incidents.RoleCleared: "cleared a role",
	incidents.Paged: "had somebody paged", incidents.PageRequested: "asked for somebody to be woken", incidents.MessagePosted: "wrote a message", incidents.FollowupAdded: "added a follow-up",
}

// reason is why somebody did something, in brackets behind it; empty: they did not say.
func (v *voice) reason(e *entry) string {
	if why := v.say(e.field("why"), quoteRoom, e.Seq); why != "" {
		return " (" + why + ")"
	}
	return ""
}

// wrote makes what an event says the end of a statement.
func (v *voice) wrote(c *claim, e *entry, verb, text string) {
	c.verb, c.tail = verb, v.say(text, quoteRoom, e.Seq)
}

// clock is a time of the day, to the minute.
func clock(t time.Time) string { return t.UTC().Format("15:04") }

// date is a day.
func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

// clockOn is a time of the day, with the day where that is another one.
func clockOn(t, near time.Time) string {
	if date(t) == date(near) {
		return clock(t)
	}
	return clock(t) + " on " + date(t)
}

// moment is a time with its day.
func moment(t time.Time) string { return clock(t) + " UTC on " + date(t) }

// stretch is a time from one moment to another.
func stretch(from, to time.Time) string {
	if date(from) == date(to) {
		return "from " + clock(from) + " to " + clock(to) + " UTC on " + date(from)
	}
	return "from " + moment(from) + " to " + moment(to)
}

// exact is a moment to the second, in a table.
func exact(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
