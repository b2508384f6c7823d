package alerts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts/condition"
)

// Policy is what becomes of alerts.
type Policy struct {
	Rules    []Rule // the first that holds counts; see [Policy.Compile]
	Flapping Flapping
	Storm    Storm
	// Heartbeats are the alerts that fire as long as all is well; they are not decided about.
	Heartbeats []Heartbeat
	Rates      Rates
	// Channel is where people are notified where a rule does not say so.
	Channel string
	// Quiet is how long a source may say nothing of an alert before it is taken to be over, by the integration's name.
	Quiet map[string]time.Duration
	// Zone is where the calendar's hours and days are meant; nil: UTC.
	Zone *time.Location
	// Office says whether a moment lies in the calendar's office hours; nil: none does.
	Office func(time.Time) bool
	// Tiers are those of services, by their names.
	Tiers map[string]int
	// PrivateTypes are the types of incidents that are private where a rule does not say so.
	PrivateTypes []string

	// Windows are when some alerts are silenced again and again; see [Policy.Compile].
	Windows []Window

	rules      []rule // see [Policy.Compile]
	heartbeats []heartbeat
	windows    []Window
}

// Storm is when declarations by rules are folded into one incident, long before Slack refuses to make more channels.
type Storm struct {
	Declared int           // more than so many …
	Within   time.Duration // … within so long
}

// StormTitle is the title of the incident that the alerts of a storm are folded into.
const StormTitle = "Alert storm: many alerts at once"

// Rule says what becomes of the alerts that its condition holds for.
type Rule struct {
	Name string
	// When says whether it holds. Where it cannot be asked the rule does not hold, and the decision says so.
	When Condition
	Do   Action
	// Severity, Title, Type, Private and Roles are of the incident that it declares. An empty title is the alert's.
	Severity incidents.Severity `json:",omitempty"`
	// Suggested says that it takes the severity that is suggested.
	Suggested bool   `json:",omitempty"`
	Title     Title  `json:",omitempty"`
	Type      string `json:",omitempty"`
	Private   bool   `json:",omitempty"`
	// Roles are given to people and groups ("@oncall"), by the role's name.
	Roles map[string]string `json:",omitempty"`
	// Page is who is woken; empty: whoever is on call.
	Page string `json:",omitempty"`
	// Resolves says that an incident is over once all its alerts are, where all rules that they came by say so.
	Resolves bool   `json:",omitempty"`
	Channel  string `json:",omitempty"` // where people are notified
	Reason   string `json:",omitempty"` // why it is ignored
	Shadow   bool   // it only says what it would have done
	// Live says that somebody has made it live which is in shadow in the configuration; nil: nobody has.
	Live *LiveRule `json:"-"`
}

// near are the open incidents that an alert may belong to, the newest of each; nil: none.
type near struct {
	fingerprint, group, service *incidents.Incident
	all                         []incidents.Incident
}

// settle makes a decision on an alert.
func (p Policy) settle(a Alert, f Facts, now time.Time) Change {
	if a.Quiet != nil && a.Quiet.Silence != 0 {
		a.Silenced = a.Quiet.Silence
	}
	n := p.around(a, f)
	m := matter{alert: a, near: n, facts: f, env: p.env(a, n, now), meter: condition.NewMeter(conditionSteps, conditionBytes, nil), now: now}
	c, troubles, quiet := p.silenced(a, f, n, m.env, now)
	if quiet {
		return c
	}
	if a.Quiet != nil {
		a.Quiet, a.AskedAt = nil, now
	}
	m.alert = a
	var shadow []Shadow
	for _, r := range p.rules {
		holds, err := r.when.Holds(m.env, m.meter)
		if err != nil {
			troubles = append(troubles, fmt.Sprintf("The rule %q could not be asked: %s.", r.Name, err))
			continue
		}
		if !holds {
			continue
		}
		c, reason, fits := p.follow(r, m)
		if !fits {
			continue
		}
		if r.Shadow {
			shadow = append(shadow, Shadow{Rule: r.Name, Action: r.Do, Reason: reason})
			continue
		}
		c.Alert.Decision = Decision{Rule: r.Name, Action: c.action(r.Do), Reason: strings.Join(append([]string{full(reason)}, troubles...), " "), At: now, Shadow: shadow}
		return c
	}
	a.Decision = Decision{Action: Ignore, Reason: strings.Join(append([]string{"No rule holds for it."}, troubles...), " "), At: now, Shadow: shadow}
	return Change{Alert: &a}
}

