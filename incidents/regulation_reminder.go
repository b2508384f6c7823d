package incidents

import (
	"fmt"
	"strings"
	"time"
)

// When people are reminded of what a law wants: once a quarter of its time is
// left, when it is due, twice more within two hours where nobody says that it was
// submitted, and then every week until somebody does or the clock is stopped.
const (
	legalAtRisk   = 0.75
	legalEvery    = time.Hour
	legalOften    = 3
	legalLongOver = 7 * 24 * time.Hour
)

// legalLadder says whom each reminder of a stage goes to: whoever commands, then
// everybody in the channel, then those whom the policy calls, then again whoever
// commands. The word before goes to the commander alone.
func legalLadder(d Deadline) []step {
	if d.Early() {
		return []step{toPerson}
	}
	return []step{toPerson, toChannel, toGroup, toPerson}
}

// legal adds what the regulations that run want; they do not end with the incident.
func (p *planner) legal() {
	for _, c := range p.in.Clocks {
		for _, st := range p.rules.Stages(c) {
			if st.Submitted == nil && !st.Due.IsZero() {
				p.stage(c, st)
			}
		}
	}
}

// stage adds one stage, and the word before it is due.
func (p *planner) stage(c LegalClock, st StageState) {
	risk := st.From.Add(time.Duration(float64(st.Due.Sub(st.From)) * legalAtRisk)).UTC().Truncate(time.Millisecond)
	d := Deadline{
		Rule: st.Rule, For: CommanderRole, From: st.From, Date: st.Due, AtRisk: risk, Title: st.Title, Why: st.Why,
		Due: later(st.Due, c.Told),
	}
	soon := d
	soon.Rule, soon.Due = d.Rule+".at_risk", later(risk, c.Told)
	if was := p.in.Watch.Reminded[d.Rule]; was.Times > 0 && was.From.Equal(d.From) {
		d.Occurrence, d.Due = was.Times, was.Last.Add(legalEvery)
		if was.Times >= legalOften {
			d.Due = was.Last.Add(legalLongOver)
		}
	}
	if first, _ := stepFor(d); first != toPerson {
		d.Due = p.calm(d.Due)
	}
	p.list = append(p.list, d)
	if was := p.in.Watch.Reminded[soon.Rule]; d.Occurrence == 0 && soon.Due.Before(d.Due) && !(was.Times > 0 && was.From.Equal(soon.From)) {
		p.list = append(p.list, soon)
	}
}

// legalRemark is what is said of a stage that is due, or will be soon.
func (d *decision) legalRemark(due Deadline) string {
	left := due.Date.Sub(d.now)
	when := "is due now"
	switch {
	case left >= time.Minute:
		when = "is due in " + Span(left) + ", at " + told(due.Date)
	case left <= -time.Minute:
		when = "was due " + Span(-left) + " ago, at " + told(due.Date)
	}
	name, stage, _ := LegalStage(due.Rule)
	return fmt.Sprintf("%s of %s %s: %s at %s. Once it is submitted: %s", due.Title, d.in.Number, when, due.Why, told(due.From),
		Say{d.in.Number, clockVerb, "submitted " + name + " " + stage})
}

// LegalStage is the regulation and the stage that a rule is about; false where it
// is about none.
func LegalStage(rule string) (name, stage string, ok bool) {
	return strings.Cut(Deadline{Rule: rule}.About(), ".")
}
