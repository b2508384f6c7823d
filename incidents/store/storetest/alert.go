package storetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"an alert and what follows from it are written together, or not at all", alertsWhole},
	promise{"alerts are found by what they have in common, the newest first", alertsFound},
	promise{"alerts are numbered without gaps, whoever is heard at once", alertsAtOnce},
	promise{"what was said of an alert is done once, whatever was said since", alertsOnce},
	promise{"alerts lapse in order, and are forgotten when they are over and belong to nothing", alertsEnd},
)

// everything declares an incident for every alert that is critical, and attaches what is of one group.
func everything(w *world) alerts.Policy {
	p := alerts.Policy{
		Quiet: map[string]time.Duration{"falco": time.Hour},
		Rules: []alerts.Rule{
			{Name: "near", When: "open.same_group || open.same_fingerprint", Do: alerts.Attach},
			{Name: "critical", When: `alert.severity == "critical"`, Do: alerts.Declare},
			{Name: "rest", When: "true", Do: alerts.Ignore},
		},
	}
	if err := p.Compile(); err != nil {
		w.Fatal(err)
	}
	return p
}

// hears has a signal heard that comes now.
func (w *world) hears(source string, s alerts.Signal) (alerts.Alert, []incidents.Outcome) {
	w.Helper()
	h := alerts.Heard{Source: source, Signal: s.Clean(w.now()), Delivery: fmt.Sprint("delivery ", w.ids.Add(1)), Place: 1, At: w.now()}
	p := everything(w)
	a, outcomes, err := w.Store.HearAlert(w.ctx, h, func(f alerts.Facts) alerts.Change { return p.Hear(h, f) })
	if err != nil {
		w.Fatal(err)
	}
	return a, outcomes
}

func signal(fingerprint, group string, severity alerts.Severity) alerts.Signal {
	return alerts.Signal{Fingerprint: fingerprint, Group: group, Status: alerts.Firing, Severity: severity, Title: "alert " + fingerprint}
}

func alertsWhole(w *world) {
	a, outcomes := w.hears("prometheus", signal("a", "g", alerts.Critical))
	if a.Number != 1 || a.Incident != 1 || len(outcomes) != 1 || len(outcomes[0].Events) != 3 {
		w.Fatalf("%+v, %+v", a, outcomes)
	}
	b, _ := w.hears("prometheus", signal("b", "g", alerts.Low))
	w.again()
	in, err := w.Store.Incident(w.ctx, 1)
	if err != nil || in.Alerts.Total != 2 || in.Alerts.Firing != 2 || b.Incident != 1 {
		w.Errorf("%+v, %v; %+v", in.Alerts, err, b)
	}
	// A command that is refused takes the alert along; one that panics, too.
	nowhere := func(f alerts.Facts) alerts.Change {
		a := *f.Known
		a.Title = "not written"
		return alerts.Change{Alert: &a, Do: []incidents.Command{{ID: "x", Actor: incidents.Fireboss, At: w.now(), Incident: 99, Do: incidents.AttachAlert{}}}}
	}
	h := alerts.Heard{Source: "prometheus", Signal: signal("a", "g", alerts.Critical)}
	var refusal *incidents.Refusal
	if _, _, err := w.Store.HearAlert(w.ctx, h, nowhere); !errors.As(err, &refusal) {
		w.Errorf("for an incident that does not exist: %v", err)
	}
	var panicked *store.PanicError
	if _, _, err := w.Store.HearAlert(w.ctx, h, func(alerts.Facts) alerts.Change { panic("ouch") }); !errors.As(err, &panicked) {
		w.Errorf("of a panic: %v", err)
	}
	if _, _, err := w.Store.ChangeAlert(w.ctx, 77, func(alerts.Facts) (alerts.Change, error) { return alerts.Change{}, nil }); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("of an alert that does not exist: %v", err)
	}
	if got, err := w.Store.Alert(w.ctx, 1); err != nil || got.Title != "alert a" {
		w.Errorf("%+v, %v", got, err)
	}
	moved, _, err := w.Store.ChangeAlert(w.ctx, 2, func(f alerts.Facts) (alerts.Change, error) {
		return f.Known.Detach(incidents.Fireboss, "detach", w.now()), nil
	})
	if in, _ := w.Store.Incident(w.ctx, 1); err != nil || moved.Incident != 0 || in.Alerts.Total != 1 {
		w.Errorf("%+v, %v; %+v", moved, err, in.Alerts)
	}
}

