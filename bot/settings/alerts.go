package settings

import (
	"fmt"
	"time"

	"fireboss/incidents/alerts"
)

// Alerts is what becomes of alerts that come in.
type Alerts struct {
	Keep     Duration    `yaml:"keep" doc:"How long alerts are kept that are over and belong to no incident; 0: for ever."`
	Flapping Flapping    `yaml:"flapping,flow" doc:"An alert that begins and ends again and again is damped: it stays one alert, and nobody is told of each turn."`
	Storm    Storm       `yaml:"storm,flow" doc:"When rules would declare many incidents at once, what is beyond becomes one incident."`
	Rules    []AlertRule `yaml:"rules" doc:"What becomes of an alert is up to the first rule whose condition holds. A list here replaces all of these."`

	Heartbeats []AlertHeartbeat `yaml:"heartbeats" doc:"Alerts that fire as long as all is well, such as Watchdog of Prometheus. Nobody is told of them; that one has stopped is an alert. A list here replaces this one."`
	Unusual    AlertRates       `yaml:"unusual,flow" doc:"When a source sends far more alerts in an hour than in its last four weeks, or has gone silent, that is an alert of its own."`
	Digest     Cron             `yaml:"digest" doc:"When the noise of the week is told where the first rule that notifies tells of alerts, by the zone of clock.calendar; empty is never."`
}

// AlertRule says what becomes of the alerts that its condition holds for.
type AlertRule struct {
	Name     string           `yaml:"name,required" example:"critical" doc:"what the alert's decision is explained by"`
	When     alerts.Condition `yaml:"when,required" example:"'alert.severity == \"critical\"'" doc:"an expression over alert, open and now; see docs/alerts.md"`
	Do       AlertAction      `yaml:"do,required" enum:"attach,declare,notify,ignore,page" example:"notify" doc:"attach: to the open incident; declare: open one; notify: say it in a channel, with buttons; page: wake somebody; ignore"`
	Severity string           `yaml:"severity" enum:"sev1,sev2,sev3,sev4,sev5,unset" doc:"declare: of the incident; left out, unset"`
	Title    string           `yaml:"title" doc:"declare: of the incident; left out, the alert's"`
	Type     IncidentType     `yaml:"type" doc:"declare: of the incident"`
	Private  bool             `yaml:"private" doc:"declare: open it as private"`
	Channel  Channel          `yaml:"channel" doc:"notify: where; left out, slack.announce"`
	Reason   string           `yaml:"reason" doc:"ignore: why"`
	Shadow   bool             `yaml:"shadow" doc:"true: only note what it would have done"`
}

// Flapping is when an alert is damped.
type Flapping struct {
	Turns  int      `yaml:"turns" min:"0" max:"1000" doc:"more changes than this; 0: never"`
	Within Duration `yaml:"within" doc:"within so long"`
}

// Storm is when declarations are folded.
type Storm struct {
	Declared int      `yaml:"declared" min:"0" max:"1000" doc:"more incidents declared by rules than this; 0: never"`
	Within   Duration `yaml:"within" doc:"within so long"`
}

// AlertAction is what a rule does.
type AlertAction string

// What a rule can do.
const (
	AlertAttach  AlertAction = "attach"  // to the open incident that the condition found
	AlertDeclare AlertAction = "declare" // an incident
	AlertNotify  AlertAction = "notify"  // a channel, with buttons to decide
	AlertIgnore  AlertAction = "ignore"
	AlertPage    AlertAction = "page" // somebody, through the paging integration
)

// Check refuses keys that the rule's action would not look at: whoever wrote them expects something of them.
func (r AlertRule) Check(report func(key, sentence string)) {
	for _, k := range []struct {
		key  string
		set  bool
		only AlertAction
	}{
		{"severity", r.Severity != "", AlertDeclare},
		{"title", r.Title != "", AlertDeclare},
		{"type", r.Type != "", AlertDeclare},
		{"private", r.Private, AlertDeclare},
		{"channel", r.Channel != "", AlertNotify},
		{"reason", r.Reason != "", AlertIgnore},
	} {
		if k.set && r.Do != "" && r.Do != k.only {
			report(k.key, fmt.Sprintf("counts only where do is %s; here do is %s", k.only, r.Do))
		}
	}
}

// Check wants rules and heartbeats that can be told apart.
func (a Alerts) Check(report func(key, sentence string)) {
	first := map[string]bool{}
	for i, r := range a.Rules {
		if first[r.Name] {
			report(fmt.Sprintf("rules[%d].name", i), fmt.Sprintf("an earlier rule is called %q too; names tell them apart", r.Name))
		}
		first[r.Name] = true
	}
	first = map[string]bool{}
	for i, h := range a.Heartbeats {
		if first[h.Name] {
			report(fmt.Sprintf("heartbeats[%d].name", i), fmt.Sprintf("an earlier heartbeat is called %q too; names tell them apart", h.Name))
		}
		first[h.Name] = true
	}
}

func defaultAlerts() Alerts {
	return Alerts{
		Keep:     Duration(90 * 24 * time.Hour),
		Flapping: Flapping{Turns: 6, Within: Duration(30 * time.Minute)},
		Storm:    Storm{Declared: 5, Within: Duration(5 * time.Minute)},
		Rules: []AlertRule{
			{Name: "same service", When: "open.same_service", Do: AlertAttach},
			{Name: "critical", When: `alert.severity == "critical"`, Do: AlertDeclare, Severity: "unset", Shadow: true},
			{Name: "the rest", When: "true", Do: AlertNotify, Channel: "#alerts"},
		},
		Heartbeats: defaultHeartbeats(),
		Unusual:    defaultRates(),
		Digest:     "0 9 * * 1",
	}
}
