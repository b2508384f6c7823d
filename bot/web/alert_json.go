package web

import (
	"cmp"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// Alert is an alert in JSON.
type Alert struct {
	ID          string            `json:"id"` // "AL-7"
	Source      string            `json:"source"`
	Fingerprint string            `json:"fingerprint"`
	Group       string            `json:"group"`
	Status      string            `json:"status"`
	Severity    string            `json:"severity"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Service     string            `json:"service"`
	URL         string            `json:"url"`
	StartedAt   *Time             `json:"started_at"` // null: its source did not say
	EndedAt     *Time             `json:"ended_at"`   // null: it is not over
	ReceivedAt  Time              `json:"received_at"`
	HeardAt     Time              `json:"heard_at"` // when it was heard of last
	Count       int               `json:"count"`
	Flapping    bool              `json:"flapping"`
	Labels      map[string]string `json:"labels"`
	Silenced    *AlertSilenced    `json:"silenced,omitempty"` // absent: nothing silences it
	Incident    *string           `json:"incident"`           // null: to none that the caller may see
	Decision    AlertDecision     `json:"decision"`
	DecidedBy   string            `json:"decided_by,omitempty"` // who decided by hand; absent: the rule did
}

// AlertDecision is what was made of an alert, and why.
type AlertDecision struct {
	Rule   string        `json:"rule"`
	Action string        `json:"action"`
	Reason string        `json:"reason"`
	Shadow []AlertShadow `json:"shadow,omitempty"` // what rules would have done that only say so
}

// AlertSilenced is what keeps people from hearing of an alert: a silence, or a window of the configuration.
type AlertSilenced struct {
	Silence string `json:"silence,omitempty"` // "SI-3"
	Window  string `json:"window,omitempty"`  // its name
	Until   Time   `json:"until"`
}

// AlertShadow is what a rule would have done.
type AlertShadow struct {
	Rule   string `json:"rule"`
	Action string `json:"action"`
	Reason string `json:"reason"`
}

// AlertList is a page of alerts, newest first.
type AlertList struct {
	Alerts     []Alert `json:"alerts"`
	NextCursor string  `json:"next_cursor,omitempty"` // absent on the last page
}

// AlertJSON is an alert in JSON, all of it; see [alerts.Alert.SeenBy].
func AlertJSON(a alerts.Alert) Alert {
	out := Alert{
		ID: a.Number.String(), Source: a.Source, Fingerprint: a.Fingerprint, Group: a.Group, Status: string(a.Status), Severity: string(a.Severity), Title: a.Title,
		Description: a.Description, Service: a.Service, URL: a.URL, StartedAt: moment(a.StartedAt), EndedAt: moment(a.EndedAt), ReceivedAt: Time{a.ReceivedAt}, HeardAt: Time{a.HeardAt},
		Count: a.Count, Flapping: a.Flapping, Labels: a.Labels, DecidedBy: a.Decision.By,
		Decision: AlertDecision{Rule: a.Decision.Rule, Action: string(a.Decision.Action), Reason: a.Decision.Reason},
	}
	if out.Labels == nil {
		out.Labels = map[string]string{}
	}
	if a.Incident != 0 {
		id := a.Incident.String()
		out.Incident = &id
	}
	if until := a.QuietUntil(); !until.IsZero() {
		out.Silenced = &AlertSilenced{Window: a.Quiet.Window, Until: Time{until}}
		if a.Quiet.Silence != 0 {
			out.Silenced.Silence = a.Quiet.Silence.String()
		}
	}
	for _, s := range a.Decision.Shadow {
		out.Decision.Shadow = append(out.Decision.Shadow, AlertShadow{s.Rule, string(s.Action), s.Reason})
	}
	return out
}

// Alert is the alert that was written as this, as far as it says.
func (a Alert) Alert() (alerts.Alert, error) {
	n, err := alerts.ParseNumber(a.ID)
	if err != nil {
		return alerts.Alert{}, err
	}
	known := func(t *Time) time.Time { return cmp.Or(t, &Time{}).Time }
	out := alerts.Alert{
		Number: n, Source: a.Source, ReceivedAt: a.ReceivedAt.Time, HeardAt: a.HeardAt.Time, Flapping: a.Flapping,
		Signal: alerts.Signal{
			Fingerprint: a.Fingerprint, Group: a.Group, Status: alerts.Status(a.Status), Severity: alerts.Severity(a.Severity), Title: a.Title, Description: a.Description,
			Service: a.Service, URL: a.URL, StartedAt: known(a.StartedAt), EndedAt: known(a.EndedAt), Labels: a.Labels, Count: a.Count,
		},
		Decision: alerts.Decision{Rule: a.Decision.Rule, Action: alerts.Action(a.Decision.Action), Reason: a.Decision.Reason, By: a.DecidedBy},
	}
	if a.Incident != nil {
		if out.Incident, err = incidents.ParseNumber(*a.Incident); err != nil {
			return alerts.Alert{}, err
		}
	}
	if s := a.Silenced; s != nil {
		out.Quiet = &alerts.Quiet{Window: s.Window, Until: s.Until.Time}
		if s.Silence != "" {
			if out.Quiet.Silence, err = alerts.ParseSilenceNumber(s.Silence); err != nil {
				return alerts.Alert{}, err
			}
		}
	}
	for _, s := range a.Decision.Shadow {
		out.Decision.Shadow = append(out.Decision.Shadow, alerts.Shadow{Rule: s.Rule, Action: alerts.Action(s.Action), Reason: s.Reason})
	}
	return out, nil
}
