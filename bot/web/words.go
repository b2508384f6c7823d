package web

import (
	"crypto/rand"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode/utf8"

	"fireboss/incidents"
	"fireboss/incidents/insights"
)

// vocabulary are what templates can say beyond their data.
var vocabulary = template.FuncMap{
	"asset":    func(name string) string { return assetPaths[name] },
	"clock":    func(t time.Time) string { return t.UTC().Format("15:04:05") },
	"exact":    exact,
	"short":    short,
	"stamp":    func(t time.Time) string { return t.UTC().Format(layout) },
	"upper":    strings.ToUpper,
	"plus":     func(a, b int) int { return a + b },
	"hours":    hoursWord,
	"share":    share,
	"quarters": func(q insights.Quarters) int { return int(q) },
	"once":     rand.Text, // a token of a form of its own
	"pair":     func(p, v any) pair { return pair{p, v} },
	"initial": func(name string) string {
		r, _ := utf8.DecodeRuneInString(name)
		return strings.ToUpper(string(r))
	},
	"join": func(list []string) string { return strings.Join(list, ", ") },
}

// pair is a value with what it stands in, a page or a form, for a template that
// wants both.
type pair struct{ P, V any }

// exact is a moment for people, to the minute.
func exact(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }

// short is a moment for people who know that times are UTC, and which year it is.
func short(t, now time.Time) string {
	if t.UTC().Year() == now.UTC().Year() {
		return t.UTC().Format("2 Jan, 15:04")
	}
	return t.UTC().Format("2 Jan 2006, 15:04")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// span is a duration in at most two units: 45 s, 12 min, 1 h 4 min, 3 d 2 h.
func span(d time.Duration) string {
	d = d.Abs()
	units := []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}}
	for i, u := range units {
		if d < u.size {
			continue
		}
		said := fmt.Sprintf("%d %s", d/u.size, u.name)
		if i+1 < len(units) && u.name != "min" {
			if rest := d % u.size / units[i+1].size; rest > 0 {
				said += fmt.Sprintf(" %d %s", rest, units[i+1].name)
			}
		}
		return said
	}
	return "0 s"
}

// since is how long ago something was.
func since(t, now time.Time) string {
	if d := now.Sub(t); d >= time.Minute {
		return span(d) + " ago"
	}
	return "just now"
}

// severityWord is the word at the head of a severity's meaning, which stands
// before a colon; empty where it has none.
func severityWord(s incidents.Severity, meaning string) string {
	if s == incidents.Unset {
		return "not judged yet"
	}
	word, _, ok := strings.Cut(meaning, ":")
	if !ok {
		return ""
	}
	return word
}

// ruleWords say what each rule of the clock asks for.
var ruleWords = map[string]string{
	"acknowledge": "Acknowledge", "commander": "Name a commander", "severity": "Judge the severity",
	"update": "Next update", "mitigate": "Mitigate", "resolve": "Resolve", "command": "Hand over command",
	"stale": "Say how it stands", "close": "Close", "postmortem": "Postmortem", "followup": "Follow-up",
}

// due is a deadline in words.
type due struct {
	What  string
	Who   string
	When  string // in 4 min, 3 min overdue
	At    time.Time
	State string // pending, at_risk or late: a class of the stylesheet
}

func dueOf(d incidents.Deadline, now time.Time) due {
	what, ok := ruleWords[d.Rule]
	switch {
	case d.Title != "":
		what = d.Title
	case !ok:
		what = d.Rule
	}
	out := due{What: what, Who: d.For, At: d.By(), State: d.State(now), When: "in " + span(d.By().Sub(now))}
	if !d.By().After(now) {
		out.State, out.When = "late", span(now.Sub(d.By()))+" overdue"
	}
	return out
}
