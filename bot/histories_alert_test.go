package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"fireboss/bot/settings"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
	"fireboss/integrations/pagerduty"
	"fireboss/integrations/pagertest"
)

// historyAlerts are what monitoring says in a history: how an alert stands, its name, its severity and its source.
var historyAlerts = []string{
	"firing disk warning alertmanager", "firing disk warning alertmanager", "resolved disk warning alertmanager", "firing disk warning prometheus", "resolved disk warning prometheus",
	"firing mail warning alertmanager", "resolved mail warning alertmanager", "firing cache info prometheus", "firing checkout warning alertmanager", "resolved checkout warning alertmanager",
	"firing db critical alertmanager", "firing db critical alertmanager", "resolved db critical alertmanager", "firing db critical prometheus",
	"firing vault critical alertmanager", "firing vault critical alertmanager", "resolved vault critical alertmanager",
}

// alerted are rules of every kind, and a pager. Incidents are declared with titles of their own: that of an alert is told
// before, whatever becomes of the incident.
func alerted(s *settings.Settings) {
	c := &pagerduty.Config{URL: "http://pager.test", Travel: integrations.DefaultTravel()} // no TLS in a bubble
	c.RoutingKey.SetSecret(pagertest.Key, "")
	s.Integrations[pagerduty.Name] = c
	s.Alerts.Rules = []settings.AlertRule{
		{Name: "same service", When: "open.same_service", Do: settings.AlertAttach},
		{Name: "secret", When: `alert.service == "vault"`, Do: settings.AlertDeclare, Title: "something is open", Severity: "sev2", Private: true},
		{Name: "critical", When: `alert.severity == "critical"`, Do: settings.AlertDeclare, Title: "something is down"},
		{Name: "would", When: `alert.service == "mail"`, Do: settings.AlertDeclare, Shadow: true},
		{Name: "noise", When: `alert.severity == "info"`, Do: settings.AlertIgnore, Reason: "it is noise"},
		{Name: "the rest", When: "true", Do: settings.AlertNotify, Channel: "#alerts"},
	}
}

// monitor has monitoring say how one of its alerts stands: what fires again after it was over has begun anew.
func (l *life) monitor(text string) {
	if l.prog == nil {
		return
	}
	var status, name, severity, source string
	if _, err := fmt.Sscan(text, &status, &name, &severity, &source); err != nil {
		panic(err)
	}
	now := time.Now().UTC()
	if source == "prometheus" { // it says until when what it says holds
		ends := now.Add(4 * time.Minute)
		if status == "resolved" {
			ends = now
		}
		_ = l.sends("prometheus/simulated-key/api/v2/alerts", fmt.Sprintf(`[{"labels":{"alertname":%q,"severity":%q,"service":%q},"annotations":{"summary":"%s is down"},"startsAt":%q,"endsAt":%q}]`,
			name, severity, name, name, now.Truncate(10*time.Minute).Format(time.RFC3339), ends.Format(time.RFC3339Nano))) // it may be starting
		return
	}
	_ = l.sends(source, strings.Replace(notification(status, name, severity, name), "2000-01-01T00:00:00Z", now.Truncate(10*time.Minute).Format(time.RFC3339), 1)) // it may be starting
}

// decide presses a button of the newest message about an alert that has one.
func (l *life) decide(s step) {
	st, err := l.state()
	if err != nil {
		return
	}
	label := []string{"Attach to …", "Ignore for 1 h"}[l.n%2]
	for _, m := range slices.Backward(st.channel(alertsChannel).Messages) {
		if m.kind() != "fireboss_alert" {
			continue
		}
		if action := button(m.Blocks, label); action != "" {
			l.call(http.MethodPost, "/sim/click", map[string]any{"user": s.Who, "channel": alertsChannel, "ts": m.TS, "action_id": action})
			l.fill()
			return
		}
	}
}

