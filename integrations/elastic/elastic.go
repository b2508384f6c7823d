package elastic

import (
	"errors"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "elastic"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts from Kibana's rules, Watcher and Elastic Security, sent to /hooks/elastic; see docs/integrations/elastic.md."`
	Inbound integrations.Inbound `yaml:",inline"`
	Lasts   time.Duration        `yaml:"lasts" doc:"How long an alert is taken to last that nobody ends: of Watcher and of detection rules. Each word of it starts anew; 0: for ever."`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// limit is how large a body may be, in bytes: a detection rule sends up to a hundred documents at once.
const limit = 5 << 20

// Kind is Elastic.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{Lasts: 24 * time.Hour} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "press Run on the Test tab of the connector",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet, Limit: limit, Read: c.read,
		}}, nil
	},
}

// read tells the sorts apart: documents of .alerts-*, the template for Kibana's rules, that for Watcher.
func (c *Config) read(r integrations.Request) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	found, some, err := documents(body)
	switch {
	case err != nil:
		return alerts.Report{}, err
	case some:
		return c.detections(r, found)
	case body.At("rule", "id").Text() != "":
		return c.kibana(body), nil
	case watch(body) != "":
		return c.watcher(r, body), nil
	}
	return alerts.Report{}, errors.New("it is none of the bodies that docs/integrations/elastic.md has: of Kibana's webhook connector, of Watcher, or documents of .alerts-*")
}

// expires is when an alert is over that nobody ends.
func (c *Config) expires(r integrations.Request) time.Time {
	if c.Lasts <= 0 {
		return time.Time{}
	}
	return r.At.Add(c.Lasts)
}
