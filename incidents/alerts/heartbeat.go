package alerts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts/condition"
)

// Own is the source of the alerts that Fireboss itself raises.
const Own = "fireboss"

// Heartbeat is an alert that fires as long as all is well. Nobody is told of it; that it has stopped is an alert.
type Heartbeat struct {
	Name string
	When BeatCondition // which alerts are this heartbeat
	// Within is how long after one the next has to come; 0: by its own pace, see [Heartbeat.limit].
	Within   time.Duration
	Severity Severity
	Service  string
	Expect   bool // it has to come at all; else one that was never heard is not missed
}

// BeatCondition is when an alert is a heartbeat, over what [BeatEnv] knows.
type BeatCondition = condition.Condition[BeatEnv]

// BeatEnv is what the condition of a heartbeat can speak of: the alert alone.
type BeatEnv struct{ Alert Alert }

// Names are those of an alert in [Env.Names].
func (e BeatEnv) Names() map[string]any {
	return map[string]any{"alert": Env{Alert: e.Alert}.Names()["alert"]}
}

// heartbeat is one whose condition is compiled.
type heartbeat struct {
	Heartbeat
	when *condition.Program[BeatEnv]
}

// Heartbeat is the heartbeat that a signal is, the first whose condition holds; false where it is none.
func (p Policy) Heartbeat(h Heard) (Heartbeat, bool) {
	if h.Source == Own || len(p.heartbeats) == 0 {
		return Heartbeat{}, false
	}
	env := BeatEnv{Alert{Source: h.Source, Signal: h.Signal}}
	meter := condition.NewMeter(conditionSteps, conditionBytes, nil)
	for _, b := range p.heartbeats {
		if holds, err := b.when.Holds(env, meter); err == nil && holds {
			return b.Heartbeat, true
		}
	}
	return Heartbeat{}, false
}

// Beat is what is known of a heartbeat of one source.
type Beat struct {
	Source string    `json:"source"` // empty: of no source, because it was never heard
	Name   string    `json:"name"`
	At     time.Time `json:"at,omitzero"` // when it was heard last
	// Ended is when its source said that it is over; zero: it did not since.
	Ended time.Time `json:"ended,omitzero"`
	// Pauses are the last between two of them through which Fireboss ran, the newest last; Counted is when the last ended.
	Pauses  []time.Duration `json:"pauses,omitempty"`
	Counted time.Time       `json:"counted,omitzero"`
}

// Bounds of a heartbeat's own pace.
const (
	// pausesKept is how many pauses tell it, and pausesWanted how many have to be known before anything is missed.
	pausesKept, pausesWanted = 10, 3
	// samePulse is how close to each other two count as one: a pair of Alertmanagers sends everything twice.
	samePulse = 30 * time.Second
	// ShortestPace is how long nothing may come at least: as long as Prometheus takes an alert to hold that it does not
	// hear of again.
	ShortestPace = 5 * time.Minute
	// BeatKept is after how long one that has stopped is not expected any more.
	BeatKept = 28 * 24 * time.Hour
)

// Heard is what is known after a signal that is the heartbeat. began is when Fireboss started.
func (b Beat) Heard(h Heard, began time.Time) Beat {
	switch {
	case h.At.Before(b.At), h.At.Before(b.Ended), h.Signal.Status == Update:
		return b
	case h.Signal.Status.Over():
		if !b.At.IsZero() && b.Ended.IsZero() {
			b.Ended = h.At.UTC()
		}
		return b
	}
	switch pause := h.At.Sub(b.Counted); {
	case b.Counted.Before(began), !b.Ended.IsZero():
		b.Counted = h.At.UTC()
	case pause >= samePulse:
		b.Pauses = append(slices.Clone(b.Pauses), pause)
		b.Pauses, b.Counted = b.Pauses[max(0, len(b.Pauses)-pausesKept):], h.At.UTC()
	}
	b.Source, b.At, b.Ended = h.Source, h.At.UTC(), time.Time{}
	return b
}

// limit is how long one may keep silent; 0: that is not known yet. Where the configuration does not say so it is twice the
// longest of the last pauses but for one, which may have been an outage.
func (h Heartbeat) limit(b Beat) time.Duration {
	switch {
	case h.Within > 0:
		return h.Within
	case len(b.Pauses) < pausesWanted:
		return 0
	}
	sorted := slices.Sorted(slices.Values(b.Pauses))
	return max(2*sorted[len(sorted)-2], ShortestPace)
}

