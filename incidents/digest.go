package incidents

import (
	"slices"
	"time"
)

// Told reports whether an incident may be told of in a digest, to people who need
// not know of it: a private one never, and a drill is none.
func (in Incident) Told() bool { return !in.Private && !in.Drill }

// WeekFigure is what a digest has to say of the incidents of one severity.
type WeekFigure struct {
	Severity Severity
	Count    int
	// Medians of the incidents of which they are known; nil where there is none.
	Acknowledge, Mitigate, Resolve *time.Duration
}

// WeekFigures are those of each severity that occurs, the worst first, without what
// may not be told; see [Incident.Told].
func WeekFigures(list []Incident) []WeekFigure {
	var out []WeekFigure
	for _, sev := range Severities {
		f := WeekFigure{Severity: sev}
		var acknowledge, mitigate, resolve []time.Duration
		for _, in := range list {
			if in.Severity != sev || !in.Told() {
				continue
			}
			f.Count++
			d := in.Times.Durations()
			acknowledge, mitigate, resolve = known(acknowledge, d.Acknowledge), known(mitigate, d.Mitigate), known(resolve, d.Resolve)
		}
		f.Acknowledge, f.Mitigate, f.Resolve = median(acknowledge), median(mitigate), median(resolve)
		if f.Count > 0 {
			out = append(out, f)
		}
	}
	return out
}

func known(list []time.Duration, d *time.Duration) []time.Duration {
	if d == nil {
		return list
	}
	return append(list, *d)
}

// median is the middle one, or the lower of the two in the middle; see [Rank].
func median(list []time.Duration) *time.Duration {
	if len(list) == 0 {
		return nil
	}
	list = slices.Sorted(slices.Values(list))
	return &list[Rank(len(list), 50)]
}

// Rank is the index of the p-th percentile among n values in order, by the nearest
// rank: of the smallest one that at least p of a hundred do not exceed. So it is
// always one that was measured, and never something between two. n is at least 1,
// and p from 1 to 100.
func Rank(n, p int) int { return (n*p+99)/100 - 1 }
