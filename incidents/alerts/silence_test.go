package alerts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// silenced has somebody silence something from now on.
func (w *world) silenced(n SilenceNumber, matcher string, d time.Duration) {
	w.t.Helper()
	m, err := ParseMatcher(matcher)
	if err != nil {
		w.t.Fatal(err)
	}
	w.silences = append(w.silences, Silence{Number: n, Matcher: m, From: w.now, Until: w.now.Add(d), By: incidents.Person{Name: "alice"}, Why: "we replace the disk."})
}

// asks has the rules asked about what is silenced no longer.
func (w *world) asks() Change {
	w.t.Helper()
	a := w.known["f"]
	return w.keeps(w.policy.Ask(*a, w.facts(a, a.Group), w.now))
}

func TestASilencedAlertIsAskedAboutOnceThatIsOver(t *testing.T) {
	w := newWorld(t)
	w.silenced(1, "db", time.Hour)
	w.silenced(2, "db", 2*time.Hour)
	a := w.hears("prometheus", fire(Critical)).Alert
	if a.Decision.Rule != SilencedRule || a.Decision.Action != Ignore || a.Decision.Reason != "Silenced by SI-2 until 2026-11-26 14:00 UTC by alice: we replace the disk." || len(w.open) != 0 || !a.QuietUntil().Equal(noon.Add(2*time.Hour)) {
		t.Fatalf("%+v", a.Decision)
	}
	w.later(time.Hour)
	if c := w.asks(); c.Alert != nil {
		t.Errorf("it is asked about too early: %+v", c.Alert.Decision)
	}
	w.later(time.Hour)
	a = w.asks().Alert
	if a == nil || a.Decision.Rule != "critical" || a.Incident != 1 || a.Quiet != nil || a.Silenced != 2 || !a.AskedAt.Equal(w.now) || !a.Rightly() || !strings.HasSuffix(a.Decision.Reason, "It was silenced by SI-2 before.") {
		t.Fatalf("%+v", a)
	}
	if c := w.asks(); c.Alert != nil {
		t.Errorf("it is asked about twice: %+v", c.Alert.Decision)
	}
}

func TestWhoIsNotAskedAboutInTheEnd(t *testing.T) {
	bob := incidents.Actor{Kind: incidents.User, Name: "bob"}
	for name, does := range map[string]func(w *world, a Alert) Change{
		"it is over":     func(w *world, _ Alert) Change { return w.hears("prometheus", over()) },
		"it is ignored":  func(w *world, a Alert) Change { return a.IgnoreUntil(w.now.Add(time.Minute), bob, "", "", w.now) },
		"it is attached": func(w *world, a Alert) Change { return a.AttachTo(7, bob, "x", w.now) },
		"it is detached": func(w *world, a Alert) Change { return a.AttachTo(7, bob, "x", w.now).Alert.Detach(bob, "y", w.now) },
		"it lapses":      func(w *world, a Alert) Change { return w.policy.Lapse(a, time.Time{}, w.now) },
	} {
		w := newWorld(t)
		w.silenced(1, "db", time.Hour)
		a := w.hears("prometheus", fire(Critical)).Alert
		w.later(time.Minute)
		w.keeps(does(w, *a))
		w.later(2 * time.Hour)
		if !w.known["f"].QuietUntil().IsZero() {
			t.Errorf("%s: it is still to be asked about", name)
		}
		if c := w.asks(); c.Alert != nil {
			t.Errorf("%s: it is asked about: %+v", name, c.Alert.Decision)
		}
	}
}

// What belongs to an incident stays there; what begins anew is silenced, and belongs to it in the end.
func TestSilenceOfWhatBelongsToAnIncident(t *testing.T) {
	w := newWorld(t)
	w.policy.Flapping = Flapping{}
	w.hears("prometheus", fire(Critical))
	w.open[0].Services = nil // nothing but the alert itself leads there
	w.silenced(1, "severity=critical", time.Hour)
	w.later(time.Minute)
	if c := w.hears("prometheus", over()); len(c.Do) != 1 || c.Alert.Incident != 1 {
		t.Errorf("its end is not told: %+v", c)
	}
	for i := range 2 {
		w.later(time.Minute)
		s := fire(Critical)
		s.StartedAt = w.now
		if c := w.hears("prometheus", s); len(c.Do) != 0 || c.Alert.Incident != 0 || c.Alert.QuietUntil().IsZero() {
			t.Errorf("turn %d: %+v", i, c)
		}
		if i == 0 {
			w.hears("prometheus", over())
		}
	}
	w.later(time.Hour)
	c := w.asks()
	if c.Alert == nil || c.Alert.Incident != 1 || c.Alert.Decision.Rule != "same service" || len(w.open) != 1 || len(c.Do) != 1 {
		t.Errorf("in the end: %+v", c)
	}
}

