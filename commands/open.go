package commands

import (
	"strings"
	"time"
	"unicode/utf8"

	"fireboss/incidents"
)

var openVerb = Verb{
	Name: "open", Aliases: []string{"declare", "new"}, Group: groupOpen,
	Usage:    []string{"open [sevN] [private] [--started TIME] [--resolved TIME] TITLE"},
	Does:     "opens an incident, or records one that is over",
	Examples: []string{"open sev1 checkout is down", "open private sev2 --started 14:02 a laptop was stolen", "open 3 nodes lost power", "open --started 10m search is slow", `open --started "2026-11-20 14:00" --resolved "2026-11-20 16:10" search was slow`},
	form:     openForm,
	fill:     fillOpen,
	run: func(c *call) (Reply, error) {
		o, err := c.declaration()
		if err != nil {
			return Reply{}, err
		}
		o.From = c.Source
		return c.open(o)
	},
}

// open declares and answers.
func (c *call) open(o incidents.Open) (Reply, error) {
	c.number = 0
	out, err := c.apply(o)
	if err != nil {
		return Reply{}, err
	}
	in := out.Incident
	worse, button := c.suggested(in)
	more := c.calledFor(in)
	switch {
	case out.Events[0].Field("backfilled") != "":
		return c.done(out, "Recorded "+in.Number.String()+", resolved at "+c.clock(out.Events[len(out.Events)-1].At)+": nobody is called or reminded, and it is not announced.",
			"When the work on it is over: "+c.sayOf(in, "close", ""))
	case in.Drill && in.Private:
		more = "It is a private drill: left out of the figures, and only those who are brought in can see it."
	case in.Drill:
		more = "It is a drill: marked as one everywhere and left out of the figures."
	case in.Private:
		more = "It is private: only those who are brought in can see it."
	case worse != "":
		more = "" // one thing to do is enough
	}
	r, err := c.done(out, "Opened "+in.Number.String()+".", more, worse)
	r.Choices = button
	return r, err
}

// declaration reads flags in any order, each once, and then the title. A
// double hyphen ends the flags.
func (c *call) declaration() (incidents.Open, error) {
	var o incidents.Open
	rated := false
	s := c.args
	for {
		word, rest := cut(s)
		flag := longFlag(word)
		if flag == "--" {
			o.Title = rest
			return o, nil
		}
		sev, isSeverity := incidents.ParseSeverity(word)
		switch {
		case isSeverity && !rated:
			o.Severity, rated = sev, true
		case strings.EqualFold(word, "private") && o.Private == nil || flag == "--private":
			yes := true
			o.Private = &yes
		case strings.HasPrefix(flag, "--"):
			var err error
			if rest, err = c.timeFlag(&o, flag, rest); err != nil {
				return o, err
			}
		default:
			o.Title = s
			return o, nil
		}
		s = rest
	}
}

// longFlag is the word with two hyphens at its head, where a keyboard has made
// a dash of them; everything else as it is.
func longFlag(word string) string {
	for _, dash := range []string{"—", "–"} {
		if rest, ok := strings.CutPrefix(word, dash); ok && rest != "" {
			return "--" + strings.ToLower(rest)
		}
	}
	return strings.ToLower(word)
}

// timeFlag reads --started TIME or --resolved TIME, with a space or = between.
func (c *call) timeFlag(o *incidents.Open, flag, rest string) (string, error) {
	name, value, joined := strings.Cut(flag, "=")
	if joined {
		rest = value + " " + rest
	}
	var to *time.Time
	switch name {
	case "--started":
		to = &o.Started
	case "--resolved":
		to = &o.Resolved
	default:
		return rest, incidents.Invalid("%s is not a flag of open; there are --started TIME and --resolved TIME. For a title that begins like this: /incident open -- %s", quote(name), brief(c.args, 40))
	}
	example := "/incident open " + name + ` "2026-11-20 14:02" checkout is down`
	inner, behind, quoted := cutQuoted(rest)
	if !quoted {
		t, rest, err := c.needTime(rest, example)
		*to = t
		return rest, err
	}
	t, left, err := c.needTime(inner, example)
	if err == nil && left != "" {
		err = incidents.Invalid("%s is not a time. %s Example: %s", quote(inner), pastForms, example)
	}
	*to = t
	return behind, err
}

// quotes are what people and their keyboards put around a few words.
const quotes = "\"'“”„‟‘’‚‛«»"

// cutQuoted takes off what stands between quotation marks at the head of s.
func cutQuoted(s string) (inner, rest string, ok bool) {
	s = strings.TrimSpace(s)
	first, n := utf8.DecodeRuneInString(s)
	if !strings.ContainsRune(quotes, first) {
		return "", s, false
	}
	end := strings.IndexAny(s[n:], quotes)
	if end < 0 {
		return "", s, false
	}
	_, size := utf8.DecodeRuneInString(s[n+end:])
	return s[n : n+end], strings.TrimSpace(s[n+end+size:]), true
}
