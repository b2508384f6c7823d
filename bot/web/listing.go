package web

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"sort"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// listing says which incidents somebody wants listed, and in which order.
type listing struct {
	Words         []string
	Status        string // "", one of the two words below, or a status
	Severity      *incidents.Severity
	Type, Service string
	From, To      time.Time // of when it was opened here, which is in the order of numbers; To is not included
	Drills        string
	Postmortem    string // only incidents with one: any, or in this state; see Sort
	Sort          string
	Limit         int
	Start         incidents.Number // by number: where the page before ended; 0: at the beginning
	Skip          int              // by other orders: how many the pages before had
	Who           incidents.Actor
}

// Words of a listing's fields; empty is all, and the newest first.
const (
	statusOpen   = "open"
	statusEnded  = "ended"
	drillsNone   = "without"
	drillsOnly   = "only"
	sortOldest   = "oldest"
	sortSeverity = "severity"
	sortLongest  = "longest"
	// sortPostmortem is that of the list of postmortems: those first that are overdue.
	sortPostmortem = "postmortem"
)

// maxExamined is how many incidents one page looks at. Most of what can be asked for is
// found by an index; of what that finds one incident after the other is looked at, and
// after so many the page says how far it came.
const maxExamined = 2000

// listed is one page of a listing.
type listed struct {
	List []incidents.Incident
	More bool
	// Cut is the last incident that was looked at where there are more than one page
	// looks at, and Reached its severity; 0: all that could match were.
	Cut     incidents.Number
	Reached incidents.Severity
}

// numbered reports whether the order is that of the numbers.
func (l listing) numbered() bool { return l.Sort == "" || l.Sort == sortOldest }

// query is what of it the store knows how to look for.
func (l listing) query() store.Query {
	q := store.Query{
		Severity: l.Severity, Type: l.Type, Service: l.Service, Drill: l.Drills == drillsOnly, Postmortem: l.Sort == sortPostmortem,
	}
	switch l.Status {
	case "", statusEnded:
	case statusOpen:
		q.Open = true
	default:
		q.Status = incidents.Status(l.Status)
	}
	return q
}

func (l listing) match(in incidents.Incident) bool {
	switch {
	case !l.query().Matches(in),
		!in.VisibleTo(l.Who),
		l.Status == statusEnded && !in.Status.Ended(),
		!l.From.IsZero() && in.DeclaredAt.Before(l.From),
		!l.To.IsZero() && !in.DeclaredAt.Before(l.To),
		l.Drills == drillsNone && in.Drill,
		l.Postmortem != "" && string(in.Postmortem.State) != l.Postmortem:
		return false
	}
	return true
}

// list finds one page.
func (s *Site) list(ctx context.Context, l listing) (listed, error) {
	var out listed
	looked := 0
	for in, err := range s.candidates(ctx, l) {
		if err != nil {
			return listed{}, err
		}
		if looked++; looked > maxExamined {
			break // out.Cut is the one before
		}
		out.Cut, out.Reached = in.Number, in.Severity
		if !l.match(in) {
			continue
		}
		if out.List = append(out.List, in); l.inOrder() && len(out.List) > l.Skip+l.Limit {
			break
		}
	}
	if looked <= maxExamined {
		out.Cut = 0
	}
	if !l.numbered() {
		s.sort(l, out.List)
		out.List = out.List[min(l.Skip, len(out.List)):]
	}
	if len(out.List) > l.Limit {
		out.List, out.More = out.List[:l.Limit], true
	}
	return out, nil
}

// inOrder reports whether the candidates come in the order that is asked for.
func (l listing) inOrder() bool {
	return l.numbered() || l.Sort == sortSeverity && len(l.Words) == 0
}

// past reports whether none behind an incident, by number, can be within the dates.
func (l listing) past(in incidents.Incident) bool {
	if l.Sort == sortOldest {
		return !l.To.IsZero() && !in.DeclaredAt.Before(l.To)
	}
	return !l.From.IsZero() && in.DeclaredAt.Before(l.From)
}

func (s *Site) sort(l listing, list []incidents.Incident) {
	if l.Sort == sortPostmortem {
		s.overdueFirst(list)
		return
	}
	slices.SortStableFunc(list, func(a, b incidents.Incident) int {
		if l.Sort == sortSeverity {
			return worseFirst(a.Severity, b.Severity)
		}
		return cmp.Compare(tookSoLong(b), tookSoLong(a))
	})
}

// tookSoLong is how long an incident took until it was resolved; less than nothing
// where that is not known.
func tookSoLong(in incidents.Incident) time.Duration {
	if took := in.Times.Durations().Resolve; took != nil {
		return *took
	}
	return -1
}

// candidates are the incidents among which are all that match, and as few others as
// an index can tell: in the order of their numbers, except where those of each
// severity are found by themselves.
func (s *Site) candidates(ctx context.Context, l listing) iter.Seq2[incidents.Incident, error] {
	switch {
	case len(l.Words) > 0:
		return s.found(ctx, l)
	case l.Sort == sortSeverity && l.Severity == nil:
		return s.bySeverity(ctx, l)
	}
	return s.chosen(ctx, l)
}

