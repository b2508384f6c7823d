package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/store/bolt"
)

// BenchmarkManyClosed does all that a person can do, in turns with a hundred
// closed incidents in the store and with ten thousand: every verb, with the
// texts of the random histories, and every list, search and page. Each figure is
// the median of its times over that of the other store. FIREBOSS_BENCH=full
// takes the ten thousand; else there are fewer.
func BenchmarkManyClosed(b *testing.B) {
	const rounds = 15
	few, many := closedStore(b, 100), closedStore(b, size(10_000, 1_000))
	var worst float64
	var total []float64
	for _, a := range everything(b) {
		var took [2][]float64
		for round := range rounds {
			for which, l := range []*laden{few, many} {
				if round%2 == 1 { // neither is always the first
					which, l = 1-which, []*laden{many, few}[which]
				}
				l.ready(b)
				begin := time.Now()
				a.do(l)
				took[which] = append(took[which], float64(time.Since(begin).Nanoseconds()))
			}
		}
		ratio := median(took[1]) / median(took[0])
		total = append(total, ratio)
		if ratio > worst {
			worst = ratio
		}
		b.Logf("%5.2f  %8.3f ms  %s", ratio, median(took[1])/1e6, a.name)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(total), "×few-median")
	b.ReportMetric(worst, "×few-worst")
	b.ReportMetric(float64(len(total)), "actions")
}

// closedStore is a program with so many closed incidents and an open one.
func closedStore(b *testing.B, n int) *laden {
	return load(b, func(db *bolt.DB) {
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
		"list all", "list sev1", "list all sev1", "list all certificate", "list all nowhere", "list open checkout",
		"show INC-3", "timeline INC-3", "show INC-999999",
	}, historyVerbs...) {
		if seen[text] {
			continue
		}
		seen[text] = true
		list = append(list, action{"/incident " + text, func(l *laden) {
			if r := l.says(strings.ReplaceAll(text, "N", fmt.Sprint("n", l.n)), l.newest); r.Fault != nil {
				b.Fatal(r.Fault)
			}
		}})
	}
	for _, path := range []string{
		"/incidents", "/incidents?show=open", "/incidents?q=certificate", "/incidents?q=checkout", "/incidents?before=INC-60", "/incidents/INC-3",
		"/api/v1/incidents", "/api/v1/incidents?limit=10", "/api/v1/incidents?status=closed", "/api/v1/incidents?status=investigating", "/api/v1/incidents?status=triage",
		"/api/v1/incidents?severity=sev1&limit=10", "/api/v1/incidents?q=certificate", "/api/v1/incidents?q=checkout&limit=10",
		"/api/v1/incidents/INC-3", "/api/v1/incidents/INC-3/events",
	} {
		list = append(list, action{"GET " + path, func(l *laden) { l.get(b, path) }})
	}
	return list
}

// ready makes sure that there is an open incident to say something in.
func (l *laden) ready(b *testing.B) {
	if in, err := l.store.Incident(b.Context(), l.newest); err == nil && in.Status.Open() {
		return
	}
	r := l.says(fmt.Sprint("open sev3 number ", l.n), 0)
	if r.Incident == nil {
		b.Fatal(r.Text, r.Fault)
	}
	l.newest = r.Incident.Number
}
