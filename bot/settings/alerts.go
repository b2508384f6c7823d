package settings

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fireboss/incidents/alerts"
)

// Alerts is what becomes of alerts that come in.
type Alerts struct {
	Keep     Duration `yaml:"keep" doc:"How long alerts are kept that are over and belong to no incident; 0: for ever."`
	Flapping Flapping `yaml:"flapping,flow" doc:"An alert that begins and ends again and again is damped: it stays one alert, and nobody is told of each turn."`
	// ResolveAfter counts where rules say resolve: auto.
	ResolveAfter Duration    `yaml:"resolve_after" doc:"Where rules say resolve: auto, an incident is resolved once its alerts have been over for so long; 0: it goes to monitoring and no further."`
	Storm        Storm       `yaml:"storm,flow" doc:"When rules would declare many incidents at once, what is beyond becomes one incident."`
	Rules        []AlertRule `yaml:"rules" doc:"What becomes of an alert is up to the first rule whose condition holds. A list here replaces all of these."`

	Heartbeats []AlertHeartbeat `yaml:"heartbeats" doc:"Alerts that fire as long as all is well, such as Watchdog of Prometheus. Nobody is told of them; that one has stopped is an alert. A list here replaces this one."`
	Unusual    AlertRates       `yaml:"unusual,flow" doc:"When a source sends far more alerts in an hour than in its last four weeks, or has gone silent, that is an alert of its own."`
	Digest     Cron             `yaml:"digest" doc:"When the noise of the week is told where the first rule that notifies tells of alerts, by the zone of clock.calendar; empty is never."`

	Silences []SilenceWindow `yaml:"silences" doc:"When alerts are silenced again and again, such as while backups run. They are kept all the same, and the rules are asked about what is not over when a window ends."`
}

// AlertRule says what becomes of the alerts that its condition holds for.
type AlertRule struct {
	Name     string           `yaml:"name,required" example:"critical" doc:"what the alert's decision is explained by; not over, silenced, flapping or refused, which are Fireboss's own"`
	When     alerts.Condition `yaml:"when,required" example:"'alert.severity == \"critical\"'" doc:"an expression over alert, open and now; see docs/alerts.md"`
	Do       AlertAction      `yaml:"do,required" enum:"attach,declare,notify,ignore,page" example:"notify" doc:"attach: to the open incident; declare: open one; notify: say it in a channel, with buttons; page: wake somebody; ignore"`
	Severity string           `yaml:"severity" enum:"sev1,sev2,sev3,sev4,sev5,unset,suggested" doc:"declare, page: of the incident; suggested: what is suggested; left out, unset"`
	Title    alerts.Title     `yaml:"title" doc:"declare, page: of the incident, with expressions between {{ and }}: '{{alert.service}}: {{alert.title}}'; left out, the alert's"`
	Type     IncidentType     `yaml:"type" doc:"declare, page: of the incident"`
	Private  bool             `yaml:"private" doc:"declare, page: open it as private"`
	Roles    AlertRoles       `yaml:"roles,flow" doc:"declare, page: who has a role in it, a person or a user group: {commander: \"@oncall\"}"`
	Resolve  string           `yaml:"resolve" enum:"suggest,auto" doc:"declare, attach, page: what comes once all alerts of the incident are over; auto: monitoring, then resolved; left out, suggest"`
	Page     Line             `yaml:"page" doc:"page: whom, as page WHO says it; left out, whoever is on call"`
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

// AlertRoles are who has which role in an incident that a rule declares.
type AlertRoles map[string]Invitee

// CheckKey takes a word; which roles there are is found out later.
func (AlertRoles) CheckKey(key string) error {
	var w Word
	return w.UnmarshalText([]byte(key))
}

// Check refuses keys that the rule's action would not look at: whoever wrote them expects something of them.
func (r AlertRule) Check(report func(key, sentence string)) {
	for _, k := range []struct {
		key  string
		set  bool
		only []AlertAction
	}{
		{"severity", r.Severity != "", declares},
		{"title", r.Title != "", declares},
		{"type", r.Type != "", declares},
		{"private", r.Private, declares},
		{"roles", len(r.Roles) > 0, declares},
		{"resolve", r.Resolve != "", []AlertAction{AlertDeclare, AlertAttach, AlertPage}},
		{"page", r.Page != "", []AlertAction{AlertPage}},
		{"channel", r.Channel != "", []AlertAction{AlertNotify}},
		{"reason", r.Reason != "", []AlertAction{AlertIgnore}},
	} {
		if k.set && r.Do != "" && !slices.Contains(k.only, r.Do) {
			var words []string
			for _, a := range k.only {
				words = append(words, string(a))
			}
			report(k.key, fmt.Sprintf("counts only where do is %s; here do is %s", orList(words), r.Do))
		}
	}
}

// declares are the actions that open an incident.
var declares = []AlertAction{AlertDeclare, AlertPage}

// checkRoles wants roles that there are.
func (a Alerts) checkRoles(roles Roles, report func(key, sentence string)) {
	var names []string
	known := map[string]bool{}
	for _, r := range roles {
		names = append(names, string(r.Name))
		known[string(r.Name)] = true
		for _, alias := range r.Aliases {
			known[string(alias)] = true
		}
	}
	for i, rule := range a.Rules {
		for _, name := range slices.Sorted(maps.Keys(rule.Roles)) {
			if !known[name] {
				report(fmt.Sprintf("alerts.rules[%d].roles.%s", i, name), fmt.Sprintf("there is no role %s; the roles are %s", name, orList(names)))
			}
		}
	}
}

// Check wants rules and heartbeats that can be told apart.
func (a Alerts) Check(report func(key, sentence string)) {
	first := map[string]bool{}
	for i, r := range a.Rules {
		if slices.Contains(alerts.OwnRules, r.Name) {
			report(fmt.Sprintf("rules[%d].name", i), fmt.Sprintf("%q is what Fireboss calls a decision of its own; call the rule something else, such as %q", r.Name, "my "+r.Name))
		}
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
	windows := map[string]bool{}
	for i, w := range a.Silences {
		if windows[w.Name] {
			report(fmt.Sprintf("silences[%d].name", i), fmt.Sprintf("an earlier window is called %q too; names tell them apart", w.Name))
		}
		windows[w.Name] = true
	}
}

func defaultAlerts() Alerts {
	return Alerts{
		Keep:         Duration(90 * 24 * time.Hour),
		ResolveAfter: Duration(15 * time.Minute),
		Flapping:     Flapping{Turns: 6, Within: Duration(30 * time.Minute)},
		Storm:        Storm{Declared: 5, Within: Duration(5 * time.Minute)},
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
