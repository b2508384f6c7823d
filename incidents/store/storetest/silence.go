package storetest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

var _ = holds(
	promise{"a silence is one, however often it is asked for, and numbers have no gaps", silencesAdded},
	promise{"a silence holds from when it is stored until it is over", silencesHold},
	promise{"what a silence kept quiet is asked about when that is over, also before its time", silencesEnd},
	promise{"no more silences are in force than may be, and many are forgotten at once", silencesBounded},
	promise{"what is to be done for a silence outside is due in order, and done before it is forgotten", silencesDue},
	promise{"what is done with an earlier episode leaves the newest one what it is", episodesStay},
)

// silence has a silence stored for what a matcher means.
func (w *world) silence(matcher string, d time.Duration) alerts.Silence {
	w.Helper()
	m, err := alerts.ParseMatcher(matcher)
	w.ok(err)
	s, fresh, err := w.Store.AddSilence(w.ctx, alerts.Silence{Request: w.id(), Matcher: m, From: w.now(), Until: w.now().Add(d), By: alice.Person(), Why: "a new disk"})
	w.ok(err)
	if !fresh {
		w.Errorf("%s is not new", s.Number)
	}
	return s
}

// ends has one ended by Bob.
func (w *world) ends(n alerts.SilenceNumber) alerts.Silence {
	w.Helper()
	s, err := w.Store.ChangeSilence(w.ctx, n, func(s alerts.Silence) (alerts.Silence, error) { return s.EndBy(bob.Person(), w.now()), nil })
	w.ok(err)
	return s
}

func silencesAdded(w *world) {
	first := w.silence("service=checkout", time.Hour)
	again := first
	again.Why = "another reason"
	got, fresh, err := w.Store.AddSilence(w.ctx, again)
	if err != nil || fresh || got.Number != 1 || got.Why != "a new disk" {
		w.Errorf("the same again is %+v, %v, %v", got, fresh, err)
	}
	var all sync.WaitGroup
	for range 9 {
		all.Go(func() { w.silence("a=b", time.Minute) })
	}
	all.Wait()
	w.again()
	list, err := w.Store.Silences(w.ctx, 0)
	w.ok(err)
	if len(list) != 10 {
		w.Fatalf("there are %d", len(list))
	}
	for i, s := range list {
		if s.Number != alerts.SilenceNumber(10-i) {
			w.Errorf("at place %d is %s", i, s.Number)
		}
	}
	if list, err := w.Store.Silences(w.ctx, 3); err != nil || len(list) != 3 || list[0].Number != 10 {
		w.Errorf("the newest three are %+v, %v", list, err)
	}
	got, err = w.Store.Silence(w.ctx, 1)
	if err != nil || got.Matcher.String() != `service="checkout"` || got.By != alice.Person() || !got.Until.Equal(noon.Add(time.Hour)) {
		w.Errorf("%+v, %v", got, err)
	}
	if _, err := w.Store.Silence(w.ctx, 11); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("of one that there is not: %v", err)
	}
	refuse := func(s alerts.Silence) (alerts.Silence, error) { s.Why = "never"; return s, incidents.Refused("No.") }
	if _, err := w.Store.ChangeSilence(w.ctx, 1, refuse); err == nil {
		w.Error("a refusal is none")
	}
	if got, _ = w.Store.Silence(w.ctx, 1); got.Why != "a new disk" {
		w.Errorf("a refusal changed it: %+v", got)
	}
	if _, err := w.Store.ChangeSilence(w.ctx, 11, refuse); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("of one that there is not: %v", err)
	}
}

func silencesHold(w *world) {
	w.silence("a=b", 2*time.Hour)
	w.silence("a=b", time.Hour)
	w.silence("a=b", 3*time.Hour)
	w.later(time.Minute)
	w.ends(3)
	w.again()
	for after, want := range map[time.Duration]string{-1: "", 0: "SI-3 SI-2 SI-1 ", time.Minute: "SI-2 SI-1 ", time.Hour - 1: "SI-2 SI-1 ", time.Hour: "SI-1 ", 2 * time.Hour: ""} {
		list, err := w.Store.SilencesInForce(w.ctx, noon.Add(after))
		w.ok(err)
		got := ""
		for _, s := range list {
			got += s.Number.String() + " "
		}
		same(w, fmt.Sprint("what holds after ", after), got, want)
	}
}

// asked are the alerts that are to be asked about at a moment after noon, and when the next are.
func (w *world) asked(after time.Duration) string {
	w.Helper()
	due, next, err := w.Store.QuietAlerts(w.ctx, noon.Add(after), 9)
	w.ok(err)
	if next.IsZero() {
		return fmt.Sprint(due)
	}
	return fmt.Sprint(due, next.Sub(noon))
}

