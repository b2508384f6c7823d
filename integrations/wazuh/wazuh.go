package wazuh

import (
	"errors"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "wazuh"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts of Wazuh, sent to /hooks/wazuh; see docs/integrations/wazuh.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is Wazuh.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{Inbound: integrations.Inbound{Quiet: 24 * time.Hour}} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "run the script by hand with a line of alerts.json in a file",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	a, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	if whole := a.At("all_fields"); whole.Object() {
		a = whole
	}
	rule := a.At("rule")
	if rule.At("id").Text() == "" {
		return alerts.Report{}, errors.New("it has no \"rule\" with an \"id\": an alert is expected as Wazuh writes it into alerts.json")
	}
	name := a.At("agent", "name").Or(a.At("predecoder", "hostname"), a.At("manager", "name"))
	agent := a.At("agent", "id").Or(name).Text()
	s := alerts.Signal{
		Fingerprint: strings.Join([]string{"wazuh", rule.At("id").Text(), agent, source(a)}, ":"),
		Status:      alerts.Firing,
		Severity:    in.Rank(severity(rule.At("level"))),
		Title:       rule.At("description").Text(),
		Description: a.At("full_log").Or(a.At("data", "win", "system", "message"), a.At("previous_output")).Text(),
		Service:     name.Text(),
		StartedAt:   a.At("timestamp").Or(a.At("@timestamp")).Time(),
		Labels:      labels(a),
	}
	if s.Title == "" {
		s.Title = "Rule " + rule.At("id").Text()
	}
	return alerts.Report{ID: delivery(a), Signals: []alerts.Signal{s}}, nil
}

// delivery is the alert's id, a second and a place in a file, with the manager whose file it is.
func delivery(a integrations.JSON) string {
	id, manager := a.At("id").Text(), a.At("cluster", "node").Or(a.At("manager", "name")).Text()
	if id == "" || manager == "" {
		return id
	}
	return id + "@" + manager
}

// severity is a word for a level from 0 to 16
// (https://documentation.wazuh.com/current/user-manual/ruleset/rules/rules-classification.html).
func severity(of integrations.JSON) string {
	switch level := of.Number(); {
	case of.Text() == "":
		return ""
	case level >= 15:
		return "critical"
	case level >= 12:
		return "high"
	case level >= 7:
		return "medium"
	case level >= 4:
		return "low"
	}
	return "info"
}

// source is the address that an alert is about, by any of the names that decoders have for it.
func source(a integrations.JSON) string {
	data := a.At("data")
	return data.At("srcip").Or(data.At("src_ip"), data.At("win", "eventdata", "ipAddress"), data.At("aws", "sourceIPAddress"),
		data.At("aws", "source_ip_address"), data.At("office365", "ClientIP")).Text()
}

// labels are what stands in most alerts and helps to find the like of it.
func labels(a integrations.JSON) map[string]string {
	all := map[string]string{}
	for name, v := range map[string]integrations.JSON{
		"rule": a.At("rule", "id"), "level": a.At("rule", "level"), "groups": a.At("rule", "groups"), "mitre": a.At("rule", "mitre", "id"),
		"fired": a.At("rule", "firedtimes"), "agent": a.At("agent", "id"), "agent_ip": a.At("agent", "ip"), "manager": a.At("manager", "name"),
		"location": a.At("location"), "decoder": a.At("decoder", "name"), "user": a.At("data", "srcuser").Or(a.At("data", "dstuser")),
		"path": a.At("syscheck", "path"), "sha256": a.At("syscheck", "sha256_after"), "cve": a.At("data", "vulnerability", "cve"),
	} {
		var texts []string
		for _, t := range v.List() {
			if t.Text() != "" {
				texts = append(texts, t.Text())
			}
		}
		if len(texts) > 0 {
			all[name] = strings.Join(texts, ", ")
		}
	}
	if from := source(a); from != "" {
		all["source_ip"] = from
	}
	return all
}
