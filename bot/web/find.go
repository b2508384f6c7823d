package web

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// filter chooses incidents for a list.
type filter struct {
	Words    []string // of their texts; none: all
	Open     bool     // only those that have not ended
	Severity *incidents.Severity
	Status   incidents.Status
	Before   incidents.Number
	Limit    int
	Where    func(incidents.Incident) bool // who may see it, and more
}

// find lists the incidents that match, newest first, and whether there are more.
func (s *Site) find(ctx context.Context, f filter) (list []incidents.Incident, more bool, err error) {
	if len(f.Words) > 0 {
		list, err = s.search(ctx, f)
	} else {
		list, err = s.store.Incidents(ctx, store.Query{
			Open: f.Open, Severity: f.Severity, Status: f.Status, Before: f.Before, Limit: f.Limit + 1, Where: f.Where,
		})
	}
	if len(list) > f.Limit {
		list, more = list[:f.Limit], true
	}
	return list, more, err
}

// search is find by words. It reads matches one by one and stops when the page is full.
func (s *Site) search(ctx context.Context, f filter) ([]incidents.Incident, error) {
	numbers, err := s.matches(ctx, f.Words)
	if err != nil {
		return nil, err
	}
	var list []incidents.Incident
	for _, n := range numbers {
		if f.Before != 0 && n >= f.Before {
			continue
		}
		in, err := s.store.Incident(ctx, n)
		switch {
		case errors.Is(err, store.ErrNotFound):
			continue
		case err != nil:
			return nil, err
		}
		if f.match(in) {
			list = append(list, in)
		}
		if len(list) > f.Limit {
			break
		}
	}
	return list, nil
}

// matches are the incidents with all of these words. An incident's own number
// is a word too.
func (s *Site) matches(ctx context.Context, words []string) ([]incidents.Number, error) {
	if len(words) == 2 && words[0] == "inc" {
		if n, err := incidents.ParseNumber("INC-" + words[1]); err == nil {
			return []incidents.Number{n}, nil
		}
	}
	return s.store.Search(ctx, words, 0)
}

func (f filter) match(in incidents.Incident) bool {
	return (!f.Open || in.Status.Open()) && (f.Severity == nil || in.Severity == *f.Severity) &&
		(f.Status == "" || in.Status == f.Status) && f.Where(in)
}

// words are what of a text can be searched: runs of letters, marks and digits, in lower case.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}