// Pulse is how a heartbeat stands.
type Pulse struct {
	Beat
	Heartbeat Heartbeat
	// Within is how long it may keep silent, counted from Since: when it was heard last, or when Fireboss started. 0: that
	// is not known yet.
	Within  time.Duration
	Since   time.Time
	Stopped bool
	// Unknown says that nobody waits for it: the configuration does not have it any more, it has stopped very long ago, or
	// it was never heard and is not expected.
	Unknown bool
}

// Due is when it is taken to have stopped unless it is heard before; zero: not by itself.
func (u Pulse) Due() time.Time {
	if u.Stopped || u.Unknown || u.Within == 0 {
		return time.Time{}
	}
	return u.Since.Add(u.Within)
}

// Pulses are how all heartbeats stand, those of sources that are known and those that are expected. began is when Fireboss
// started: before that it could not hear any.
func (p Policy) Pulses(beats []Beat, known func(source string) bool, began, now time.Time) (list []Pulse) {
	heard := map[string]bool{}
	for _, b := range beats {
		i := slices.IndexFunc(p.Heartbeats, func(h Heartbeat) bool { return h.Name == b.Name })
		if i < 0 || b.Source != "" && !known(b.Source) {
			list = append(list, Pulse{Beat: b, Unknown: true})
			continue
		}
		heard[b.Name] = heard[b.Name] || b.Source != ""
		list = append(list, p.Heartbeats[i].pulse(b, began, now))
	}
	for _, h := range p.Heartbeats {
		u := h.pulse(Beat{Name: h.Name}, began, now)
		u.Unknown = !h.Expect || heard[h.Name]
		list = append(list, u)
	}
	return list
}

func (h Heartbeat) pulse(b Beat, began, now time.Time) Pulse {
	u := Pulse{Beat: b, Heartbeat: h, Within: h.limit(b), Since: b.At}
	if u.Since.Before(began) {
		u.Since = began
	}
	u.Stopped = !b.Ended.IsZero() || u.Within > 0 && !now.Before(u.Since.Add(u.Within))
	last := b.At
	if b.Ended.After(last) {
		last = b.Ended
	}
	u.Unknown = u.Stopped && b.Source != "" && now.Sub(last) > BeatKept
	return u
}

// Raised is how one stands of which an alert is open that was heard last at a moment: it has stopped until it
// is heard again, however often Fireboss starts meanwhile.
func (u Pulse) Raised(at time.Time) Pulse {
	u.Stopped = u.Stopped || !u.Unknown && !u.At.After(at)
	return u
}

// Title is what it is called: watchdog of alertmanager.
func (u Pulse) Title() string {
	if u.Source == "" {
		return u.Name
	}
	return u.Name + " of " + u.Source
}

// Fingerprint is that of the alert that it has stopped.
func (u Pulse) Fingerprint() string { return "heartbeat " + u.Title() }

// Signal is what is to be heard of it: that it has stopped, or that it is back.
func (u Pulse) Signal(began, now time.Time) Signal {
	s := Signal{
		Fingerprint: u.Fingerprint(), Group: u.Fingerprint(), Status: Firing, Severity: u.Heartbeat.Severity, Service: u.Heartbeat.Service,
		Labels: map[string]string{"alertname": "HeartbeatStopped", "heartbeat": u.Name, "source": u.Source},
	}
	title, rest := fmt.Sprintf("The heartbeat %q", u.Name), []string(nil)
	if u.Source != "" {
		title += " of " + u.Source
	}
	switch {
	case !u.Stopped || u.Unknown:
		s.Status, s.Title = Resolved, title+" is back"
		return s
	case !u.Ended.IsZero():
		s.Title = title + " has stopped: its source says that it is over"
	case u.At.IsZero():
		s.Title = title + " was never heard: nothing for " + long(now.Sub(u.Since)) + " since Fireboss started"
	default:
		s.Title = title + " has stopped: nothing for " + long(now.Sub(u.Since))
		rest = append(rest, "It was heard last on "+moment(u.At)+".")
	}
	if u.At.Before(began) && u.Ended.IsZero() {
		rest = append(rest, "Fireboss started on "+moment(began)+" and counts from then: what came before, it could not hear.")
	}
	s.Description = strings.Join(append(rest, "Look whether what sends it still runs, and whether it reaches Fireboss. Until then other alerts may be missing too."), "\n")
	return s
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// long is a length of time in words.
func long(d time.Duration) string {
	if d = d.Truncate(time.Second); d < time.Minute {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return incidents.Span(d)
}

// Stops is what follows for an alert that is a heartbeat now: where it was an alert before, that is over.
func (p Policy) Stops(h Heard, f Facts) Change {
	if f.Known == nil || !f.Known.Open() {
		return Change{}
	}
	a := f.Known.clone()
	a.HeardAt = h.At
	return p.end(a, h.At, "It is a heartbeat now: people are told when it stops.")
}
