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
	_       struct{}             `doc:"Opsgenie or Jira Service Management: alerts, sent to /hooks/opsgenie by an outgoing webhook, for which it wants a key; and people woken through it, for which it wants an api_key. See docs/integrations/opsgenie.md."`
	Inbound integrations.Inbound `yaml:",inline"`

	APIKey integrations.Secret  `yaml:"api_key" example:"${OPSGENIE_API_KEY}" doc:"Wakes people: the key of an API integration there, with access to create and update. /incident page wakes whoever its team has on call, or the team, escalation, schedule or person that is named."`
	URL    integrations.BaseURL `yaml:"url" doc:"Where alerts are made to wake people. In the European region: https://api.eu.opsgenie.com. Jira Service Management: https://api.atlassian.com/jsm/ops/integration."`
	Travel integrations.Travel  `yaml:",inline"`
}

func defaults() *Config {
	return &Config{URL: "https://api.opsgenie.com", Travel: integrations.DefaultTravel()}
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if len(c.Inbound.Keys) == 0 && c.APIKey.Reveal() == "" {
		report("key", "is missing, and so is api_key: without the first anybody could send alerts, so none are taken, and without the second nobody can be woken. Make a key with: openssl rand -hex 24")
	}
	integrations.CheckSecrets("key", c.Inbound.Keys, report)
	c.APIKey.Sendable(func(sentence string) { report("api_key", sentence) })
	integrations.CheckURL("url", c.URL, report)
}

// Kind is Opsgenie.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, deps integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		in := integrations.Integration{Travel: c.Travel}
		if c.APIKey.Reveal() != "" {
			p, err := newPager(*c, deps)
			if err != nil {
				return in, err
			}
			in.Pager, in.Check = p.contract(), p.check
			if len(c.Inbound.Keys) == 0 {
				return in, nil
			}
		}
		in.Alerts = &integrations.Source{
			Try:  "create an alert of priority P5 there, and close it",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, c.Inbound) },
		}
		return in, nil
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
		SaidAt:      alert.At("updatedAt").Time(),
		Count:       alert.At("count").Count(),
		Labels:      labels,
	}
	// What we have made by paging somebody is about an incident of ours.
	status, ok := statuses[strings.ToLower(action)]
	ours := strings.HasPrefix(key, integrations.Ours)
	if ok && !ours {
		s.Status = status
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = alert.At("updatedAt").Time()
	}
	report := alerts.Report{Signals: []alerts.Signal{s}}
	if ours && (status == alerts.Acknowledged || status == alerts.Resolved) {
		report.Pages = []alerts.PageNews{{Key: key, Status: status, By: person(alert), At: alert.At("updatedAt").Time()}}
	}
	return report, nil
}

// person is who did it, where it was not Fireboss.
func person(alert integrations.JSON) string {
	if name := alert.At("username").Text(); name != us {
		return name
	}
	return ""
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
