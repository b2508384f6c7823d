package elastic

import (
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// watch is the id of the watch that a body is of: as the template has it, or with the whole ctx in it.
func watch(body integrations.JSON) string {
	return body.At("watch_id").Or(body.At("ctx", "watch_id")).Text()
}

// watcher reads the template for Watcher, whose watches never say that something is over unless they are told to.
func (c *Config) watcher(r integrations.Request, body integrations.JSON) alerts.Report {
	ctx, about := body.At("ctx"), body.At("ctx", "metadata")
	say := func(name string) string { return body.At(name).Or(about.At(name)).Text() }
	id, key := watch(body), say("key")
	total := body.At("total").Or(ctx.At("payload", "hits", "total", "value"), ctx.At("payload", "hits", "total")).Text()
	s := alerts.Signal{
		Fingerprint: "watch:" + id,
		Status:      alerts.Firing,
		Severity:    c.Inbound.Rank(say("severity")),
		Title:       body.At("title").Or(about.At("title"), about.At("name"), body.At("watch_id"), ctx.At("watch_id")).Text(),
		Description: say("text"),
		Service:     say("service"),
		URL:         say("url"),
		StartedAt:   body.At("execution_time").Or(ctx.At("execution_time"), ctx.At("trigger", "triggered_time")).Time(),
		Labels:      map[string]string{"watch": id},
		Expires:     c.expires(r),
	}
	if key != "" {
		s.Fingerprint += ":" + key
		s.Labels["key"] = key
	}
	if total != "" {
		s.Labels["total"] = total
	}
	if strings.EqualFold(say("event"), "recovered") {
		s.Status, s.StartedAt, s.EndedAt, s.Expires = alerts.Resolved, time.Time{}, s.StartedAt, time.Time{}
	}
	return alerts.Report{Signals: []alerts.Signal{s}}
}
