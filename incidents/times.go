package incidents

import "time"

// Times are the moments that figures are made from. Zero is not yet known.
type Times struct {
	ImpactStarted time.Time `json:"impact_started,omitzero"`
	ImpactEnded   time.Time `json:"impact_ended,omitzero"`
	Detected      time.Time `json:"detected,omitzero"` // the first alert's time, or else the declaration's
	Declared      time.Time `json:"declared,omitzero"`
	Acknowledged  time.Time `json:"acknowledged,omitzero"`
	Identified    time.Time `json:"identified,omitzero"` // the first time in that status
	Mitigated     time.Time `json:"mitigated,omitzero"`  // the first time in monitoring, or in resolved without it
	Resolved      time.Time `json:"resolved,omitzero"`   // the last such moment; reopening empties it
	Closed        time.Time `json:"closed,omitzero"`     // the last such moment; reopening empties it
}

// TimeNames are the names by which people set them, in order.
var TimeNames = []string{"impact_started", "impact_ended", "detected", "declared", "acknowledged", "identified", "mitigated", "resolved", "closed"}

// Named is the moment of that name, nil where there is no such name.
func (t *Times) Named(name string) *time.Time {
	switch name {
	case "impact_started":
		return &t.ImpactStarted
	case "impact_ended":
		return &t.ImpactEnded
	case "detected":
		return &t.Detected
	case "declared":
		return &t.Declared
	case "acknowledged":
		return &t.Acknowledged
	case "identified":
		return &t.Identified
	case "mitigated":
		return &t.Mitigated
	case "resolved":
		return &t.Resolved
	case "closed":
		return &t.Closed
	}
	return nil
}

// The years that a moment can be in. Others can only be a slip or an attack,
// and beyond the year 9999 RFC 3339 cannot write them.
const (
	firstYear = 1970
	lastYear  = 9999
)

// longAgo reports whether a moment that is known lies before all computers.
func longAgo(at time.Time) bool { return !at.IsZero() && at.UTC().Year() < firstYear }

// Durations are spans between moments; nil where one end is unknown, or where
// moments set by hand contradict each other: what ended before it began took
// no time that a figure could state.
type Durations struct {
	Detect      *time.Duration // detected − impact started
	Acknowledge *time.Duration // acknowledged − detected
	Mitigate    *time.Duration // mitigated − basis
	Resolve     *time.Duration // resolved − basis
	// Basis is where Mitigate and Resolve begin: impact_started, or detected
	// where the start of the impact is unknown.
	Basis string
}

// Durations computes the figures of these moments.
func (t Times) Durations() Durations {
	basis, from := "impact_started", t.ImpactStarted
	if from.IsZero() {
		basis, from = "detected", t.Detected
	}
	return Durations{
		Detect:      span(t.ImpactStarted, t.Detected),
		Acknowledge: span(t.Detected, t.Acknowledged),
		Mitigate:    span(from, t.Mitigated),
		Resolve:     span(from, t.Resolved),
		Basis:       basis,
	}
}

func span(from, to time.Time) *time.Duration {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return nil
	}
	d := to.Sub(from)
	return &d
}
