package eventbridge

import (
	"net/url"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// guardDuty reads a finding (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
// What happens again has the same id and a higher count; nobody says that it is over unless it is archived.
func guardDuty(body integrations.JSON, came time.Time) alerts.Signal {
	d := body.At("detail")
	id, region := d.At("id").Or(d.At("arn"), body.At("id")).Text(), d.At("region").Or(body.At("region")).Text()
	s := alerts.Signal{
		Fingerprint: "gd:" + id,
		Status:      alerts.Firing,
		Severity:    guardDutySeverity(d.At("severity")),
		Title:       d.At("title").Or(d.At("type")).Text(),
		Description: d.At("description").Text(),
		Service:     d.At("type").Text(),
		URL:         console(region, "/guardduty/home?region=REGION#/findings?fId="+url.QueryEscape(id)),
		StartedAt:   d.At("createdAt").Time(),
		SaidAt:      d.At("updatedAt").Time(),
		Count:       d.At("service", "count").Count(),
		Labels: common(body, "account", d.At("accountId").Or(body.At("account")).Text(), "region", region, "type", d.At("type").Text(),
			"resource_type", d.At("resource", "resourceType").Text(), "severity", d.At("severity").Text(), "sample", d.At("service", "additionalInfo", "sample").Text()),
	}
	if d.At("service", "archived").True() {
		s.Status, s.EndedAt = alerts.Resolved, d.At("updatedAt").Time()
	} else {
		s.Expires = came.Add(Over)
	}
	return s
}

// guardDutySeverity is one of GuardDuty's numbers
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html).
func guardDutySeverity(of integrations.JSON) alerts.Severity {
	switch n := of.Number(); {
	case n >= 9:
		return alerts.Critical
	case n >= 7:
		return alerts.High
	case n >= 4, n <= 0: // or none is there
		return alerts.Medium
	}
	return alerts.Low
}
