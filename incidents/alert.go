package incidents

import (
	"slices"
	"time"
)

// Alert is what an incident has to know of an alert of monitoring. The alert itself is kept apart; see package
// fireboss/incidents/alerts. Its texts are a stranger's, and bounded there.
type Alert struct {
	ID       string // "AL-12"
	Source   string // the integration's name
	Title    string
	Severity string // as its source says: critical, high, medium, low, info
	Service  string
	URL      string
	Seen     time.Time // when it was first heard of
	Over     bool      // it is over
	// Auto is the rule by which the incident is over when its alerts are; empty: people say so.
	Auto string
}

// Alerts counts the alerts that are attached to an incident.
type Alerts struct {
	Total  int `json:"total"`  // attached and not detached
	Firing int `json:"firing"` // of these, those that are not over
	// Services counts them by the service that they name, of the first [MaxAlertServices] of those; Came is when one was
	// attached last.
	Services map[string]int `json:"services,omitempty"`
	Came     time.Time      `json:"came,omitzero"`
	// Over is since when all of them are over; zero while one fires, or there is none.
	Over time.Time `json:"over,omitzero"`
	// Detected is what they have set [Times.Detected] to; where that is something else now, somebody has set it by hand.
	Detected time.Time `json:"detected,omitzero"`
	// Auto counts those that came by a rule by which the incident is over when they are; Rules are those rules.
	Auto  int      `json:"auto,omitempty"`
	Rules []string `json:"rules,omitempty"`
	// Calm says that the incident went to monitoring because all of them are over, or was there.
	Calm bool `json:"calm,omitempty"`
	// Left is why it is up to people all the same whether the incident is over; empty: it is not, or never was anything else.
	Left string `json:"left,omitempty"`
	// Unwoken is why nobody was woken whom a rule wanted woken, as it was said last.
	Unwoken string `json:"unwoken,omitempty"`
}

// MaxAlertServices is how many services of an incident's alerts are told apart.
const MaxAlertServices = 200

// count counts an alert by its service, by 1 or -1.
func (a *Alerts) count(service string, by int) {
	n, known := a.Services[service]
	switch {
	case service == "" || !known && (by < 0 || len(a.Services) >= MaxAlertServices):
	case n+by <= 0:
		delete(a.Services, service)
	default:
		if a.Services == nil {
			a.Services = map[string]int{}
		}
		a.Services[service] = n + by
	}
}

// AttachAlert attaches an alert; the first one that was heard of before the incident was declared is how it was detected.
// Whoever keeps the alerts sees to it that each is attached to one incident at most.
type AttachAlert struct {
	Alert Alert
	// Why is the reason, in words for people: "same service, 4 min apart".
	Why string
	// Wake is who is woken because of it; nil: nobody.
	Wake *Wake
}

// DetachAlert takes an alert off again.
type DetachAlert struct {
	Alert Alert
	Why   string
}

// RefireAlert says that an attached alert that was over fires again, as one does that flaps.
type RefireAlert struct {
	Alert Alert
	At    time.Time
}

// EndAlert says that an attached alert is over.
type EndAlert struct {
	Alert Alert
	At    time.Time // when it ended
}

// alertVerb is the row in [Lifecycle] of everything that is done with alerts.
const alertVerb = "alert"

// Verb is the row in [Lifecycle].
func (AttachAlert) Verb() string { return alertVerb }

// Verb is the row in [Lifecycle].
func (DetachAlert) Verb() string { return alertVerb }

// Verb is the row in [Lifecycle].
func (RefireAlert) Verb() string { return alertVerb }

// Verb is the row in [Lifecycle].
func (EndAlert) Verb() string { return alertVerb }

func (a AttachAlert) decide(d *decision) error {
	seen := a.Alert.Seen
	if seen.IsZero() || inFuture(seen, d.now) || longAgo(seen) {
		seen = d.now
	}
	c := &d.in.Alerts
	c.Total++
	c.Came = d.now
	c.count(a.Alert.Service, 1)
	if !a.Alert.Over {
		c.Firing++
	}
	if a.Alert.Auto != "" {
		c.Auto++
		if !slices.Contains(c.Rules, a.Alert.Auto) {
			c.Rules = append(c.Rules, a.Alert.Auto)
		}
	}
	c.settle(d.now)
	if t := &d.in.Times.Detected; seen.Before(*t) && (t.Equal(d.in.Times.Declared) || t.Equal(c.Detected)) {
		*t = seen.UTC().Truncate(time.Millisecond)
		c.Detected = *t
	}
	d.eventAt(seen, AlertAttached, because("Alert: "+a.Alert.line(), a.Why), append(a.Alert.data(), "why", a.Why, "over", a.Alert.Over, "detected", stamp(d.in.Times.Detected))...)
	if !a.Alert.Over {
		d.upToPeople(a.Alert.ID + " fires")
	}
	if a.Wake != nil {
		d.rouse(*a.Wake)
	}
	return nil
}

func (a DetachAlert) decide(d *decision) error {
	c := &d.in.Alerts
	c.count(a.Alert.Service, -1)
	if c.Total--; !a.Alert.Over {
		c.Firing--
	}
	if a.Alert.Auto != "" {
		c.Auto--
	}
	c.Total, c.Firing, c.Auto = max(c.Total, 0), max(c.Firing, 0), max(c.Auto, 0)
	c.settle(d.now)
	d.event(AlertDetached, because("Detached the alert "+a.Alert.line(), a.Why), append(a.Alert.data(), "why", a.Why)...)
	return nil
}

func (a EndAlert) decide(d *decision) error {
	at := a.At
	if at.IsZero() || inFuture(at, d.now) || longAgo(at) {
		at = d.now
	}
	c := &d.in.Alerts
	c.Firing = max(c.Firing-1, 0)
	c.settle(d.now)
	d.eventAt(at, AlertResolved, "Alert is over: "+a.Alert.line(), a.Alert.data()...)
	d.calmed()
	return nil
}

func (a RefireAlert) decide(d *decision) error {
	at := a.At
	if at.IsZero() || inFuture(at, d.now) || longAgo(at) {
		at = d.now
	}
	c := &d.in.Alerts
	c.Firing = min(c.Firing+1, c.Total)
	c.settle(d.now)
	d.eventAt(at, AlertRefired, "Alert fires again: "+a.Alert.line(), a.Alert.data()...)
	d.upToPeople(a.Alert.ID + " fires again")
	return nil
}

// settle says since when all are over.
func (a *Alerts) settle(now time.Time) {
	switch {
	case a.Total == 0 || a.Firing > 0:
		a.Over = time.Time{}
	case a.Over.IsZero():
		a.Over = now
	}
}

// line is the alert in one line.
func (a Alert) line() string {
	return a.Title + " (" + a.Source + ", " + a.Severity + ", " + a.ID + ")"
}

// AlertID is the id of the alert whose attaching an event tells; empty for other events, and for one that was redacted.
func (e Event) AlertID() string {
	if e.Kind != AlertAttached {
		return ""
	}
	return e.Field("alert")
}

func (a Alert) data() []any {
	return []any{"alert", a.ID, "source", a.Source, "title", a.Title, "severity", a.Severity, "service", a.Service, "url", a.URL}
}
