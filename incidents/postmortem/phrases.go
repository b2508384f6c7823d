package postmortem

import (
	"fmt"

	"fireboss/incidents"
)

type phrase func(v *voice, e *entry, c *claim)

// deeds say what somebody did by an event; the subject is who did it.
var deeds = map[incidents.Kind]phrase{
	incidents.Declared:        sayDeclared,
	incidents.MessagePosted:   func(_ *voice, _ *entry, c *claim) { c.verb = "wrote the message from which the incident was opened" },
	incidents.Acknowledged:    func(_ *voice, _ *entry, c *claim) { c.verb = "acknowledged the incident" },
	incidents.SeverityChanged: saySeverity,
	incidents.StatusChanged:   sayStatus,
	incidents.RoleAssigned:    sayRole,
	incidents.RoleCleared:     sayRoleCleared,
	incidents.HandoffOffered: func(v *voice, e *entry, c *claim) {
		v.wrote(c, e, "offered command to "+v.other(e, "to"), e.field("text"))
	},
	incidents.HandoffAccepted: sayHandoff,
	incidents.HandoffDeclined: func(v *voice, e *entry, c *claim) { c.verb = "declined command" + v.reason(e) },
	incidents.UpdatePosted:    sayUpdate,
	incidents.NoteAdded:       func(v *voice, e *entry, c *claim) { v.wrote(c, e, "noted", e.Text) },
	incidents.DecisionMade:    func(v *voice, e *entry, c *claim) { v.wrote(c, e, "recorded a decision", e.Text) },
	incidents.SummaryChanged:  saySummary,
	incidents.Renamed:         func(v *voice, e *entry, c *claim) { v.wrote(c, e, "gave the incident another title", e.field("to")) },
	incidents.TypeChanged: func(_ *voice, e *entry, c *claim) {
		c.verb = "changed the type from " + term(e.field("from")) + " to " + term(e.field("to"))
	},
	incidents.FieldChanged:  sayField,
	incidents.TimeChanged:   sayTime,
	incidents.ImpactChanged: sayTime,
	incidents.VisibilityChanged: func(v *voice, e *entry, c *claim) {
		c.verb = "made the incident " + term(e.field("to")) + v.reason(e)
	},
	incidents.TLPChanged: func(_ *voice, e *entry, c *claim) {
		c.verb = "set the TLP level from " + term(e.field("from")) + " to " + term(e.field("to"))
	},
	incidents.HoldChanged:  sayHold,
	incidents.ServiceAdded: func(_ *voice, e *entry, c *claim) { c.verb = "named " + term(e.field("service")) + " as affected" },
	incidents.ServiceRemoved: func(_ *voice, e *entry, c *claim) {
		c.verb = "took " + term(e.field("service")) + " off the affected services"
	},
	incidents.TaskAdded: sayTaskAdded,
	incidents.TaskAssigned: func(v *voice, e *entry, c *claim) {
		c.verb = fmt.Sprintf("gave task %d to %s", e.number(), v.other(e, "assignee"))
	},
	incidents.TaskDone:      func(v *voice, e *entry, c *claim) { c.verb = v.task("finished", e) },
	incidents.TaskReopened:  func(v *voice, e *entry, c *claim) { c.verb = v.task("opened again", e) },
	incidents.TaskDropped:   func(v *voice, e *entry, c *claim) { c.verb = v.task("dropped", e) },
	incidents.FollowupAdded: sayFollowup,
	incidents.FollowupAssigned: func(v *voice, e *entry, c *claim) {
		c.verb = fmt.Sprintf("gave follow-up %d to %s", e.number(), v.other(e, "assignee"))
	},
	incidents.FollowupDone:     func(_ *voice, e *entry, c *claim) { c.verb = fmt.Sprintf("finished follow-up %d", e.number()) },
	incidents.FollowupReopened: func(_ *voice, e *entry, c *claim) { c.verb = fmt.Sprintf("opened follow-up %d again", e.number()) },
	incidents.FollowupDropped: func(v *voice, e *entry, c *claim) {
		c.verb = fmt.Sprintf("dropped follow-up %d", e.number()) + v.reason(e)
	},
	incidents.LinkAdded:    func(_ *voice, e *entry, c *claim) { c.verb = "added a link named " + term(e.field("name")) },
	incidents.ClockStopped: func(v *voice, e *entry, c *claim) { c.verb = "stopped the clock of " + v.a.law(e) + v.reason(e) },
	incidents.PageRequested: func(v *voice, e *entry, c *claim) {
		v.wrote(c, e, "asked for somebody to be woken", e.field("text"))
	},
	incidents.Paged: func(v *voice, e *entry, c *claim) { v.wrote(c, e, pagedAs(e), e.Text) },
}

