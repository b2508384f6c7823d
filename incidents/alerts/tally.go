package alerts

import (
	"cmp"
	"slices"
	"time"
)

// Rightly is within what time people show by what they do whether an alert was worth an incident.
const Rightly = time.Hour

// Rightly says whether an alert was worth an incident: within the hour it was in one, attached or declared by somebody or
// by a rule.
func (a Alert) Rightly() bool {
	return a.Incident != 0 && a.Decision.At.Sub(a.asked()) <= Rightly
}

// asked is when the rules were asked about it, and people could hear of it.
func (a Alert) asked() time.Time {
	if a.AskedAt.IsZero() {
		return a.ReceivedAt
	}
	return a.AskedAt
}

// RuleTally is how a rule has done. What a rule in shadow would have done is held against what people did within the hour.
type RuleTally struct {
	Rule    string // empty: no rule held
	Action  Action // what it did, or would have done, last
	Shadow  bool
	Outcome // of the alerts that it held for
	// Of those whose hour is over: Settled is how many it held for, Right how many of them were rightly opened, and Wanted
	// how many it should have opened: those that were rightly opened, by it or by somebody's hand.
	Settled, Right, Wanted int
}

// Precision is which share of what it opened was rightly opened; false where nothing is known yet.
func (t RuleTally) Precision() (share float64, known bool) {
	return float64(t.Right) / max(1, float64(t.Settled)), t.Settled > 0
}

// Recall is which share of what was rightly opened it opened; false where there is nothing of that.
func (t RuleTally) Recall() (share float64, known bool) {
	return float64(t.Right) / max(1, float64(t.Wanted)), t.Wanted > 0
}

// ruleName is a rule, at work or in shadow: one that is taken out of it is another.
type ruleName struct {
	rule   string
	shadow bool
}

// ruleTallies are those of all rules, as far as they are counted.
type ruleTallies struct {
	all    map[ruleName]*RuleTally
	byHand int              // alerts that were rightly opened by somebody's hand
	theirs map[ruleName]int // of those, by the rule in shadow that would have opened them too
}

// TallyRules counts what rules did, those that held most often first, those in shadow behind the others.
func TallyRules(list []Alert, now time.Time) []RuleTally {
	r := ruleTallies{all: map[ruleName]*RuleTally{}, theirs: map[ruleName]int{}}
	for _, a := range list {
		if a.Decision.Rule != "" || a.Decision.Action == Ignore { // else it is not told; see [Alert.SeenBy]
			r.count(ruleName{a.Decision.Rule, false}, a.Decision.Action, a)
		}
		if a.Rightly() && a.Decision.By != "" && !slices.Contains(OwnRules, a.Decision.Rule) { // else no rule was asked
			r.byHand++
		}
		for _, s := range a.Decision.Shadow {
			n := ruleName{s.Rule, true}
			r.count(n, s.Action, a)
			r.judge(n, a, now)
		}
	}
	var out []RuleTally
	for n, t := range r.all {
		if t.Shadow {
			t.Wanted = t.Right + r.byHand - r.theirs[n]
		}
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b RuleTally) int {
		return cmp.Or(boolCompare(a.Shadow, b.Shadow), cmp.Compare(b.Fired, a.Fired), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}

// count counts an alert that a rule held for.
func (r *ruleTallies) count(n ruleName, action Action, a Alert) {
	t := r.all[n]
	if t == nil {
		t = &RuleTally{Rule: n.rule, Shadow: n.shadow, Action: action}
		r.all[n] = t
	}
	if n.shadow || a.Decision.By == "" { // else it is what somebody did
		t.Action = action
	}
	t.add(a)
}

// judge holds a rule in shadow against what became of an alert, once that is known.
func (r *ruleTallies) judge(n ruleName, a Alert, now time.Time) {
	if !a.Rightly() && now.Sub(a.asked()) <= Rightly {
		return
	}
	t := r.all[n]
	if t.Settled++; !a.Rightly() {
		return
	}
	if t.Right++; a.Decision.By != "" {
		r.theirs[n]++
	}
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// Noise is how often an alert has fired, and what became of it.
type Noise struct {
	Source, Fingerprint string
	Title               string // as it was called last
	Outcome
	Said         int // how often it was said in all episodes
	Flapping     int // episodes in which it was damped
	Ended, Brief int // those that are over, and of these those that did not last
	Last         time.Time
}

// noises are those of all alerts, in no order.
func noises(list []Alert) map[[2]string]*Noise {
	at := map[[2]string]*Noise{}
	for _, a := range list {
		k := [2]string{a.Source, a.Fingerprint}
		one := at[k]
		if one == nil {
			one = &Noise{Source: a.Source, Fingerprint: a.Fingerprint}
			at[k] = one
		}
		one.add(a)
		one.Said += a.Count
		if a.Flapping {
			one.Flapping++
		}
		if !a.Open() {
			one.Ended++
			if a.EndedAt.Sub(cmp.Or(a.StartedAt, a.ReceivedAt)) <= briefly {
				one.Brief++
			}
		}
		if !a.ReceivedAt.Before(one.Last) {
			one.Last, one.Title = a.ReceivedAt, a.Title
		}
	}
	return at
}

// Noisiest are the alerts that fired most often, at most n; of those that fired as often the one first that led to an
// incident more seldom. What fired once is not noise.
func Noisiest(list []Alert, n int) []Noise {
	var out []Noise
	for _, one := range noises(list) {
		if one.Fired > 1 || one.Said > 1 {
			out = append(out, *one)
		}
	}
	slices.SortFunc(out, func(a, b Noise) int {
		return cmp.Or(cmp.Compare(b.Fired, a.Fired), cmp.Compare(b.Said, a.Said), cmp.Compare(a.Acted, b.Acted), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return out[:min(len(out), n)]
}
