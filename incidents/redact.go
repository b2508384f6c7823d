package incidents

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// RemovedText stands where a text was that had to go, and something has to stand.
const RemovedText = "(removed)"

// Redact blots out the text of an event, and what repeats it: earlier and later
// versions of the same message, the mark on it, the task that was made of it.
type Redact struct {
	Seq uint64
	Why string
}

// Verb is the row in [Lifecycle].
func (Redact) Verb() string { return "redact" }

func (Redact) recalls() (after uint64, limit int) { return 0, 0 }

// written are the kinds of events whose text is what somebody wrote. The others
// say what was done; without them nobody could follow what happened.
var written = map[Kind]bool{
	MessagePosted: true, MessageEdited: true, MessageMarked: true, NoteAdded: true, DecisionMade: true, UpdatePosted: true,
	SummaryChanged: true, TaskAdded: true, FollowupAdded: true, LinkAdded: true, FieldChanged: true, HandoffOffered: true,
	Renamed: true, SeverityChanged: true, StatusChanged: true, Declared: true, PostmortemEdited: true,
	AlertAttached: true, AlertDetached: true, AlertResolved: true, AlertRefired: true, PageRequested: true,
}

// repeats are the kinds whose text can be taken from another event.
var repeats = map[Kind]bool{
	AlertDetached: true, AlertResolved: true, AlertRefired: true, PageRequested: true, MessageMarked: true, SummaryChanged: true, Renamed: true, FieldChanged: true, HandoffOffered: true, HandoffAccepted: true, ReminderSent: true,
	TaskAdded: true, TaskAssigned: true, TaskDone: true, TaskReopened: true, TaskDropped: true,
	FollowupAdded: true, FollowupAssigned: true, FollowupDone: true, FollowupReopened: true, FollowupDropped: true,
}

// Removable reports whether an event has a text that can be blotted out.
func Removable(e Event) bool { return written[e.Kind] && !e.Redacted }

func (r Redact) decide(d *decision) error {
	why, err := d.reason(r.Why)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(d.facts.Events, func(e Event) bool { return e.Seq == r.Seq })
	if i < 0 {
		return Refused("%s has no event %d. See which there are: %s", d.in.Number, r.Seq, d.say("timeline", ""))
	}
	e := d.facts.Events[i]
	if e.Redacted || e.Kind == MessageDeleted {
		return nil // it is gone already
	}
	if err := d.removable(e); err != nil {
		return err
	}
	said := core(e)
	seqs := d.repeating(e, said)
	d.out.Redact = seqs
	d.blot(e, said)
	d.event(Redacted, because(fmt.Sprintf("Event %d was removed", e.Seq), why), "seq", e.Seq, "seqs", seqs, "kind", string(e.Kind), "why", why)
	return nil
}

// repeating are the seqs of an event and of all that repeat what it says.
func (d *decision) repeating(e Event, said string) (seqs []uint64) {
	sources := []Event{e}
	for _, other := range d.facts.Events {
		if sameMessage(e, other) && other.Seq != e.Seq {
			sources = append(sources, other)
		}
	}
	for _, other := range d.facts.Events {
		same := func(s Event) bool { return s.Seq == other.Seq || sameTask(s, other) }
		if !other.Redacted && (slices.ContainsFunc(sources, same) || repeats[other.Kind] && quotes(other, said)) {
			seqs = append(seqs, other.Seq)
		}
	}
	return seqs
}

// removable refuses what cannot be blotted out, or not by this person.
func (d *decision) removable(e Event) error {
	switch {
	case !written[e.Kind]:
		return Refused("Event %d (%s) says what was done, not what somebody wrote, so it stays. What people wrote can be removed; see %s", e.Seq, e.Kind, d.say("timeline", ""))
	case d.in.Hold.On():
		return Refused("%s is under a legal hold, so nothing of it is removed. Whoever may lift it: %s", d.in.Number, d.say("hold", "off WHY"))
	case e.Kind == Renamed && e.Field("to") == d.in.Title, e.Kind == Declared && e.Field("title") == d.in.Title:
		return Refused("That is its title now. Give it another one first: %s", d.say("rename", "checkout is down"))
	}
	who := d.cmd.Actor
	commander, led := d.in.Commander()
	switch {
	case who.Kind == System, who.Admin, who.ID == e.Actor.ID, who.ID == e.Field("author"), led && who.ID == commander.ID, !led && who.ID == d.in.DeclaredBy.ID:
		return nil
	case led:
		return Refused("Only %s, who wrote event %d, and %s, who commands, can remove it. Ask one of them to say: %s", e.Actor.Name, e.Seq, commander.Name, d.say("redact", fmt.Sprint(e.Seq)))
	}
	return Refused("Only %s, who wrote event %d, and whoever commands can remove it. To take command: %s", e.Actor.Name, e.Seq, d.say("lead", "me"))
}

