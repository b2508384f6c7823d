package webhook

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/incidents/alerts/condition"
	"fireboss/integrations"
)

// usual is where things stand in alerts that nobody has mapped, the plainest names first.
var usual = map[string][]string{
	"fingerprint": {"fingerprint", "dedup_key", "dedupKey", "dedupe_key", "alias", "incident_key", "alert_id", "alertId", "incident_id", "check_id", "monitor_id", "key", "id"},
	"group":       {"group", "group_key", "groupKey"},
	"status":      {"status", "state", "current_state", "alert_state", "alert_status", "event_type", "event", "action", "transition"},
	"severity":    {"severity", "priority", "level", "importance", "importance_level", "urgency"},
	"title":       {"title", "summary", "name", "alertname", "alert_name", "alertName", "check_name", "monitor_name", "subject", "message", "text"},
	"description": {"description", "details", "long_description", "message", "text", "body", "reason", "output"},
	"service":     {"service", "service_name", "serviceName", "app", "application", "component"},
	"url":         {"url", "html_url", "link", "permalink", "alert_url", "incident_url", "monitor_url", "web_url"},
	"started":     {"started_at", "startedAt", "starts_at", "startsAt", "started", "start", "start_time", "triggered_at", "created_at", "createdAt", "opened_at"},
	"ended":       {"ended_at", "endedAt", "ends_at", "endsAt", "ended", "end", "end_time", "resolved_at", "resolvedAt", "closed_at"},
	"labels":      {"labels", "tags"},
	// When it was said: the start of what fires, the end of what is over.
	"said": {"state_changed_timestamp", "timestamp", "time", "date", "updated_at", "occurred_at"},
}

// statuses are what senders call the statuses, without case and what stands between words. Any other word fires: an
// alert that was sent is not to be missed for its word.
var statuses = map[alerts.Status][]string{
	alerts.Resolved:     {"resolved", "resolve", "ok", "okay", "up", "closed", "close", "recovered", "recovery", "cleared", "clear", "normal", "healthy", "inactive", "success", "succeeded", "passing", "passed", "fixed", "ended", "end", "false", "green"},
	alerts.Acknowledged: {"acknowledged", "acknowledge", "acked", "ack"},
	alerts.NoData:       {"nodata", "missing", "stale", "insufficientdata"},
	alerts.Info:         {"info", "information", "informational"},
}

// status is what a sender's word says: alone, or at the end of an event's name such as incident.resolved.
func status(word string) alerts.Status {
	word = strings.ToLower(strings.TrimSpace(word))
	word = word[strings.LastIndexAny(word, ".:/")+1:]
	word = strings.NewReplacer("_", "", "-", "", " ", "").Replace(word)
	for s, words := range statuses {
		if slices.Contains(words, word) {
			return s
		}
	}
	return alerts.Firing
}

// field is a member of an object, or nothing.
func field(of any, name string) any {
	object, _ := of.(map[string]any)
	return object[name]
}

// plain is a value's text where it has one, also as the name of an object: {"service": {"name": "checkout"}}.
func plain(v any) string {
	if s, err := condition.Text(v); err == nil {
		return s
	}
	for _, name := range []string{"name", "summary", "id"} {
		if s, err := condition.Text(field(v, name)); err == nil && s != "" {
			return s
		}
	}
	return ""
}