// alerts checks that each alert was decided about once, that incidents count and record theirs as they are kept, and that
// nobody is shown the private incident of one.
func (l *life) alerts() error {
	ctx := context.Background()
	list, err := l.prog.store.Alerts(ctx, store.AlertQuery{})
	all, err2 := l.prog.store.Incidents(ctx, store.Query{})
	st, err3 := l.state()
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	var wrong []error
	open := map[string]alerts.Number{}
	for _, a := range list {
		l.reached["alert "+string(a.Decision.Action)]++
		if !a.IgnoredUntil.IsZero() {
			l.reached["an alert ignored"]++
		}
		if a.Quiet != nil {
			l.reached["an alert silenced"]++
		}
		if until := a.QuietUntil(); !until.IsZero() && until.Before(time.Now()) {
			wrong = append(wrong, fmt.Errorf("%s is silenced no longer, since %s, and the rules were not asked", a.Number, until))
		}
		if a.Decision.Action == "" || a.Decision.At.IsZero() || a.Decision.Reason == "" {
			wrong = append(wrong, fmt.Errorf("%s is not decided about: %+v", a.Number, a.Decision))
		}
		same := a.Source + " " + a.Fingerprint
		if before, twice := open[same]; twice && a.Open() {
			wrong = append(wrong, fmt.Errorf("%s and %s are one alert", before, a.Number))
		}
		if a.Open() {
			open[same] = a.Number
		}
	}
	for _, in := range all {
		events, err := l.prog.store.Events(ctx, in.Number, 0, 0)
		wrong = append(wrong, err, tallies(in, events, list), unnamed(st, in))
		if in.Private && in.Alerts.Total > 0 {
			l.reached["an alert of a private incident"]++
		}
	}
	return errors.Join(wrong...)
}

// tallies wants an incident to count the alerts that are attached to it, and its events to say which those are.
func tallies(in incidents.Incident, events []incidents.Event, list []alerts.Alert) error {
	var wrong []error
	firing, attached, over := 0, map[string]bool{}, map[string]bool{}
	redacted := false
	for _, e := range events {
		switch id := e.Field("alert"); e.Kind {
		case incidents.AlertAttached:
			if attached[id] {
				wrong = append(wrong, fmt.Errorf("%s attaches %s, which it has", e.ID(), id))
			}
			attached[id], over[id] = true, e.Field("over") == "true"
			redacted = redacted || e.Redacted
		case incidents.AlertDetached:
			delete(attached, id)
			redacted = redacted || e.Redacted
		case incidents.AlertResolved:
			over[id] = true
			redacted = redacted || e.Redacted
		}
	}
	total := 0
	for _, a := range list {
		id := a.Number.String()
		if a.Incident == in.Number {
			total++
			if a.Open() {
				firing++
			}
		}
		if redacted {
			continue // which alert it was is removed with the rest
		}
		if attached[id] != (a.Incident == in.Number) || attached[id] && over[id] == a.Open() {
			wrong = append(wrong, fmt.Errorf("%s: by its events %s is attached: %v, over: %v; it belongs to %s and is %s", in.Number, id, attached[id], over[id], a.Incident, a.Status))
		}
	}
	if in.Alerts.Total != total || in.Alerts.Firing != firing || in.Alerts.Over.IsZero() != (total == 0 || firing > 0) {
		wrong = append(wrong, fmt.Errorf("%s counts %+v of %d alerts, of which %d fire", in.Number, in.Alerts, total, firing))
	}
	return errors.Join(wrong...)
}

// unnamed wants no message about alerts that everybody can read to name a private incident.
func unnamed(st simState, in incidents.Incident) error {
	if !in.Private {
		return nil
	}
	var wrong []error
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			if c.IsPrivate || !strings.HasPrefix(m.kind(), "fireboss_alert") || strings.HasPrefix(c.Name, "was-") {
				continue
			}
			text := m.words() + " "
			if strings.Contains(text, in.Title) || slices.ContainsFunc([]string{" ", ".", ",", ":", ";", ")", "\n", "*"}, func(end string) bool { return strings.Contains(text, in.Number.String()+end) }) {
				wrong = append(wrong, fmt.Errorf("#%s shows the private %s: %s", c.Name, in.Number, text))
			}
		}
	}
	return errors.Join(wrong...)
}

// pages checks that nobody was woken twice by one page, and everybody of whom the record says that they were.
func (l *life) pages() error {
	list, err := l.prog.store.Incidents(context.Background(), store.Query{})
	wrong := []error{err}
	for _, in := range list {
		for _, p := range in.Pages {
			woken := l.pager.Alert(p.Key).Woken
			accepted := p.State != incidents.PageWanted && p.State != incidents.PageFailed
			if accepted {
				l.reached["a page accepted"]++
			}
			if woken > 1 || accepted && woken != 1 || p.State == incidents.PageWanted {
				wrong = append(wrong, fmt.Errorf("the page %s is %s, and woke somebody %d times", p.Key, p.State, woken))
			}
		}
	}
	return errors.Join(wrong...)
}
