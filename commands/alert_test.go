package commands

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// hears has monitoring say that something is wrong; what becomes of it is up to people.
func (w *world) hears(fingerprint, title string) alerts.Alert {
	w.t.Helper()
	p := alerts.Policy{Rules: []alerts.Rule{{Name: "people", When: "true", Do: alerts.Notify}}}
	if err := p.Compile(); err != nil {
		w.t.Fatal(err)
	}
	h := alerts.Heard{Source: "prometheus", Signal: alerts.Signal{Fingerprint: fingerprint, Status: alerts.Firing, Severity: alerts.High, Title: title, Service: "checkout", Labels: map[string]string{"app": "checkout"}}, Delivery: "d" + fingerprint, Place: 1, At: noon}
	a, _, err := w.desk.Store.HearAlert(w.t.Context(), h, func(f alerts.Facts) alerts.Change { return p.Hear(h, f) })
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func TestAlertsAreDecidedByPeople(t *testing.T) {
	w := newWorld(t)
	w.hears("a", "disk is full")
	w.hears("b", "cache is cold")
	w.does("alice", "open sev2 checkout is down")
	if r := w.says("bob", "alert list"); len(r.Lines) != 2 || !strings.Contains(r.Lines[0].Text, "AL-2: cache is cold (prometheus, high, firing since") {
		t.Errorf("%+v", r)
	}
	r := w.does("bob", "alert INC-1 attach al-1")
	if !strings.Contains(r.Text, "AL-1 now belongs to INC-1") || w.incident(1).Alerts.Firing != 1 {
		t.Errorf("%s, %+v", r.Text, w.incident(1).Alerts)
	}
	if r = w.does("bob", "alert attach AL-1 to INC-1"); r.Text != "AL-1 belongs to INC-1." {
		t.Error(r.Text)
	}
	if r = w.does("carol", "alert INC-1 list"); len(r.Lines) != 1 || !strings.Contains(r.Lines[0].Text, "disk is full") {
		t.Errorf("%+v", r)
	}
	if r = w.does("carol", "alert detach AL-1"); !strings.Contains(r.Text, "no longer belongs to INC-1") || w.incident(1).Alerts.Total != 0 {
		t.Errorf("%s, %+v", r.Text, w.incident(1).Alerts)
	}
	r = w.does("carol", "alert declare AL-2 sev3 the cache has to be filled")
	if in := w.incident(2); !strings.Contains(r.Text, "Opened INC-2 for AL-2.") || in.Severity != 3 || in.Title != "the cache has to be filled" || in.Alerts.Firing != 1 || in.DeclaredBy.Name != "carol" {
		t.Errorf("%s, %+v", r.Text, in)
	}
	if r = w.does("bob", "alert ignore AL-1 2h it is being replaced"); !strings.Contains(r.Text, "AL-1 leads to nothing until") {
		t.Error(r.Text)
	}
	a, err := w.desk.Store.Alert(t.Context(), 1)
	if err != nil || !a.IgnoredUntil.Equal(noon.Add(2*time.Hour)) || !strings.Contains(a.Decision.Reason, "it is being replaced") {
		t.Errorf("%+v, %v", a, err)
	}
	if r = w.does("bob", "alert show AL-1"); len(r.Lines) == 0 || !strings.Contains(r.Lines[len(r.Lines)-1].Text, "bob ignores it until") {
		t.Errorf("%+v", r)
	}
}

func TestAlertsRefused(t *testing.T) {
	w := newWorld(t)
	w.hears("a", "disk is full")
	w.does("alice", "open sev2 checkout is down")
	for text, want := range map[string]string{
		"alert attach": "Which alert? Example: /incident alert attach AL-7", "alert attach 7": "is no alert; they are called like AL-7", "alert attach AL-99": "There is no alert AL-99",
		"alert attach AL-1": "To which incident?", "alert attach AL-1 INC-9": "INC-9 does not exist or is not open to you", "alert attach AL-1 INC-1 now": "To which incident?",
		"alert destroy AL-1": "nothing that is done with an alert", "alert ignore AL-1 90d": "31 days at most", "alert ignore AL-1 5x why": `"5x" is no length of time, so nothing was changed. Write 30m, 2h or 1d. Example: /incident alert ignore AL-1 2h why`, "alert declare": "Which alert?", "alert detach": "Which alert?", "alert show": "Which alert?",
	} {
		if r := w.says("bob", text); r.Refused == "" || !strings.Contains(r.Text, want) {
			t.Errorf("%q is answered %q (%s)", text, r.Text, r.Refused)
		}
	}
	if a, err := w.desk.Store.Alert(t.Context(), 1); err != nil || a.Incident != 0 || a.Decision.Action != alerts.Notify {
		t.Errorf("%+v, %v", a, err)
	}
	if c := w.incident(1).Alerts; c.Total != 0 || c.Firing != 0 {
		t.Errorf("%+v", w.incident(1).Alerts)
	}
}

// To which private incident an alert belongs only those learn who are in it.
func TestAlertsOfPrivateIncidents(t *testing.T) {
	w := newWorld(t)
	w.hears("a", "keys in a log")
	w.does("alice", "open private sev1 secretly")
	w.does("alice", "alert attach AL-1 INC-1")
	w.does("bob", "open sev2 checkout is down")
	for _, text := range []string{"alert detach AL-1", "alert attach AL-1 INC-2", "alert ignore AL-1", "alert declare AL-1"} {
		r := w.says("bob", text)
		if r.Refused == "" || !strings.Contains(r.Text, "is being seen to already") || strings.Contains(r.Text, "INC-1") {
			t.Errorf("%q is answered %q", text, r.Text)
		}
	}
	for _, text := range []string{"alert show AL-1", "alert list"} {
		r := w.says("bob", text)
		said := r.Text
		for _, l := range r.Lines {
			said += "\n" + l.Text
		}
		if strings.Contains(said, "INC-1") || strings.Contains(said, "alice") || strings.Contains(said, "secretly") {
			t.Errorf("%q says %s", text, said)
		}
	}
	if r := w.does("alice", "alert detach AL-1"); !strings.Contains(r.Text, "INC-1") {
		t.Error(r.Text)
	}
}

// A button says only which alert; to which incident it belongs is asked for, of those that the one who pressed it may see.
func TestAnAlertIsAttachedByAForm(t *testing.T) {
	w := newWorld(t)
	w.hears("a", "disk is full")
	w.does("alice", "open sev2 checkout is down")
	w.does("alice", "open private sev1 secretly")
	r := w.says("bob", "alert attach AL-1")
	if r.Form == nil || r.Form.Command != "alert attach AL-1" || len(r.Form.Fields) != 1 {
		t.Fatalf("%+v", r)
	}
	if options := r.Form.Fields[0].Options; len(options) != 1 || options[0].Value != "INC-1" {
		t.Errorf("bob can choose among %+v", options)
	}
	if options := w.says("alice", "alert attach AL-1").Form.Fields[0].Options; len(options) != 2 {
		t.Errorf("alice can choose among %+v", options)
	}
	if r = w.fills("bob", r.Form.Command, map[string][]string{"incident": {"INC-2"}}); r.Refused == "" || strings.Contains(r.Text, "secretly") {
		t.Errorf("%+v", r)
	}
	if r = w.fills("bob", "alert attach AL-1", map[string][]string{"incident": {"INC-1"}}); r.Text != "AL-1 now belongs to INC-1." {
		t.Errorf("%+v", r)
	}
	w.does("alice", "alert attach AL-1 INC-2")
	if r = w.says("bob", "alert attach AL-1"); r.Form != nil || !strings.Contains(r.Text, "is being seen to already") {
		t.Errorf("of an alert that is not his to decide about: %+v", r)
	}
}

// Whoever may not open incidents does not by way of an alert.
func TestAnAlertIsDeclaredByWhoMay(t *testing.T) {
	w := newWorld(t)
	w.rules.Permissions = map[incidents.Permission][]string{incidents.MayDeclare: {"@oncall"}}
	w.hears("a", "disk is full")
	if r := w.says("bob", "alert declare AL-1"); r.Refused == "" || r.Text != "Only @oncall may open incidents. Ask one of them." {
		t.Errorf("%+v", r)
	}
	if a, err := w.desk.Store.Alert(t.Context(), 1); err != nil || a.Incident != 0 || a.Decision.Action != alerts.Notify {
		t.Errorf("%+v, %v", a, err)
	}
}

// The same click, worked again after a crash, is answered as the first time.
func TestAnAlertIsDeclaredOnce(t *testing.T) {
	w := newWorld(t)
	w.hears("a", "disk is full")
	r := w.request("bob", "alert declare AL-1")
	first, second := w.desk.Handle(t.Context(), r), w.desk.Handle(t.Context(), r)
	if first.Refused != "" || !strings.HasPrefix(first.Text, "Opened INC-1 for AL-1.") || second.Text != "Opened INC-1 for AL-1." {
		t.Errorf("%q, then %q", first.Text, second.Text)
	}
	w.at = w.at.Add(time.Minute)
	if again := w.says("bob", "alert declare AL-1"); again.Refused == "" || !strings.Contains(again.Text, "is being seen to already") {
		t.Errorf("said anew: %+v", again)
	}
}

// Of two who press the same button at once the second opens nothing, even who looked before the first was done.
func TestAnAlertIsDeclaredByOneOfTwo(t *testing.T) {
	w := newWorld(t)
	before := w.hears("a", "disk is full")
	w.does("alice", "alert declare AL-1")
	w.store.before = &before
	if r := w.says("bob", "alert declare AL-1"); r.Refused == "" || !strings.Contains(r.Text, "AL-1 belongs to INC-1 already") {
		t.Errorf("%+v", r)
	}
	if _, err := w.store.Incident(t.Context(), 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a second incident: %v", err)
	}
}

// A rule in shadow is made live by whoever may, and taken back.
func TestRulesAreMadeLive(t *testing.T) {
	w := newWorld(t)
	configured := alerts.Policy{Rules: []alerts.Rule{{Name: "very critical", When: `alert.severity == "critical"`, Do: alerts.Declare, Shadow: true}, {Name: "people", When: "true", Do: alerts.Notify}}}
	w.desk.Alerts = func() alerts.Policy {
		list, err := w.desk.Store.LiveAlertRules(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return configured.WithLive(list)
	}
	rules := func(who string) string {
		said := ""
		for _, l := range w.does(who, "alert rules").Lines {
			said += l.Text + "\n"
			if l.Choice != nil {
				said += "[" + l.Choice.Command + "]\n"
			}
		}
		return said
	}
	shadow := "very critical: declare when alert.severity == \"critical\" (in shadow)\n[alert live very critical]\npeople: notify when true\n"
	if got := rules("bob"); got != shadow {
		t.Errorf("first there are\n%s", got)
	}
	w.rules.Permissions = map[incidents.Permission][]string{incidents.MayAdminister: {"@alice"}}
	if r := w.says("bob", "alert live very critical"); r.Refused == "" || r.Text != "Only @alice may make rules of alerts live, or take that back. Ask one of them." {
		t.Errorf("%+v", r)
	}
	if got := rules("bob"); strings.Contains(got, "[") {
		t.Errorf("bob is offered\n%s", got)
	}
	w.rules.Permissions = nil
	for range 2 { // said twice it is live once
		if r := w.does("bob", `alert live "Very critical"`); !strings.HasPrefix(r.Text, `The rule "very critical" is live since`) || !strings.Contains(r.Text, "by bob. To keep it, write shadow: false in the configuration") {
			t.Error(r.Text)
		}
		w.at = w.at.Add(time.Minute)
	}
	if got := rules("carol"); !strings.Contains(got, "by bob; in shadow in the configuration)\n[alert shadow very critical]") {
		t.Errorf("then there are\n%s", got)
	}
	configured.Rules[0].Severity = 2
	if got := rules("carol"); !strings.Contains(got, "(in shadow)") {
		t.Errorf("changed it is\n%s", got)
	}
	configured.Rules[0].Severity = 0
	w.does("carol", "alert shadow very critical")
	if got := rules("bob"); got != shadow {
		t.Errorf("in the end there are\n%s", got)
	}
	for text, want := range map[string]string{"alert live": "Which rule?", "alert live nothing": "There is no rule", "alert shadow people": "is live by the configuration"} {
		if r := w.says("bob", text); r.Refused == "" || !strings.Contains(r.Text, want) {
			t.Errorf("%q is answered %q", text, r.Text)
		}
	}
}