// full is a sentence with its full stop, whoever wrote its end: more may follow it.
func full(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// Instead is the policy by which people are told of every alert, because what the rules wanted was refused.
func (p Policy) Instead(why string) Policy {
	p.rules = []rule{{Rule: Rule{Name: refusedRule, Do: Notify, Reason: "People are notified, because what a rule wanted was refused: " + strings.TrimRight(why, ".") + "."}}}
	return p
}

// stormy says whether rules have declared as many incidents as they may lately.
func (p Policy) stormy(n near, now time.Time) bool {
	declared := 0
	for _, in := range n.all {
		if byRule(in) && now.Sub(in.DeclaredAt) < p.Storm.Within {
			declared++
		}
	}
	return p.Storm.Declared > 0 && declared >= p.Storm.Declared
}

// storm is the incident of a storm that goes on, until no alert has come for a while; nil: there is none. What is private has a storm of its own: in another one
// everybody would read of it, and in its own nobody would of the rest.
func (p Policy) storm(n near, private bool, now time.Time) *incidents.Incident {
	for i, in := range n.all {
		if in.Storm && in.Private == private && now.Sub(in.Alerts.Came) < p.Storm.Within {
			return &n.all[i]
		}
	}
	return nil
}

// private says whether what a rule declares is private.
func (p Policy) private(r rule) bool {
	is := func(t string) bool { return strings.EqualFold(t, cmp.Or(r.Type, incidents.DefaultType)) }
	return r.Private || slices.ContainsFunc(p.PrivateTypes, is)
}

func byRule(in incidents.Incident) bool { return strings.HasPrefix(in.DeclaredBy.ID, "integration:") }

// around looks for the open incidents that an alert may belong to.
func (p Policy) around(a Alert, f Facts) (n near) {
	for _, in := range f.Open() {
		if !in.Drill && !slices.Contains(a.Was, in.Number) {
			n.all = append(n.all, in)
		}
	}
	of := func(number incidents.Number) *incidents.Incident {
		if i := slices.IndexFunc(n.all, func(in incidents.Incident) bool { return in.Number == number }); number != 0 && i >= 0 {
			return &n.all[i]
		}
		return nil
	}
	if f.Known != nil {
		n.fingerprint = of(f.Known.Incident)
		if q := f.Known.Quiet; n.fingerprint == nil && q != nil {
			n.fingerprint = of(q.Before)
		}
	}
	if len(n.all) == 0 {
		return n // nothing that its group could be attached to
	}
	for _, other := range f.Group() {
		if in := of(other.Incident); in != nil && (n.group == nil || in.Number > n.group.Number) {
			n.group = in
		}
	}
	for i, in := range n.all {
		if a.Service != "" && slices.ContainsFunc(in.Services, func(s string) bool { return strings.EqualFold(s, a.Service) }) {
			n.service = &n.all[i]
			break
		}
	}
	return n
}

// best is the incident that fits best, and why.
func (n near) best(a Alert) (*incidents.Incident, string) {
	apart := func(in *incidents.Incident) string {
		return ", " + incidents.Span(a.ReceivedAt.Sub(in.DeclaredAt).Abs().Truncate(time.Minute)) + " apart"
	}
	switch {
	case n.fingerprint != nil:
		return n.fingerprint, "it was attached to it before"
	case n.group != nil:
		return n.group, "same group of alerts" + apart(n.group)
	case n.service != nil:
		return n.service, "same service" + apart(n.service)
	}
	return nil, ""
}

// env is what conditions see of an alert and what is around it.
func (p Policy) env(a Alert, n near, now time.Time) Env {
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	return Env{
		Alert: a, Now: now.In(zone), Office: p.Office != nil && p.Office(now),
		Open: Open{Count: len(n.all), SameService: n.service != nil, SameGroup: n.group != nil, SameFingerprint: n.fingerprint != nil},
	}
}