// alertsOnce says each thing again after another has undone it, as it is worked again after a crash.
func alertsOnce(w *world) {
	one, other := w.open("one"), w.open("another")
	a, _ := w.hears("prometheus", signal("a", "", alerts.Low))
	id := 0
	again := func(say func(known alerts.Alert, id string) alerts.Change) func() []incidents.Outcome {
		id++
		said := fmt.Sprint("said ", id)
		return func() []incidents.Outcome {
			_, outcomes, err := w.Store.ChangeAlert(w.ctx, a.Number, func(f alerts.Facts) (alerts.Change, error) { return say(*f.Known, said), nil })
			w.ok(err)
			w.later(time.Second)
			return outcomes
		}
	}
	attach := func(n incidents.Number) func() []incidents.Outcome {
		return again(func(known alerts.Alert, id string) alerts.Change { return known.AttachTo(n, alice, id, w.now()) })
	}
	detach := again(func(known alerts.Alert, id string) alerts.Change { return known.Detach(alice, id, w.now()) })
	ignore := again(func(known alerts.Alert, id string) alerts.Change {
		return known.IgnoreUntil(noon.Add(time.Hour), alice, "", id, w.now())
	})
	declare := again(func(known alerts.Alert, id string) alerts.Change {
		change, err := known.DeclareBy(alice, incidents.Open{}, id, w.now())
		if err != nil {
			return alerts.Change{} // it belongs to one
		}
		return change
	})
	toOne, toOther, back := attach(one), attach(other), attach(one)
	declare()
	detach()
	for _, say := range []func() []incidents.Outcome{toOne, toOther, back, ignore} {
		say()
	}
	w.again()
	for name, say := range map[string]func() []incidents.Outcome{"attaching": toOther, "detaching": detach, "ignoring": ignore} {
		before, err := w.Store.Alert(w.ctx, a.Number)
		w.ok(err)
		outcomes := say()
		now, err := w.Store.Alert(w.ctx, a.Number)
		w.ok(err)
		same(w, name+" again: the alert", fmt.Sprintf("%+v", now), fmt.Sprintf("%+v", before))
		if name != "ignoring" && (len(outcomes) != 1 || !outcomes[0].Repeated || len(outcomes[0].Events) == 0) {
			w.Errorf("%s again: %+v", name, outcomes)
		}
	}
	last := again(func(known alerts.Alert, id string) alerts.Change { return known.Detach(alice, id, w.now()) })
	last()
	declare()
	if got, err := w.Store.Alert(w.ctx, a.Number); err != nil || got.Incident != 0 {
		w.Errorf("declared again it belongs to %s, %v", got.Incident, err)
	}
	list, err := w.Store.Incidents(w.ctx, store.Query{})
	w.ok(err)
	for _, in := range list {
		if in.Alerts.Total != 0 || len(list) != 3 {
			w.Errorf("%d incidents, and %s counts %d alerts", len(list), in.Number, in.Alerts.Total)
		}
	}
}

