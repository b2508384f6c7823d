package github

import (
	"net/url"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// actions are what happens to a security alert. What is not here changes only what is known of it.
var actions = map[string]alerts.Status{
	"created":            alerts.Firing,
	"reopened":           alerts.Firing,
	"reopened_by_user":   alerts.Firing,
	"auto_reopened":      alerts.Firing,
	"reintroduced":       alerts.Firing,
	"appeared_in_branch": alerts.Firing,
	"publicly_leaked":    alerts.Firing,
	"fixed":              alerts.Resolved,
	"closed_by_user":     alerts.Resolved,
	"dismissed":          alerts.Resolved,
	"auto_dismissed":     alerts.Resolved,
	"resolved":           alerts.Resolved,
	"revoked":            alerts.Resolved, // of secrets, in old deliveries
}

// found is a signal of a security alert of a repository.
func (d delivery) found(prefix string, severity alerts.Severity) alerts.Signal {
	alert := d.At("alert")
	number := alert.At("number").Text()
	s := d.signal(prefix+":"+d.repo+":"+number, severity)
	s.Status = alerts.Update
	if status, ok := actions[d.action]; ok {
		s.Status = status
	}
	switch alert.At("state").Text() { // absent in old deliveries
	case "dismissed", "auto_dismissed", "fixed", "resolved":
		if s.Status == alerts.Firing { // it has appeared on one more branch, and somebody has said before that it is none
			s.Status = alerts.Resolved
		}
	}
	s.URL = alert.At("html_url").Text()
	s.StartedAt, s.SaidAt = alert.At("created_at").Time(), alert.At("updated_at").Time()
	if s.Status == alerts.Resolved {
		s.EndedAt = alert.At("fixed_at").Or(alert.At("dismissed_at"), alert.At("auto_dismissed_at"), alert.At("resolved_at"), alert.At("updated_at")).Time()
	}
	return label(s, "number", number, "state", alert.At("state").Text())
}

func codeScanning(d delivery) alerts.Report {
	rule, tool := d.At("alert", "rule"), d.At("alert", "tool", "name").Text()
	severity := d.config.Inbound.Rank(rule.At("security_severity_level").Or(rule.At("severity")).Text())
	s := d.found("gh-cs", severity)
	s.Title = rule.At("description").Or(rule.At("name"), rule.At("id")).Text()
	at := d.At("alert", "most_recent_instance")
	if instances := d.At("alert", "instances").List(); !at.Is() && len(instances) > 0 {
		at = instances[0]
	}
	where := at.At("location", "path").Text()
	if line := at.At("location", "start_line").Text(); where != "" && line != "" {
		where += ":" + line
	}
	s.Description = strings.Join([]string{rule.At("full_description").Text(), at.At("message", "text").Text(), where}, "\n")
	return one(label(s, "rule", rule.At("id").Text(), "tool", tool, "ref", d.At("ref").Or(at.At("ref")).Text()))
}

// secretScanning reads that a secret was found. The secret itself, where it comes along, is not kept.
func secretScanning(d delivery) alerts.Report {
	alert := d.At("alert")
	severity, open := alerts.High, alert.At("publicly_leaked").True() || d.action == "publicly_leaked"
	if open || alert.At("validity").Text() == "active" {
		severity = alerts.Critical // it serves whoever has it
	}
	s := d.found("gh-ss", severity)
	kind := alert.At("secret_type_display_name").Or(alert.At("secret_type")).Text()
	s.Title = strings.TrimSpace("Secret in " + d.repo + ": " + kind)
	s = label(s, "secret_type", alert.At("secret_type").Text(), "validity", alert.At("validity").Text(), "resolution", alert.At("resolution").Text())
	if open {
		s = label(s, "publicly_leaked", "true")
	}
	if alert.At("push_protection_bypassed").True() {
		s = label(s, "push_protection_bypassed", "true")
	}
	return one(s)
}

func dependabot(d delivery) alerts.Report {
	advisory, flaw, on := d.At("alert", "security_advisory"), d.At("alert", "security_vulnerability"), d.At("alert", "dependency")
	s := d.found("gh-da", d.config.Inbound.Rank(flaw.At("severity").Or(advisory.At("severity")).Text()))
	s.Title = advisory.At("summary").Or(advisory.At("ghsa_id")).Text()
	uses := on.At("package", "name").Text() + " " + flaw.At("vulnerable_version_range").Text() + " in " + on.At("manifest_path").Text()
	if fixed := flaw.At("first_patched_version", "identifier").Text(); fixed != "" {
		uses += ", fixed in " + fixed
	}
	s.Description = uses + "\n" + advisory.At("description").Text()
	return one(label(s, "package", on.At("package", "name").Text(), "ecosystem", on.At("package", "ecosystem").Text(), "scope", on.At("scope").Text(),
		"ghsa", advisory.At("ghsa_id").Text(), "cve", advisory.At("cve_id").Text()))
}

// shown is how long an advisory stays: nobody says that it is over.
const shown = 24 * time.Hour

// advisory reads one of GitHub's database. It is about the world and not yet about us, so it is for information.
func advisory(d delivery) alerts.Report {
	a := d.At("security_advisory")
	ghsa := a.At("ghsa_id").Text()
	if ghsa == "" {
		return nothing("an advisory without its id")
	}
	s := d.signal("gh-sa:"+ghsa, d.config.Inbound.Rank(a.At("severity").Text()))
	s.Title, s.Description = a.At("summary").Text(), a.At("description").Text()
	s.URL = "https://github.com/advisories/" + url.PathEscape(ghsa)
	s.StartedAt = a.At("published_at").Time()
	s.Status = alerts.Update
	switch {
	case d.action == "withdrawn" || a.At("withdrawn_at").Text() != "":
		s.Status, s.EndedAt = alerts.Resolved, a.At("withdrawn_at").Time()
	case d.action == "published":
		s.Status, s.Expires = alerts.Info, d.came.Add(shown)
	}
	return one(label(s, "ghsa", ghsa, "cve", a.At("cve_id").Or(identifier(a, "CVE")).Text(), "package", packages(a)))
}

// identifier is the first of a sort that an advisory has.
func identifier(a integrations.JSON, sort string) integrations.JSON {
	for _, i := range a.At("identifiers").List() {
		if i.At("type").Text() == sort {
			return i.At("value")
		}
	}
	return integrations.JSON{}
}

// packages are those that an advisory is about.
func packages(a integrations.JSON) string {
	var names []string
	for _, v := range a.At("vulnerabilities").List() {
		if name := v.At("package", "name").Text(); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
