package storetest

import (
	"errors"
	"fmt"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"signals heard together see each other, and end their deliveries with them", heardTogether},
	promise{"of signals heard together a refusal concerns one", heardRefused},
)

// hearing is a signal that is to be heard among others.
func (w *world) hearing(delivery string, s alerts.Signal) store.Hearing {
	h := alerts.Heard{Source: "prometheus", Signal: s.Clean(w.now()), Delivery: delivery, Place: 1, At: w.now()}
	p := everything(w)
	return store.Hearing{
		Heard:  h,
		Decide: func(f alerts.Facts) alerts.Change { return p.Hear(h, f) },
		Instead: func(why *incidents.Refusal, f alerts.Facts) alerts.Change {
			return p.Instead(why.Text).Hear(h, f)
		},
	}
}

func heardTogether(w *world) {
	for _, id := range []string{"d1", "d2", "d3"} {
		_, _, err := w.Store.Receive(w.ctx, store.Delivery{ID: id, Door: "hook", At: w.now(), Raw: []byte("x"), Once: id != "d2"})
		w.ok(err)
	}
	over := signal("a", "g", alerts.Critical)
	over.Status = alerts.Resolved
	list := []store.Hearing{
		w.hearing("d1", signal("a", "g", alerts.Critical)), w.hearing("d1", signal("b", "g", alerts.Low)),
		w.hearing("d2", signal("a", "g", alerts.Critical)), w.hearing("d4", over),
	}
	heard, err := w.Store.HearAlerts(w.ctx, list, []string{"d1", "nobody knows", "d2"})
	w.ok(err)
	got := ""
	for _, h := range heard {
		got += fmt.Sprintf("%s %s %d %s %d %v; ", h.Alert.Number, h.Alert.Status, h.Alert.Count, h.Alert.Incident, len(h.Outcomes), h.Err)
	}
	if want := "AL-1 firing 1 INC-1 1 <nil>; AL-2 firing 1 INC-1 1 <nil>; AL-1 firing 2 INC-1 0 <nil>; AL-1 resolved 2 INC-1 1 <nil>; "; got != want {
		w.Errorf("heard was %s\nwant %s", got, want)
	}
	w.again()
	if left := w.waiting(); len(left) != 1 || left[0].ID != "d3" {
		w.Errorf("not finished are %v", left)
	}
	in, err := w.Store.Incident(w.ctx, 1)
	if err != nil || in.Alerts.Total != 2 || in.Alerts.Firing != 1 {
		w.Errorf("%+v, %v", in.Alerts, err)
	}
	if heard, err := w.Store.HearAlerts(w.ctx, nil, []string{"d3"}); err != nil || len(heard) != 0 || len(w.waiting()) != 0 {
		w.Errorf("a delivery that says nothing: %v, %v", heard, err)
	}
	w.audit()
}

func heardRefused(w *world) {
	refused := w.hearing("d1", signal("a", "", alerts.Low))
	refused.Decide = func(f alerts.Facts) alerts.Change {
		return alerts.Change{Alert: &alerts.Alert{Number: f.Next, Source: "prometheus"}, Do: []incidents.Command{{ID: "x", Actor: incidents.Fireboss, At: w.now(), Incident: 99, Do: incidents.AttachAlert{}}}}
	}
	helpless := refused
	helpless.Instead = nil
	panics := w.hearing("d1", signal("b", "", alerts.Low))
	panics.Decide = func(alerts.Facts) alerts.Change { panic("ouch") }
	heard, err := w.Store.HearAlerts(w.ctx, []store.Hearing{helpless, refused, panics, w.hearing("d1", signal("c", "", alerts.Low))}, nil)
	w.ok(err)
	if len(heard) != 4 {
		w.Fatalf("%d answers", len(heard))
	}
	var refusal *incidents.Refusal
	var panicked *store.PanicError
	if h := heard[0]; !errors.As(h.Err, &refusal) || h.Alert.Number != 0 {
		w.Errorf("refused, and nothing instead: %+v", h)
	}
	if h := heard[1]; !errors.As(h.Err, &refusal) || h.Alert.Number != 1 || h.Alert.Decision.Rule != "refused" {
		w.Errorf("refused: %+v", h)
	}
	if h := heard[2]; !errors.As(h.Err, &panicked) || h.Alert.Number != 0 {
		w.Errorf("of a panic: %+v", h)
	}
	if h := heard[3]; h.Err != nil || h.Alert.Number != 2 {
		w.Errorf("behind them: %+v", h)
	}
	list, err := w.Store.Alerts(w.ctx, store.AlertQuery{})
	if err != nil || len(list) != 2 {
		w.Errorf("%d alerts, %v", len(list), err)
	}
	w.audit()
}
