package sentinelone

import (
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// threat reads a threat.
func (c *Config) threat(o integrations.JSON) alerts.Signal {
	info, agent, found := at(o, "threatInfo"), at(o, "agentRealtimeInfo"), at(o, "agentDetectionInfo")
	machine := at(agent, "agentComputerName").Or(at(found, "agentComputerName")).Text()
	s := alerts.Signal{
		Fingerprint: numbered("s1:", at(info, "threatId").Or(at(o, "id"))),
		Status:      status(at(info, "incidentStatus").Text()),
		Severity:    c.Inbound.Rank(confidence(at(info, "confidenceLevel").Text())),
		Title:       title(at(info, "threatName").Text(), machine, "A threat"),
		Description: lines(at(info, "classification").Text(), at(info, "filePath").Text(), at(info, "maliciousProcessArguments").Text(), mitigated(at(info, "mitigationStatus").Text())),
		Service:     machine,
		StartedAt:   at(info, "identifiedAt").Or(at(info, "createdAt")).Time(),
		SaidAt:      at(info, "updatedAt").Time(),
		Labels: texts(map[string]integrations.JSON{
			"confidence": at(info, "confidenceLevel"), "classification": at(info, "classification"), "mitigation": at(info, "mitigationStatus"),
			"verdict": at(info, "analystVerdict"), "sha1": at(info, "sha1"), "sha256": at(info, "sha256"), "path": at(info, "filePath"),
			"user": at(info, "processUser"), "storyline": at(info, "storyline"), "agent": at(agent, "agentId"), "os": at(agent, "agentOsName"),
			"account": at(agent, "accountName").Or(at(found, "accountName")), "site": at(agent, "siteName").Or(at(found, "siteName")),
			"group": at(agent, "groupName").Or(at(found, "groupName")), "local_ip": at(found, "agentIpV4"),
		}),
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = at(info, "updatedAt").Time()
	}
	return s
}

// custom reads an alert of a custom rule.
func (c *Config) custom(o integrations.JSON) alerts.Signal {
	info, rule, found := at(o, "alertInfo"), at(o, "ruleInfo"), at(o, "agentDetectionInfo")
	machine := at(found, "name").Or(at(o, "agentRealtimeInfo", "name")).Text()
	s := alerts.Signal{
		Fingerprint: numbered("s1-alert:", at(info, "alertId")),
		Group:       at(rule, "id").Text(),
		Status:      status(at(info, "incidentStatus").Text()),
		Severity:    c.Inbound.Rank(word(at(rule, "severity").Text())),
		Title:       title(at(rule, "name").Text(), machine, "An alert of a custom rule"),
		Description: lines(at(rule, "description").Text(), at(o, "sourceProcessInfo", "commandline").Text()),
		Service:     machine,
		StartedAt:   at(info, "reportedAt").Or(at(info, "createdAt")).Time(),
		SaidAt:      at(info, "updatedAt").Time(),
		Labels: texts(map[string]integrations.JSON{
			"rule": at(rule, "name"), "event": at(info, "eventType"), "verdict": at(info, "analystVerdict"), "source_ip": at(info, "srcIp"),
			"destination_ip": at(info, "dstIp"), "process": at(o, "sourceProcessInfo", "name"), "user": at(o, "sourceProcessInfo", "user"), "site": at(found, "siteName"),
		}),
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = at(info, "updatedAt").Time()
	}
	return s
}

// status is how an incident stands: unresolved, in_progress (or In progress) or resolved.
func status(text string) alerts.Status {
	switch strings.NewReplacer("_", "", " ", "").Replace(strings.ToLower(text)) {
	case "resolved":
		return alerts.Resolved
	case "inprogress":
		return alerts.Acknowledged
	}
	return alerts.Firing
}

// confidence is a word for how bad a threat is: SentinelOne says only how sure it is.
func confidence(level string) string {
	switch strings.ToLower(level) {
	case "malicious":
		return "high"
	case "suspicious":
		return "medium"
	}
	return level
}

// mitigated is what was done about a threat.
func mitigated(status string) string {
	if status == "" {
		return ""
	}
	return "Mitigation: " + strings.ReplaceAll(status, "_", " ")
}