// What was damped while it was silenced is damped after that, too; what has calmed down since is decided about.
func TestWhatFlapsWhileItIsSilenced(t *testing.T) {
	for _, calm := range []bool{false, true} {
		w := newWorld(t)
		w.policy.Flapping = Flapping{Turns: 4, Within: 30 * time.Minute}
		w.silenced(1, "db", time.Hour)
		w.later(30 * time.Minute)
		if calm {
			w.silences[0].Until = w.silences[0].Until.Add(time.Hour)
		}
		for range 4 {
			for _, s := range []Signal{over(), fire(Critical)} {
				w.later(3 * time.Minute)
				s.StartedAt = w.now
				w.hears("prometheus", s)
			}
		}
		if a := w.known["f"]; !a.Flapping || a.QuietUntil().IsZero() {
			t.Fatalf("it is %+v", a)
		}
		w.later(w.known["f"].QuietUntil().Sub(w.now))
		c := w.asks()
		if c.Alert == nil || c.Alert.Quiet != nil || !strings.HasSuffix(c.Alert.Decision.Reason, "It was silenced by SI-1 before.") {
			t.Fatalf("in the end it is %+v", c.Alert)
		}
		if d := c.Alert.Decision; (d.Rule == flappingRule) == calm || strings.Contains(d.Reason, "the one before") || len(w.open) == 1 != calm {
			t.Errorf("calm %v: it is %+v, with %d incidents", calm, d, len(w.open))
		}
		if at := w.known["f"].AskAt(); !calm {
			w.later(at.Sub(w.now))
			if c := w.asks(); c.Alert == nil || len(w.open) != 1 || c.Alert.Silenced != 1 {
				t.Errorf("once it is calm it is %+v", c.Alert)
			}
		}
	}
}

// Of several silences the one counts that lasts longest, as it was ended.
func TestWhichSilenceLastsLongest(t *testing.T) {
	w := newWorld(t)
	w.silenced(1, "db", time.Hour)
	w.silenced(2, "db", 3*time.Hour)
	w.silences[1].EndedAt = noon.Add(30 * time.Minute)
	if a := w.hears("prometheus", fire(Critical)).Alert; a.Quiet.Silence != 1 || !strings.Contains(a.Decision.Reason, "SI-1 until 2026-11-26 13:00 UTC") {
		t.Errorf("%+v", a.Decision)
	}
	w = newWorld(t)
	w.silenced(1, "db", time.Hour)
	w.silences[0].EndedAt = noon.Add(30 * time.Minute)
	if a := w.hears("prometheus", fire(Critical)).Alert; !strings.Contains(a.Decision.Reason, "SI-1 until 2026-11-26 12:30 UTC") {
		t.Errorf("%+v", a.Decision)
	}
}

func TestWhatGetsWorseIsSilencedToo(t *testing.T) {
	w := newWorld(t)
	if a := w.hears("prometheus", fire(Low)).Alert; a.Decision.Action != Notify {
		t.Fatal(a.Decision)
	}
	w.silenced(1, "severity=critical", time.Hour)
	if a := w.hears("prometheus", fire(Critical)).Alert; a.Decision.Rule != SilencedRule || a.Number != 1 {
		t.Error(a.Decision)
	}
	w = newWorld(t)
	w.silenced(1, "severity=low", time.Hour)
	w.hears("prometheus", fire(Low))
	if a := w.hears("prometheus", fire(Critical)).Alert; a.Incident != 1 || a.Quiet != nil {
		t.Errorf("what is not silenced any more is %+v", a.Decision)
	}
}

func TestAWindow(t *testing.T) {
	w := newWorld(t)
	w.policy.Windows = windowed(t, `alert.service == "db"`, 30).Windows
	w.policy.Windows = append(w.policy.Windows, Window{Name: "heavy", When: `alert.service == "db" and any(1..100000, # == 0)`, Within: func(at time.Time) (time.Time, bool) { return at.Add(48 * time.Hour), true }})
	a := w.hears("prometheus", fire(Critical)).Alert
	if a.Decision.Rule != SilencedRule || a.Decision.Reason != `Silenced until 2026-11-26 12:30 UTC by the window "backups".` || !a.QuietUntil().Equal(noon.Add(30*time.Minute)) {
		t.Errorf("%+v", a.Decision)
	}
	w.later(30 * time.Minute)
	if a = w.asks().Alert; a == nil || a.Incident != 1 || !strings.Contains(a.Decision.Reason, `The window "heavy" could not be asked`) || !strings.HasSuffix(a.Decision.Reason, `It was silenced by the window "backups" before.`) {
		t.Errorf("%+v", a)
	}
	other := fire(Low)
	other.Fingerprint, other.Service = "g", "mail"
	w.now = noon
	if a := w.hears("prometheus", other).Alert; a.Decision.Rule != "the rest" {
		t.Errorf("what no window is for: %+v", a.Decision)
	}
}