func silencesEnd(w *world) {
	labelled := func(fingerprint, service string) alerts.Alert {
		s := signal(fingerprint, "", alerts.Critical)
		s.Service = service
		a, _ := w.hears("prometheus", s)
		return a
	}
	w.silence("checkout", time.Hour)
	w.silence("search", 2*time.Hour)
	if a := labelled("a", "checkout"); a.Decision.Rule != alerts.SilencedRule || a.Incident != 0 {
		w.Errorf("silenced is %+v", a)
	}
	labelled("b", "search")
	labelled("c", "search")
	if d := labelled("d", "mail"); d.Incident == 0 {
		w.Errorf("what nobody silenced is %+v", d)
	}
	w.again()
	same(w, "asked about at first", w.asked(0), "[] 1h0m0s")
	same(w, "asked about in the end", w.asked(2*time.Hour), "[AL-1 AL-2 AL-3]")
	over := signal("c", "", alerts.Critical)
	over.Status = alerts.Resolved
	w.hears("prometheus", over)
	w.later(time.Minute)
	w.ends(2)
	w.again()
	same(w, "asked about once one was ended", w.asked(time.Minute), "[AL-2] 1h0m0s")
	p := everything(w)
	for _, n := range []alerts.Number{1, 2} {
		a, outcomes, err := w.Store.ChangeAlert(w.ctx, n, func(f alerts.Facts) (alerts.Change, error) { return p.Ask(*f.Known, f, w.now()), nil })
		w.ok(err)
		if asked := n == 2; (len(outcomes) == 1) != asked || (a.Incident != 0) != asked {
			w.Errorf("%s: %+v", n, a)
		}
	}
	same(w, "asked about after that", w.asked(time.Minute), "[] 1h0m0s")
	w.ends(2)
	same(w, "asked about once it was ended again", w.asked(time.Minute), "[] 1h0m0s")
}

func silencesBounded(w *world) {
	m, _ := alerts.ParseMatcher("a=~b.*")
	add := func(from time.Time) (alerts.Silence, error) {
		s, _, err := w.Store.AddSilence(w.ctx, alerts.Silence{Request: rand.Text(), Matcher: m, From: from, Until: from.Add(time.Hour)})
		return s, err
	}
	for hour := range 3 {
		var all sync.WaitGroup
		for range alerts.MostSilences {
			all.Go(func() {
				if _, err := add(noon.Add(time.Duration(hour) * time.Hour)); err != nil {
					w.Error(err)
				}
			})
		}
		all.Wait()
	}
	if _, err := add(noon.Add(2 * time.Hour)); err == nil || !strings.Contains(err.Error(), "200 silences are in force, and no more can be") {
		w.Errorf("one more: %v", err)
	}
	list, err := w.Store.SilencesInForce(w.ctx, noon.Add(2*time.Hour))
	w.ok(err)
	same(w, "in force", len(list), alerts.MostSilences)
	n, err := w.Store.ForgetSilences(w.ctx, noon.Add(4*time.Hour))
	w.ok(err)
	same(w, "forgotten", n, 3*alerts.MostSilences)
	if _, err := add(noon.Add(2 * time.Hour)); err != nil {
		w.Error(err)
	}
}

func silencesDue(w *world) {
	systems := []alerts.Silencer{{Name: "alertmanager", Title: "Alertmanager"}}
	for i := range 3 {
		m, _ := alerts.ParseMatcher("a=b")
		_, _, err := w.Store.AddSilence(w.ctx, alerts.Silence{Request: w.id(), Matcher: m, From: noon.Add(time.Duration(3-i) * time.Minute), Until: noon.Add(time.Hour)}.Place(systems, nil))
		w.ok(err)
	}
	w.silence("a=b", time.Hour) // nowhere else
	due := func(after time.Duration, limit int) (said string) {
		w.Helper()
		list, next, err := w.Store.DueSilences(w.ctx, noon.Add(after), limit)
		w.ok(err)
		for _, s := range list {
			said += s.Number.String() + " "
		}
		if !next.IsZero() {
			said += next.Sub(noon).String()
		}
		return said
	}
	w.again()
	for _, c := range []struct{ got, want string }{{due(0, 9), "1m0s"}, {due(2*time.Minute, 9), "SI-3 SI-2 3m0s"}, {due(time.Hour, 9), "SI-3 SI-2 SI-1 "}, {due(time.Hour, 1), "SI-3 2m0s"}} {
		same(w, "due", c.got, c.want)
	}
	set := func(s alerts.Silence) (alerts.Silence, error) {
		s.Places = []alerts.SilencePlace{{System: "alertmanager", State: alerts.SilenceSet, ID: "x"}}
		return s, nil
	}
	for _, n := range []alerts.SilenceNumber{2, 3} {
		_, err := w.Store.ChangeSilence(w.ctx, n, set)
		w.ok(err)
	}
	same(w, "due after that", due(time.Hour, 9), "SI-1 ")
	forget := func(before time.Time, want int) {
		w.Helper()
		n, err := w.Store.ForgetSilences(w.ctx, before)
		w.ok(err)
		same(w, "forgotten", n, want)
	}
	forget(noon.Add(time.Hour), 0)
	forget(noon.Add(2*time.Hour), 3)
	w.again()
	if list, err := w.Store.Silences(w.ctx, 0); err != nil || len(list) != 1 || list[0].Number != 1 {
		w.Errorf("what is left is %+v, %v", list, err)
	}
	same(w, "the next one", w.silence("a=b", time.Hour).Number, 5)
}

func episodesStay(w *world) {
	over := signal("a", "", alerts.Low)
	over.Status = alerts.Resolved
	w.hears("prometheus", signal("a", "", alerts.Low))
	w.hears("prometheus", over)
	w.later(time.Hour)
	w.hears("prometheus", signal("a", "", alerts.Low))
	_, _, err := w.Store.ChangeAlert(w.ctx, 1, func(f alerts.Facts) (alerts.Change, error) {
		return f.Known.IgnoreUntil(w.now(), alice, "", "", w.now()), nil
	})
	w.ok(err)
	if a, _ := w.hears("prometheus", signal("a", "", alerts.Low)); a.Number != 2 || a.Count != 2 {
		w.Errorf("it is %s, said %d times", a.Number, a.Count)
	}
}