func alertsFound(w *world) {
	w.hears("prometheus", signal("a", "g", alerts.Critical))
	w.hears("prometheus", signal("b", "g", alerts.Low))
	w.hears("prometheus", signal("c", "", alerts.Low))
	w.hears("grafana", signal("a", "g", alerts.Low)) // another source's
	over := signal("b", "g", alerts.Low)
	over.Status = alerts.Resolved
	w.hears("prometheus", over)
	w.again()
	numbers := func(list []alerts.Alert, err error) (s string) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		for _, a := range list {
			s += fmt.Sprintf("%d ", a.Number)
		}
		return s
	}
	low := func(a alerts.Alert) bool { return a.Severity == alerts.Low }
	for want, got := range map[string]string{
		"4 3 2 1 ": numbers(w.Store.Alerts(w.ctx, store.AlertQuery{})),
		"4 3 ":     numbers(w.Store.Alerts(w.ctx, store.AlertQuery{Limit: 2})),
		"2 1 ":     numbers(w.Store.Alerts(w.ctx, store.AlertQuery{Before: 3})),
		"3 2 ":     numbers(w.Store.Alerts(w.ctx, store.AlertQuery{Before: 4, Where: low})),
		"2 1":      numbers(w.Store.Alerts(w.ctx, store.AlertQuery{Incident: 1}))[:3],
		"1 ":       numbers(w.Store.Alerts(w.ctx, store.AlertQuery{Incident: 1, Before: 2})),
		"":         numbers(w.Store.Alerts(w.ctx, store.AlertQuery{Incident: 2})),
		" 1 ":      " " + numbers(w.Store.OpenInGroup(w.ctx, "prometheus", "g")),
		"  4 ":     "  " + numbers(w.Store.OpenInGroup(w.ctx, "grafana", "g")),
		"   ":      "   " + numbers(w.Store.OpenInGroup(w.ctx, "grafana", "")),
	} {
		if got != want {
			w.Errorf("found %q, want %q", got, want)
		}
	}
}

func alertsAtOnce(w *world) {
	const many = 40
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { w.hears("prometheus", signal(fmt.Sprint("f", i%(many/2)), "", alerts.Low)) })
	}
	all.Wait()
	list, err := w.Store.Alerts(w.ctx, store.AlertQuery{})
	if err != nil || len(list) != many/2 {
		w.Fatalf("%d alerts, %v", len(list), err)
	}
	for i, a := range list {
		if a.Number != alerts.Number(len(list)-i) || a.Count != 2 {
			w.Errorf("%s was heard of %d times, at place %d", a.Number, a.Count, i)
		}
	}
}

func alertsEnd(w *world) {
	w.hears("falco", signal("a", "", alerts.Low))
	soon := signal("b", "", alerts.Critical)
	soon.Expires = w.now().Add(4 * time.Minute)
	w.hears("prometheus", soon)
	w.hears("prometheus", signal("c", "", alerts.Low)) // never by itself
	w.again()
	start := w.now()
	due := func(after time.Duration, limit int) string {
		w.Helper()
		list, next, err := w.Store.LapsedAlerts(w.ctx, start.Add(after), limit)
		if err != nil {
			w.Fatal(err)
		}
		if next.IsZero() {
			return fmt.Sprint(list)
		}
		return fmt.Sprint(list, next.Sub(start))
	}
	for _, c := range []struct{ got, want string }{
		{due(0, 9), "[] 4m0s"}, {due(4*time.Minute, 9), "[AL-2] 1h0m0s"}, {due(2*time.Hour, 9), "[AL-2 AL-1]"}, {due(2*time.Hour, 1), "[AL-2] 1h0m0s"},
	} {
		if c.got != c.want {
			w.Errorf("due are %s, want %s", c.got, c.want)
		}
	}
	p := everything(w)
	for _, n := range []alerts.Number{1, 2} {
		if _, _, err := w.Store.ChangeAlert(w.ctx, n, func(f alerts.Facts) (alerts.Change, error) {
			return p.Lapse(*f.Known, time.Time{}, start.Add(2*time.Hour)), nil
		}); err != nil {
			w.Fatal(err)
		}
	}
	if got := due(99*time.Hour, 9); got != "[]" {
		w.Errorf("still due: %s", got)
	}
	if n, err := w.Store.ForgetAlerts(w.ctx, start.Add(time.Hour)); n != 0 || err != nil {
		w.Errorf("forgot %d that were heard of since, %v", n, err)
	}
	if n, err := w.Store.ForgetAlerts(w.ctx, start.Add(100*time.Hour)); n != 1 || err != nil {
		w.Errorf("forgot %d, %v; one is over and belongs to nothing", n, err)
	}
	w.again()
	if _, err := w.Store.Alert(w.ctx, 1); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("it is still there: %v", err)
	}
	if a, _ := w.hears("falco", signal("a", "", alerts.Low)); a.Number != 4 {
		w.Errorf("the number of what was forgotten is given again: %s", a.Number)
	}
}
