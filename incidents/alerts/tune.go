package alerts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What an alert costs people. It is an estimate that stands on what is recorded: who was told, and who decided.
const (
	// ToRead is how long it takes to read the message about one.
	ToRead = time.Minute
	// ToDecide is how long it takes to look at it and decide. The work on an incident is not counted.
	ToDecide = 5 * time.Minute
)

// Effort is an estimate of the time of people that an episode took.
func (a Alert) Effort() (d time.Duration) {
	if a.Channel != "" || a.Decision.Action == Notify || a.Decision.Action == Page {
		d += ToRead
	}
	if a.Decision.By != "" {
		d += ToDecide
	}
	return d
}

// Outcome is what became of alerts, in numbers: some of them, such as those of which people were only told, are in none but
// the first.
type Outcome struct {
	Fired int // episodes
	// Acted are those that belong to an incident, attached or declared by somebody or by a rule.
	Acted int
	// ByHand are those that somebody decided about; IgnoredByHand of them, and IgnoredByRule of the others, were ignored.
	ByHand, IgnoredByHand, IgnoredByRule int
	// Silenced are those that were silenced when they were decided about last: nobody was to hear of them.
	Silenced int
	Effort   time.Duration // of people
}

// heard are the episodes that people could have heard of.
func (o Outcome) heard() int { return o.Fired - o.Silenced }

// Minutes are the minutes of people.
func (o Outcome) Minutes() int { return int(o.Effort / time.Minute) }

// add counts an episode.
func (o *Outcome) add(a Alert) {
	o.Fired++
	o.Effort += a.Effort()
	hand := a.Decision.By != ""
	if hand {
		o.ByHand++
	}
	switch ignored := a.Decision.Action == Ignore && a.Decision.Rule != overRule; {
	case a.Incident != 0:
		o.Acted++
	case a.Decision.Rule == SilencedRule && !hand:
		o.Silenced++
	case ignored && hand:
		o.IgnoredByHand++
	case ignored:
		o.IgnoredByRule++
	}
}

// When an alert is worth tuning.
const (
	oftenIgnored = 5  // it fired so often, and nobody acted on it once
	dailyIgnored = 20 // the same where a rule ignores it each time, and people do not see it
	oftenBrief   = 5  // so many episodes, each over within …
	briefly      = 2 * time.Minute
	oftenFlapped = 2 // episodes in which it was damped
)

// Advice is an alert that should be tuned or deleted.
type Advice struct {
	Noise
	Why []string // reasons, each the rest of a sentence that begins with what the alert is
	Do  string   // a sentence
}

// Because is all of Why as one sentence.
func (a Advice) Because() string {
	last := len(a.Why) - 1
	if last <= 0 {
		return strings.Join(a.Why, "") + "."
	}
	return strings.Join(a.Why[:last], ", ") + " and " + a.Why[last] + "."
}

// Tune are the alerts that should be tuned or deleted, at most n, those first that take most of people's time. What Fireboss
// raises itself is not among them.
func Tune(list []Alert, n int) (out []Advice) {
	for _, one := range noises(list) {
		if one.Source == Own {
			continue
		}
		if a := one.advice(); len(a.Why) > 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Advice) int {
		return cmp.Or(cmp.Compare(b.Effort, a.Effort), cmp.Compare(b.Fired, a.Fired), cmp.Compare(b.Said, a.Said), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return out[:min(len(out), n)]
}

// advice is what is to be done about an alert; without a reason nothing.
func (n Noise) advice() (a Advice) {
	a.Noise = n
	say := func(why, do string) {
		a.Why = append(a.Why, why)
		a.Do = cmp.Or(a.Do, do)
	}
	if n.Flapping >= oftenFlapped {
		say(fmt.Sprintf("flapped in %d of %d episodes", n.Flapping, n.Fired), "Let it begin later and end later: two thresholds, or a longer time before it fires.")
	}
	if n.Ended >= oftenBrief && n.Brief == n.Ended {
		say(fmt.Sprintf("was over within 2 minutes each of %d times", n.Ended), "Let it fire only after it has held for 5 minutes.")
	}
	heard, count := n.heard(), fmt.Sprintf("fired %d times", n.heard())
	if n.Silenced > 0 {
		count += " while it was not silenced"
	}
	switch {
	case n.Acted > 0:
	case n.IgnoredByRule == heard && heard >= dailyIgnored:
		say(count+", and a rule ignored it each time", "Turn it off at its source.")
	case n.IgnoredByHand == heard && heard >= oftenIgnored:
		say(count+", and somebody ignored it each time", "Delete it, or write a rule that ignores it.")
	case heard-n.IgnoredByRule >= oftenIgnored:
		say(count+", and nobody ever acted on it", "Delete it, or raise its threshold.")
	}
	return a
}
