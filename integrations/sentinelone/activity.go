package sentinelone

import (
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// The types of activities that count, of several hundred (GET /web/api/v2.1/activities/types).
const (
	newMalicious      = "19"
	statusChanged     = "2028"
	newSuspicious     = "4003"
	maliciousByRule   = "4108"
	suspiciousByRule  = "4109"
	alertOfCustomRule = "3608"
)

// activity reads what happened to a threat. Of all else that the console tells there is no fingerprint.
func (c *Config) activity(o integrations.JSON) alerts.Signal {
	data := at(o, "data")
	switch at(o, "activityType").Text() {
	case newMalicious, newSuspicious, maliciousByRule, suspiciousByRule:
		s := c.ofThreat(o, data)
		s.Status, s.StartedAt = alerts.Firing, at(o, "createdAt").Time()
		return s
	case statusChanged:
		s := c.ofThreat(o, data)
		s.Status = status(at(data, "newIncidentStatus").Or(at(data, "newIncidentStatusTitle")).Text())
		if s.Status == alerts.Resolved {
			s.EndedAt = at(o, "createdAt").Time()
		}
		return s
	case alertOfCustomRule:
		if c.CustomRules {
			return c.ofRule(o, data)
		}
	}
	return alerts.Signal{}
}

// ofThreat is what an activity says of its threat.
func (c *Config) ofThreat(o, data integrations.JSON) alerts.Signal {
	machine := at(data, "computerName").Text()
	level := at(data, "confidenceLevel").Text()
	if level == "" {
		switch at(o, "activityType").Text() {
		case newMalicious, maliciousByRule:
			level = "malicious"
		case newSuspicious, suspiciousByRule:
			level = "suspicious"
		}
	}
	return alerts.Signal{
		Fingerprint: numbered("s1:", at(o, "threatId")),
		Severity:    c.Inbound.Rank(confidence(level)),
		Title:       title(at(data, "fileDisplayName").Text(), machine, at(o, "primaryDescription").Text()),
		Description: lines(at(o, "primaryDescription").Text(), at(data, "threatClassification").Text(), at(data, "filePath").Text()),
		Service:     machine,
		Labels:      labels(o, data),
	}
}

// ofRule is what an activity says of an alert of a custom rule.
func (c *Config) ofRule(o, data integrations.JSON) alerts.Signal {
	return alerts.Signal{
		Fingerprint: numbered("s1-alert:", at(data, "alertId").Or(at(o, "id"))),
		Group:       at(data, "ruleId").Text(),
		Status:      alerts.Firing,
		Severity:    c.Inbound.Rank(word(at(data, "severity").Text())),
		Title:       at(o, "primaryDescription").Text(),
		Description: at(data, "ruleDescription").Text(),
		Service:     at(data, "computerName").Or(at(data, "agentName")).Text(),
		StartedAt:   began(at(data, "detectedAt"), at(o, "createdAt")),
		Labels:      labels(o, data),
	}
}

// labels are what else an activity says.
func labels(o, data integrations.JSON) map[string]string {
	return texts(map[string]integrations.JSON{
		"activity": at(o, "activityType"), "agent": at(o, "agentId"), "account": at(o, "accountName").Or(at(data, "accountName")),
		"site": at(o, "siteName").Or(at(data, "siteName")), "group": at(o, "groupName").Or(at(data, "groupName")),
		"confidence": at(data, "confidenceLevel"), "classification": at(data, "threatClassification"), "sha1": at(data, "fileContentHash"),
		"path": at(data, "filePath"), "by": at(data, "username"), "rule": at(data, "ruleName"),
	})
}

// began is the first of the times that there is.
func began(times ...integrations.JSON) time.Time {
	for _, t := range times {
		if at := t.Time(); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// word is a severity without the E_ that some of the API's have in front.
func word(severity string) string {
	if len(severity) > 2 && strings.EqualFold(severity[:2], "E_") {
		return severity[2:]
	}
	return severity
}
