package postmortem

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"fireboss/incidents"
)

// measures are what a text says in figures: each in one form, however it was
// written.
type measures struct {
	addresses, dates, clocks, spans, shares, grades []string
	rest                                            string // the text without them
}

const (
	months  = `(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.?`
	numeral = `(?:[0-9]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty)`
	unit    = `(?:second|minute|hour|day|week|month|year)s?`
	single  = `(?:an? (?:minute|hour|day|week|month|year))`
	span    = `(?:` + numeral + ` ` + unit + `|` + single + `)`
)

var (
	inAddress = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+.-]*://|www\.)\S+`)
	isoDate   = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)
	dayMonth  = regexp.MustCompile(`(?i)\b([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? (` + months + `)(?:,? ([0-9]{4}))?\b`)
	monthDay  = regexp.MustCompile(`(?i)\b(` + months + `) ([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}))?\b`)
	clockTime = regexp.MustCompile(`\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b`)
	partOf    = regexp.MustCompile(`(?i)\b(?:half|quarter of|third of|part of) ` + single + `\b`)
	spanOf    = regexp.MustCompile(`(?i)\b` + span + `(?:(?:,| and|, and)? ` + span + `)*\b`)
	share     = regexp.MustCompile(`(?i)\b([0-9](?:[0-9.,]*[0-9])?) ?(?:%|percent\b|per cent\b)`)
	grade     = regexp.MustCompile(`(?i)\bsev(?:erity)?[- ]?([0-9]+)\b`)
)

// taken stands in the place of a figure that was taken out of a text. What stands
// right beside it belonged to it.
const taken = "\x01"

// measure takes the figures out of a text.
func measure(s string) measures {
	m := measures{rest: s}
	take := func(re *regexp.Regexp, read func([]string) string, list *[]string) {
		m.rest = re.ReplaceAllStringFunc(m.rest, func(found string) string {
			*list = append(*list, read(re.FindStringSubmatch(found)))
			return taken
		})
	}
	take(inAddress, func(f []string) string { return strings.TrimRight(f[0], `.,;:!?"'”’)`) }, &m.addresses)
	take(isoDate, func(f []string) string { return f[0] }, &m.dates)
	take(dayMonth, func(f []string) string { return day(f[1], f[2], f[3]) }, &m.dates)
	take(monthDay, func(f []string) string { return day(f[2], f[1], f[3]) }, &m.dates)
	take(clockTime, func(f []string) string { return f[0] }, &m.clocks)
	take(partOf, func(f []string) string { return strings.ToLower(f[0]) }, &m.spans)
	take(spanOf, func(f []string) string { return spanForm(f[0]) }, &m.spans)
	take(share, func(f []string) string { return plainNumber(f[1]) }, &m.shares)
	take(grade, func(f []string) string { return "sev" + f[1] }, &m.grades)
	return m
}

// day is a date that may lack its year: 20 nov 2026.
func day(d, month, year string) string {
	return strings.TrimSpace(strings.TrimLeft(d, "0") + " " + strings.ToLower(month[:3]) + " " + year)
}

// spanForm is a span in figures, without what joins its parts: 1 hour 8 minutes.
func spanForm(s string) string {
	var parts []string
	for w := range strings.FieldsSeq(strings.ToLower(strings.ReplaceAll(s, ",", " "))) {
		n, numeral := numerals[w]
		switch {
		case w == "and":
		case w == "a" || w == "an":
			parts = append(parts, "1")
		case numeral:
			parts = append(parts, n)
		default:
			parts = append(parts, strings.TrimSuffix(w, "s"))
		}
	}
	return strings.Join(parts, " ")
}

// plainNumber is a number without the commas that group its digits by three. Another
// comma is left where it is: in some languages it is the decimal point.
func plainNumber(s string) string {
	s = strings.TrimRight(s, ".,")
	if grouped.MatchString(s) {
		return strings.ReplaceAll(s, ",", "")
	}
	return s
}

var grouped = regexp.MustCompile(`^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$`)

// dateForms are the ways in which a moment's day is written.
func dateForms(t time.Time) []string {
	t = t.UTC()
	return []string{t.Format("2006-01-02"), strings.ToLower(t.Format("2 Jan 2006")), strings.ToLower(t.Format("2 Jan"))}
}

// clockForms are the ways in which a moment's time is written.
func clockForms(t time.Time) []string {
	return []string{t.UTC().Format("15:04"), t.UTC().Format("15:04:05")}
}

// spanForms are the ways in which the time between two moments is written: as
// [incidents.Span] has it, or in whole minutes, either rounded to the minute.
func spanForms(a, b time.Time) []string {
	d := b.Sub(a).Abs().Round(time.Minute)
	if d < time.Minute {
		return nil
	}
	return []string{spanForm(incidents.Span(d)), spanForm(fmt.Sprint(int(d/time.Minute), " minute"))}
}