// find is what stands under the usual names.
func find(alert any, key string) string {
	for _, name := range usual[key] {
		if s := plain(field(alert, name)); strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// said is what an alert says for a key: what the mapping finds, else what stands under the usual names. Where the mapping
// cannot be worked out for it, that is an error beside it; then it fires with the severity medium, whatever words of its own
// it has: the mapping is there because they mean something else.
func (w work) said(key string, one one) (string, error) {
	s, err := text(key, w.of[key], one, w.meter)
	switch {
	case err != nil && key == "status":
		return string(alerts.Firing), err
	case err != nil && key == "severity":
		return "", err
	case strings.TrimSpace(s) != "":
		return s, err
	}
	return find(one.alert, key), err
}

// errNameless is that nothing tells an alert from others.
var errNameless = errors.New("has nothing that is known as its title or its fingerprint; say with map.title in the configuration where that stands")

// signal reads one alert, and says whether it counts. What the mapping cannot be worked out for counts, as what can be had
// of it, and says so: an alert that was sent is not to be missed for an odd value.
func (w work) signal(one one) (s alerts.Signal, counts bool, err error) {
	var odd []error
	if counts, err = w.when.Holds(one, w.meter); err != nil {
		odd, counts = append(odd, fmt.Errorf("map.when: %w", err)), true
	}
	if !counts {
		return alerts.Signal{}, false, nil
	}
	said := map[string]string{}
	for key := range (Mapping{}).expressions() {
		if key == "labels" {
			continue
		}
		if said[key], err = w.said(key, one); err != nil {
			odd = append(odd, err)
		}
	}
	labels, err := w.labels(one)
	if err != nil {
		odd = append(odd, err)
	}
	if err := errors.Join(odd...); errors.Is(err, condition.ErrSpent) {
		return alerts.Signal{}, false, odd[0]
	}
	s = w.made(said, labels, one)
	switch {
	case s.Fingerprint == "" && len(odd) > 0:
		return alerts.Signal{}, false, fmt.Errorf("%w (%w)", errNameless, errors.Join(odd...))
	case s.Fingerprint == "":
		return alerts.Signal{}, false, errNameless
	case len(odd) > 0:
		s.Description = strings.TrimSpace(unreadable(odd) + "\n" + s.Description)
	}
	return s, true, nil
}

// unreadable says to people what the mapping could not be worked out for.
func unreadable(odd []error) string {
	var all []string
	for _, err := range odd {
		all = append(all, err.Error())
	}
	return "Fireboss could not read all that this alert says. In the configuration of the webhook: " + strings.Join(all, "; ") + "."
}

// made is a signal of what an alert says; without a fingerprint where nothing in it could be one.
func (w work) made(said, labels map[string]string, one one) alerts.Signal {
	if title, ok := one.alert.(string); ok && said["title"] == "" {
		said["title"] = title
	}
	if said["status"] == "" { // of a list that has one for all
		said["status"] = find(one.body, "status")
	}
	s := alerts.Signal{
		Group: said["group"], Status: status(said["status"]), Severity: w.in.Rank(said["severity"]),
		Title: said["title"], Description: said["description"], Service: said["service"], URL: said["url"],
		StartedAt: integrations.ReadTime(said["started"]), Labels: labels,
	}
	w.times(&s, said["ended"], integrations.ReadTime(find(one.alert, "said")))
	if s.Service == "" {
		s.Service = integrations.LabelledService(labels)
	}
	switch {
	case said["fingerprint"] != "":
		s.Fingerprint = "key:" + said["fingerprint"]
		if s.Title == "" {
			s.Title = said["fingerprint"]
		}
	case strings.TrimSpace(s.Title) != "":
		s.Fingerprint = "title:" + s.Service + ":" + s.Title
	}
	if s.Description == s.Title {
		s.Description = ""
	}
	return s
}

// times are those of a signal by its status; a moment that is neither start nor end is whichever the status makes it.
func (w work) times(s *alerts.Signal, ended string, moment time.Time) {
	switch {
	case s.Status.Over():
		if s.EndedAt = integrations.ReadTime(ended); s.EndedAt.IsZero() {
			s.EndedAt = moment
		}
	case s.StartedAt.IsZero():
		s.StartedAt = moment
	}
}

// labels are an object's texts, or those of a list of texts such as env:production; with an error, those that stand under
// the usual names.
func (w work) labels(one one) (map[string]string, error) {
	found, err := w.of["labels"].Run(one, w.meter)
	if err != nil {
		found, err = nil, fmt.Errorf("map.labels: %w", err)
	}
	for _, name := range usual["labels"] {
		if found == nil {
			found = field(one.alert, name)
		}
	}
	all := map[string]string{}
	switch found := found.(type) {
	case map[string]any:
		for name, v := range found {
			switch s, err := condition.Text(v); {
			case v == nil:
			case err == nil:
				all[name] = s
			default:
				all[name] = compact(v)
			}
		}
	case []any:
		for _, v := range found {
			s, err := condition.Text(v)
			if name, value, ok := strings.Cut(s, ":"); err == nil && ok {
				all[name] = value
			} else if name, value, ok := strings.Cut(s, "="); err == nil && ok {
				all[name] = value
			} else if err == nil && s != "" {
				all[s] = ""
			}
		}
	}
	if len(all) == 0 {
		return nil, err
	}
	return all, err
}
