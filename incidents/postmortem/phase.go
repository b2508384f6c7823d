package postmortem

import (
	"time"

	"fireboss/incidents"
)

// phase is a part of an incident's life.
type phase int

// The phases, in the order in which most incidents pass them.
const (
	undetected phase = iota
	detection        // from the detection until somebody acknowledged
	diagnosis
	mitigation
	recovery
	afterwards
)

var phaseTitles = []string{"Before it was detected", "From detection to acknowledgement", "Diagnosis", "Mitigation", "Recovery", "Afterwards"}

// phaseNames are for programs.
var phaseNames = []string{"before detection", "detection", "diagnosis", "mitigation", "recovery", "afterwards"}

func (p phase) String() string { return phaseNames[p] }

// divide gives every event its phase: by the status that held when it happened and,
// until somebody acknowledged, by the moments of detection and acknowledgement. What
// ends a phase belongs to it; a reopening begins the next round.
func (a *account) divide() {
	d := divider{detected: a.Incident.Times.Detected, acknowledged: a.Incident.Times.Acknowledged, backfilled: a.Incident.Backfilled}
	for _, e := range a.told {
		d.place(e)
	}
}

type divider struct {
	detected, acknowledged time.Time
	backfilled             bool
	status                 incidents.Status
	round                  int
}

func (d *divider) place(e *entry) {
	to := incidents.Status("")
	if e.Kind == incidents.StatusChanged || e.Kind == incidents.Merged && e.field("into") != "" {
		to = incidents.Status(e.field("to"))
	}
	if e.reopens() {
		d.round++
		d.status = to
	}
	e.phase, e.round = d.phase(e.At), d.round
	if to != "" {
		d.status = to
	}
}

func (d *divider) phase(at time.Time) phase {
	switch {
	case d.status.Ended():
		return afterwards
	case d.status == incidents.Monitoring:
		return recovery
	case d.status == incidents.Identified:
		return mitigation
	case d.round > 0 || d.backfilled:
		return diagnosis
	case !d.detected.IsZero() && at.Before(d.detected):
		return undetected
	case d.acknowledged.IsZero() || !at.After(d.acknowledged):
		return detection
	}
	return diagnosis
}

// chapter is a run of events in one phase.
type chapter struct {
	phase phase
	round int
	list  []*entry
}

// title heads it.
func (a *account) title(c chapter) string {
	t := phaseTitles[c.phase]
	switch {
	case c.phase == detection && a.Incident.Times.Acknowledged.IsZero():
		t = "After it was detected"
	case c.round == 1:
		t += ", after it was reopened"
	case c.round > 1:
		t += ", after it was reopened " + times(c.round)
	}
	return t
}

// chapters are all events by phase, in the order in which they happened.
func (a *account) chapters() []chapter {
	var list []chapter
	for _, e := range a.told {
		if n := len(list); n == 0 || list[n-1].phase != e.phase || list[n-1].round != e.round {
			list = append(list, chapter{phase: e.phase, round: e.round})
		}
		c := &list[len(list)-1]
		c.list = append(c.list, e)
	}
	return list
}
