package settings

import "fmt"

// Alerts is what becomes of alerts that come in.
type Alerts struct {
	Rules []AlertRule `yaml:"rules" doc:"What becomes of an alert is up to the first rule whose condition holds. A list here replaces all of these."`
}

// AlertRule says what becomes of the alerts that its condition holds for.
type AlertRule struct {
	Name     string       `yaml:"name,required" example:"critical" doc:"what the alert's decision is explained by"`
	When     string       `yaml:"when,required" example:"'alert.severity == \"critical\"'" doc:"an expression over alert, open and now"`
	Do       AlertAction  `yaml:"do,required" enum:"attach,declare,notify,ignore,page" example:"notify" doc:"attach: to the open incident; declare: open one; notify: say it in a channel, with buttons; page: wake somebody; ignore"`
	Severity string       `yaml:"severity" enum:"sev1,sev2,sev3,sev4,sev5,unset" doc:"declare: of the incident; left out, unset"`
	Title    string       `yaml:"title" doc:"declare: of the incident; left out, the alert's"`
	Type     IncidentType `yaml:"type" doc:"declare: of the incident"`
	Private  bool         `yaml:"private" doc:"declare: open it as private"`
	Channel  Channel      `yaml:"channel" doc:"notify: where; left out, slack.announce"`
	Reason   string       `yaml:"reason" doc:"ignore: why"`
	Shadow   bool         `yaml:"shadow" doc:"true: only note what it would have done"`
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

// Check wants rules that can be told apart.
func (a Alerts) Check(report func(key, sentence string)) {
	first := map[string]bool{}
	for i, r := range a.Rules {
		if first[r.Name] {
			report(fmt.Sprintf("rules[%d].name", i), fmt.Sprintf("an earlier rule is called %q too; names tell them apart", r.Name))
		}
		first[r.Name] = true
	}
}

func defaultAlerts() Alerts {
	return Alerts{Rules: []AlertRule{
		{Name: "same service", When: "open.same_service", Do: AlertAttach},
		{Name: "critical", When: `alert.severity == "critical"`, Do: AlertDeclare, Severity: "unset", Shadow: true},
		{Name: "the rest", When: "true", Do: AlertNotify, Channel: "#alerts"},
	}}
}
