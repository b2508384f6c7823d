package opsgenie

import (
	"cmp"
	"errors"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "opsgenie"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts of Opsgenie or Jira Service Management, sent to /hooks/opsgenie by an outgoing webhook; see docs/integrations/opsgenie.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is Opsgenie.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}

// statuses are what the actions make of an alert; what is not here changes only what is known of it.
var statuses = map[string]alerts.Status{
	"create":        alerts.Firing,
	"unacknowledge": alerts.Firing,
	"acknowledge":   alerts.Acknowledged,
	"close":         alerts.Resolved,
	"delete":        alerts.Resolved,
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	action, alert := body.At("action").Text(), body.At("alert")
	key := alert.At("alias").Or(alert.At("alertId"), alert.At("id")).Text()
	switch {
	case action == "" || !alert.Object():
		return alerts.Report{}, errors.New("it has no \"action\" or no \"alert\": it is no delivery of Opsgenie's webhook integration")
	case key == "":
		return alerts.Report{}, errors.New("its alert has neither \"alias\" nor \"alertId\": it is no delivery of Opsgenie's webhook integration")
	}
	labels := labels(body, alert)
	s := alerts.Signal{
		Fingerprint: "og:" + key,
		Status:      alerts.Update,
		Severity:    priority(alert, in),
		Title:       alert.At("message").Text(),
		Description: alert.At("description").Text(),
		Service:     cmp.Or(integrations.LabelledService(labels), alert.At("entity").Text()),
		URL:         alert.At("url").Text(),
		StartedAt:   alert.At("createdAt").Or(alert.At("insertedAt")).Time(),
		Count:       alert.At("count").Count(),
		Labels:      labels,
	}
	// What we have made by paging somebody is about an incident of ours.
	if status, ok := statuses[strings.ToLower(action)]; ok && !strings.HasPrefix(key, integrations.Ours) {
		s.Status = status
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = alert.At("updatedAt").Time()
	}
	return alerts.Report{Signals: []alerts.Signal{s}}, nil
}

// priority is P1 to P5, or its number alone.
func priority(alert integrations.JSON, in integrations.Inbound) alerts.Severity {
	word := alert.At("priority").Text()
	if len(word) == 1 && word >= "1" && word <= "5" {
		word = "P" + word
	}
	return in.Rank(word)
}

// labels are the alert's details, its tags that have a value as in env:prod, and where it comes from. The other tags
// are together in one.
func labels(body, alert integrations.JSON) map[string]string {
	all := alert.At("details").Texts()
	put := func(name, value string) {
		if _, there := all[name]; !there && name != "" && value != "" {
			all[name] = value
		}
	}
	var words []string
	for _, tag := range alert.At("tags").List() {
		if name, value, ok := strings.Cut(tag.Text(), ":"); ok {
			put(strings.TrimSpace(name), strings.TrimSpace(value))
		} else if tag.Text() != "" {
			words = append(words, tag.Text())
		}
	}
	put("tags", strings.Join(words, ", "))
	put("entity", alert.At("entity").Text())
	put("number", alert.At("tinyId").Text())
	put("alert_source", alert.At("source").Text())
	put("integration", body.At("integrationName").Text())
	return all
}
