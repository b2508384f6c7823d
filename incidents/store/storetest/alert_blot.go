package storetest

import (
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"an incident's alerts lose their texts with it", alertsEmptied},
	promise{"an alert loses its texts with the event that tells of it", alertRedacted},
	promise{"alerts that are over and nobody's are forgotten", alertsForgotten},
)

// fire has an alert heard that says a secret everywhere it can, and attached to an incident (0: to none).
func (w *world) fire(fingerprint string, n incidents.Number) alerts.Alert {
	w.Helper()
	h := alerts.Heard{Source: "falco", Delivery: w.id(), Place: 1, At: w.now(), Signal: alerts.Signal{
		Fingerprint: fingerprint, Group: "disks", Status: alerts.Firing, Severity: alerts.High, Title: "swordfish is full", Description: "swordfish", URL: "https://swordfish.example.com", Labels: map[string]string{"password": "swordfish"},
	}}
	a, _, err := w.Store.HearAlert(w.ctx, h, func(f alerts.Facts) alerts.Change { return alerts.Policy{}.Hear(h, f) })
	w.ok(err)
	if n != 0 {
		a, _, err = w.Store.ChangeAlert(w.ctx, a.Number, func(f alerts.Facts) (alerts.Change, error) {
			return f.Known.AttachTo(n, alice, w.id(), w.now()), nil
		})
		w.ok(err)
	}
	return a
}

// blotted checks whether an alert has lost its texts, and nothing else.
func (w *world) blotted(a alerts.Alert, want bool) {
	w.Helper()
	now, err := w.Store.Alert(w.ctx, a.Number)
	w.ok(err)
	if gone := now.Title == incidents.RemovedText && now.Description == "" && now.URL == "" && now.Labels == nil; gone != want || now.Blotted != want {
		w.Errorf("%s: its texts are gone: %v, want %v: %+v", a.Number, gone, want, now)
	}
	same(w, "what it is recognised by", now.Fingerprint, a.Fingerprint)
	same(w, "where it belongs", now.Incident, a.Incident)
}

func alertsEmptied(w *world) {
	n, other := w.open("checkout is down"), w.open("search is slow")
	first, second := w.fire("a", n), w.fire("b", n)
	elsewhere, alone := w.fire("c", other), w.fire("d", 0)
	moved := w.fire("e", n)
	moved, _, err := w.Store.ChangeAlert(w.ctx, moved.Number, func(f alerts.Facts) (alerts.Change, error) {
		return f.Known.AttachTo(other, alice, w.id(), w.now()), nil
	})
	w.ok(err)
	w.mu.Lock()
	w.rules.Retention.Incidents = time.Hour
	w.mu.Unlock()
	w.apply(n, incidents.Close{})
	w.later(2 * time.Hour)
	w.apply(n, incidents.Expire{})
	w.again()
	w.blotted(first, true)
	w.blotted(second, true)
	w.blotted(elsewhere, false)
	w.blotted(alone, false)
	w.blotted(moved, false)
	w.fire("a", 0) // its source says it again: the same episode
	w.blotted(first, true)
	w.audit()
}

func alertRedacted(w *world) {
	n, held := w.open("checkout is down"), w.open("search is slow")
	a, b, c := w.fire("a", n), w.fire("b", n), w.fire("c", n)
	c, _, err := w.Store.ChangeAlert(w.ctx, c.Number, func(f alerts.Facts) (alerts.Change, error) {
		return f.Known.AttachTo(held, alice, w.id(), w.now()), nil
	})
	w.ok(err)
	w.apply(held, incidents.SetHold{On: true, Why: "the court wants it"})
	for _, e := range w.events(n) {
		if e.AlertID() == a.Number.String() || e.AlertID() == c.Number.String() {
			w.apply(n, incidents.Redact{Seq: e.Seq})
		}
	}
	w.again()
	w.blotted(a, true)
	w.blotted(b, false)
	w.blotted(c, false) // a legal hold keeps it where it is now
	for _, e := range w.events(n) {
		if e.AlertID() == a.Number.String() || !strings.Contains(string(e.Data), "swordfish") {
			continue
		}
		same(w, "the alert whose texts stand in the record still", e.Field("alert"), b.Number.String())
	}
	w.audit()
}

func alertsForgotten(w *world) {
	n := w.open("checkout is down")
	attached, over, firing := w.fire("a", n), w.fire("b", 0), w.fire("c", 0)
	for _, name := range []string{"a", "b"} {
		h := alerts.Heard{Source: "falco", Delivery: w.id(), Place: 1, At: w.now(), Signal: alerts.Signal{Fingerprint: name, Status: alerts.Resolved, Title: "over"}}
		_, _, err := w.Store.HearAlert(w.ctx, h, func(f alerts.Facts) alerts.Change { return alerts.Policy{}.Hear(h, f) })
		w.ok(err)
	}
	dropped, err := w.Store.ForgetAlerts(w.ctx, w.now())
	w.ok(err)
	same(w, "dropped too early", dropped, 0)
	w.later(time.Hour)
	dropped, err = w.Store.ForgetAlerts(w.ctx, w.now())
	w.ok(err)
	same(w, "dropped", dropped, 1)
	w.again()
	_, err = w.Store.Alert(w.ctx, over.Number)
	w.missing(err)
	list, err := w.Store.Alerts(w.ctx, store.AlertQuery{})
	w.ok(err)
	if len(list) != 2 || list[0].Number != firing.Number || list[1].Number != attached.Number {
		w.Errorf("left are %+v", list)
	}
}
