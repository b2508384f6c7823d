package sentinelone

import (
	"errors"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "sentinelone"

// Config are the settings.
type Config struct {
	_           struct{}             `doc:"Threats of SentinelOne, sent to /hooks/sentinelone; see docs/integrations/sentinelone.md."`
	Inbound     integrations.Inbound `yaml:",inline"`
	CustomRules bool                 `yaml:"custom_rules" doc:"true: an activity that tells of an alert of a custom rule (STAR) is an alert here, not only a threat."`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is SentinelOne.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{Inbound: integrations.Inbound{Quiet: 24 * time.Hour}} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "let the workflow, or what stands in cron, run once by hand",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet, Read: c.read,
		}}, nil
	},
}

func (c *Config) read(r integrations.Request) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	// The API answers with its objects in data; an activity has data of its own, which is no list.
	all, answer := body.List(), false
	if data := at(body, "data"); data.Is() && !data.Object() {
		all, answer = data.List(), true
	}
	var report alerts.Report
	others := 0
	for _, o := range all {
		s, known := c.signal(o)
		switch {
		case s.Fingerprint != "":
			report.Signals = append(report.Signals, s)
		case known:
			others++
		}
	}
	switch {
	case len(report.Signals) > 0:
	case others > 0:
		report.Nothing = "an activity that is neither a new threat nor a change of one's status"
	case answer && len(all) == 0:
		report.Nothing = "a list without threats"
	default:
		return report, errors.New("it has no \"threatInfo\", \"alertInfo\" or \"activityType\": a threat, an alert or an activity is expected as SentinelOne's API writes it")
	}
	return report, nil
}

// signal is what an object says, if anything. known is whether it is any of SentinelOne's.
func (c *Config) signal(o integrations.JSON) (s alerts.Signal, known bool) {
	switch {
	case at(o, "threatInfo").Object():
		return c.threat(o), true
	case at(o, "alertInfo").Object():
		return c.custom(o), true
	case at(o, "activityType").Is():
		return c.activity(o), true
	}
	return alerts.Signal{}, false
}
