package alerts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

// Triage is how severe an incident for an alert may well be, and why. It is a suggestion: a person decides, unless a rule
// takes it.
type Triage struct {
	Severity incidents.Severity
	Reasons  []Reason
}

// Reason is a clause that speaks for a severity.
type Reason struct {
	Text string
	// Incident is the one that it goes by; 0: none. Named is the clause for who may know of it: Text does not name it.
	Incident incidents.Number
	Named    string
}

// firstGuess is how severe an incident is by its alert's severity alone.
var firstGuess = map[Severity]incidents.Severity{Critical: 2, High: 3, Medium: 4, Low: 5, Information: 5}

// saidOften is how often an alert is said in one episode before that makes it worse.
const saidOften = 20

// Triage suggests a severity by an alert, by how it went before, in incidents that have ended, newest first, and by the
// moment. Which of those incidents may be known of is up to who asks.
func (p Policy) Triage(a Alert, before []incidents.Incident, now time.Time) Triage {
	t := Triage{Severity: firstGuess[a.Severity]}
	because := func(by int, clause string, args ...any) {
		t.Severity = min(max(t.Severity+incidents.Severity(by), 1), 5)
		t.Reasons = append(t.Reasons, Reason{Text: fmt.Sprintf(clause, args...)})
	}
	because(0, "the alert is %s", a.Severity)
	name, tier := p.tier(a.Service)
	switch {
	case tier == 1:
		because(-1, "%s is tier 1", name)
	case tier >= 4:
		because(1, "%s is tier %d", name, tier)
	case tier > 0:
		because(0, "%s is tier %d", name, tier)
	}
	if a.Count >= saidOften && a.Expires.IsZero() { // else its source says it again only so that it does not lapse
		because(-1, "it was said %d times", a.Count)
	}
	if p.Office != nil && !p.Office(now) && a.Severity != Critical && tier != 1 && tier != 2 {
		because(1, "outside office hours")
	}
	t.before(before)
	return t
}

// before takes into account how it went before. What an earlier incident was weighs more than all else where it was worse;
// one that was milder, or a false alarm, makes it milder by one.
func (t *Triage) before(list []incidents.Incident) {
	for _, in := range list {
		r := Reason{Incident: in.Number}
		switch {
		case in.EndedAs == incidents.EndedFalsePositive || in.EndedAs == incidents.EndedCanceled:
			t.Severity = min(t.Severity+1, 5)
			r.Text, r.Named = "the same alert was none before", in.Number.String()+" with the same alert was none"
		case in.Severity == incidents.Unset:
			continue
		default:
			t.Severity = min(in.Severity, t.Severity+1)
			r.Text, r.Named = "the same alert was "+in.Severity.String()+" before", in.Number.String()+" with the same alert was "+in.Severity.String()
		}
		t.Reasons = append(t.Reasons, r)
		return
	}
}

// tier is the tier of a service, as the configuration writes its name; 0: it is not known.
func (p Policy) tier(service string) (string, int) {
	for name, tier := range p.Tiers {
		if strings.EqualFold(name, service) {
			return name, tier
		}
	}
	return "", 0
}

// Words are the clauses, which name the incidents that somebody may know of; sees is nil where none is to be named.
func (t Triage) Words(sees func(incidents.Number) bool) (list []string) {
	for _, r := range t.Reasons {
		if r.Incident != 0 && sees != nil && sees(r.Incident) {
			list = append(list, r.Named)
			continue
		}
		list = append(list, r.Text)
	}
	return list
}

// Line is the same as a sentence.
func (t Triage) Line(sees func(incidents.Number) bool) string {
	return "An incident for it may well be " + t.Severity.String() + ": " + strings.Join(t.Words(sees), ", ") + "."
}

// Undecided says whether it is up to people whether there is an incident for an alert, and how severe it is.
func (a Alert) Undecided() bool {
	return a.Open() && a.Incident == 0 && a.Decision.Action != Ignore
}

// Suggestion is the same as an incident keeps it: it names no other incident, for that may become private.
func (t Triage) Suggestion() incidents.Suggestion {
	return incidents.Suggestion{Severity: t.Severity, Why: t.Words(nil)}
}

// Before are the incidents to which earlier episodes belonged that have ended and that somebody may know of, newest first.
func (a Alert) Before(find func(incidents.Number) (incidents.Incident, bool), sees func(incidents.Incident) bool) (list []incidents.Incident) {
	for _, n := range slices.Backward(a.Past) {
		if in, there := find(n); there && in.Status.Ended() && !in.Drill && sees(in) {
			list = append(list, in)
		}
	}
	return list
}

// everybody says whether everybody may know of an incident.
func everybody(in incidents.Incident) bool { return !in.Private }

// mostPast is how many incidents of earlier episodes are kept.
const mostPast = 5

// past are the incidents of this and of earlier episodes, newest last.
func (a Alert) past() []incidents.Number {
	list := slices.Clone(a.Past)
	if a.Incident != 0 {
		list = append(slices.DeleteFunc(list, func(n incidents.Number) bool { return n == a.Incident }), a.Incident)
	}
	return list[max(0, len(list)-mostPast):]
}
