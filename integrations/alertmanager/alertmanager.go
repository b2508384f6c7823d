package alertmanager

import (
	"errors"
	"net/url"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "alertmanager"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts from Prometheus' Alertmanager, sent to /hooks/alertmanager; see docs/integrations/alertmanager.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is Alertmanager.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "amtool alert add FirebossTest severity=info --alertmanager.url=http://127.0.0.1:9093",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) {
				body, err := integrations.ReadJSON(r.Body)
				if err != nil {
					return alerts.Report{}, err
				}
				return Read(body, in)
			},
		}}, nil
	},
}

// Read reads a notification: a group, and each of its alerts with a status of its own (that of the group says firing as
// long as one of them does). What is over of a group that was too long to be told whole is all of it.
func Read(body integrations.JSON, in integrations.Inbound) (alerts.Report, error) {
	if !body.At("alerts").Is() {
		return alerts.Report{}, errors.New("it has no \"alerts\": send the receiver's own payload, without a template, or use the integration webhook")
	}
	var report alerts.Report
	group := body.At("groupKey").Text()
	for _, a := range body.At("alerts").List() {
		if a.Object() {
			report.Signals = append(report.Signals, signal(body, a, group, in))
		}
	}
	if over(body, body.At("status").Text()) && body.At("truncatedAlerts").Count() > 0 && group != "" {
		report.Groups = []string{group}
	}
	if len(report.Signals)+len(report.Groups) == 0 {
		report.Nothing = "a notification without alerts"
	}
	return report, nil
}

// over says whether a status is resolved, which versions before 0.19 say of the group alone.
func over(body integrations.JSON, status string) bool {
	if status == "" {
		status = body.At("status").Text()
	}
	return strings.EqualFold(status, "resolved")
}

func signal(body, a integrations.JSON, group string, in integrations.Inbound) alerts.Signal {
	labels, notes := a.At("labels").Texts(), a.At("annotations").Texts()
	fingerprint := a.At("fingerprint").Text()
	if fingerprint == "" { // before version 0.19
		fingerprint = integrations.LabelsFingerprint(labels)
	}
	s := alerts.Signal{
		Fingerprint: "fp:" + fingerprint,
		Group:       group,
		Status:      alerts.Firing,
		Severity:    in.Rank(labels["severity"]),
		Title:       Title(labels, notes),
		Description: Description(notes),
		Service:     integrations.LabelledService(labels),
		URL:         absolute(a.At("generatorURL").Text(), body.At("externalURL").Text()),
		StartedAt:   a.At("startsAt").Time(),
		Labels:      labels,
	}
	if over(body, a.At("status").Text()) {
		s.Status, s.EndedAt = alerts.Resolved, a.At("endsAt").Time()
	}
	return s
}

// Title is what an alert says of itself in one line: its summary, else its name and where it is.
func Title(labels, notes map[string]string) string {
	for _, name := range []string{"summary", "title", "message"} {
		if notes[name] != "" {
			return notes[name]
		}
	}
	if where := labels["instance"]; where != "" && labels["alertname"] != "" {
		return labels["alertname"] + " on " + where
	}
	return labels["alertname"]
}

// Description is what else it says: its description and where to read on.
func Description(notes map[string]string) string {
	var lines []string
	for _, name := range []string{"description", "runbook_url"} {
		if notes[name] != "" {
			lines = append(lines, notes[name])
		}
	}
	return strings.Join(lines, "\n")
}

// absolute is an address below a base where it is relative, as some of Grafana's are.
func absolute(address, base string) string {
	b, err := url.Parse(base)
	if err != nil || address == "" {
		return address
	}
	u, err := b.Parse(address)
	if err != nil {
		return ""
	}
	return u.String()
}
