package web

import (
	"context"
	"errors"
	"math"

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
		list, err = s.store.Incidents(ctx, f.query())
	}
	if len(list) > f.Limit {
		list, more = list[:f.Limit], true
	}
	return list, more, err
}

// search is find by words. It asks for a few matches at a time and reads them one
// by one until the page is full: how many older ones there are costs nothing.
func (s *Site) search(ctx context.Context, f filter) ([]incidents.Incident, error) {
	last, q := f.Before, f.query()
	oldest, err := s.oldest(ctx, f)
	if err != nil {
		return nil, err
	}
	var list []incidents.Incident
	for limit := 2*f.Limit + 1; ; limit *= 8 {
		numbers, err := s.matches(ctx, f.Words, limit)
		if err != nil {
			return nil, err
		}
		for _, n := range numbers {
			if last != 0 && n >= last {
				continue
			}
			last = n
			in, err := s.store.Incident(ctx, n)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			if err == nil && q.Matches(in) {
				list = append(list, in)
			}
			if len(list) > f.Limit || n <= oldest {
				return list, nil
			}
		}
		if len(numbers) < limit {
			return list, nil
		}
	}
}

// oldest is where a search may stop: at the oldest open incident, where only open
// ones are asked for.
func (s *Site) oldest(ctx context.Context, f filter) (incidents.Number, error) {
	if !f.Open {
		return 0, nil
	}
	open, err := s.store.Incidents(ctx, store.Query{Open: true})
	if err != nil || len(open) == 0 {
		return math.MaxInt64, err
	}
	return open[len(open)-1].Number, nil
}

// matches are the newest incidents with all of these words, at most limit. An
// incident's own number is a word too.
func (s *Site) matches(ctx context.Context, words []string, limit int) ([]incidents.Number, error) {
	if len(words) == 2 && words[0] == "inc" {
		if n, err := incidents.ParseNumber("INC-" + words[1]); err == nil {
			return []incidents.Number{n}, nil
		}
	}
	return s.store.Search(ctx, words, limit)
}

// query is all of it but the words of texts.
func (f filter) query() store.Query {
	return store.Query{Open: f.Open, Severity: f.Severity, Status: f.Status, Before: f.Before, Limit: f.Limit + 1, Where: f.Where}
}
