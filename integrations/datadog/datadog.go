package datadog

import (
	"errors"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "datadog"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts from Datadog's monitors, sent to /hooks/datadog by a webhook with our payload; see docs/integrations/datadog.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is Datadog.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "press Test Notifications in a monitor whose message has @webhook-fireboss",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	e := event{body}
	if e.text("title") == "" && e.text("aggreg_key") == "" && e.text("alert_id") == "" {
		return alerts.Report{}, errors.New("it has neither a \"title\" nor an \"aggreg_key\": give the webhook the payload of docs/integrations/datadog.md")
	}
	return alerts.Report{ID: e.text("id"), Signals: []alerts.Signal{e.signal(in)}}, nil
}

// event is a delivery, by our template or the usual one.
type event struct{ body integrations.JSON }

// text is a field, and nothing where Datadog had nothing to put there: it then leaves the variable's name, or says null.
func (e event) text(name string) string {
	s := strings.TrimSpace(e.body.At(name).Text())
	switch {
	case strings.HasPrefix(s, "$") && s == strings.ToUpper(s) && !strings.ContainsAny(s, " ."):
		return ""
	case s == "null", s == "None":
		return ""
	}
	return s
}

func (e event) signal(in integrations.Inbound) alerts.Signal {
	head, labels := readTitle(e.text("title")), e.labels()
	s := alerts.Signal{
		Fingerprint: e.fingerprint(head),
		Group:       e.text("alert_id"),
		Status:      e.status(head),
		Severity:    e.severity(head, in),
		Title:       e.text("title"),
		Description: plain(e.text("body")),
		Service:     integrations.LabelledService(labels),
		URL:         e.text("url"),
		StartedAt:   integrations.ReadTime(e.text("date")),
		Labels:      labels,
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = integrations.ReadTime(e.text("last_updated"))
	}
	return s
}

// fingerprint is the key by which Datadog holds together what is said of one group of a monitor, else the monitor and
// the group; of the usual payload, the title without what changes of it. A test of a monitor is not the monitor's alert.
func (e event) fingerprint(head title) string {
	if head.test {
		return "dd:test:" + head.scope + head.name
	}
	if key := e.text("aggreg_key"); key != "" {
		return "dd:" + key
	}
	if id := e.text("alert_id"); id != "" {
		return "dd:" + id + ":" + e.text("alert_scope")
	}
	return "dd:" + head.scope + head.name
}

// status is by the transition; without one, by what the title says or by the type of the event.
func (e event) status(head title) alerts.Status {
	if head.test {
		return alerts.Info // nobody would say that it is over
	}
	transition := strings.ToLower(e.text("alert_transition"))
	if transition == "" {
		transition = head.transition
	}
	switch kind := strings.ToLower(e.text("alert_type")); {
	case strings.Contains(transition, "recover"): // also of a warning, or of there being no data
		return alerts.Resolved
	case strings.Contains(transition, "no data"):
		return alerts.NoData
	case transition != "":
		return alerts.Firing
	case kind == "success", kind == "recovery":
		return alerts.Resolved
	case kind == "info", kind == "user_update":
		return alerts.Info
	}
	return alerts.Firing
}

// severity is the monitor's priority where it has one; else how bad the transition is.
func (e event) severity(head title, in integrations.Inbound) alerts.Severity {
	transition := strings.ToLower(e.text("alert_transition"))
	if transition == "" {
		transition = head.transition
	}
	for _, word := range []string{e.text("alert_priority"), head.priority, severityOf(transition), e.text("alert_type")} {
		if s, ok := in.Known(word); ok {
			return s
		}
	}
	return alerts.Medium
}

// severityOf is the word for a severity within a transition.
func severityOf(transition string) string {
	if strings.Contains(transition, "warn") {
		return "warning"
	}
	return ""
}

// labels are the tags with a value, those of the group before those of the monitor, and the host.
func (e event) labels() map[string]string {
	labels := map[string]string{}
	for _, list := range []string{e.text("alert_scope"), e.text("tags")} {
		for tag := range strings.SplitSeq(list, ",") {
			name, value, ok := strings.Cut(strings.TrimSpace(tag), ":")
			if _, there := labels[name]; ok && name != "" && !there {
				labels[name] = value
			}
		}
	}
	for name, field := range map[string]string{"host": "hostname", "alert_cycle_key": "alert_cycle_key", "alert_id": "alert_id"} {
		if v := e.text(field); v != "" && labels[name] == "" {
			labels[name] = v
		}
	}
	return labels
}

// plain is a message without the marks around its Markdown.
func plain(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "%%%", ""))
}
