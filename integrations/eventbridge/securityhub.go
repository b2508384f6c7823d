package eventbridge

import (
	"cmp"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// securityHub reads the findings of an event: those of Security Hub CSPM in AWS' Security Finding Format
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html), those of the new
// Security Hub in OCSF (https://schema.ocsf.io/).
func securityHub(d integrations.JSON) []alerts.Signal {
	var all []alerts.Signal
	for _, f := range d.At("findings").List() {
		switch {
		case f.At("finding_info").Object():
			all = append(all, ocsf(f))
		case f.Object():
			all = append(all, finding(f))
		}
	}
	return all
}

func finding(f integrations.JSON) alerts.Signal {
	var types, resources []string
	for _, t := range f.At("Types").List() {
		types = append(types, t.Text())
	}
	for _, r := range f.At("Resources").List() {
		resources = append(resources, r.At("Id").Text())
	}
	remedy := f.At("Remediation", "Recommendation")
	lines := append([]string{f.At("Description").Text(), remedy.At("Text").Text(), remedy.At("Url").Text()}, resources...)
	s := alerts.Signal{
		Fingerprint: "sh:" + cmp.Or(f.At("Id").Text(), f.At("Title").Text()+":"+cmp.Or(resources...)),
		Status:      findingStatus(f),
		Severity:    findingSeverity(f.At("Severity")),
		Title:       f.At("Title").Text(),
		Description: strings.Join(lines, "\n"),
		Service:     cmp.Or(types...),
		URL:         f.At("SourceUrl").Text(),
		StartedAt:   f.At("CreatedAt").Or(f.At("FirstObservedAt")).Time(),
		SaidAt:      f.At("UpdatedAt").Time(),
		Labels: common(integrations.JSON{}, "account", f.At("AwsAccountId").Text(), "region", f.At("Region").Text(), "source", "aws.securityhub",
			"product", f.At("ProductName").Or(f.At("ProductFields", "aws/securityhub/ProductName")).Text(), "type", cmp.Or(types...), "resource", cmp.Or(resources...),
			"compliance", f.At("Compliance", "Status").Text(), "control", f.At("Compliance", "SecurityControlId").Text()),
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = f.At("UpdatedAt").Time()
	}
	return s
}

// ocsfStatuses are those of a finding in OCSF; of all others it fires.
var ocsfStatuses = map[string]alerts.Status{
	"in progress": alerts.Acknowledged,
	"suppressed":  alerts.Resolved,
	"resolved":    alerts.Resolved,
	"archived":    alerts.Resolved,
}

func ocsf(f integrations.JSON) alerts.Signal {
	what := f.At("finding_info")
	var types, resources []string
	for _, t := range what.At("types").List() {
		types = append(types, t.Text())
	}
	for _, r := range f.At("resources").List() {
		resources = append(resources, r.At("uid").Text())
	}
	s := alerts.Signal{
		Fingerprint: "sh:" + cmp.Or(what.At("uid").Text(), what.At("title").Text()+":"+cmp.Or(resources...)),
		Status:      cmp.Or(ocsfStatuses[strings.ToLower(f.At("status").Text())], alerts.Firing),
		Severity:    alerts.Medium,
		Title:       what.At("title").Text(),
		Description: strings.Join(append([]string{what.At("desc").Text(), f.At("remediation", "desc").Text()}, resources...), "\n"),
		Service:     cmp.Or(types...),
		URL:         what.At("src_url").Text(),
		StartedAt:   what.At("created_time_dt").Or(what.At("created_time")).Time(),
		SaidAt:      f.At("time_dt").Or(f.At("time")).Time(),
		Labels: common(integrations.JSON{}, "account", f.At("cloud", "account", "uid").Text(), "region", f.At("cloud", "region").Text(), "source", "aws.securityhub",
			"product", f.At("metadata", "product", "name").Text(), "type", cmp.Or(types...), "resource", cmp.Or(resources...), "compliance", f.At("compliance", "status").Text()),
	}
	if severity, ok := alerts.ParseSeverity(f.At("severity").Text()); ok {
		s.Severity = severity
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = f.At("time_dt").Or(f.At("time")).Time()
	}
	return s
}

// findingStatus is what people or the product have made of a finding.
func findingStatus(f integrations.JSON) alerts.Status {
	workflow := strings.ToUpper(f.At("Workflow", "Status").Or(f.At("WorkflowState")).Text())
	compliance := strings.ToUpper(f.At("Compliance", "Status").Text())
	switch {
	case strings.EqualFold(f.At("RecordState").Text(), "ARCHIVED"), workflow == "RESOLVED", workflow == "SUPPRESSED", compliance == "PASSED":
		return alerts.Resolved
	case compliance == "NOT_AVAILABLE":
		return alerts.NoData
	case workflow == "NOTIFIED":
		return alerts.Acknowledged
	}
	return alerts.Firing
}

// findingSeverity is the label, else the number from 0 to 100 that it was before there were labels.
func findingSeverity(of integrations.JSON) alerts.Severity {
	if s, ok := alerts.ParseSeverity(of.At("Label").Text()); ok {
		return s
	}
	if of.At("Normalized").Text() == "" {
		return alerts.Medium
	}
	switch n := of.At("Normalized").Number(); {
	case n >= 90:
		return alerts.Critical
	case n >= 70:
		return alerts.High
	case n >= 40:
		return alerts.Medium
	case n >= 1:
		return alerts.Low
	}
	return alerts.Information
}