// core is what of an event was written by somebody.
func core(e Event) string {
	if e.Kind == Declared && e.Field("summary") == "" {
		return e.Field("title")
	}
	if s := e.Field(coreField[e.Kind]); s != "" {
		return s
	}
	return e.Text
}

// coreField is where it stands, of events whose text says more than that.
var coreField = map[Kind]string{
	SummaryChanged: "to", Renamed: "to", FieldChanged: "to", TaskAdded: "text", FollowupAdded: "text", HandoffOffered: "text",
	SeverityChanged: "why", StatusChanged: "why", LinkAdded: "url", AlertAttached: "title", Declared: "summary",
}

// sameMessage reports whether two events are about one message of the channel.
func sameMessage(e, other Event) bool {
	id := messageOf(e)
	return id != "" && id == messageOf(other) && other.Kind != MessageDeleted && other.Kind != MessageUnmarked
}

// messageOf is the id of the message that an event is about.
func messageOf(e Event) string {
	if id := e.Field("message"); id != "" {
		return id
	}
	if texts[e.Kind] || e.Kind == MessageUnmarked || e.Kind == MessageDeleted {
		return e.Field("id")
	}
	return ""
}

// sameTask reports whether an event repeats the text of a task that another added.
func sameTask(e, other Event) bool {
	list, isTask := listOf(e.Kind)
	otherList, also := listOf(other.Kind)
	return isTask && also && list == otherList && e.Field("number") == other.Field("number")
}

func listOf(k Kind) (List, bool) {
	for _, l := range []List{Tasks, Followups} {
		if strings.HasPrefix(string(k), string(l)+"_") {
			return l, true
		}
	}
	return "", false
}

// least is how long a text must be, in characters, for another that has it in it
// to be taken for one that repeats it.
const least = 8

// quotes reports whether an event repeats what somebody said.
func quotes(e Event, said string) bool {
	if holds(e.Text, said) {
		return true
	}
	var data map[string]any
	if json.Unmarshal(e.Data, &data) != nil {
		return false
	}
	for _, v := range data {
		if s, ok := v.(string); ok && holds(s, said) {
			return true
		}
	}
	return false
}

func holds(text, said string) bool {
	text, said = Tidy(text), Tidy(said)
	return said != "" && (text == said || utf8.RuneCountInString(said) >= least && strings.Contains(text, said))
}

// blot takes what was said by an event out of how the incident stands.
func (d *decision) blot(e Event, said string) {
	in := &d.in
	if holds(in.Summary, said) {
		in.Summary = ""
	}
	if holds(in.Update.Text, said) {
		in.Update.Text = RemovedText
	}
	if in.Handoff != nil && holds(in.Handoff.Text, said) {
		in.Handoff.Text = ""
	}
	id := messageOf(e)
	for _, l := range []List{Tasks, Followups} {
		list := *l.of(in)
		for i := range list {
			of, isTask := listOf(e.Kind)
			if holds(list[i].Text, said) || isTask && of == l && e.Field("number") == fmt.Sprint(list[i].Number) || d.madeOf(l, list[i].Number, id) {
				list[i].Text = RemovedText
			}
		}
	}
	switch e.Kind {
	case LinkAdded:
		in.Links = slices.DeleteFunc(in.Links, func(l Link) bool { return l.URL == e.Field("url") && l.Name == e.Field("name") })
	case FieldChanged:
		for name, value := range in.Fields {
			if value == said {
				delete(in.Fields, name)
			}
		}
	}
}

// madeOf reports whether an entry was made of a message of the channel.
func (d *decision) madeOf(l List, number int, message string) bool {
	return message != "" && slices.ContainsFunc(d.facts.Events, func(e Event) bool {
		return e.Kind == l.kind("added") && e.Field("message") == message && e.Field("number") == fmt.Sprint(number)
	})
}
