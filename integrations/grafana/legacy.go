package grafana

import (
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// states are those of a rule of the alerting before unified alerting
// (github.com/grafana/grafana, v8.5, pkg/models/alert.go).
var states = map[string]alerts.Status{
	"alerting": alerts.Firing,
	"ok":       alerts.Resolved,
	"no_data":  alerts.NoData,
	"paused":   alerts.NoData, // it is not looked at: whether it is over nobody knows
	"unknown":  alerts.NoData,
}

// legacy reads one rule.
func legacy(body integrations.JSON, in integrations.Inbound) (alerts.Report, error) {
	state := strings.ToLower(body.At("state").Text())
	if state == "pending" {
		return alerts.Report{Nothing: "a rule whose condition does not hold for long enough yet"}, nil
	}
	status, ok := states[state]
	if !ok {
		status = alerts.Firing
	}
	if status == alerts.Firing && strings.HasSuffix(body.At("title").Text(), "Test notification") {
		status = alerts.Info // the button of a channel: nobody would say that it is over
	}
	labels, matches := body.At("tags").Texts(), body.At("evalMatches").List()
	lines := []string{body.At("message").Text()}
	for _, m := range matches {
		if m.Object() {
			lines = append(lines, m.At("metric").Text()+" = "+m.At("value").Text())
		}
	}
	if len(matches) == 1 { // else the rule is about more than one thing
		for name, value := range matches[0].At("tags").Texts() {
			if _, there := labels[name]; !there {
				labels[name] = value
			}
		}
	}
	rule := body.At("ruleId").Or(body.At("ruleName")).Text()
	return alerts.Report{Signals: []alerts.Signal{{
		Fingerprint: "rule:" + body.At("orgId").Text() + ":" + rule,
		Status:      status,
		Severity:    in.Rank(labels["severity"]),
		Title:       body.At("ruleName").Or(body.At("title")).Text(),
		Description: strings.Join(lines, "\n"),
		Service:     integrations.LabelledService(labels),
		URL:         body.At("ruleUrl").Text(),
		Labels:      labels,
	}}}, nil
}