func TestSilencesInTime(t *testing.T) {
	s := Silence{Number: 3, From: noon, Until: noon.Add(time.Hour), Places: []SilencePlace{
		{System: "a", State: SilenceSet, ID: "x"}, {System: "b", State: SilenceWanted, Attempts: 2, Why: "no"}, {System: "c", State: SilenceFailed, Why: "never"}, {System: "d", State: SilenceLeft},
	}}
	for after, want := range map[time.Duration]bool{-1: false, 0: true, time.Hour - 1: true, time.Hour: false} {
		if s.InForce(noon.Add(after)) != want {
			t.Errorf("after %s it is not %v", after, want)
		}
	}
	ended := s.EndBy(incidents.Person{Name: "bob"}, noon.Add(time.Minute))
	var states []string
	for _, p := range ended.Places {
		states = append(states, fmt.Sprint(p.System, " ", p.State, " ", p.ID, p.Attempts, p.Why))
	}
	if got := strings.Join(states, ","); got != "a ending x0,b ending 0,c failed 0never,d left 0" || ended.InForce(noon.Add(time.Minute)) || s.Places[0].State != SilenceSet {
		t.Error(got)
	}
	if late := s.EndBy(incidents.Person{}, noon.Add(2*time.Hour)); !late.EndedAt.IsZero() {
		t.Error("what is over is ended")
	}
	if again := ended.EndBy(incidents.Person{Name: "carol"}, noon.Add(2*time.Minute)); again.EndedBy.Name != "bob" {
		t.Error("it is ended twice")
	}
	late := ended.Placed(SilencePlace{System: "b", State: SilenceWanted}, SilencePlace{System: "b", State: SilenceSet, ID: "y"})
	if p := late.Places[1]; p.State != SilenceEnding || p.ID != "y" || !p.NextTry.Equal(ended.EndedAt) || ended.Places[1].ID != "" {
		t.Errorf("what was set while it was ended is %+v", p)
	}
	if set := s.Placed(s.Places[1], SilencePlace{System: "b", State: SilenceSet}); set.Places[1].State != SilenceSet || set.Places[0] != s.Places[0] {
		t.Errorf("what was set is %+v", set.Places)
	}
	hidden := Silence{Why: "because of INC-7"}.SeenBy(func(incidents.Number) bool { return false })
	if hidden.Why != "" {
		t.Errorf("it tells %q", hidden.Why)
	}
	a := Alert{Quiet: &Quiet{Silence: 3, Until: noon, Before: 7}, Signal: Signal{Status: Firing}, Decision: Decision{Rule: SilencedRule, Action: Ignore, Reason: "Silenced by SI-3: INC-7."}}
	if seen := a.SeenBy(func(incidents.Number) bool { return false }); seen.Quiet.Before != 0 || !seen.QuietUntil().Equal(noon) || seen.Decision.Reason != "It is silenced until 2026-11-26 12:00 UTC." || a.Quiet.Before != 7 {
		t.Errorf("of an alert it tells %+v", seen)
	}
}

func TestWhereASilenceIsSet(t *testing.T) {
	systems := []Silencer{{"alertmanager", "Alertmanager"}, {"grafana", "Grafana"}}
	for text, want := range map[string]string{
		"alertname=x": "alertmanager wanted grafana wanted", "source=grafana,alertname=x": "grafana wanted", "title=x": "alertmanager left a title is no label grafana left a title is no label",
		"source=grafana,a!=b": "grafana left there a matcher has to say what a label is, not only what it is not", "source=falco": "",
	} {
		m, err := ParseMatcher(text)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, p := range (Silence{Matcher: m, From: noon}).Place(systems, nil).Places {
			list = append(list, strings.TrimSpace(fmt.Sprint(p.System, " ", p.State, " ", p.Why)))
			if (p.State == SilenceWanted) != p.NextTry.Equal(noon) {
				t.Errorf("%s: it is tried at %s", text, p.NextTry)
			}
		}
		if got := strings.Join(list, " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
