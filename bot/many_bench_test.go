package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/store/bolt"
)

// BenchmarkManyClosed does all that a person can do, in turns with a hundred
// closed incidents in the store and with ten thousand: every verb, with the
// texts of the random histories, from the envelope to its acknowledgement, and
// every list, search and page, on the disk, for a person waits for it. Each figure is
// a median of ratios: the two of a pair are timed one right after the other, for
// what a busy machine and its disk give changes from one moment to the next.
// FIREBOSS_BENCH=full takes the ten thousand; else there are fewer. With -v it
// tells the figure of each.
func BenchmarkManyClosed(b *testing.B) {
	few, many := closedStore(b, 100), closedStore(b, size(10_000, 1_000))
	var ratios []float64
	slower := 0
	for _, a := range everything(b) {
		ratio, took := compared(b, a, few, many, size(41, 9))
		ratios = append(ratios, ratio)
		if ratio > slowerBy {
			slower++
		}
		b.Logf("%6.2f  %8.3f ms  %s", ratio, took, a.name)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(ratios), "×few-median")
	b.ReportMetric(slices.Max(ratios), "×few-worst")
	b.ReportMetric(float64(slower), "slower-by-1.2")
	b.ReportMetric(float64(len(ratios)), "actions")
}

// slowerBy is by how much something may slow down before anybody minds.
const slowerBy = 1.2

// compared is how many times longer an action takes with many than with few, and
// how long in milliseconds.
func compared(b *testing.B, a action, few, many *laden, rounds int) (ratio, ms float64) {
	var ratios, took []float64
	timed := func(l *laden) float64 {
		l.ready(b)
		begin := time.Now()
		a.do(l)
		return float64(time.Since(begin).Nanoseconds())
	}
	for round := range rounds {
		var with, without float64
		if round%2 == 0 { // neither is always the first
			with, without = timed(many), timed(few)
		} else {
			without, with = timed(few), timed(many)
		}
		ratios, took = append(ratios, with/without), append(took, with)
	}
	return median(ratios), median(took) / 1e6
}

// closedStore is a program with so many closed incidents and an open one.
func closedStore(b *testing.B, n int) *laden {
	return load(b, b.TempDir(), func(db *bolt.DB) {
		f := filler{b, db}
		f.each(n, func(i int) { f.incident(i, true) })
	})
}

// action is something that a person does.
type action struct {
	name string
	do   func(l *laden)
}

func everything(b *testing.B) (list []action) {
	seen := map[string]bool{}
	for _, text := range append([]string{
		"open another one N", "search certificate", "search checkout", "search shard", "search checkout certificate", "search nowhere",
		"list all", "list sev1", "list all sev1", "list all certificate", "list all region", "list all nowhere", "list all inci", "list open checkout",
		"show INC-3", "timeline INC-3", "show INC-999999",
	}, historyVerbs...) {
		if seen[text] {
			continue
		}
		seen[text] = true
		list = append(list, action{"/incident " + text, func(l *laden) {
			if a := l.says(b, strings.ReplaceAll(text, "N", fmt.Sprint("n", l.n)), l.channel); strings.Contains(a, "went wrong") {
				b.Fatal(a)
			}
		}})
	}
	for _, path := range []string{
		"/", "/incidents", "/incidents?status=open", "/incidents?sort=oldest", "/incidents?sort=severity", "/incidents?type=incident", "/incidents?type=security", "/incidents?severity=sev1&status=closed&limit=10", "/incidents?service=checkout&sort=oldest", "/incidents?drills=only", "/incidents?from=2020-01-01&to=2020-01-02", "/incidents.csv", "/incidents?q=certificate", "/incidents?q=checkout", "/incidents?before=INC-60", "/incidents/INC-3", "/incidents/INC-3/postmortem", "/postmortems", "/postmortems?state=draft",
		"/api/v1/incidents", "/api/v1/incidents?limit=10", "/api/v1/incidents?status=closed", "/api/v1/incidents?status=investigating", "/api/v1/incidents?status=triage",
		"/api/v1/incidents?severity=sev1&limit=10", "/api/v1/incidents?q=certificate", "/api/v1/incidents?q=checkout&limit=10",
		"/api/v1/incidents/INC-3", "/api/v1/incidents/INC-3/events",
	} {
		list = append(list, action{"GET " + path, func(l *laden) { l.get(b, path) }})
	}
	return list
}

// ready makes sure that there is an open incident to say something in, and that
// nothing else is being done.
func (l *laden) ready(b *testing.B) {
	if in, err := l.store.Incident(b.Context(), l.newest); err != nil || !in.Status.Open() {
		l.opens(b)
	}
	l.rest(b)
}
