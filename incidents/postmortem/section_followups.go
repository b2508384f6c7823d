package postmortem

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"fireboss/incidents"
)

// writeFollowups lists what is to be done so that it does not come again.
func writeFollowups(p *page) {
	a := p.a
	guessed := false
	for _, t := range a.Incident.Followups {
		text := t.Text
		if text == incidents.RemovedText || a.madeOfDeleted(incidents.Followups, t.Number) {
			text = incidents.RemovedText
		}
		kind, sure := "", false
		if text != incidents.RemovedText {
			kind, sure = purpose(text)
		}
		if kind != "" && !sure {
			kind, guessed = kind+"?", true
		}
		owner := "nobody yet"
		if t.Assignee != nil {
			owner = tidy(t.Assignee.Name)
		}
		due := "–"
		if !t.Due.IsZero() {
			due = t.Due.UTC().Format("2006-01-02")
		}
		if p.rows == 0 {
			p.row("#", "What", "Kind", "Owner", "Due", "State", "Ticket")
		}
		p.row(fmt.Sprint(t.Number), p.cell(shorten(a.without(t, text), rowRoom), a.taskEvents(incidents.Followups, t.Number)...), orDash(kind), escape(owner), due, string(t.State), orDash(a.ticket(t, text)))
	}
	if len(a.Incident.Followups) == 0 {
		p.ask("The record holds no follow-up.")
	}
	if guessed {
		p.ask("A kind with a question mark is guessed from the words; a tag such as #prevent, #detect or #mitigate in the text says it.")
	}
	if p.prompt != "" {
		p.ask(p.prompt)
	}
}

// without is the text of a follow-up without what stands in columns of its own.
func (a *account) without(t incidents.Task, text string) string {
	text = tidy(text)
	if a.Tickets[t.Number] == "" && a.ticket(t, text) != "" {
		text = strings.Replace(text, address.FindString(text), "", 1)
	}
	return strings.TrimRight(tidy(hashTag.ReplaceAllString(text, "")), " :,;")
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// taskEvents are the events about a task or a follow-up. Where the one by which it was
// added says nothing any more, those count that can have been it.
func (a *account) taskEvents(list incidents.List, number int) []uint64 {
	var cites, blank []uint64
	for _, e := range a.list {
		switch {
		case !strings.HasPrefix(string(e.Kind), string(list)+"_"):
		case e.about(number):
			cites = append(cites, e.Seq)
		case e.Redacted && strings.HasSuffix(string(e.Kind), "_added"):
			blank = append(blank, e.Seq)
		}
	}
	if len(cites) == 0 {
		cites = blank
	}
	return bounded(cites)
}

// about reports whether an event is about the task of a number, alone or with the
// others of a checklist.
func (e *entry) about(number int) bool {
	if numbers, ok := e.value("numbers").([]any); ok {
		return slices.Contains(numbers, any(float64(number)))
	}
	return e.number() == number
}

var address = regexp.MustCompile(`https?://[^\s<>"|]+`)

// ticket is a link to where a follow-up is tracked: as the mirrors say or, where
// they say nothing, the first address in its text.
func (a *account) ticket(t incidents.Task, text string) string {
	to := a.Tickets[t.Number]
	if to == "" {
		to = strings.TrimRight(address.FindString(tidy(text)), ".,;:!?)")
	}
	if _, _, ok := target(to); !ok {
		return ""
	}
	name := to[strings.LastIndexByte(strings.TrimRight(to, "/"), '/')+1:]
	if len(name) > 24 || !plainName.MatchString(name) {
		name = "ticket"
	}
	return named(name, to)
}

// The purposes of follow-ups.
const (
	prevents  = "prevent"
	detects   = "detect"
	mitigates = "mitigate"
)

var hashTag = regexp.MustCompile(`(?i)#(prevent|detect|mitigate)\b`)

var tagged = regexp.MustCompile(`(?i)(?:^|[\s(\[#])(prevent|detect|mitigate)(?:[:\])]|$)|#(prevent|detect|mitigate)\b`)

// telltale are words, or beginnings of words, that show what a follow-up is for,
// in the order in which they count: who wants an alert for a limit wants to detect.
var telltale = []struct {
	purpose string
	words   *regexp.Regexp
}{
	{detects, regexp.MustCompile(`(?i)\b(alert|alarm|monitor|detect|dashboard|metric|log(s|ging)?\b|trac(e|ing)\b|probe|page\b|notice|observ)`)},
	{mitigates, regexp.MustCompile(`(?i)\b(mitigat|roll\s?back|runbook|failover|fail\s?over|restor|backup|back-up|faster|feature flag|kill switch|throttl|degrad|playbook|escalat)`)},
	{prevents, regexp.MustCompile(`(?i)\b(prevent|test|validat|check|fix|guard|review|limit|remov|upgrad|patch|block|lint|rotat|enforc|harden|train)`)},
}

// purpose is what a follow-up is for: by a tag in it, #prevent or "detect:", which
// is sure, or else by its words, which is a guess; empty where nothing shows.
func purpose(text string) (kind string, sure bool) {
	if m := tagged.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1] + m[2]), true
	}
	for _, t := range telltale {
		if t.words.MatchString(text) {
			return t.purpose, false
		}
	}
	return "", false
}
