package sentry

import (
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// level is how bad an event or issue is: fatal, error, warning, info or debug. What does not say so is an error, as in
// Sentry's clients.
func level(in integrations.Inbound, word string) alerts.Severity {
	if word == "" {
		word = "error"
	}
	return in.Rank(word)
}

// issue reads what happened to an issue. One that was archived nobody wants to hear of until it is unresolved again.
func issue(body integrations.JSON, in integrations.Inbound) alerts.Signal {
	i := body.At("data", "issue")
	s := alerts.Signal{
		Fingerprint: numbered("sentry-issue:", i.At("id")),
		Status:      alerts.Firing,
		Severity:    level(in, i.At("level").Text()),
		Title:       i.At("title").Text(),
		Description: i.At("culprit").Text(),
		Service:     i.At("project", "slug").Or(i.At("project", "name")).Text(),
		URL:         i.At("web_url").Or(i.At("permalink")).Text(),
		StartedAt:   i.At("firstSeen").Time(),
		Count:       i.At("count").Count(),
		Labels: texts(map[string]integrations.JSON{
			"short_id": i.At("shortId"), "platform": i.At("platform"), "substatus": i.At("substatus"), "category": i.At("issueCategory"),
			"type": i.At("type"), "priority": i.At("priority"), "alert": body.At("data", "alert", "title"),
		}),
	}
	switch strings.ToLower(body.At("action").Text()) {
	case "resolved", "ignored", "archived":
		s.Status = alerts.Resolved
	case "assigned":
		s.Status = alerts.Update
		if body.At("actor", "type").Text() == "user" && !strings.EqualFold(i.At("status").Text(), "resolved") {
			s.Status = alerts.Acknowledged // by a person; ownership rules assign as well
		}
	case "created", "triggered":
	case "unresolved":
		s.StartedAt = time.Time{} // it was over in between; when it came back is not said
	default:
		s.Status = alerts.Update
	}
	return s
}

// event reads what an alert rule for issues says: an event, with the issue that it belongs to.
func event(body integrations.JSON, in integrations.Inbound) alerts.Signal {
	e := body.At("data", "event")
	tags := tagged(e.At("tags"))
	word := e.At("level").Text()
	if word == "" {
		word = tags["level"]
	}
	s := alerts.Signal{
		Fingerprint: numbered("sentry-issue:", e.At("issue_id")),
		Status:      alerts.Firing,
		Severity:    level(in, word),
		Title:       e.At("title").Text(),
		Description: e.At("culprit").Text(),
		Service:     project(e.At("issue_url").Text(), e.At("url").Text()),
		URL:         e.At("web_url").Text(),
		StartedAt:   e.At("datetime").Or(e.At("timestamp")).Time(),
		Labels: texts(map[string]integrations.JSON{
			"environment": e.At("environment"), "platform": e.At("platform"), "release": e.At("release"), "rule": body.At("data", "triggered_rule"),
		}),
	}
	for name, v := range tags {
		if s.Labels[name] == "" {
			s.Labels[name] = v
		}
	}
	return s
}

// metric reads what a metric alert says.
func metric(body integrations.JSON, in integrations.Inbound) alerts.Signal {
	d, m := body.At("data"), body.At("data", "metric_alert")
	action := strings.ToLower(body.At("action").Text())
	s := alerts.Signal{
		Fingerprint: numbered("sentry-metric:", m.At("id")),
		Group:       m.At("alert_rule", "id").Text(),
		Status:      alerts.Firing,
		Severity:    in.Rank(action),
		Title:       m.At("title").Or(m.At("alert_rule", "name"), d.At("description_title")).Text(),
		Description: strings.ReplaceAll(d.At("description_text").Text(), `\n`, "\n"),
		URL:         d.At("web_url").Text(),
		StartedAt:   m.At("date_started").Or(m.At("date_detected")).Time(),
		Labels: texts(map[string]integrations.JSON{
			"rule": m.At("alert_rule", "name"), "aggregate": m.At("alert_rule", "aggregate"), "query": m.At("alert_rule", "query"),
			"environment": m.At("alert_rule", "environment"), "identifier": m.At("identifier"),
		}),
	}
	for _, p := range m.At("projects").List() {
		if s.Service == "" {
			s.Service = p.Text()
		}
	}
	if action == "resolved" {
		s.Status, s.EndedAt = alerts.Resolved, m.At("date_closed").Time()
	}
	return s
}
