package commands

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

func TestAlertsAreSilenced(t *testing.T) {
	w := newWorld(t)
	w.desk.Silencers = []alerts.Silencer{{Name: "prometheus", Title: "Prometheus"}, {Name: "grafana", Title: "Grafana"}}
	backups := alerts.Window{Name: "backups", Within: func(at time.Time) (time.Time, bool) { return noon.Add(time.Hour), at.Before(noon.Add(time.Hour)) }}
	w.desk.Alerts = func() alerts.Policy { return alerts.Policy{Windows: []alerts.Window{backups}} }
	w.hears("a", "disk is full")
	w.hears("b", "cache is cold")
	for _, c := range []struct{ text, answer string }{
		{"silence service=checkout 2h we replace the database", `SI-1 silences service="checkout" until 14:00 UTC. That is every one of the 2 open alerts. It is being set in Prometheus too. In Grafana it is not set: none of its latest alerts shows which label says the service; name it, like labels.app=checkout.`},
		{"silence 30 min fingerprint=a,source=prometheus", `SI-2 silences fingerprint="a",source="prometheus" until 12:30 UTC. It concerns 1 of 2 open alerts now; what people were told of already stays as it is. In Prometheus it is not set: a fingerprint is no label.`},
		{"SILENCE al-2 1d", "SI-3 silences AL-2 until 2026-11-21 12:00 UTC. It concerns 1 of 2 open alerts now; what people were told of already stays as it is. In Prometheus it is not set: a fingerprint is no label."},
		{"silence labels.service=mail 2h", `SI-4 silences labels.service="mail" until 14:00 UTC. None of the 2 open alerts is one of these now; look whether that is meant. It is being set in Prometheus too. It is being set in Grafana too.`},
	} {
		r := w.does("bob", c.text)
		if got := strings.ReplaceAll(r.Text, noon.AddDate(0, 0, 1).Format(time.DateOnly), "2026-11-21"); got != c.answer || len(r.Choices) != 1 || !strings.HasPrefix(r.Choices[0].Command, "silence end SI-") {
			t.Errorf("%s:\n got  %s\n want %s", c.text, got, c.answer)
		}
	}
	s, err := w.desk.Store.Silence(t.Context(), 1)
	if err != nil || s.By.Name != "bob" || s.Why != "we replace the database" || !s.Until.Equal(noon.Add(2*time.Hour)) || len(s.Places) != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	r := w.does("carol", "silence list")
	if len(r.Lines) != 5 || !strings.HasPrefix(r.Lines[0].Text, "SI-2: ") || !strings.Contains(r.Lines[1].Text, `SI-1: service="checkout", until 14:00 UTC, by bob: we replace the database. It is being set`) || r.Lines[4].Text != `The window "backups" of the configuration, until 13:00 UTC` {
		t.Errorf("%s, %+v", r.Text, r.Lines)
	}
	if r = w.does("carol", "silence end si-1"); !strings.HasPrefix(r.Text, "SI-1 is ended. What it silenced and is not over is decided about by the rules now, where nothing else silences it.") || !strings.Contains(r.Text, "In Prometheus it is being ended.") {
		t.Error(r.Text)
	}
	if r = w.does("dave", "silence end SI-1"); !strings.HasPrefix(r.Text, "SI-1 is over already, since 12:00 UTC.") {
		t.Error(r.Text)
	}
	if r = w.does("dave", "silence show SI-1"); !strings.Contains(r.Text, "over since 12:00 UTC, by bob") || !strings.Contains(r.Lines[0].Text, "Ended by carol.") || len(r.Choices) != 0 {
		t.Errorf("%s, %+v", r.Text, r.Lines)
	}
	if r = w.does("dave", "silence show SI-3"); len(r.Lines) != 4 || len(r.Choices) != 1 || !strings.Contains(r.Lines[0].Text, `fingerprint="b"`) {
		t.Errorf("%s, %+v", r.Text, r.Lines)
	}
}

