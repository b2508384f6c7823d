package storetest

import (
	"fmt"
	"time"

	"fireboss/incidents/alerts"
)

var _ = holds(
	promise{"heartbeats are kept by source and name, each as it was heard last", heartbeats},
	promise{"episodes are counted by source and hour with their alerts, and forgotten by age", alertHours},
)

func heartbeats(w *world) {
	beat := func(source, name string, change func(alerts.Beat) alerts.Beat) alerts.Beat {
		w.Helper()
		b, err := w.Store.ChangeBeat(w.ctx, source, name, change)
		w.ok(err)
		return b
	}
	heard := func(b alerts.Beat) alerts.Beat {
		b.At, b.Pauses = w.now(), append(b.Pauses, time.Minute)
		return b
	}
	if b := beat("alertmanager", "watchdog", func(b alerts.Beat) alerts.Beat { return b }); !b.At.IsZero() {
		w.Errorf("one that was never heard is %+v", b)
	}
	// Two whose names together are the same.
	for i, names := range [][2]string{{"a", "bc"}, {"ab", "c"}, {"a", "bc"}} {
		if b := beat(names[0], names[1], heard); b.Source != names[0] || b.Name != names[1] || len(b.Pauses) != 1+i/2 {
			w.Errorf("%v is %+v", names, b)
		}
	}
	w.many(20, func(int) { beat("c", "many", heard) })
	w.again()
	want := []alerts.Beat{
		{Source: "a", Name: "bc", At: w.now(), Pauses: []time.Duration{time.Minute, time.Minute}}, {Source: "c", Name: "many", At: w.now(), Pauses: make([]time.Duration, 20)},
		{Source: "ab", Name: "c", At: w.now(), Pauses: []time.Duration{time.Minute}},
	}
	for i := range want[1].Pauses {
		want[1].Pauses[i] = time.Minute
	}
	list := func() map[string]alerts.Beat {
		w.Helper()
		all, err := w.Store.Beats(w.ctx)
		w.ok(err)
		by := map[string]alerts.Beat{}
		for _, b := range all {
			by[b.Source+" "+b.Name] = b
		}
		return by
	}
	by := map[string]alerts.Beat{}
	for _, b := range want {
		by[b.Source+" "+b.Name] = b
	}
	same(w, "the heartbeats", list(), by)
	w.ok(w.Store.ForgetBeat(w.ctx, "a", "bc"))
	w.ok(w.Store.ForgetBeat(w.ctx, "nobody", "x"))
	delete(by, "a bc")
	same(w, "the heartbeats that are left", list(), by)
}

func alertHours(w *world) {
	begins := func(source, fingerprint string) {
		w.Helper()
		for range 3 { // the same episode counts once
			w.hears(source, signal(fingerprint, "", alerts.Low))
		}
	}
	begins("prometheus", "a")
	w.ok(w.Store.WatchedHour(w.ctx, noon))
	w.later(59 * time.Minute)
	begins("prometheus", "b")
	begins("falco", "a")
	begins(alerts.Own, "rate of prometheus") // is not counted
	w.later(2 * time.Hour)
	w.many(20, func(i int) { begins("falco", fmt.Sprint("many ", i)) })
	h := alerts.Heard{Source: "falco", Signal: signal("refused", "", alerts.Low)}
	if _, _, err := w.Store.HearAlert(w.ctx, h, func(alerts.Facts) alerts.Change { return alerts.Change{} }); err != nil {
		w.Fatal(err)
	}
	w.ok(w.Store.WatchedHour(w.ctx, noon.Add(3*time.Hour)))
	w.ok(w.Store.WatchedHour(w.ctx, noon.Add(3*time.Hour)))
	w.again()
	list := func(since time.Time) []alerts.Hour {
		w.Helper()
		all, err := w.Store.AlertHours(w.ctx, since)
		w.ok(err)
		return all
	}
	want := []alerts.Hour{
		{At: noon, Watched: true, Began: map[string]int{"prometheus": 2, "falco": 1}}, {At: noon.Add(2 * time.Hour), Began: map[string]int{"falco": 20}},
		{At: noon.Add(3 * time.Hour), Watched: true, Began: map[string]int{}},
	}
	same(w, "the hours", list(time.Time{}), want)
	same(w, "those since then", list(noon.Add(time.Hour)), want[1:])
	if n, err := w.Store.ForgetAlertHours(w.ctx, noon.Add(2*time.Hour)); err != nil || n != 3 {
		w.Errorf("%d rows were forgotten: %v", n, err)
	}
	same(w, "the hours that are left", list(time.Time{}), want[1:])
}
