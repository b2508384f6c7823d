package alerts

import (
	"strings"
	"testing"

	"fireboss/incidents"
)

// The digest of a rule stands for all that it says, and for nothing else.
func TestARuleIsLiveAsLongAsItSaysTheSame(t *testing.T) {
	r := Rule{Name: "critical", When: `alert.severity == "critical"`, Do: Declare, Shadow: true}
	p := ready(t, Policy{Rules: []Rule{r, ruled("rest", "true", Notify)}})
	live := p.WithLive([]LiveRule{{Rule: "critical", Digest: r.Digest(), At: noon}, {Rule: "rest", Digest: p.Rules[1].Digest()}})
	if now, _ := live.Rule("critical"); now.Shadow || now.Live == nil || live.rules[0].Shadow || !p.Rules[0].Shadow || !p.rules[0].Shadow || live.Rules[1].Live != nil {
		t.Errorf("%+v of %+v", live.Rules, p.Rules)
	}
	for what, change := range map[string]func(*Rule){
		"when": func(r *Rule) { r.When = "true" }, "do": func(r *Rule) { r.Do = Page }, "severity": func(r *Rule) { r.Severity = 2 }, "suggested": func(r *Rule) { r.Suggested = true },
		"title": func(r *Rule) { r.Title = "x" }, "type": func(r *Rule) { r.Type = "x" }, "private": func(r *Rule) { r.Private = true }, "roles": func(r *Rule) { r.Roles = map[string]string{"scribe": "@bob"} },
		"page": func(r *Rule) { r.Page = "x" }, "resolve": func(r *Rule) { r.Resolves = true }, "channel": func(r *Rule) { r.Channel = "x" }, "reason": func(r *Rule) { r.Reason = "x" },
	} {
		other := r
		change(&other)
		if other.Digest() == r.Digest() {
			t.Errorf("another %s is the same", what)
		}
	}
	same := r
	same.Shadow, same.Live = false, &LiveRule{}
	if same.Digest() != r.Digest() {
		t.Error("at work it is another one")
	}
	if _, there := p.Rule("none"); there {
		t.Error("there is a rule none")
	}
}

func TestTitlesAreMadeOfAlerts(t *testing.T) {
	for title, want := range map[string]string{
		"": "db is down", "{{alert.service}}: {{alert.title}}": "db: db is down", "database": "database", "{{alert.labels.none}}": "db is down", "{{ upper(alert.service) }} {{alert.count}} {{now.office}}": "DB 1 false",
		"{{alert.labels}}": "db is down", strings.Repeat("x", 300): strings.Repeat("x", 199) + "…", "a\n{{alert.service}}": "a db",
	} {
		w := newWorld(t)
		w.policy.Rules[1].Title = Title(title)
		c := w.hears("falco", fire(Critical))
		if got := c.Do[0].Do.(incidents.Open).Title; got != want {
			t.Errorf("%q makes %q", title, got)
		}
		if trouble := strings.Contains(c.Alert.Decision.Reason, "could not be made"); trouble != (title == "{{alert.labels}}") {
			t.Errorf("%q: %s", title, c.Alert.Decision.Reason)
		}
	}
	for title, want := range map[string]string{
		"ä {{alert.sevrity}}": "character", "x {{": "character 3: {{ begins", "{{ }}": "character 1: there is no expression", "{{alert.service}} {{nothing}}": "character 21: unknown name nothing", "a\n{{true &&}}": "line 2",
		strings.Repeat("{{1}} ", 50): "more than 20 expressions", strings.Repeat("x", 5000): "more than 4000",
	} {
		var x Title
		if err := x.UnmarshalText([]byte(title)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, which does not say %q", title, err, want)
		}
	}
}

// Paging means that there is an incident: the one that the alert fits, or a new one.
func TestARuleThatPages(t *testing.T) {
	w := newWorld(t)
	w.policy.Rules = []Rule{{Name: "page", When: `alert.severity == "critical"`, Do: Page, Page: "checkout", Resolves: true}, ruled("rest", "true", Notify)}
	c := w.hears("falco", fire(Critical))
	open, ok := c.Do[0].Do.(incidents.Open)
	if !ok || open.Wake == nil || open.Wake.Who != "checkout" || open.Wake.Text != "db is down" || !open.Triage || open.Alerts[0].Auto != "page" || c.Alert.Decision.Action != Page || c.Alert.Auto != "page" {
		t.Fatalf("%+v, %+v", c.Do, c.Alert)
	}
	if want := `Declared an incident. To be woken is checkout: the rule "page" holds.`; c.Alert.Decision.Reason != want || c.Alert.Notifies() {
		t.Errorf("%s", c.Alert.Decision.Reason)
	}
	other := fire(Critical)
	other.Fingerprint = "g"
	w.policy.Rules[0].Page = ""
	c = w.hears("falco", other)
	attach, ok := c.Do[0].Do.(incidents.AttachAlert)
	if !ok || attach.Wake == nil || attach.Wake.Who != "" || c.Alert.Incident != 1 || !strings.Contains(c.Alert.Decision.Reason, "To be woken is whoever is on call") {
		t.Errorf("%+v, %+v", c.Do, c.Alert)
	}
	w.policy.Rules[0].Shadow = true
	other.Fingerprint, other.Service = "h", "elsewhere"
	c = w.hears("falco", other)
	if len(c.Do) != 0 || c.Alert.Decision.Action != Notify || len(c.Alert.Decision.Shadow) != 1 || !strings.Contains(c.Alert.Decision.Shadow[0].Reason, "To be woken is whoever is on call") {
		t.Errorf("in shadow: %+v, %+v", c.Do, c.Alert)
	}
}

// What somebody attaches or takes away by hand says nothing of when the incident is over.
func TestByHandNothingIsOverByItself(t *testing.T) {
	w := newWorld(t)
	w.policy.Rules[1].Resolves = true
	a := *w.hears("falco", fire(Critical)).Alert
	by := incidents.Actor{Kind: incidents.User, ID: "slack:T1/UB", Name: "bob"}
	moved := a.AttachTo(9, by, "x", w.now)
	if from, to := moved.Do[0].Do.(incidents.DetachAlert), moved.Do[1].Do.(incidents.AttachAlert); from.Alert.Auto != "critical" || to.Alert.Auto != "" || moved.Alert.Auto != "" {
		t.Errorf("%+v", moved.Do)
	}
	off := a.Detach(by, "y", w.now)
	if was := off.Do[0].Do.(incidents.DetachAlert); was.Alert.Auto != "critical" || off.Alert.Auto != "" {
		t.Errorf("%+v", off.Do)
	}
}
