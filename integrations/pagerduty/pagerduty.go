package pagerduty

import (
	"errors"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "pagerduty"

// Config are the settings.
type Config struct {
	_       struct{}              `doc:"PagerDuty: its incidents, sent to /hooks/pagerduty by a webhook of version 3, for which it wants a secret, or a key; and people woken through it, for which it wants a routing key. See docs/integrations/pagerduty.md."`
	Secrets []integrations.Secret `yaml:"secret,single" example:"\"${PAGERDUTY_SECRET}\"" doc:"The webhook's signing secret, which PagerDuty shows once. Where it is set, a key alone does not serve. A list of those of several webhooks, or while one is being changed."`
	Inbound integrations.Inbound  `yaml:",inline"`

	RoutingKey integrations.Secret            `yaml:"routing_key" example:"${PAGERDUTY_ROUTING_KEY}" doc:"Wakes people: the integration key of an Events API v2 integration of a service there. /incident page wakes whoever is on call for that service."`
	Services   map[string]integrations.Secret `yaml:"services" example:"{checkout: \"${PAGERDUTY_CHECKOUT_KEY}\"}" doc:"Services that have an integration key of their own there; all others are woken for by routing_key, where there is one."`
	URL        integrations.BaseURL           `yaml:"url" doc:"Where events are sent to wake people; in the European service region: https://events.eu.pagerduty.com."`
	Travel     integrations.Travel            `yaml:",inline"`
}

func defaults() *Config {
	return &Config{URL: "https://events.pagerduty.com", Travel: integrations.DefaultTravel()}
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if !c.takes() && !c.pages() {
		report("secret", "is missing, and so are key and routing_key: without one of the first two anybody could send alerts, so none are taken, and without the last nobody can be woken. PagerDuty shows the secret when the webhook is made")
	}
	integrations.CheckSecrets("secret", c.Secrets, report)
	integrations.CheckSecrets("key", c.Inbound.Keys, report)
	c.RoutingKey.Sendable(func(sentence string) { report("routing_key", sentence) })
	for name, key := range c.Services {
		key.Sendable(func(sentence string) { report("services", name+": "+sentence) })
		if key.Reveal() == "" {
			report("services", name+" has no key")
		}
	}
	integrations.CheckURL("url", c.URL, report)
}

// takes says whether the settings let alerts in.
func (c Config) takes() bool { return len(c.Secrets) > 0 || len(c.Inbound.Keys) > 0 }

// limit is how large a delivery may be, in bytes: PagerDuty's own bound.
const limit = 2 << 20

// Kind is PagerDuty.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, deps integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		in := integrations.Integration{Travel: c.Travel}
		if c.pages() {
			p, err := newPager(*c, deps)
			if err != nil {
				return in, err
			}
			in.Pager, in.Check = p.contract(), p.check
			if !c.takes() {
				return in, nil
			}
		}
		in.Alerts = c.source()
		return in, nil
	},
}

func (c *Config) source() *integrations.Source {
	s := &integrations.Source{
		Try:  "press Send Test Event on the webhook's page",
		Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet, Limit: limit,
		Read: func(r integrations.Request) (alerts.Report, error) { return read(r, c.Inbound) },
	}
	if len(c.Secrets) > 0 {
		s.Verify = c.verify
	}
	return s
}

// verify checks the codes of version 1, of which there are several while a secret is being changed. Other versions are
// left to whoever knows them.
func (c *Config) verify(r integrations.Request) error {
	var codes []string
	for _, header := range r.Header.Values("X-PagerDuty-Signature") {
		for code := range strings.SplitSeq(header, ",") {
			if code, ok := strings.CutPrefix(strings.TrimSpace(code), "v1="); ok {
				codes = append(codes, code)
			}
		}
	}
	return integrations.Signature{Secrets: c.Secrets}.Verify(r.Body, codes...)
}

