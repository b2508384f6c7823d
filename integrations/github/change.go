package github

import (
	"net/url"
	"strings"
	"unicode"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// deployment reads how a deployment has ended: a change of the service, and an alert where it failed, which is over when
// one to the same environment succeeds.
func deployment(d delivery) alerts.Report {
	status, of := d.At("deployment_status"), d.At("deployment")
	state, environment := status.At("state").Text(), status.At("environment").Or(of.At("environment")).Text()
	failed := state == "failure" || state == "error"
	switch {
	case of.At("transient_environment").True():
		return nothing("a deployment to an environment that will not stay")
	case !failed && state != "success":
		return nothing("a deployment that has not ended, or that another one has replaced")
	}
	severity := alerts.Medium
	if of.At("production_environment").True() || strings.EqualFold(environment, "production") {
		severity = alerts.High
	}
	what, sha := of.At("ref").Text(), of.At("sha").Text()
	if what == sha {
		what = short(sha)
	} else if sha != "" {
		what += " (" + short(sha) + ")"
	}
	title := "Deployed " + what + " to " + environment
	if failed {
		title = "Failed to deploy " + what + " to " + environment
	}
	page := link(status.At("target_url"), status.At("log_url"), status.At("environment_url"), d.At("repository", "html_url"))
	s := d.signal("gh-dep:"+d.repo+":"+environment, severity)
	s.Status, s.Title, s.URL, s.Description = alerts.Firing, title, page, status.At("description").Text()
	if s.StartedAt = status.At("created_at").Time(); !failed {
		s.Status, s.StartedAt, s.EndedAt = alerts.Resolved, s.EndedAt, s.StartedAt
	}
	s = label(s, "environment", environment, "ref", of.At("ref").Text(), "task", of.At("task").Text(), "actor", status.At("creator", "login").Text())
	report := one(s)
	id := of.At("id").Text() + ":" + status.At("id").Or(status.At("state")).Text()
	report.Changes = []incidents.ServiceChange{d.change("deployment:"+id, title, page, status.At("created_at"))}
	return report
}

// release reads that one was published.
func release(d delivery) alerts.Report {
	r := d.At("release")
	if d.action != "published" || r.At("draft").True() {
		return nothing("a release that was not published just now")
	}
	tag := r.At("tag_name").Text()
	title := "Released " + tag
	if name := strings.TrimSpace(r.At("name").Text()); name != "" && name != tag {
		title += ": " + name
	}
	return alerts.Report{Changes: []incidents.ServiceChange{d.change("release:"+r.At("id").Or(r.At("tag_name")).Text(), title, link(r.At("html_url")), r.At("published_at").Or(r.At("created_at")))}}
}

// change is one of the service that the repository is named like.
func (d delivery) change(id, title, page string, at integrations.JSON) incidents.ServiceChange {
	name := d.At("repository", "name").Text()
	if name == "" {
		name = d.repo[strings.LastIndex(d.repo, "/")+1:]
	}
	return incidents.ServiceChange{ID: "github:" + d.repo + ":" + id, Service: bounded(name, incidents.MaxName), Title: bounded(title, incidents.MaxTitle), URL: page, At: at.Time(), By: Name}
}

// bounded is a text of at most n characters.
func bounded(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// link is the first of the addresses that can be opened.
func link(addresses ...integrations.JSON) string {
	for _, a := range addresses {
		u, err := url.Parse(a.Text())
		if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && len(a.Text()) <= alerts.MaxURL &&
			!strings.ContainsAny(a.Text(), " <>|\"`\\") && !strings.ContainsFunc(a.Text(), unicode.IsControl) {
			return a.Text()
		}
	}
	return ""
}
