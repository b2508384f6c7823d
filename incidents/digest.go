package incidents

import (
	"slices"
	"time"
)

// Told reports whether an incident may be told of in a digest, to people who need
// not know of it: a private one never, and a drill is none.
func (in Incident) Told() bool { return !in.Private && !in.Drill }

// Figure is what there is to say of the incidents of one severity.
type Figure struct {
	Severity Severity
	Count    int
	// Medians of the incidents of which they are known; nil where there is none.
	Acknowledge, Mitigate, Resolve *time.Duration
}

// Figures are those of each severity that occurs, the worst first, without what
// may not be told; see [Incident.Told].
func Figures(list []Incident) []Figure {
	var out []Figure
	for _, sev := range Severities {
		f := Figure{Severity: sev}
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

// median is the middle one, or the mean of the two in the middle.
func median(list []time.Duration) *time.Duration {
	if len(list) == 0 {
		return nil
	}
	list = slices.Sorted(slices.Values(list))
	m := list[len(list)/2]
	if len(list)%2 == 0 {
		below := list[len(list)/2-1]
		m = below + (m-below)/2
	}
	return &m
}
