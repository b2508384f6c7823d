package prometheus

import (
	"errors"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/alertmanager"
)

// Name is the integration's.
const Name = "prometheus"

// Path is where Prometheus sends to below its path_prefix.
const Path = "/api/v2/alerts"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts from Prometheus itself, without an Alertmanager, sent to /hooks/prometheus/KEY/api/v2/alerts; see docs/integrations/prometheus.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is Prometheus.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "let a rule fire and look at prometheus_notifications_errors_total there",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	if body.Object() {
		return alerts.Report{}, errors.New("it is no list of alerts: this is where Prometheus itself sends; an Alertmanager sends to /hooks/alertmanager")
	}
	var report alerts.Report
	for _, a := range body.List() {
		if a.Object() {
			report.Signals = append(report.Signals, signal(r, a, in))
		}
	}
	if len(report.Signals) == 0 {
		report.Nothing = "a list without alerts"
	}
	return report, nil
}

func signal(r integrations.Request, a integrations.JSON, in integrations.Inbound) alerts.Signal {
	labels, notes := a.At("labels").Texts(), a.At("annotations").Texts()
	s := alerts.Signal{
		Fingerprint: "fp:" + integrations.LabelsFingerprint(labels),
		Group:       labels["alertname"],
		Status:      alerts.Firing,
		Severity:    in.Rank(labels["severity"]),
		Title:       alertmanager.Title(labels, notes),
		Description: alertmanager.Description(notes),
		Service:     integrations.LabelledService(labels),
		URL:         a.At("generatorURL").Text(),
		StartedAt:   a.At("startsAt").Time(),
		Labels:      labels,
	}
	switch ends := a.At("endsAt").Time(); {
	case ends.Year() <= 1: // it was left out
	case ends.After(r.At):
		s.Expires = ends
	default:
		s.Status, s.EndedAt = alerts.Resolved, ends
	}
	return s
}