// pagedAs is what an event about a page was, by what became of it.
func pagedAs(e *entry) string {
	switch e.field("outcome") {
	case "failed", "late":
		return "could not have somebody woken"
	case "needless":
		return "had nobody woken"
	case "acknowledged", "resolved":
		return "noted what became of a page"
	}
	return "had somebody paged"
}

// happenings say what happened, with a subject of their own.
var happenings = map[incidents.Kind]phrase{
	impactBegan:             func(_ *voice, _ *entry, c *claim) { c.subject, c.verb = "the impact", "began" },
	impactEnded:             func(_ *voice, _ *entry, c *claim) { c.subject, c.verb = "the impact", "ended" },
	incidents.MessageMarked: sayMarked,
	incidents.Merged:        sayMerged,
	incidents.Unmerged: func(_ *voice, e *entry, c *claim) {
		c.subject, c.verb = term(e.field("from")), "was opened again and is no part of this incident any more"
	},
	incidents.ClockStarted:   func(v *voice, e *entry, c *claim) { c.subject, c.verb = "the clock of "+v.a.law(e), "began to count" },
	incidents.ClockMarked:    sayClockMarked,
	incidents.ClockSubmitted: sayClockSubmitted,
	incidents.AlertAttached:  sayAlert("was attached to the incident"),
	incidents.AlertDetached:  sayAlert("was detached from the incident"),
	incidents.AlertResolved:  sayAlert("was resolved"),
	incidents.AlertRefired:   sayAlert("fired again"),
}

// other is a person in an event who is not the one who did it.
func (v *voice) other(e *entry, field string) string {
	switch id := e.field(field); id {
	case "":
		return "somebody"
	case e.Actor.ID:
		return "themselves"
	default:
		return v.who(id, e.Seq)
	}
}

func sayDeclared(v *voice, e *entry, c *claim) {
	what := "incident"
	switch sev, _ := incidents.ParseSeverity(e.field("severity")); sev {
	case incidents.Unset:
		what += " whose severity was not judged yet"
	default:
		what = sev.String() + " " + what
	}
	if e.field("private") == "true" {
		what = "private " + what
	}
	if e.field("drill") == "true" {
		what = "practice " + what
	}
	verb := "declared " + article(what) + " " + what
	if e.field("backfilled") != "" {
		verb = "recorded " + article(what) + " " + what + " that was over"
	}
	v.wrote(c, e, verb, e.field("title"))
}

func saySeverity(v *voice, e *entry, c *claim) {
	from, _ := incidents.ParseSeverity(e.field("from"))
	to, _ := incidents.ParseSeverity(e.field("to"))
	switch {
	case to == incidents.Unset:
		c.verb = "took the severity " + from.String() + " back"
	case from == incidents.Unset:
		c.verb = "set the severity to " + to.String()
	case to < from:
		c.verb = "raised the severity from " + from.String() + " to " + to.String()
	default:
		c.verb = "lowered the severity from " + from.String() + " to " + to.String()
	}
	c.verb += v.reason(e)
}

// raised reports whether an event made an incident more severe than it was judged.
func raised(e *entry) bool {
	if e.Kind != incidents.SeverityChanged {
		return false
	}
	from, _ := incidents.ParseSeverity(e.field("from"))
	to, _ := incidents.ParseSeverity(e.field("to"))
	return from != incidents.Unset && to != incidents.Unset && to < from
}

func sayStatus(v *voice, e *entry, c *claim) {
	from, to := incidents.Status(e.field("from")), incidents.Status(e.field("to"))
	switch {
	case e.reopens():
		c.verb = "reopened the incident"
	case to == incidents.Resolved:
		c.verb = "resolved the incident"
	case to == incidents.Closed:
		c.verb = "closed the incident"
	case to == incidents.Canceled && e.field("ended_as") == string(incidents.EndedFalsePositive):
		c.verb = "called the incident off as a false positive"
	case to == incidents.Canceled:
		c.verb = "called the incident off"
	case back(e):
		c.verb = "moved the status back from " + string(from) + " to " + string(to)
	default:
		c.verb = "moved the status from " + string(from) + " to " + string(to)
	}
	c.verb += v.reason(e)
}

