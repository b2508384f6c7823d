package postmortem

import (
	"time"

	"fireboss/incidents"
)

// silence is a long time in which nobody did or wrote anything that is recorded,
// while the incident was open.
type silence struct {
	from, to *entry
}

func (s silence) length() time.Duration { return s.to.At.Sub(s.from.At) }

// quietFor is from when on a silence is a long one, where the policy does not say
// how often an update is due: nobody wants to hear more often of what is less severe.
var quietFor = map[incidents.Severity]time.Duration{
	1: 30 * time.Minute, 2: time.Hour, 3: 4 * time.Hour, 4: 24 * time.Hour, 5: 24 * time.Hour, incidents.Unset: time.Hour,
}

// longFor is from when on a silence is a long one.
func (a *account) longFor(s incidents.Severity) time.Duration {
	if every := a.Rules.Clock.Update[s]; every > 0 {
		return every
	}
	return quietFor[s]
}

// silences are the long ones, by the severity that held then.
func (a *account) silences() []silence {
	var list []silence
	var last *entry
	severity, status := incidents.Unset, incidents.Investigating
	for _, e := range a.told {
		if a.Incident.Backfilled || !stirs(e) {
			continue
		}
		if last != nil && status.Open() && e.At.Sub(last.At) >= a.longFor(severity) {
			list = append(list, silence{last, e})
		}
		switch e.Kind {
		case incidents.Declared:
			severity, _ = incidents.ParseSeverity(e.field("severity"))
		case incidents.SeverityChanged:
			severity, _ = incidents.ParseSeverity(e.field("to"))
		case incidents.StatusChanged, incidents.Merged:
			if to := incidents.Status(e.field("to")); to != "" {
				status = to
			}
		}
		if e.Kind == incidents.Declared || last != nil {
			last = e
		}
	}
	return list
}

// stirs reports whether an event shows that somebody was at it when it happened: what
// was written down later does not.
func stirs(e *entry) bool {
	return e.Kind == incidents.Declared || e.Kind == incidents.StatusChanged || e.Actor.Kind == incidents.User && !e.later()
}
