package defender

import (
	"errors"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "defender"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts and incidents of Microsoft Defender XDR, sent to /hooks/defender; see docs/integrations/defender.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// limit is how large a body may be, in bytes: an alert has all of its evidence in it.
const limit = 5 << 20

// Kind is Microsoft Defender.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{Inbound: integrations.Inbound{Quiet: 24 * time.Hour}} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "let the logic app, or what stands in cron, run once by hand",
			Keys: in.Keys, Quiet: in.Quiet, Limit: limit,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	all := body.List()
	if body.At("value").Is() { // as both APIs answer
		all = body.At("value").List()
	}
	var report alerts.Report
	notices := 0
	for _, o := range all {
		switch {
		case o.At("resourceData").Is() || o.At("data", "resourceData").Is():
			notices++
		case isIncident(o):
			report.Signals = append(report.Signals, incident(o, in)...)
		case isAlert(o):
			report.Signals = append(report.Signals, alert(o, o.At("incidentId").Text(), in))
		}
	}
	switch {
	case len(report.Signals) > 0:
		return report, nil
	case notices > 0:
		return report, errors.New("it is a notice that something changed, without the alert: let a flow fetch the alert from Graph and send that")
	case body.At("value").Is() && len(all) == 0:
		report.Nothing = "a list without alerts"
		return report, nil
	}
	return report, errors.New("it has no alert: one has an \"id\", a \"title\" and a \"severity\", as Microsoft Graph's alerts_v2 writes it")
}

// isIncident tells an incident from an alert: an alert has a title, an incident a display name.
func isIncident(o integrations.JSON) bool {
	return o.At("id").Text() != "" && o.At("displayName").Text() != "" && o.At("title").Text() == ""
}

func isAlert(o integrations.JSON) bool {
	return o.At("id").Text() != "" && (o.At("title").Text() != "" || o.At("severity").Text() != "")
}

// incident is its alerts, where they are in it, else the incident as one alert.
func incident(o integrations.JSON, in integrations.Inbound) []alerts.Signal {
	id := o.At("id").Text()
	var within []alerts.Signal
	for _, a := range o.At("alerts").List() {
		if isAlert(a) {
			within = append(within, alert(a, id, in))
		}
	}
	if len(within) > 0 {
		return within
	}
	s := alerts.Signal{
		Fingerprint: "defender-incident:" + id,
		Group:       id,
		Status:      status(o.At("status").Text()),
		Severity:    in.Rank(o.At("severity").Text()),
		Title:       o.At("displayName").Text(),
		Description: o.At("description").Or(o.At("summary")).Text(),
		URL:         o.At("incidentWebUrl").Text(),
		StartedAt:   o.At("createdDateTime").Time(),
		SaidAt:      o.At("lastUpdateDateTime").Time(),
		Labels:      texts(map[string]integrations.JSON{"incident": o.At("id"), "assigned_to": o.At("assignedTo"), "classification": o.At("classification")}),
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = o.At("lastUpdateDateTime").Time()
	}
	return []alerts.Signal{s}
}
