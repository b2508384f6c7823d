package commands

import (
	"errors"
	"fmt"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Rows of a list, and how far those that are open are counted beyond. Of the
// others there may be any number, so it is only said that there are more.
const (
	maxRows  = 20
	maxCount = 1000
)

var listVerb = Verb{
	Name: "list", Group: groupOpen,
	Usage:    []string{"list [open|all] [sevN] [text]"},
	Does:     "lists incidents with these words in title, type or services, newest first; those that are open unless you say all",
	Examples: []string{"list", "list sev1", "list all database"},
	run: func(c *call) (Reply, error) {
		if n := len([]rune(c.args)); n > maxSearch {
			return Reply{}, incidents.Invalid("A list is chosen by at most %d characters; this has %d. A few words are enough. Example: /incident list all database", maxSearch, n)
		}
		q, noun := c.query()
		found, err := c.desk.Store.Incidents(c.ctx, q)
		if err != nil {
			return Reply{}, err
		}
		return c.rows(found, q.Limit, noun, "Open one: /incident open sev1 checkout is down"), nil
	},
}

// query reads what to list; noun says it in words.
func (c *call) query() (q store.Query, noun string) {
	q = store.Query{Open: true, Limit: maxCount}
	whichSaid, s := false, c.args
	for {
		word, rest := cut(s)
		sev, isSeverity := incidents.ParseSeverity(word)
		switch {
		case !whichSaid && strings.EqualFold(word, "open"):
			whichSaid = true
		case !whichSaid && strings.EqualFold(word, "all"):
			whichSaid, q.Open, q.Limit = true, false, maxRows+1
		case isSeverity && q.Severity == nil:
			q.Severity = &sev
		default:
			if q.Words = incidents.Words(s); s != "" && len(q.Words) == 0 {
				q.Before = 1 // nothing is found by signs alone
			}
			q.Where = func(in incidents.Incident) bool { return in.VisibleTo(c.Actor) }
			return q, nounOf(q, s)
		}
		s = rest
	}
}

func nounOf(q store.Query, text string) string {
	noun := "incident%s"
	if q.Open {
		noun = "open " + noun
	}
	if q.Severity != nil {
		noun += " of severity " + q.Severity.String()
	}
	if text != "" {
		noun += " with " + strings.ReplaceAll(quote(text), "%", "%%") + " in title, type or services"
	}
	return noun
}

// rows answers with the first of these incidents and says how many more there
// are, if that is known: there may be more where limit were found. noun has a
// place for the s of the plural.
func (c *call) rows(found []incidents.Incident, limit int, noun, ifNone string) Reply {
	n := len(found)
	if n == 0 {
		return Reply{Text: sentence("There is no "+fmt.Sprintf(noun, "")+".", ifNone)}
	}
	plural := "s"
	if n == 1 {
		plural = ""
	}
	r := Reply{Text: fmt.Sprintf("%d %s.", n, fmt.Sprintf(noun, plural))}
	if n > maxRows {
		r.Text = fmt.Sprintf("%d %s; these are the newest %d, %d more are not shown.", n, fmt.Sprintf(noun, plural), maxRows, n-maxRows)
		if n >= limit {
			r.Text = fmt.Sprintf("More than %d %s; these are the newest %d.", limit-1, fmt.Sprintf(noun, plural), maxRows)
		}
		if c.desk.Dashboard != "" {
			r.Text += " All of them: " + c.desk.Dashboard + "/incidents"
		}
		found = found[:maxRows]
	}
	for _, in := range found {
		r.Lines = append(r.Lines, Line{Incident: in.Number, At: in.DeclaredAt, Text: row(in)})
	}
	return r
}

// row is an incident in one line.
func row(in incidents.Incident) string {
	marks := []string{in.Severity.String(), string(in.Status)}
	if in.MergedInto != 0 {
		marks[1] = statusWord(in)
	}
	if in.Drill {
		marks = append(marks, "drill")
	}
	if in.Private {
		marks = append(marks, "private")
	}
	if p, ok := in.Commander(); ok && in.Status.Open() {
		marks = append(marks, "led by "+p.Name)
	}
	return in.Number.String() + " " + in.Title + " (" + strings.Join(marks, ", ") + ")"
}

// search finds the newest incidents with these words that the caller may see, as
// many as a list shows and one more; the one of that number, if words may be one,
// comes first. It asks for a few at a time: how many older ones match costs
// nothing.
func (c *call) search(words []string, number incidents.Number) ([]incidents.Incident, error) {
	found, err := c.visible(nil, number)
	if err != nil {
		return nil, err
	}
	var last incidents.Number
	for limit := 2 * maxRows; ; limit *= 8 {
		numbers, err := c.desk.Store.Search(c.ctx, words, limit)
		if err != nil {
			return nil, err
		}
		for _, n := range numbers {
			if last != 0 && n >= last {
				continue
			}
			last = n
			if n == number {
				continue
			}
			if found, err = c.visible(found, n); err != nil || len(found) > maxRows {
				return found, err
			}
		}
		if len(numbers) < limit {
			return found, nil
		}
	}
}

// visible adds an incident, if there is one that the caller may see.
func (c *call) visible(list []incidents.Incident, n incidents.Number) ([]incidents.Incident, error) {
	if n == 0 {
		return list, nil
	}
	in, err := c.desk.Store.Incident(c.ctx, n)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !in.VisibleTo(c.Actor):
		return list, nil
	case err != nil:
		return nil, err
	}
	return append(list, in), nil
}
