package incidents

import (
	"maps"
	"slices"
	"strings"
)

// Rules are the policy by which commands are decided; the configuration makes
// them. The zero value has no deadlines and invites nobody.
type Rules struct {
	PrivateTypes []string            // private unless the declarer says otherwise
	Invite       map[string][]string // who comes, by severity ("sev1"), type, service tier ("tier1") or "private"
	Services     map[string]Service
	Roles        []Role // the standard three where empty
	Clock        Clock
	Regulations  []Regulation // of one's own, beside the presets
}

// Service is something that can break.
type Service struct {
	Tier       int
	Owner      string // a person or group, "@oncall"
	Runbook    string
	Dashboards []string
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
