package elastic

import (
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// kibana reads the template for rules of Kibana: one alert of one rule.
func (c *Config) kibana(body integrations.JSON) alerts.Report {
	rule, alert := body.At("rule"), body.At("alert")
	tags, word := tagged(rule.At("tags")), body.At("severity").Text()
	if word == "" {
		word = level(alert.At("actionGroup").Text())
	}
	s := alerts.Signal{
		Fingerprint: "kbn:" + rule.At("id").Text() + ":" + alert.At("id").Text(),
		Group:       rule.At("id").Text(),
		Status:      alerts.Firing,
		Severity:    c.Inbound.Rank(word),
		Title:       rule.At("name").Or(rule.At("id")).Text(),
		Description: body.At("reason").Text(),
		Service:     tags["service"],
		URL:         rule.At("url").Text(),
		StartedAt:   body.At("date").Time(),
		Labels:      tags,
	}
	if strings.EqualFold(body.At("event").Text(), "recovered") || strings.EqualFold(alert.At("actionGroup").Text(), "recovered") {
		s.Status, s.StartedAt, s.EndedAt = alerts.Resolved, time.Time{}, s.StartedAt
	}
	for name, v := range map[string]integrations.JSON{
		"rule_id": rule.At("id"), "rule_type": rule.At("type"), "space": rule.At("spaceId"),
		"alert": alert.At("id"), "action_group": alert.At("actionGroup"), "flapping": alert.At("flapping"),
	} {
		if v.Text() != "" {
			tags[name] = v.Text()
		}
	}
	return alerts.Report{ID: delivery(body), Signals: []alerts.Signal{s}}
}

// delivery is which notification this is: alert.uuid alone is the same for all that is said of one episode, its end too.
func delivery(body integrations.JSON) string {
	uuid, date := body.At("alert", "uuid").Text(), body.At("date").Text()
	if uuid == "" || date == "" {
		return ""
	}
	return uuid + "/" + body.At("event").Text() + "/" + date
}

// level is the last part of an action group such as metrics.threshold.warning or slo.burnRate.high.
func level(group string) string { return group[strings.LastIndexByte(group, '.')+1:] }

// tagged are the tags of a rule by their names: written name:value, a list or, by Mustache, one text with commas.
func tagged(tags integrations.JSON) map[string]string {
	all := map[string]string{}
	for _, list := range tags.List() {
		for tag := range strings.SplitSeq(list.Text(), ",") {
			name, value, ok := strings.Cut(strings.TrimSpace(tag), ":")
			if value = strings.TrimSpace(value); ok && value != "" {
				all[strings.TrimSpace(name)] = value
			}
		}
	}
	return all
}
