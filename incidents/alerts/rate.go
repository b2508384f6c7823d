package alerts

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Hour is how many episodes began in an hour, by source; see [Own] for the one that is not counted.
type Hour struct {
	At time.Time // its beginning, UTC
	// Watched says that Fireboss ran all through it: of another hour nobody knows what came.
	Watched bool
	Began   map[string]int
}

// Rates is when a source is unusual against its own past.
type Rates struct {
	Off bool
	// Threshold is from which robust z-score on.
	Threshold float64
	// Least is how many alerts an hour has to have to be many.
	Least int
}

// UsualThreshold is the score beyond which a value is an outlier: B. Iglewicz and D. Hoaglin, How to Detect and Handle
// Outliers, ASQC 1993.
const UsualThreshold = 3.5

// Bounds of a source's past.
const (
	// RatesKept is how long it is: four weeks have each day of the week four times.
	RatesKept = 28 * 24 * time.Hour
	// hoursWanted is how many hours of it have to be known: a week, so that a weekend is in it. Before that nothing is unusual.
	hoursWanted = 7 * 24
	// daysWanted is of how many days the same hour has to be known before it counts beside all hours.
	daysWanted = 7
	// normal makes a median absolute deviation of a standard deviation, where values are distributed normally: the 0.6745
	// of Iglewicz and Hoaglin.
	normal = 0.6745
)

// Rate is how many alerts a source sent in an hour, against its own past.
type Rate struct {
	Source string
	Hour   time.Time
	Count  int
	// Usual is the median of its hours, and Spread the standard deviation that their median absolute deviation stands for,
	// or the least that chance makes.
	Usual, Spread float64
	Hours         int     // of so many
	Score         float64 // by how many of these deviations the hour differs
	Unusual       bool
}

// Rate is how a source stands: its running hour, where that has exceeded what is usual already, else the last one. Where
// nothing can be said, because too little is known, it is false.
//
// An hour is unusual by its modified z-score, 0.6745 (x − median) / MAD, against all hours of the past and, where enough
// days are known, against the same hour of these: a nightly batch is usual at night. The MAD is taken to be at least what
// chance alone makes: as many independent alerts as m vary by the root of m (Poisson), and of one that hardly ever sends
// any by 1. So an hour of few alerts is never unusual, and a silence only where the past has 13 an hour or more, steadily.
func (p Policy) Rate(source string, hours []Hour, now time.Time) (Rate, bool) {
	running := now.UTC().Truncate(time.Hour)
	r, known := p.rate(source, hours, running)
	if known && r.Unusual && r.Score > 0 {
		return r, true
	}
	last := running.Add(-time.Hour)
	r, known = p.rate(source, hours, last)
	watched := slices.ContainsFunc(hours, func(h Hour) bool { return h.Watched && h.At.Equal(last) })
	return r, known && (watched || r.Unusual && r.Score > 0)
}

// rate is how one hour stands.
func (p Policy) rate(source string, hours []Hour, at time.Time) (Rate, bool) {
	r := Rate{Source: source, Hour: at}
	var all, same []float64
	for _, h := range hours {
		n := h.Began[source]
		if h.At.Equal(at) {
			r.Count = n
		}
		if !h.At.Before(at) || !h.Watched || n == 0 && len(all) == 0 { // its past begins with its first alert
			continue
		}
		all = append(all, float64(n))
		if p.clock(h.At) == p.clock(at) {
			same = append(same, float64(n))
		}
	}
	if r.Hours = len(all); r.Hours < hoursWanted {
		return r, false
	}
	r.Usual, r.Spread = usually(all)
	r.Score = (float64(r.Count) - r.Usual) / r.Spread
	least := r.Score
	if len(same) >= daysWanted {
		m, s := usually(same)
		if other := (float64(r.Count) - m) / s; math.Abs(other) < math.Abs(least) || other*least < 0 {
			least = other
		}
	}
	many := r.Count >= p.Rates.Least && r.Score > 0 && least > p.Rates.Threshold
	silent := r.Count == 0 && r.Score < 0 && least < -p.Rates.Threshold
	r.Unusual = many || silent
	return r, true
}

// clock is the hour of the day by the calendar's clocks.
func (p Policy) clock(t time.Time) int {
	if p.Zone != nil {
		return t.In(p.Zone).Hour()
	}
	return t.UTC().Hour()
}

// usually is the median of some values, and how far they are from it; at least one value.
func usually(values []float64) (m, spread float64) {
	m = median(values)
	away := make([]float64, len(values))
	for i, v := range values {
		away[i] = math.Abs(v - m)
	}
	return m, max(median(away)/normal, math.Sqrt(max(m, 1)))
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	if len(v)%2 == 1 {
		return v[len(v)/2]
	}
	return (v[len(v)/2-1] + v[len(v)/2]) / 2
}

// rateFingerprint is that of the alert about a source's rate.
func rateFingerprint(source string) string { return "rate of " + source }

// Fingerprint is that of the alert that it is unusual.
func (r Rate) Fingerprint() string { return rateFingerprint(r.Source) }

// Signal is what is to be heard of it: that it is unusual, or that it is usual again. page is where the source's alerts
// are listed.
func (r Rate) Signal(page string) Signal {
	s := Signal{
		Fingerprint: r.Fingerprint(), Group: r.Fingerprint(), Status: Firing, Severity: Medium, URL: page,
		Labels: map[string]string{"alertname": "UnusualRate", "source": r.Source},
	}
	often := fmt.Sprintf("usually %.0f ± %.0f", r.Usual, r.Spread)
	switch {
	case !r.Unusual:
		s.Status, s.Title = Resolved, r.Source+" sends as many alerts as usual"
		return s
	case r.Score < 0:
		s.Title = r.Source + " has gone silent: no alert in an hour, " + often
	default:
		s.Title = fmt.Sprintf("%s sends %d alerts an hour, %s", r.Source, r.Count, often)
	}
	s.Description = strings.Join([]string{
		fmt.Sprintf("The hour from %s differs by %.1f deviations from the median of the %d hours before it.", moment(r.Hour), math.Abs(r.Score), r.Hours),
		"It is over once an hour is as usual.",
	}, "\n")
	return s
}
