package alerts

import (
	"regexp"
	"slices"

	"fireboss/incidents"
)

// named finds the incidents that a sentence for people names, however people write it: a channel's name is one as well.
// It rather finds one too many, as in "zinc-12", than one too few.
var named = regexp.MustCompile(`(?i)INC-[0-9]+`)

// SeenBy is the alert as somebody is told of it: sees says which incidents they may know of. Of the others nothing is
// left, not even that there is one: who is told of such an alert reads that people are notified, which is so.
func (a Alert) SeenBy(sees func(incidents.Number) bool) Alert {
	a = a.clone()
	shadow := a.Decision.Shadow[:0]
	for _, s := range a.Decision.Shadow {
		if !tells(s.Reason, sees) {
			shadow = append(shadow, s)
		}
	}
	if a.Decision.Shadow = shadow; len(shadow) == 0 {
		a.Decision.Shadow = nil
	}
	hidden := a.Incident != 0 && !sees(a.Incident)
	if hidden || tells(a.Decision.Reason, sees) {
		d := Decision{Action: Notify, Reason: "People are notified.", At: a.Decision.At, Shadow: a.Decision.Shadow}
		if a.Decision.Action == Ignore {
			d.Action, d.Reason = Ignore, "It is ignored."
		}
		if until := a.QuietUntil(); !until.IsZero() { // only why is not to be told
			d.Rule, d.Reason = SilencedRule, "It is silenced until "+minute(until)+"."
		}
		a.Decision = d
	}
	if hidden {
		a.Incident = 0
	}
	if a.Quiet != nil {
		a.Quiet.Before = 0
	}
	unseen := func(n incidents.Number) bool { return !sees(n) }
	a.Was, a.Past = slices.DeleteFunc(a.Was, unseen), slices.DeleteFunc(a.Past, unseen)
	return a
}

// tells says whether a sentence names an incident that somebody may not know of.
func tells(sentence string, sees func(incidents.Number) bool) bool {
	for _, word := range named.FindAllString(sentence, -1) {
		n, err := incidents.ParseNumber(word)
		if err != nil || !sees(n) {
			return true
		}
	}
	return false
}
