package incidents

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Rules are the policy by which commands are decided; the configuration makes
// them. The zero value has no deadlines and invites nobody.
type Rules struct {
	PrivateTypes []string            // private unless the declarer says otherwise
	Invite       map[string][]string // who comes, by severity ("sev1"), type, service tier ("tier1") or "private"
	Services     map[string]Service
	Roles        []Role // the standard three where empty
	Clock        Clock
}

// Service is something that can break.
type Service struct {
	Tier       int
	Owner      string // a person or group, "@oncall"
	Runbook    string
	Dashboards []string
}

// Clock is when things are due. A severity that is not in a map has no such
// deadline, and so has a duration of 0.
type Clock struct {
	Acknowledge    map[Severity]time.Duration // from the declaration
	Commander      map[Severity]time.Duration // from the declaration, while nobody commands
	Severity       time.Duration              // from the declaration, while the severity is unset
	Update         map[Severity]time.Duration // from the last update or else the declaration
	Mitigate       map[Severity]time.Duration // a target
	Resolve        map[Severity]time.Duration // a target
	MitigateAtRisk float64                    // share of the time after which a target is at risk, 0 to 1
	ResolveAtRisk  float64
	Command        map[Severity]time.Duration // so long in command: time to hand over
	Stale          map[Severity]time.Duration // from the last event that people caused
	Close          time.Duration              // from resolved
}

// DefaultClock is what holds where the configuration says nothing.
func DefaultClock() Clock {
	const day = 24 * time.Hour
	return Clock{
		Acknowledge:    map[Severity]time.Duration{1: 5 * time.Minute, 2: 5 * time.Minute, 3: 15 * time.Minute},
		Commander:      map[Severity]time.Duration{1: 3 * time.Minute, 2: 5 * time.Minute},
		Severity:       10 * time.Minute,
		Update:         map[Severity]time.Duration{1: 30 * time.Minute, 2: time.Hour, 3: 4 * time.Hour},
		Mitigate:       map[Severity]time.Duration{1: time.Hour, 2: 4 * time.Hour},
		Resolve:        map[Severity]time.Duration{1: 4 * time.Hour, 2: day},
		MitigateAtRisk: 0.8, ResolveAtRisk: 0.8,
		Command: map[Severity]time.Duration{1: 4 * time.Hour, 2: 8 * time.Hour},
		Stale:   map[Severity]time.Duration{1: day, 2: day, 3: 3 * day, 4: 14 * day, 5: 14 * day},
		Close:   day,
	}
}

// ServiceName is a service as the policy writes it, whatever the case, or as
// it was said where the policy does not know it.
func (r Rules) ServiceName(said string) string {
	said = Tidy(said)
	if _, known := r.Services[said]; known {
		return said
	}
	for _, name := range slices.Sorted(maps.Keys(r.Services)) {
		if strings.EqualFold(name, said) {
			return name
		}
	}
	return said
}

// calls are the people and groups whom the policy wants in this incident. For
// a private one only what is said for private ones counts.
func (r Rules) calls(in Incident) []string {
	if in.Private {
		return slices.Clone(r.Invite["private"])
	}
	var refs []string
	add := func(more ...string) {
		for _, ref := range more {
			if ref != "" && !contains(refs, ref) {
				refs = append(refs, ref)
			}
		}
	}
	add(r.Invite[in.Severity.String()]...)
	add(r.Invite[in.Type]...)
	for _, name := range in.Services {
		s, ok := r.Services[name]
		if !ok {
			continue
		}
		if s.Tier > 0 {
			add(r.Invite["tier"+string(rune('0'+s.Tier%10))]...)
		}
		add(s.Owner)
	}
	return refs
}

func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
