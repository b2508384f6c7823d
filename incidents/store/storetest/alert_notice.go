package storetest

import (
	"errors"
	"fmt"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"whoever is to be told of an alert is told as it is now, whatever happens meanwhile", noticesDue},
	promise{"a notice is looked at again when others may know of the alert's incident", noticesOfPrivate},
)

// tells has a signal heard of which people are told; one that is of low severity they are not.
func (w *world) tells(fingerprint string, status alerts.Status, severity alerts.Severity) alerts.Alert {
	w.Helper()
	p := alerts.Policy{Channel: "#alerts", Rules: []alerts.Rule{{Name: "low", When: `alert.severity == "low"`, Do: alerts.Ignore}, {Name: "rest", When: "true", Do: alerts.Notify}}}
	if err := p.Compile(); err != nil {
		w.Fatal(err)
	}
	s := signal(fingerprint, "", severity)
	s.Status = status
	h := alerts.Heard{Source: "prometheus", Signal: s, Delivery: fmt.Sprint("delivery ", w.ids.Add(1)), Place: 1, At: w.now()}
	a, _, err := w.Store.HearAlert(w.ctx, h, func(f alerts.Facts) alerts.Change { return p.Hear(h, f) })
	if err != nil {
		w.Fatal(err)
	}
	return a
}

// toTell are the notices that are due, and in how long the next one is.
func (w *world) toTell(limit int) string {
	w.Helper()
	list, next, err := w.Store.DueAlertNotices(w.ctx, w.now(), limit)
	if err != nil {
		w.Fatal(err)
	}
	said := ""
	for _, n := range list {
		said += n.Alert.String() + " "
	}
	if !next.IsZero() {
		said += next.Sub(w.now()).String()
	}
	return said
}

// shows stores that a notice is shown, and when it is to be looked at again.
func (w *world) shows(n store.AlertNotice, again time.Time) {
	w.Helper()
	n.Channel, n.TS, n.Shown, n.NextTry = "C1", "1.5", "so", again
	if err := w.Store.PutAlertNotice(w.ctx, n); err != nil {
		w.Fatal(err)
	}
}

func (w *world) notice(n alerts.Number) store.AlertNotice {
	w.Helper()
	notice, err := w.Store.AlertNotice(w.ctx, n)
	if err != nil {
		w.Fatal(err)
	}
	return notice
}

func noticesDue(w *world) {
	expect := func(what, want string) {
		w.Helper()
		if got := w.toTell(9); got != want {
			w.Errorf("%s: due are %q, want %q", what, got, want)
		}
	}
	w.tells("a", alerts.Firing, alerts.High)
	w.later(time.Second)
	w.tells("b", alerts.Firing, alerts.High)
	w.tells("quiet", alerts.Firing, alerts.Low)
	if _, err := w.Store.AlertNotice(w.ctx, 3); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("of one that is ignored: %v", err)
	}
	if err := w.Store.PutAlertNotice(w.ctx, store.AlertNotice{Alert: 3}); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("stored of one that is ignored: %v", err)
	}
	w.again()
	expect("at first", "AL-1 AL-2 ")
	if got := w.toTell(1); got != "AL-1 0s" {
		w.Errorf("the first is %q", got)
	}
	read := w.notice(1)
	w.shows(read, time.Time{})
	w.shows(w.notice(2), w.now().Add(time.Minute))
	expect("once they are shown", "1m0s")
	// What happens while it is being shown is shown as well.
	read = w.notice(1)
	w.tells("a", alerts.Resolved, alerts.High)
	w.shows(read, w.now().Add(time.Hour))
	w.again()
	expect("when one is over", "AL-1 1m0s")
	if got := w.notice(1); got.TS != "1.5" || got.Turn != read.Turn+1 {
		w.Errorf("the notice is %+v", got)
	}
	w.shows(w.notice(1), time.Time{})
	w.later(time.Minute)
	expect("a minute later", "AL-2 ")
	w.later(time.Hour)
	if n, err := w.Store.ForgetAlerts(w.ctx, w.now()); n != 1 || err != nil {
		w.Fatalf("forgot %d, %v", n, err)
	}
	if _, err := w.Store.AlertNotice(w.ctx, 1); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("of one that is forgotten: %v", err)
	}
}

func noticesOfPrivate(w *world) {
	number := w.open("checkout is down")
	w.tells("a", alerts.Firing, alerts.High)
	w.tells("low", alerts.Firing, alerts.Low) // nobody is told of it
	for n := alerts.Number(1); n <= 2; n++ {
		if _, _, err := w.Store.ChangeAlert(w.ctx, n, func(f alerts.Facts) (alerts.Change, error) {
			return f.Known.AttachTo(number, alice, w.id(), w.now()), nil
		}); err != nil {
			w.Fatal(err)
		}
	}
	w.shows(w.notice(1), time.Time{})
	w.apply(number, incidents.AddNote{Text: "look"})
	if got := w.toTell(9); got != "" {
		w.Errorf("due after a note are %q", got)
	}
	w.apply(number, incidents.MakePrivate{})
	if got := w.toTell(9); got != "AL-1 " {
		w.Errorf("due after it became private are %q", got)
	}
}
