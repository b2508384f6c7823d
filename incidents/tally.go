package incidents

import (
	"slices"
	"time"
)

// Tally is how often what a rule of the clock wants was done in time, and how often
// somebody was reminded of it. Each time that a rule runs counts once, when it is
// settled or somebody is first reminded that it is due; what became moot, because
// the incident was called off say, counts as neither.
type Tally struct {
	Kept   int `json:"kept,omitempty"`    // done before it was due
	PutOff int `json:"put_off,omitempty"` // done before it was due, and that was put off by hand
	Missed int `json:"missed,omitempty"`  // not done when it was due
	Sent   int `json:"sent,omitempty"`    // how often it was reminded of, also before it was due
	Late   int `json:"late,omitempty"`    // how many of these came late, because nobody kept the clock
}

// tally lets a rule's tally be changed.
func (d *decision) tally(rule string, change func(*Tally)) {
	t := d.in.Watch.Tallies[rule]
	change(&t)
	d.in.Watch.Tallies[rule] = t
}

// sent counts a reminder of a deadline.
func (d *decision) sent(due Deadline) {
	d.tally(due.About(), func(t *Tally) {
		t.Sent++
		if d.now.Sub(due.Due) > lateAfter {
			t.Late++
		}
	})
}

// fulfilled say when what a rule wants was done by a change, false where it was not.
// A rule that is not here has nothing that could be done once and for all: what goes
// stale counts anew with every word.
var fulfilled = map[string]func(was, in Incident, now time.Time) (time.Time, bool){
	ruleAcknowledge: func(was, in Incident, _ time.Time) (time.Time, bool) {
		return in.Times.Acknowledged, was.Times.Acknowledged.IsZero() && !in.Times.Acknowledged.IsZero()
	},
	ruleCommander: func(was, in Incident, now time.Time) (time.Time, bool) {
		_, led := was.Commander()
		_, leads := in.Commander()
		return now, !led && leads
	},
	ruleSeverity: func(was, in Incident, now time.Time) (time.Time, bool) {
		return now, was.Severity == Unset && in.Severity != Unset
	},
	ruleUpdate: func(was, in Incident, _ time.Time) (time.Time, bool) {
		return in.Update.At, in.Update.At.After(was.Update.At)
	},
	ruleMitigate: func(was, in Incident, _ time.Time) (time.Time, bool) {
		return in.Times.Mitigated, was.Times.Mitigated.IsZero() && !in.Times.Mitigated.IsZero()
	},
	ruleResolve: func(was, in Incident, _ time.Time) (time.Time, bool) {
		return in.Times.Resolved, was.Times.Resolved.IsZero() && !in.Times.Resolved.IsZero()
	},
	ruleCommand: func(was, in Incident, now time.Time) (time.Time, bool) {
		had, led := was.Commander()
		has, leads := in.Commander()
		return now, led && leads && had.ID != has.ID
	},
	ruleClose: func(was, in Incident, now time.Time) (time.Time, bool) {
		return now, was.Status == Resolved && in.Status == Closed
	},
	"postmortem": func(was, in Incident, now time.Time) (time.Time, bool) {
		early := []PostmortemState{NotDrafted, Drafted}
		return now, slices.Contains(early, was.Postmortem.State) && !slices.Contains(early, in.Postmortem.State)
	},
}

// targets are the rules that run once an incident: when its impact began can be
// corrected, and it can be reopened, but it was to be resolved only once.
var targets = []string{ruleMitigate, ruleResolve}

// settle counts which deadlines this change has kept or missed.
func (d *decision) settle(was Incident) {
	for _, due := range was.Deadlines {
		done := fulfilled[due.Rule]
		if done == nil || due.Occurrence > 0 { // reminded of before, and counted then
			continue
		}
		at, settled := done(was, d.in, d.now)
		reminded := d.in.Watch.Reminded[due.Rule]
		switch {
		case reminded.Times > 0 && reminded.From.Equal(due.From):
			d.missed(due.Rule)
		case !settled:
		case at.After(due.Due):
			d.missed(due.Rule)
		case due.Snoozed:
			d.kept(due.Rule, func(t *Tally) { t.PutOff++ })
		default:
			d.kept(due.Rule, func(t *Tally) { t.Kept++ })
		}
	}
	d.settleLegal()
}

func (d *decision) kept(rule string, count func(*Tally)) {
	if t := d.in.Watch.Tallies[rule]; slices.Contains(targets, rule) && t.Kept+t.PutOff+t.Missed > 0 {
		return // what was missed once stays so
	}
	d.tally(rule, count)
}

func (d *decision) missed(rule string) {
	d.tally(rule, func(t *Tally) {
		if slices.Contains(targets, rule) {
			t.Kept, t.PutOff, t.Missed = 0, 0, 0
		}
		t.Missed++
	})
}

// settleLegal counts the stages of laws. When one was submitted can be said
// afterwards, so that it was in time after all: each counts as it stands.
func (d *decision) settleLegal() {
	for _, c := range d.in.Clocks {
		for _, st := range d.rules.Stages(c) {
			if st.Due.IsZero() {
				continue
			}
			late := d.remindedOf(st)
			if st.Submitted != nil {
				late = st.Submitted.At.After(st.Due)
			} else if !late {
				continue
			}
			d.tally(st.Rule, func(t *Tally) {
				if t.Kept, t.Missed = 1, 0; late {
					t.Kept, t.Missed = 0, 1
				}
			})
		}
	}
}

// remindedOf reports whether somebody was told that a stage is due.
func (d *decision) remindedOf(st StageState) bool {
	was := d.in.Watch.Reminded[st.Rule]
	return was.Times > 0 && was.From.Equal(st.From)
}
