package alerts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// past are hours that were watched, the newest ending before the running one, with so many alerts of "s" each.
func past(now time.Time, counts ...int) (list []Hour) {
	for i, n := range counts {
		at := now.UTC().Truncate(time.Hour).Add(-time.Duration(len(counts)-i) * time.Hour)
		list = append(list, Hour{At: at, Watched: true, Began: map[string]int{"s": n}})
	}
	return list
}

// many are n times what a function says of each.
func many(n int, of func(int) int) (list []int) {
	for i := range n {
		list = append(list, of(i))
	}
	return list
}

func steady(n int) func(int) int { return func(int) int { return n } }

func TestUnusualRates(t *testing.T) {
	p := Policy{Rates: Rates{Threshold: UsualThreshold, Least: 20}}
	now := noon.Add(20 * time.Minute)
	wavy := func(i int) int { return 8 + i*5%9 } // 8 to 16
	nightly := func(i int) int {                 // the newest of them is the hour before noon
		if i%24 == 23 {
			return 200
		}
		return 0
	}
	for name, c := range map[string]struct {
		counts  []int
		running int
		want    bool // it is unusual
		known   bool
		title   string
	}{
		"as usual":                      {many(400, wavy), 5, false, true, ""},
		"far more":                      {many(400, wavy), 340, true, true, "s sends 340 alerts an hour, usually 12 ± 3"},
		"more, and not far":             {many(400, wavy), 22, false, true, ""},
		"the hour before":               {append(many(400, wavy), 340), 2, true, true, "s sends 340 alerts an hour, usually 12 ± 3"},
		"two hours before":              {append(many(400, wavy), 340, 11), 2, false, true, ""},
		"silent, and chance could be":   {append(many(400, wavy), 0), 0, false, true, ""},
		"silent":                        {append(many(400, steady(30)), 0), 0, true, true, "s has gone silent: no alert in an hour, usually 30 ± 5"},
		"the running hour may be":       {many(400, steady(30)), 0, false, true, ""},
		"quiet, and a few":              {append([]int{1}, many(400, steady(0))...), 19, false, true, ""},
		"quiet, and many":               {append([]int{1}, many(400, steady(0))...), 20, true, true, "s sends 20 alerts an hour, usually 0 ± 1"},
		"up and down all the time":      {many(400, func(i int) int { return i % 3 * 10 }), 55, false, true, ""},
		"six days are too little":       {many(6*24, wavy), 340, false, false, ""},
		"zeros before it are no past":   {append(many(400, steady(0)), many(100, wavy)...), 340, false, false, ""},
		"never heard":                   {many(400, steady(0)), 340, false, false, ""},
		"a batch each night":            {many(480, nightly), 0, false, true, ""},
		"a batch at another time":       {append(many(480, nightly)[:479], 0), 200, true, true, "s sends 200 alerts an hour, usually 0 ± 1"},
		"the same hour alone is beyond": {many(480, func(i int) int { return 10 + 90*(i%24/23) }), 60, true, true, "s sends 60 alerts an hour, usually 10 ± 3"},
	} {
		hours := append(past(now, c.counts...), Hour{At: noon, Began: map[string]int{"s": c.running}})
		r, known := p.Rate("s", hours, now)
		if r.Unusual != c.want || known != c.known {
			t.Errorf("%s: %+v, known %v", name, r, known)
		}
		if s := r.Signal("https://fireboss.example/alerts?source=s"); c.want && (s.Title != c.title || s.Status != Firing || s.Severity != Medium) || !c.want && s.Status != Resolved {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// TestAnHourThatNobodyWatched says nothing of silence, and a flood all the same.
func TestAnHourThatNobodyWatched(t *testing.T) {
	p := Policy{Rates: Rates{Threshold: UsualThreshold, Least: 20}}
	for n, want := range map[int]bool{0: false, 30: false, 300: true} {
		hours := past(noon, append(many(400, steady(30)), n)...)
		hours[400].Watched = false
		if r, known := p.Rate("s", hours, noon); known != want || r.Unusual && !known && n > 0 {
			t.Errorf("%d: %+v, known %v", n, r, known)
		}
	}
	for i := range 300 { // of 400
		hours := past(noon, many(400, steady(30))...)
		for j := range i {
			hours[j].Watched = false
		}
		if _, known := p.Rate("s", hours, noon); known != (400-i > hoursWanted) {
			t.Fatalf("with %d watched: known %v", 400-i, known)
		}
	}
}

// TestTheHourOfTheDayIsTheCalendars: the batch of a night stays that of the night where clocks are set to.
func TestTheHourOfTheDayIsTheCalendars(t *testing.T) {
	p := Policy{Rates: Rates{Threshold: UsualThreshold, Least: 20}, Zone: time.FixedZone("x", 90*60)}
	hours := append(past(noon, many(480, func(i int) int { return i % 24 / 23 * 100 })...), Hour{At: noon, Began: map[string]int{"s": 0}})
	if r, known := p.Rate("s", hours, noon); r.Unusual || !known {
		t.Errorf("%+v", r)
	}
}

// TestRatesKeepTheirOrder: the order of the past does not matter, more is never less unusual than less, what has always been
// so is usual, and fewer than the least never are many.
func TestRatesKeepTheirOrder(t *testing.T) {
	p := Policy{Rates: Rates{Threshold: UsualThreshold, Least: 20}}
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 40), hoursWanted, 3*hoursWanted).Draw(t, "counts")
		counts[0] = max(counts[0], 1) // its past begins there
		n := rapid.IntRange(0, 300).Draw(t, "now")
		of := func(counts []int, n int) Rate {
			r, known := p.rate("s", append(past(noon, counts...), Hour{At: noon, Began: map[string]int{"s": n}}), noon)
			if !known {
				t.Fatalf("%d hours are not enough", len(counts))
			}
			return r
		}
		r := of(counts, n)
		turned := append([]int{counts[0]}, counts[1:]...)
		slices.Reverse(turned[1:])
		if other := of(turned, n); other.Score != r.Score || other.Usual != r.Usual || other.Spread != r.Spread {
			t.Fatalf("turned round it is %+v, else %+v", other, r)
		}
		more := of(counts, n+rapid.IntRange(1, 100).Draw(t, "more"))
		if many := r.Unusual && r.Score > 0; many && !more.Unusual || more.Score <= r.Score {
			t.Fatalf("%+v, and of more %+v", r, more)
		}
		if n < p.Rates.Least && r.Unusual && n > 0 {
			t.Fatalf("few are many: %+v", r)
		}
		same := make([]int, len(counts))
		for i := range same {
			same[i] = n + 1
		}
		if r := of(same, n+1); r.Unusual || r.Score != 0 {
			t.Fatalf("what was always so: %+v", r)
		}
	})
	if s := (Rate{Source: Own}).Signal(""); strings.Contains(s.Title, "unusual") || s.Status != Resolved {
		t.Errorf("%+v", s)
	}
}