// People are not told of more than was looked at.
func TestHowManyAlertsASilenceMeans(t *testing.T) {
	for want, f := range map[string]concerned{
		"No alert is open now.":                                                                            {},
		"No alert is open among the newest 5000.":                                                          {more: true},
		"That is every one of the 2 open alerts.":                                                          {open: 2, meant: 2},
		"That is every one of the 2 open alerts among the newest 5000.":                                    {open: 2, meant: 2, more: true},
		"None of the 3 open alerts among the newest 5000 is one of these now; look whether that is meant.": {open: 3, more: true},
	} {
		if got := f.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What became of a silence outside is told, and what to do where it failed.
func TestWhereASilenceStands(t *testing.T) {
	w := newWorld(t)
	w.does("bob", "silence checkout 2h")
	for want, p := range map[string]alerts.SilencePlace{
		"In AM it is set too.":                                                                      {State: alerts.SilenceSet, ID: "x"},
		"In AM it could not be set: it is no label.":                                                {State: alerts.SilenceFailed, Why: "it is no label"},
		"In AM it could not be set: it was over before.":                                            {State: alerts.SilenceFailed},
		"In AM it could not be ended: no. End it there.":                                            {State: alerts.SilenceFailed, ID: "x", Why: "no"},
		"In AM it could not be set yet: no. It is tried again.":                                     {State: alerts.SilenceWanted, Attempts: 1, Why: "no"},
		"In AM it could not be ended yet: no. It is tried again; end it there if that cannot wait.": {State: alerts.SilenceEnding, Attempts: 1, Why: "no"},
		"In AM it is ended too.":                                                                    {State: alerts.SilenceEnded},
		"In AM it is being ended.":                                                                  {State: alerts.SilenceEnding},
		"In AM it is not set: a title is no label.":                                                 {State: alerts.SilenceLeft, Why: "a title is no label"},
	} {
		p.Title = "AM"
		_, err := w.desk.Store.ChangeSilence(t.Context(), 1, func(s alerts.Silence) (alerts.Silence, error) {
			s.Places = []alerts.SilencePlace{p}
			return s, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if r := w.says("bob", "silence show SI-1"); r.Lines[len(r.Lines)-1].Text != want {
			t.Errorf("it says %q, want %q", r.Lines[len(r.Lines)-1].Text, want)
		}
	}
}

func TestSilencesRefused(t *testing.T) {
	w := newWorld(t)
	w.hears("a", "disk is full")
	for text, want := range map[string]string{
		"silence 2h": "Which alerts, and for how long?", "silence service=~.* 2h": "means every alert, or nearly", "silence severity!=critical 2h": "means every alert, or nearly", "silence a=b 32d": "31 days at most", "silence a=b 20s": "one minute at least",
		"silence a=b": "For how long?", "silence a=b tomorrow": `"tomorrow" is no length of time`, "silence a=~( 1h": "no regular expression", "silence AL-9 1h": "There is no alert AL-9", "silence show": "Which silence?", "silence show 3": "is no silence", "silence end SI-9": "There is no silence SI-9", "silence list all": "I did not understand",
	} {
		if r := w.says("bob", text); r.Refused == "" || !strings.Contains(r.Text, want) {
			t.Errorf("%q is answered %q (%s)", text, r.Text, r.Refused)
		}
	}
	for text, field := range map[string]string{"silence": "matcher", "silence a=b": "for", "silence a=b because": "for"} {
		if r := w.says("bob", text); r.Form == nil || r.Field != field || r.Form.Command != "silence" {
			t.Errorf("%q asks for %q: %+v", text, r.Field, r.Form)
		}
	}
	r := w.desk.Handle(t.Context(), Request{ID: "g", Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/UG", Name: "grace", Standing: incidents.Standing{Outside: true}}, At: noon, Text: "silence a=b 2h"})
	if r.Refused != incidents.CodeRefused || !strings.HasPrefix(r.Text, "Guests do not decide about alerts") {
		t.Errorf("a guest hears %q", r.Text)
	}
	if list, err := w.desk.Store.Silences(t.Context(), 0); err != nil || len(list) != 0 {
		t.Errorf("there are %+v, %v", list, err)
	}
}

// The same request again makes no second one, and who may not know of an incident does not read of it.
func TestASilenceIsMadeOnce(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open private sev1 secretly")
	req := Request{ID: "same", Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/UA", Name: "alice"}, At: noon, Text: "silence checkout 2h because of INC-1"}
	first, again := w.desk.Handle(t.Context(), req), w.desk.Handle(t.Context(), req)
	if first.Refused != "" || first.Text != again.Text {
		t.Errorf("%q, and then %q", first.Text, again.Text)
	}
	if list, err := w.desk.Store.Silences(t.Context(), 0); err != nil || len(list) != 1 {
		t.Errorf("there are %+v, %v", list, err)
	}
	if r := w.says("alice", "silence show SI-1"); !strings.Contains(r.Text, "INC-1") {
		t.Error(r.Text)
	}
	if r := w.says("bob", "silence list"); strings.Contains(r.Lines[0].Text, "INC-1") {
		t.Error(r.Lines)
	}
	r := w.desk.Handle(t.Context(), Request{ID: "form", Actor: req.Actor, At: noon, Text: "silence", Values: map[string][]string{"matcher": {`alertname="a b"`}, "for": {"4h"}, "why": {"x"}}})
	if s, err := w.desk.Store.Silence(t.Context(), 2); err != nil || s.Matcher.String() != `alertname="a b"` || s.Why != "x" || !s.Until.Equal(noon.Add(4*time.Hour)) {
		t.Errorf("%q, %+v, %v", r.Text, s, err)
	}
}
