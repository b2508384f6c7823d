package splunk

import (
	"errors"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "splunk"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts of searches in Splunk, sent to /hooks/splunk; see docs/integrations/splunk.md."`
	Inbound integrations.Inbound `yaml:",inline"`
	Fields  []string             `yaml:"fields,single" example:"[host, src_ip]" doc:"The fields of a result by which the alerts of one search are told apart."`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is Splunk.
var Kind = integrations.Kind{
	Name: Name,
	Config: func() any {
		return &Config{Inbound: integrations.Inbound{Quiet: 24 * time.Hour}, Fields: []string{"host"}}
	},
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  `search for: | makeresults | sendalert webhook param.url="THE ADDRESS/THE-KEY"`,
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet, Read: c.read,
		}}, nil
	},
}

func (c *Config) read(r integrations.Request) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	row := texts(body.At("result"))
	search := body.At("search_name").Text()
	if row["alert_name"] != "" {
		search = row["alert_name"]
	}
	if search == "" {
		search = nameless(body.At("sid").Text())
	}
	if search == "" {
		return alerts.Report{}, errors.New("it has neither a \"search_name\" nor a \"sid\": the body of Splunk's webhook action is expected")
	}
	s := alerts.Signal{
		Fingerprint: c.fingerprint(search, row),
		Status:      alerts.Firing,
		Severity:    c.Inbound.Rank(first(row, "severity", "urgency")),
		Title:       search,
		Description: first(row, "message", "description", "_raw"),
		Service:     first(row, "service", "service_name", "host"),
		URL:         body.At("results_link").Text(),
		StartedAt:   integrations.ReadTime(row["_time"]),
		Labels:      labels(body, row),
	}
	if over(row["alert_status"]) {
		s.Status, s.StartedAt, s.EndedAt = alerts.Resolved, time.Time{}, s.StartedAt
	}
	return alerts.Report{ID: delivery(body), Signals: []alerts.Signal{s}}, nil
}

// over says whether a search that looks for the end of something says so, in a field of its own making.
func over(status string) bool {
	return strings.EqualFold(status, "resolved") || strings.EqualFold(status, "cleared")
}

// fingerprint is the search and what it found it on; sid is another one at each run.
func (c *Config) fingerprint(search string, row map[string]string) string {
	parts := []string{"splunk", search}
	for _, name := range c.Fields {
		parts = append(parts, row[name])
	}
	return strings.Join(parts, ":")
}
