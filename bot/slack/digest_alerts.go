package slack

import (
	"fmt"
	"math"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents/alerts"
)

// alertsMessage is what the week brought of alerts. It names no incident: it stays where it is, and an incident may become
// private.
func (d Digest) alertsMessage() *message {
	w := d.Alerts
	lines := []string{"*Alerts of the last seven days*", strings.Join(weekFacts(*w), " · ")}
	m := &message{Text: clipped(strings.Join(lines, "\n"), maxText), Blocks: []slackgo.Block{section(strings.Join(lines, "\n"))}}
	add := func(head string, list []string) {
		if len(list) > 0 {
			m.Blocks = append(m.Blocks, section(clipLines(append([]string{"*" + head + "*"}, list...))))
		}
	}
	var loud, shadow, raised []string
	for _, a := range w.Loudest {
		loud = append(loud, loudLine(a))
	}
	for _, t := range w.Shadow {
		shadow = append(shadow, shadowLine(t))
	}
	for _, a := range w.Raised {
		raised = append(raised, "• "+fit(a.Title, 300, plain)+" ("+date(a.ReceivedAt)+")")
	}
	add("Noisiest", loud)
	add("Rules in shadow", shadow)
	add("Out of the ordinary", raised)
	var foot []string
	if !d.Late.IsZero() {
		foot = append(foot, "This comes late: it was due "+date(d.Late)+".")
	}
	if d.Page != "" {
		foot = append(foot, link(d.Page, "What to tune or delete"))
	}
	if len(foot) > 0 {
		m.Blocks = append(m.Blocks, contextLine(strings.Join(foot, " · ")))
	}
	return m
}

// weekFacts are the week in numbers.
func weekFacts(w alerts.Week) []string {
	facts := []string{fmt.Sprintf("%s from %s", countOf(w.Alerts, "alert"), countOf(w.Sources, "source")), fmt.Sprintf("%d led to an incident", w.Acted)}
	if w.Silenced > 0 {
		facts = append(facts, fmt.Sprintf("%d silenced by hand", w.Silenced))
	}
	if minutes := int(w.Effort / time.Minute); minutes > 0 {
		facts = append(facts, "about "+countOf(minutes, "minute")+" of people")
	}
	return facts
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// loudLine is an alert that was noisy, and what to do about it.
func loudLine(a alerts.Advice) string {
	head := "• *" + fit(a.Title, 200, plain) + "* (" + fit(a.Source, 60, plain) + ")"
	if len(a.Why) > 0 {
		return head + " " + a.Because() + " _" + a.Do + "_"
	}
	if a.Fired == 1 {
		return fmt.Sprintf("%s: said %d times, once begun", head, a.Said)
	}
	return fmt.Sprintf("%s: %d times, %d of them acted on", head, a.Fired, a.Acted)
}

// shadowLine is what a rule in shadow would have done, and how right that was.
func shadowLine(t alerts.RuleTally) string {
	line := fmt.Sprintf("• “%s” %s, %s", fit(t.Rule, 100, plain), wouldHave[t.Action], countOf(t.Fired, "time"))
	share := func(what string, of float64, known bool) {
		if known {
			line += fmt.Sprintf("; %s %d %%", what, int(math.Round(100*of)))
		}
	}
	precision, known := t.Precision()
	share("precision", precision, known)
	recall, known := t.Recall()
	share("recall", recall, known)
	return line
}