// bySeverity are all, the worst first and of each severity the newest; each once, though
// one whose severity is changed meanwhile may be missed.
func (s *Site) bySeverity(ctx context.Context, l listing) iter.Seq2[incidents.Incident, error] {
	return func(yield func(incidents.Incident, error) bool) {
		seen := map[incidents.Number]bool{}
		for _, severity := range slices.SortedFunc(slices.Values(incidents.Severities), worseFirst) {
			l.Severity = &severity
			for in, err := range s.chosen(ctx, l) {
				if err == nil && seen[in.Number] {
					continue
				}
				seen[in.Number] = true
				if !yield(in, err) {
					return
				}
			}
		}
	}
}

func worseFirst(a, b incidents.Severity) int { return cmp.Compare(a.Rank(), b.Rank()) }

// before reports whether an earlier page had this number.
func (l listing) before(n incidents.Number) bool {
	if l.Start == 0 {
		return false
	}
	if l.Sort == sortOldest {
		return n <= l.Start
	}
	return n >= l.Start
}

// someAtOnce is how many incidents are read at a time, where the first did not fill the
// page.
const someAtOnce = 100

// chosen are those that the store finds, in the order of their numbers, within the days
// that are asked for.
func (s *Site) chosen(ctx context.Context, l listing) iter.Seq2[incidents.Incident, error] {
	return func(yield func(incidents.Incident, error) bool) {
		q, err := s.fromDay(ctx, l)
		if q.Limit = someAtOnce; l.inOrder() {
			q.Limit = min(l.Skip+l.Limit+1, someAtOnce)
		}
		for err == nil {
			var list []incidents.Incident
			if list, err = s.store.Incidents(ctx, q); err != nil {
				break
			}
			for _, in := range list {
				if l.past(in) || !yield(in, nil) {
					return
				}
				if q.Oldest {
					q.After = in.Number
				} else {
					q.Before = in.Number
				}
			}
			if len(list) < q.Limit {
				return
			}
			q.Limit = someAtOnce
		}
		yield(incidents.Incident{}, err)
	}
}

// fromDay asks the store for what stands behind the page before, or for the days.
func (s *Site) fromDay(ctx context.Context, l listing) (q store.Query, err error) {
	q = l.query()
	switch q.Oldest = l.Sort == sortOldest; {
	case q.Oldest && l.Start == 0 && !l.From.IsZero():
		q.After, err = s.firstSince(ctx, l.From)
		q.After--
	case q.Oldest:
		q.After = l.Start
	case l.Start == 0 && !l.To.IsZero():
		q.Before, err = s.firstSince(ctx, l.To)
	default:
		q.Before = l.Start
	}
	return q, err
}

// firstSince is the first number that was given at a moment or later, or the one
// that will be given next.
func (s *Site) firstSince(ctx context.Context, t time.Time) (incidents.Number, error) {
	newest, err := s.store.Incidents(ctx, store.Query{Limit: 1})
	if err != nil || len(newest) == 0 {
		return 1, err
	}
	i := sort.Search(int(newest[0].Number), func(i int) bool {
		in, failed := s.store.Incident(ctx, incidents.Number(i+1))
		if failed != nil {
			err = failed
		}
		return !in.DeclaredAt.Before(t)
	})
	return incidents.Number(i + 1), err
}

// found are those with all of the words.
func (s *Site) found(ctx context.Context, l listing) iter.Seq2[incidents.Incident, error] {
	return func(yield func(incidents.Incident, error) bool) {
		for n, err := range s.foundNumbers(ctx, l) {
			var in incidents.Incident
			if err == nil {
				in, err = s.store.Incident(ctx, n)
			}
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err == nil && l.past(in) || !yield(in, err) || err != nil {
				return
			}
		}
	}
}

// foundNumbers are the numbers of those with all of the words. The store is asked for
// a few at a time: how many older ones there are costs nothing. In the order of age
// they are the oldest of so many as one page looks at.
func (s *Site) foundNumbers(ctx context.Context, l listing) iter.Seq2[incidents.Number, error] {
	return func(yield func(incidents.Number, error) bool) {
		limit, given := 2*l.Limit+1, 0
		if l.Sort == sortOldest {
			limit = maxExamined + 1
		}
		for {
			numbers, err := s.matches(ctx, l.Words, limit)
			if err != nil {
				yield(0, err)
				return
			}
			more := len(numbers) == limit && l.Sort != sortOldest
			if l.Sort == sortOldest {
				slices.Reverse(numbers)
			}
			for _, n := range numbers[min(given, len(numbers)):] {
				if !l.before(n) && !yield(n, nil) {
					return
				}
			}
			if !more {
				return
			}
			limit, given = limit*8, len(numbers)
		}
	}
}