// statuses are what the events of an incident make of it (https://developer.pagerduty.com/docs/webhook-behavior). What is
// not here changes only what is known of it.
var statuses = map[string]alerts.Status{
	"incident.triggered":      alerts.Firing,
	"incident.reopened":       alerts.Firing,
	"incident.unacknowledged": alerts.Firing,
	"incident.acknowledged":   alerts.Acknowledged,
	"incident.resolved":       alerts.Resolved,
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	event := body.At("event")
	kind := event.At("event_type").Text()
	switch {
	case body.At("messages").Is():
		return alerts.Report{}, errors.New("it is of version 1 or 2 of PagerDuty's webhooks, which are no more: make a generic webhook of version 3")
	case kind == "":
		return alerts.Report{}, errors.New("it has no \"event\" with an \"event_type\": make a generic webhook of version 3")
	}
	report, data := alerts.Report{ID: event.At("id").Text()}, event.At("data")
	switch {
	case kind == "pagey.ping":
		report.Nothing = "a ping"
	case !strings.HasPrefix(kind, "incident."):
		report.Nothing = "an event that is not of an incident: " + kind
	case data.At("type").Text() != "incident" || data.At("id").Text() == "": // a note, a responder, a status update, a workflow
		report.Nothing = "an event that says nothing of the incident itself: " + kind
	default:
		report.Signals = []alerts.Signal{signal(kind, event, in)}
		if status := statuses[kind]; ours(data) && (status == alerts.Acknowledged || status == alerts.Resolved) {
			report.Pages = []alerts.PageNews{{Key: data.At("incident_key").Text(), Status: status, By: person(event), At: event.At("occurred_at").Time()}}
		}
	}
	if len(report.Nothing) > 200 {
		report.Nothing = "an event of another sort"
	}
	return report, nil
}

func signal(kind string, event integrations.JSON, in integrations.Inbound) alerts.Signal {
	d := event.At("data")
	s := alerts.Signal{
		Fingerprint: "pd:" + d.At("id").Text(),
		Status:      alerts.Update,
		Severity:    rank(d, in),
		Title:       d.At("title").Or(d.At("summary")).Text(),
		Service:     d.At("service", "summary").Text(),
		URL:         d.At("html_url").Text(),
		StartedAt:   d.At("created_at").Time(),
		SaidAt:      event.At("occurred_at").Time(),
		Labels:      labels(d),
	}
	if s.Title == "" && d.At("number").Text() != "" {
		s.Title = "Incident #" + d.At("number").Text()
	}
	if status, ok := statuses[kind]; ok && !ours(d) {
		s.Status = status
	}
	switch s.Status {
	case alerts.Firing:
		if s.StartedAt.IsZero() && kind == "incident.triggered" {
			s.StartedAt = event.At("occurred_at").Time()
		}
	case alerts.Resolved:
		s.EndedAt = d.At("resolved_at").Or(event.At("occurred_at")).Time()
	}
	return s
}

// ours says whether we have made the incident by paging somebody: it is about an incident of Fireboss.
func ours(d integrations.JSON) bool {
	return strings.HasPrefix(d.At("incident_key").Text(), integrations.Ours)
}

// person is who did it, where somebody did.
func person(event integrations.JSON) string {
	agent := event.At("agent")
	if kind := agent.At("type").Text(); kind != "user_reference" && kind != "user" {
		return ""
	}
	return agent.At("summary").Text()
}

// rank is the priority where it is a known word, else the urgency, which is high or low.
func rank(d integrations.JSON, in integrations.Inbound) alerts.Severity {
	for _, word := range []string{d.At("priority", "summary").Text(), d.At("urgency").Text()} {
		if s, ok := in.Known(word); ok {
			return s
		}
	}
	return alerts.Medium
}

func labels(d integrations.JSON) map[string]string {
	all := map[string]string{}
	for name, value := range map[string]integrations.JSON{
		"number": d.At("number"), "urgency": d.At("urgency"), "priority": d.At("priority", "summary"), "incident_key": d.At("incident_key"),
		"escalation_policy": d.At("escalation_policy", "summary"), "incident_type": d.At("incident_type", "name"),
	} {
		if value.Text() != "" {
			all[name] = value.Text()
		}
	}
	for _, team := range d.At("teams").List() {
		if name := team.At("summary").Text(); name != "" {
			all["team"] = name // the first of them
			break
		}
	}
	return all
}
