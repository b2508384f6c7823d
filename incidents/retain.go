package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const retainVerb = "retain"

// Expire removes the texts whose time has come, some of them at a time. The
// policy says which they are; a legal hold stops it.
type Expire struct {
	After uint64 // the event behind it is the first that has to go; see [Retention.First]
}

// MaxExpire is how many events one [Expire] looks at.
const MaxExpire = 500

// Verb is the row in [Lifecycle].
func (Expire) Verb() string { return retainVerb }

func (x Expire) recalls() (after uint64, limit int) { return x.After, MaxExpire }

func (x Expire) decide(d *decision) error {
	rule, cutoff := d.rules.Retention.expires(d.in, d.now)
	if rule == "" || d.in.Hold.On() {
		return nil
	}
	var seqs []uint64
	done := rule.done(&d.in)
	swept := max(*done, x.After)
	for _, e := range d.facts.Events {
		if e.RecordedAt.After(cutoff) {
			break
		}
		if swept = e.Seq; !e.Redacted && rule.takes(e) {
			seqs = append(seqs, e.Seq)
		}
	}
	if len(seqs) == 0 {
		return nil
	}
	*done = swept
	d.out.Redact = seqs
	what := "message"
	if rule.whole() {
		what = "event"
		d.blank()
	}
	if len(seqs) > 1 {
		what += "s"
	}
	kept := d.rules.Retention.of(rule)
	d.event(Redacted, fmt.Sprintf("The text of %d %s, from event %d to %d, was removed: it is kept for %s", len(seqs), what, seqs[0], seqs[len(seqs)-1], wholeDays(kept)),
		"rule", "retention."+string(rule), "kept", kept.String(), "count", len(seqs), "first", seqs[0], "last", seqs[len(seqs)-1])
	return nil
}

// retained is a rule of [Retention].
type retained string

const (
	retainMessages  retained = "messages"
	retainIncidents retained = "incidents"
	retainDrills    retained = "drills"
)

func (r retained) whole() bool { return r == retainIncidents || r == retainDrills }

// done is where the incident keeps how far this rule has come.
func (r retained) done(in *Incident) *uint64 {
	if r.whole() {
		return &in.Emptied
	}
	return &in.Swept
}

// takes reports whether this rule removes the text of such an event. What is
// never removed is that something was, and that a hold kept it, and the few words
// of the clock's own: all that it says but what people wrote of a follow-up.
func (r retained) takes(e Event) bool {
	switch {
	case !r.whole():
		return texts[e.Kind]
	case e.Kind == ReminderSent:
		return e.Field("rule") == ruleFollowup && slices.ContainsFunc(strings.Split(e.Text, "\n"), func(line string) bool {
			return line != comesLate && !strings.Contains(line, RemovedText)
		})
	}
	return e.Kind != Redacted && e.Kind != HoldChanged
}

func (r Retention) of(rule retained) time.Duration {
	switch rule {
	case retainIncidents:
		return r.Incidents
	case retainDrills:
		return r.Drills
	}
	return r.Messages
}

// expires is the rule by which something of an incident may have to go now, and
// the moment up to which what was recorded goes; empty where none does.
func (r Retention) expires(in Incident, now time.Time) (retained, time.Time) {
	whole := retainIncidents
	if in.Drill {
		whole = retainDrills
	}
	if keep := r.of(whole); keep > 0 {
		if over := in.Over(); !over.IsZero() && now.Sub(over) >= keep {
			return whole, now
		}
	}
	if r.Messages > 0 {
		return retainMessages, now.Add(-r.Messages)
	}
	return "", time.Time{}
}

// Over is since when an incident is closed or called off, by our own clock as
// far as it knows; zero while it is not.
func (in Incident) Over() time.Time {
	over := in.Times.Closed
	switch {
	case in.Status == Canceled:
		over = in.Watch.Acted // calling it off was the last that people did, or little came after it
	case in.Status != Closed:
		return time.Time{}
	}
	if over.Before(in.DeclaredAt) {
		return in.DeclaredAt
	}
	return over
}

// Done is the seq up to which nothing more has to be looked at now.
func (r Retention) Done(in Incident, now time.Time) uint64 {
	rule, _ := r.expires(in, now)
	return *rule.done(&in)
}

// First finds, among the next events after what is done, the first that has to
// lose its text now; 0: none of these. over says that none behind them has to
// either.
func (r Retention) First(in Incident, next []Event, now time.Time) (seq uint64, over bool) {
	rule, cutoff := r.expires(in, now)
	if rule == "" || in.Hold.On() {
		return 0, true
	}
	for _, e := range next {
		if e.RecordedAt.After(cutoff) {
			return 0, true
		}
		if !e.Redacted && rule.takes(e) {
			return e.Seq, false
		}
	}
	return 0, false
}

// blank takes every text out of how the incident stands; figures need none.
func (d *decision) blank() {
	in := &d.in
	in.Title, in.Summary, in.Links, in.Fields, in.Handoff = RemovedText, "", nil, nil, nil
	if in.Update.Text != "" {
		in.Update.Text = RemovedText
	}
	for _, l := range []List{Tasks, Followups} {
		list := *l.of(in)
		for i := range list {
			list[i].Text = RemovedText
		}
	}
}

// days writes how long something is kept.
func wholeDays(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == day:
		return "1 day"
	case d >= day && d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	}
	return d.String()
}
