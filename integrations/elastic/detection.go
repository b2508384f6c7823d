package elastic

import (
	"errors"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// documents are the documents of .alerts-* in a body, if it is such a body: what a search answers, a list of documents,
// one of them, or the template for detection rules, in which Kibana writes them as a text.
func documents(body integrations.JSON) (found []integrations.JSON, some bool, err error) {
	within := body
	switch {
	case body.At("hits", "hits").Is():
		within = body.At("hits", "hits")
	case body.At("alerts").Is():
		if within = body.At("alerts"); within.Text() != "" {
			if within, err = written(within.Text()); err != nil {
				return nil, false, err
			}
		}
	case body.Object() && !body.At("_source").Object() && !isAlert(body):
		return nil, false, nil
	}
	for _, d := range within.List() {
		if d.Object() {
			found = append(found, d)
		}
	}
	return found, true, nil
}

// written reads what Mustache makes of {{context.alerts}}: objects with commas between them.
func written(text string) (integrations.JSON, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "[") {
		text = "[" + text + "]"
	}
	list, err := integrations.ReadJSON([]byte(text))
	if err != nil {
		return integrations.JSON{}, errors.New("its \"alerts\" cannot be read as JSON: write \"{{context.alerts}}\" there, with two braces and in quotes")
	}
	return list, nil
}

// isAlert says whether an object is a document of .alerts-*, or of .siem-signals-* as before Elastic 8.
func isAlert(d integrations.JSON) bool {
	return text(d, "kibana.alert.rule.name", "kibana.alert.rule.uuid", "signal.rule.name", "signal.rule.id") != ""
}

// detections reads documents, without those that are only building blocks of others.
func (c *Config) detections(r integrations.Request, found []integrations.JSON) (alerts.Report, error) {
	var report alerts.Report
	blocks := 0
	for _, d := range found {
		id := d.At("_id").Text()
		if d.At("_source").Object() {
			d = d.At("_source")
		}
		if uuid := text(d, "kibana.alert.uuid"); uuid != "" {
			id = uuid
		}
		switch {
		case text(d, "kibana.alert.building_block_type") != "":
			blocks++
		case id != "" && isAlert(d):
			report.Signals = append(report.Signals, c.detection(r, d, id))
		}
	}
	switch {
	case len(report.Signals) > 0:
	case len(found) == 0:
		report.Nothing = "a search that found nothing"
	case blocks > 0:
		report.Nothing = "building blocks of other alerts"
	default:
		return report, errors.New("none of its documents is an alert: one has kibana.alert.uuid and kibana.alert.rule.name")
	}
	return report, nil
}

func (c *Config) detection(r integrations.Request, d integrations.JSON, id string) alerts.Signal {
	s := alerts.Signal{
		Fingerprint: "kbn-alert:" + id,
		Group:       text(d, "kibana.alert.rule.uuid", "signal.rule.id"),
		Status:      standing(d),
		Severity:    c.Inbound.Rank(text(d, "kibana.alert.severity", "kibana.alert.rule.severity", "signal.rule.severity")),
		Title:       text(d, "kibana.alert.rule.name", "signal.rule.name"),
		Description: text(d, "kibana.alert.reason", "signal.reason", "message", "kibana.alert.rule.description", "signal.rule.description"),
		Service:     text(d, "service.name", "host.name"),
		URL:         text(d, "kibana.alert.url"),
		StartedAt:   integrations.ReadTime(text(d, "kibana.alert.start", "kibana.alert.original_time", "signal.original_time", "@timestamp")),
		Labels:      map[string]string{},
	}
	switch s.Status {
	case alerts.Resolved:
		s.EndedAt = integrations.ReadTime(text(d, "kibana.alert.end", "kibana.alert.workflow_status_updated_at"))
	case alerts.Firing:
		s.Expires = c.expires(r)
	}
	for _, name := range shown {
		if v := text(d, name); v != "" {
			s.Labels[name] = v
		}
	}
	return s
}

// shown are the fields that are worth keeping of a document with hundreds.
var shown = []string{
	"agent.id", "cloud.account.id", "cloud.region", "destination.ip", "event.action", "event.dataset", "file.hash.sha256", "file.path", "host.name",
	"kibana.alert.instance.id", "kibana.alert.risk_score", "kibana.alert.rule.rule_id", "kibana.space_ids", "process.command_line", "process.executable", "process.name",
	"service.name", "source.ip", "url.domain", "user.name",
}

// standing is how an alert stands: what people did with it, or that its rule no longer finds it.
func standing(d integrations.JSON) alerts.Status {
	switch strings.ToLower(text(d, "kibana.alert.workflow_status", "signal.status")) {
	case "closed":
		return alerts.Resolved
	case "acknowledged", "in-progress":
		return alerts.Acknowledged
	}
	switch strings.ToLower(text(d, "kibana.alert.status")) {
	case "recovered", "untracked":
		return alerts.Resolved
	}
	return alerts.Firing
}

// text is the first text that stands at one of the paths; of a list its first.
func text(d integrations.JSON, paths ...string) string {
	for _, path := range paths {
		for _, v := range dotted(d, path).List() {
			if t := strings.TrimSpace(v.Text()); t != "" {
				return t
			}
		}
	}
	return ""
}

// dotted is what stands at a path whose names are one within the other, or one name with dots, or both: the same document
// is written "kibana.alert.rule": {"name": …} here and "kibana": {"alert.rule.name": …} there.
func dotted(d integrations.JSON, path string) integrations.JSON {
	if v := d.At(path); v.Is() {
		return v
	}
	for i, c := range path {
		if c != '.' {
			continue
		}
		if within := d.At(path[:i]); within.Object() {
			if v := dotted(within, path[i+1:]); v.Is() {
				return v
			}
		}
	}
	return integrations.JSON{}
}
