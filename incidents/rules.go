package incidents

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rules are the policy by which commands are decided; the configuration makes
// them. The zero value has no deadlines and invites nobody.
type Rules struct {
	PrivateTypes []string            // private unless the declarer says otherwise
	Invite       map[string][]string // who comes, by severity ("sev1"), type, service tier ("tier1") or "private"
	Services     map[string]Service
	Roles        []Role              // the standard three where empty
	Types        []Type              // those that want something; any other can be said as well
	Meanings     map[Severity]string // what each severity means; left out: [Severity.Meaning]
	Suggest      map[int]Severity    // at least so severe is what touches a service of this tier
	Pages        string              // where an incident's page is, without its number; empty: nowhere
	Clock        Clock
	// Permissions are who may do what: people and groups ("@oncall"), roles in the
	// incident ("commander"), [Members] and [Guests]. What is left out is for members.
	Permissions map[Permission][]string
	Record      Record
	Paging      []Paging // how people can be woken; none: they cannot
	// Model says that a language model writes drafts of postmortems anew.
	Model       bool
	Retention   Retention
	Regulations []Regulation // of one's own, beside the presets
	// Quiet is how long the alerts of an incident that is over with them have to keep still before it is resolved; 0: it is
	// not resolved by itself.
	Quiet time.Duration
}

// PostmortemPage is where an incident's postmortem is read; empty where incidents
// have no pages.
func (r Rules) PostmortemPage(n Number) string {
	if r.Pages == "" {
		return ""
	}
	return r.Pages + n.String() + "/postmortem"
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

// Suggested is how severe an incident may well be by the alert that it was
// declared for, as long as nobody has said how severe it is, and at least by the services that it
// touches, and why; [Unset] where they say nothing that it does not say itself.
func (r Rules) Suggested(in Incident) (Severity, string) {
	best, why := Unset, ""
	if s := in.Suggestion; in.Severity == Unset && s.Severity != Unset {
		best, why = s.Severity, strings.Join(s.Why, ", ")
	}
	for _, name := range in.Services {
		tier := r.Services[name].Tier
		sev := r.Suggest[tier]
		if tier == 0 || sev == Unset || best != Unset && sev.Rank() >= best.Rank() || in.Severity != Unset && sev.Rank() >= in.Severity.Rank() {
			continue
		}
		best, why = sev, fmt.Sprintf("%s is a tier-%d service", name, tier)
	}
	return best, why
}

// Offered is the number of the severity that people are shown how to choose: the one that is suggested, or else 2.
func (r Rules) Offered(in Incident) string {
	if s, _ := r.Suggested(in); s != Unset {
		return strconv.Itoa(int(s))
	}
	return "2"
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
