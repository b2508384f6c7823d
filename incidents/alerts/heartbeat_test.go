package alerts

import (
	"strings"
	"testing"
	"time"
)

// beating is a policy with heartbeats.
func beating(t *testing.T, list ...Heartbeat) Policy {
	t.Helper()
	p := Policy{Heartbeats: list}
	if err := p.Compile(); err != nil {
		t.Fatal(err)
	}
	return p
}

func everySource(string) bool { return true }

func TestWhichSignalsAreHeartbeats(t *testing.T) {
	p := beating(t, Heartbeat{Name: "eu", When: `alert.labels.cluster == "eu" && alert.labels.alertname == "Watchdog"`}, Heartbeat{Name: "watchdog", When: `alert.labels.alertname == "Watchdog"`})
	for _, c := range []struct {
		source string
		labels map[string]string
		want   string
	}{
		{"alertmanager", map[string]string{"alertname": "Watchdog"}, "watchdog"}, {"prometheus", map[string]string{"alertname": "Watchdog", "cluster": "eu"}, "eu"},
		{"alertmanager", map[string]string{"alertname": "watchdog"}, ""}, {"alertmanager", nil, ""}, {Own, map[string]string{"alertname": "Watchdog"}, ""},
	} {
		b, is := p.Heartbeat(Heard{Source: c.source, Signal: Signal{Labels: c.labels}})
		if b.Name != c.want || is != (c.want != "") {
			t.Errorf("%s %v is %q %v, want %q", c.source, c.labels, b.Name, is, c.want)
		}
	}
	if _, is := (Policy{}).Heartbeat(Heard{Source: "prometheus"}); is {
		t.Error("without any it is one")
	}
	for _, bad := range []BeatCondition{"open.count > 0", "now.hour == 1", "alert.title"} {
		if err := bad.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// step is what happens to a heartbeat: it is heard after so long, or said to be over, or Fireboss starts anew.
type step struct {
	after time.Duration
	what  string
}

// TestWhenAHeartbeatHasStopped goes through what is heard, and looks how it stands some time after that.
func TestWhenAHeartbeatHasStopped(t *testing.T) {
	const m = time.Minute
	beats := func(n int, every time.Duration) (list []step) {
		for range n {
			list = append(list, step{every, "beat"})
		}
		return list
	}
	for name, c := range map[string]struct {
		within  time.Duration
		steps   []step
		look    time.Duration
		stopped bool
		title   string
	}{
		"within its time":         {5 * m, beats(1, 0), 5*m - 1, false, ""},
		"out of its time":         {5 * m, beats(1, 0), 5 * m, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 5 minutes"},
		"seconds":                 {30 * time.Second, beats(1, 0), 40 * time.Second, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 40 s"},
		"it is over":              {5 * m, []step{{0, "beat"}, {m, "over"}}, 1, true, "The heartbeat \"watchdog\" of alertmanager has stopped: its source says that it is over"},
		"it was over":             {5 * m, []step{{0, "beat"}, {m, "over"}, {m, "beat"}}, m, false, ""},
		"counted from the start":  {5 * m, []step{{0, "beat"}, {60 * m, "start"}}, 4 * m, false, ""},
		"and missed from there":   {5 * m, []step{{0, "beat"}, {60 * m, "start"}}, 6 * m, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 6 minutes"},
		"its pace is not known":   {0, beats(3, m), 24 * 60 * m, false, ""},
		"its pace is a minute":    {0, beats(4, m), 5 * m, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 5 minutes"},
		"at least five":           {0, beats(4, m), 5*m - 1, false, ""},
		"its pace is half a day":  {0, beats(4, 12*60*m), 23 * 60 * m, false, ""},
		"twice that":              {0, beats(4, 12*60*m), 24 * 60 * m, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 1 day"},
		"one outage is no pace":   {0, append(append(beats(4, m), step{180 * m, "beat"}), beats(2, m)...), 6 * m, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 6 minutes"},
		"no pause is over a stop": {0, append(beats(3, 10*m), step{600 * m, "start"}, step{m, "beat"}, step{10 * m, "beat"}), 21 * m, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 21 minutes"},
		"every ten seconds":       {0, beats(30, 10*time.Second), 5 * m, true, "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 5 minutes"},
	} {
		p := beating(t, Heartbeat{Name: "watchdog", When: "true", Within: c.within, Severity: Critical, Service: "monitoring"})
		began := noon.Add(-time.Hour)
		now, b := noon, Beat{Source: "alertmanager", Name: "watchdog"}
		for _, s := range c.steps {
			now = now.Add(s.after)
			switch h := (Heard{Source: "alertmanager", At: now, Signal: Signal{Status: Firing}}); s.what {
			case "start":
				began = now
			case "over":
				h.Signal.Status = Resolved
				b = b.Heard(h, began)
			default:
				b = b.Heard(h, began)
				b = b.Heard(h, began) // it is worked again after a crash
			}
		}
		now = now.Add(c.look)
		u := p.Pulses([]Beat{b}, everySource, began, now)[0]
		if s := u.Signal(began, now); u.Stopped != c.stopped || c.stopped && (s.Title != c.title || s.Status != Firing || s.Severity != Critical || s.Service != "monitoring") {
			t.Errorf("%s: stopped %v, %+v", name, u.Stopped, s)
		}
		if !u.Stopped && !u.Due().IsZero() && !u.Due().After(now) {
			t.Errorf("%s: it has not stopped and was due at %s", name, u.Due())
		}
	}
}

func TestWhatIsSaidOfAStoppedHeartbeat(t *testing.T) {
	p := beating(t, Heartbeat{Name: "watchdog", When: "true", Within: 5 * time.Minute}, Heartbeat{Name: "never", When: "false", Within: time.Minute, Expect: true}, Heartbeat{Name: "perhaps", When: "false", Within: time.Minute})
	old := Beat{Source: "alertmanager", Name: "watchdog", At: noon.Add(-time.Hour)}
	now := noon.Add(5 * time.Minute)
	said := map[string]Signal{}
	for _, u := range p.Pulses([]Beat{old, {Source: "gone", Name: "watchdog", At: noon}, {Source: "alertmanager", Name: "removed", At: noon}, {Source: "grafana", Name: "watchdog", At: now.Add(-29 * 24 * time.Hour)}},
		func(s string) bool { return s != "gone" }, noon, now) {
		s := u.Signal(noon, now)
		if said[s.Fingerprint] = s; u.Unknown != s.Status.Over() {
			t.Errorf("%s: unknown %v, %+v", u.Title(), u.Unknown, s)
		}
	}
	if s := said["heartbeat watchdog of alertmanager"]; !strings.Contains(s.Description, "heard last on 2026-11-26 11:00 UTC") || !strings.Contains(s.Description, "Fireboss started on 2026-11-26 12:00 UTC and counts from then") {
		t.Errorf("it says %q", s.Description)
	}
	if s := said["heartbeat never"]; s.Title != "The heartbeat \"never\" was never heard: nothing for 5 minutes since Fireboss started" || s.Group != s.Fingerprint {
		t.Errorf("of one that was never heard: %+v", s)
	}
	for _, f := range []string{"heartbeat watchdog of gone", "heartbeat removed of alertmanager", "heartbeat watchdog of grafana", "heartbeat perhaps", "heartbeat watchdog"} {
		if s, there := said[f]; !there || s.Status != Resolved {
			t.Errorf("%s: %+v", f, s)
		}
	}
	over := Beat{Source: "a", Name: "watchdog"}.Heard(Heard{Source: "a", At: noon, Signal: Signal{Status: Resolved}}, noon)
	if !over.At.IsZero() || !over.Ended.IsZero() {
		t.Errorf("one that is first heard of when it is over: %+v", over)
	}
}

func TestAnAlertBecomesAHeartbeat(t *testing.T) {
	p := beating(t)
	h := Heard{Source: "alertmanager", At: noon, Signal: Signal{Fingerprint: "w", Status: Firing}}
	a := Alert{Number: 3, Source: "alertmanager", Signal: Signal{Fingerprint: "w", Status: Firing}, Decision: Decision{Reason: "People are notified."}}
	if c := p.Stops(h, Facts{Known: &a}); c.Alert == nil || c.Alert.Open() || !strings.Contains(c.Alert.Decision.Reason, "heartbeat now") || a.Status != Firing {
		t.Errorf("%+v", c)
	}
	a.Status = Resolved
	for _, known := range []*Alert{nil, &a} {
		if c := p.Stops(h, Facts{Known: known}); c.Alert != nil {
			t.Errorf("%+v becomes %+v", known, c.Alert)
		}
	}
}