// back reports whether an event led to a status that had been passed before.
func back(e *entry) bool {
	place := func(s string) int {
		for i, st := range incidents.Statuses {
			if string(st) == s {
				return i
			}
		}
		return -1
	}
	return e.Kind == incidents.StatusChanged && place(e.field("to")) < place(e.field("from"))
}

func sayRole(v *voice, e *entry, c *claim) {
	title := v.title(e.field("role"))
	from := ""
	if e.field("from") != "" {
		from = " from " + v.other(e, "from")
	}
	command := e.field("role") == incidents.CommanderRole
	switch self := e.field("to") == e.Actor.ID; {
	case self && command:
		c.verb = "took command" + from
	case self:
		c.verb = "took the role of " + title + from
	default:
		c.verb = "gave the role of " + title + " to " + v.other(e, "to")
		if from != "" {
			c.verb += ", taking it" + from
		}
	}
}

func sayRoleCleared(v *voice, e *entry, c *claim) {
	if e.field("from") == e.Actor.ID {
		c.verb = "gave up the role of " + v.title(e.field("role"))
		return
	}
	c.verb = "cleared the role of " + v.title(e.field("role"))
}

func (v *voice) title(role string) string {
	if t := v.a.cast.titles[role]; t != "" {
		return t
	}
	return term(role)
}

func sayHandoff(v *voice, e *entry, c *claim) {
	c.verb = "accepted command"
	if e.field("from") != "" {
		c.verb += " from " + v.other(e, "from")
	}
}

func sayUpdate(v *voice, e *entry, c *claim) {
	verb := "posted an update"
	if next := e.moment("next"); !next.IsZero() {
		verb += ", with the next one promised for " + clockOn(next, e.At)
	}
	v.wrote(c, e, verb, e.Text)
}

func saySummary(v *voice, e *entry, c *claim) {
	verb := "wrote the summary"
	if e.field("from") != "" {
		verb = "wrote the summary anew"
	}
	c.verb = verb
}

func sayField(v *voice, e *entry, c *claim) {
	name := term(e.field("name"))
	if e.field("to") == "" {
		c.verb = "cleared the field " + name
		return
	}
	c.verb = "set the field " + name + " to " + v.say(e.field("to"), quoteRoom, e.Seq)
}

var momentNames = map[string]string{
	"impact_started": "the start of the impact", "impact_ended": "the end of the impact", "detected": "the time of the detection", "declared": "the time of the declaration",
	"acknowledged": "the time of the acknowledgement", "identified": "the time at which the cause was known", "mitigated": "the time of the mitigation",
	"resolved": "the time of the resolution", "closed": "the time of the closing",
}

func sayTime(_ *voice, e *entry, c *claim) {
	to := e.moment("to")
	if name := momentNames[e.field("name")]; name != "" && !to.IsZero() {
		c.verb = "set " + name + " to " + clockOn(to, e.At)
	}
}

func sayHold(v *voice, e *entry, c *claim) {
	c.verb = "placed a legal hold" + v.reason(e)
	if e.field("to") == "off" {
		c.verb = "lifted the legal hold" + v.reason(e)
	}
}

func sayMarked(v *voice, e *entry, c *claim) {
	if last := v.a.last[e.field("id")]; last != nil && last.Seq > e.Seq {
		c.cites = append(c.cites, last.Seq)
	}
	if seq := e.seq("seq"); v.a.bySeq[seq] != nil {
		c.cites = append(c.cites, seq)
	}
	c.subject = v.who(e.field("author"), e.Seq)
	v.wrote(c, e, "wrote, in a message that was marked as a key event", v.a.markedText(e))
}

func sayMerged(v *voice, e *entry, c *claim) {
	if into := e.field("into"); into != "" {
		c.subject, c.verb = v.actor(e), "merged the incident into "+term(into)+", where the work goes on"+v.reason(e)
		return
	}
	c.subject, c.verb = term(e.field("from")), "was merged into this incident"
}

// sayAlert says what became of an alert, by its title or else by its text.
func sayAlert(verb string) phrase {
	return func(v *voice, e *entry, c *claim) {
		text := e.field("title")
		if text == "" {
			text = e.Text
		}
		c.subject = "an alert"
		if source := e.field("source"); source != "" {
			c.subject += " of " + term(source)
		}
		v.wrote(c, e, verb, text)
	}
}
