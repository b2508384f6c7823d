package sentry

import (
	"errors"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "sentry"

// The headers of a delivery.
const (
	resourceHeader  = "Sentry-Hook-Resource"
	requestHeader   = "Request-ID"
	signatureHeader = "Sentry-Hook-Signature"
)

// Config are the settings.
type Config struct {
	_       struct{}              `doc:"Issues and alerts of Sentry, sent to /hooks/sentry; see docs/integrations/sentry.md."`
	Secrets []integrations.Secret `yaml:"secret,single" example:"\"${SENTRY_CLIENT_SECRET}\"" doc:"The client secret of the internal integration, by which Sentry signs; a list while it is being changed. Where there is one, a key is of no use."`
	Inbound integrations.Inbound  `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if len(c.Secrets)+len(c.Inbound.Keys) == 0 {
		report("secret", "is missing: without it anybody could send alerts. It is the client secret of the internal integration")
	}
	integrations.CheckSecrets("secret", c.Secrets, report)
	integrations.CheckSecrets("key", c.Inbound.Keys, report)
}

// Kind is Sentry.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		s := &integrations.Source{
			Try:  "press Send Test Notification in an alert rule",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet,
			Headers: []string{resourceHeader, requestHeader},
			Read:    func(r integrations.Request) (alerts.Report, error) { return read(r, c.Inbound) },
		}
		if len(c.Secrets) > 0 {
			s.Verify = func(r integrations.Request) error {
				return integrations.Signature{Secrets: c.Secrets}.Verify(r.Body, r.Header.Values(signatureHeader)...)
			}
		}
		return integrations.Integration{Alerts: s}, nil
	},
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	if !body.At("action").Is() || !body.At("data").Object() {
		return alerts.Report{}, errors.New("it has no \"action\" or no \"data\": the body of a webhook of Sentry's integration platform is expected")
	}
	report := alerts.Report{ID: r.Header.Get(requestHeader)}
	var s alerts.Signal
	switch resource(r, body) {
	case "issue", "activity_alert":
		s = issue(body, in)
	case "event_alert":
		s = event(body, in)
	case "metric_alert":
		s = metric(body, in)
	case "installation":
		report.Nothing = "Sentry's integration was installed or taken away"
		return report, nil
	case "comment":
		report.Nothing = "a comment"
		return report, nil
	case "error":
		report.Nothing = "a single error, which its issue tells of"
		return report, nil
	default:
		report.Nothing = "something of Sentry's that is no issue and no alert"
		return report, nil
	}
	if s.Fingerprint == "" {
		return alerts.Report{}, errors.New("it has no id of an issue or a metric alert")
	}
	report.Signals = []alerts.Signal{s}
	return report, nil
}

// resource is which sort it is: as the header says, else by what it has.
func resource(r integrations.Request, body integrations.JSON) string {
	if said := r.Header.Get(resourceHeader); said != "" {
		return strings.ToLower(said)
	}
	for _, c := range []struct{ field, resource string }{
		{"metric_alert", "metric_alert"}, {"event", "event_alert"}, {"issue", "issue"}, {"installation", "installation"}, {"comment", "comment"}, {"error", "error"},
	} {
		if body.At("data", c.field).Is() {
			return c.resource
		}
	}
	return ""
}
