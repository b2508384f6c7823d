package commands

import (
	"regexp"
	"strings"
	"time"

	"fireboss/incidents"
)

var noteVerb = Verb{
	Name: "note", Group: groupRecord, about: true,
	Usage:    []string{"note [at TIME] TEXT"},
	Does:     "writes to the timeline, if need be back-dated",
	Examples: []string{"note traffic moved to eu-west", "note at 14:02 the first customer called"},
	form: func(c *call) Form {
		text, at, _ := c.backDated(c.args)
		when := ""
		if !at.IsZero() {
			when = at.In(c.Zone).Format("2006-01-02 15:04")
		} else if text == c.args {
			text = ""
		}
		return Form{Title: "Note in " + c.number.String(), Submit: "Write down", Fields: []Field{
			areaField("text", "What was seen or done?").with(text), lineField("at", "When").with(when).optional().hint("14:02, or 20m for twenty minutes ago. Empty: now."),
		}}
	},
	fill: func(c *call) (Reply, error) {
		at, err := c.saidTime("at", last)
		if err != nil {
			return Reply{}, err
		}
		return c.note(c.said("text"), at)
	},
	run: func(c *call) (Reply, error) {
		text, at, err := c.backDated(c.args)
		if err != nil {
			return Reply{}, err
		}
		return c.note(text, at)
	},
}

// note writes to the timeline.
func (c *call) note(text string, at time.Time) (Reply, error) {
	out, err := c.apply(incidents.AddNote{Text: text, At: at})
	if err != nil {
		return Reply{}, err
	}
	where := "the timeline of " + out.Incident.Number.String()
	if e, ok := caused(out, incidents.NoteAdded); ok && !at.IsZero() {
		return c.done(out, "The note stands in "+where+" at "+c.clock(e.At)+".")
	}
	return c.done(out, "The note stands in "+where+".")
}

// backDated takes "at TIME" off the head of a text. "at" with no time behind
// it is text: "at the moment nothing works". What was surely meant as a time, and
// is none that can be read, is a refusal: back-dated and not, a note says two
// different things.
func (c *call) backDated(s string) (text string, at time.Time, err error) {
	word, rest := cut(s)
	if !strings.EqualFold(word, "at") {
		return s, time.Time{}, nil
	}
	if rest == "" {
		return "", time.Time{}, incidents.Missing("text", "At what time, and what was it? %s Example: %s", pastForms, c.say("note", "at 14:02 traffic moved to eu-west"))
	}
	if length, behind, said, ok := ago(rest); ok && said { // "at 5m requests" is no time
		return behind, c.At.Add(-length), nil
	}
	t, behind, found, err := c.timeAt(rest, last)
	switch {
	case err != nil:
		return s, time.Time{}, err
	case found:
		return behind, t, nil
	}
	if said, meant := meantTime(rest); meant {
		example := c.say("note", "at "+c.At.In(c.Zone).AddDate(0, 0, -1).Format(time.DateOnly)+" 14:02 traffic moved to eu-west")
		return s, time.Time{}, incidents.Invalid("%s is not a time that I read; if none was meant, begin with another word than at. %s Example: %s", quote(said), pastForms, example)
	}
	return s, time.Time{}, nil
}

var (
	// timeWord is a word, or two, that can only be a time: noon, 2pm, 14h02, 14.02
	// and 20.11.2026 alone, or a day and a clock, or an hour of half a day.
	timeWord = regexp.MustCompile(`(?i)^(?:yesterday|today|tomorrow|tonight|noon|midday|midnight` +
		`|\d{1,2}(?:[:.]\d{2})?(?:am|pm|a\.m\.?|p\.m\.?)|\d{1,2}h\d{2}|(?:[01]?\d|2[0-3])\.[0-5]\d(?:h|uhr)?` +
		`|\d{1,2}\.\d{1,2}\.(?:19|20)\d{2}|\d{1,2}/\d{1,2}/(?:19|20)?\d{2}|(?:19|20)\d{2}[./]\d{1,2}[./]\d{1,2})$`)
	timeWords = regexp.MustCompile(`(?i)^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day \d{1,2}:\d{2}|\d{1,2}(?:[:.]\d{2})? (?:am|pm|a\.m\.?|p\.m\.?|o['’]?clock|uhr))$`)
)

// meantTime reports whether a text begins with what can only be meant as a time.
func meantTime(s string) (said string, meant bool) {
	first, rest := cut(s)
	second, _ := cut(rest)
	first, second = strings.TrimRight(first, ",;:"), strings.TrimRight(second, ",;:")
	if both := first + " " + second; timeWords.MatchString(both) {
		return both, true
	}
	return first, timeWord.MatchString(first)
}
