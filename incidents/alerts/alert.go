package alerts

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents"
)

// Number is an alert's number: 1, 2, 3 …, given once and never again. Zero is no alert.
type Number uint64

// String is how people write it: AL-12.
func (n Number) String() string { return "AL-" + strconv.FormatUint(uint64(n), 10) }

// ParseNumber reads "AL-12", in any case.
func ParseNumber(s string) (Number, error) {
	if rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(s)), "AL-"); ok {
		if n, err := strconv.ParseUint(rest, 10, 63); err == nil && n > 0 {
			return Number(n), nil
		}
	}
	return 0, fmt.Errorf("%q is not an alert; write it like AL-12", s)
}

// Alert is an episode of an alert: from when it began to fire until it is over. What fires again after that is a new
// one, with a number of its own.
type Alert struct {
	Number Number `json:"number"`
	Source string `json:"source"` // the integration's name
	Signal        // as it was said last; the times are those of the episode
	// ReceivedAt is when it was first heard of, HeardAt when last.
	ReceivedAt time.Time `json:"received_at"`
	HeardAt    time.Time `json:"heard_at"`
	// Turns are when it began to fire or ceased to within the last [Flapping.Within]; see [Flapping].
	Turns    []time.Time `json:"turns,omitempty"`
	Flapping bool        `json:"flapping,omitempty"`
	// CalmAt is when one that flaps has kept still for so long that it does not any more, unless it turns before.
	CalmAt time.Time `json:"calm_at,omitzero"`
	// LapsesAt is when it is taken to be over unless it is heard of again before; zero: not by itself.
	LapsesAt time.Time `json:"lapses_at,omitzero"`
	// Lapsed says that it is over because nothing was heard of it, and not because its source said so.
	Lapsed bool `json:"lapsed,omitempty"`
	// Channel is where people are told of it, as the configuration names it; empty: nowhere.
	Channel  string             `json:"channel,omitempty"`
	Incident incidents.Number   `json:"incident,omitempty"`
	Was      []incidents.Number `json:"was,omitempty"` // incidents that it was detached from: it is not attached to them by itself again
	// Past are incidents to which earlier episodes belonged, newest last.
	Past []incidents.Number `json:"past,omitempty"`
	// Auto is the rule by which its incident is over when its alerts are; empty: people say so.
	Auto string `json:"auto,omitempty"`
	// IgnoredUntil is until when somebody wants it to lead to nothing; zero: nobody does.
	IgnoredUntil time.Time `json:"ignored_until,omitzero"`
	Decision     Decision  `json:"decision"`
	// Quiet is what silenced it when it was decided about last; nil: nothing did. See [Alert.QuietUntil].
	Quiet *Quiet `json:"quiet,omitempty"`
	// AskedAt is when the rules were asked about it once it was silenced no longer, and Silenced the silence that had held
	// it back, if one had; zero: they were asked as it began, or have not been.
	AskedAt  time.Time     `json:"asked_at,omitzero"`
	Silenced SilenceNumber `json:"silenced,omitempty"`
	// Blotted says that its texts were removed; see [Alert.Blot].
	Blotted bool `json:"blotted,omitempty"`
	// Delivery and Place say which signal was heard last, so that one that is worked again after a crash counts once.
	Delivery string `json:"delivery,omitempty"`
	Place    int    `json:"place,omitempty"`
}

// Action is what becomes of an alert.
type Action string

// The actions.
const (
	Ignore  Action = "ignore"
	Attach  Action = "attach"  // to an incident that is open
	Notify  Action = "notify"  // people in a channel, who decide
	Declare Action = "declare" // an incident
	Page    Action = "page"    // somebody, about an incident: the one that it belongs to, or one for it
)

// Decision is what was made of an alert, and why.
type Decision struct {
	Rule   string    `json:"rule"`
	Action Action    `json:"action"`
	Reason string    `json:"reason"`       // a sentence for people
	By     string    `json:"by,omitempty"` // who decided it by hand; empty: the rule did
	At     time.Time `json:"at"`
	// Shadow are the rules before it that only say what they would have done.
	Shadow []Shadow `json:"shadow,omitempty"`
}

// The rules of Fireboss's own, which stand in decisions as those of the configuration do.
const (
	SilencedRule = "silenced" // people do not want to hear of it for now
	overRule     = "over"     // it was over when it was first heard of; nobody ignored it
	flappingRule = "flapping" // it comes and goes too often
	refusedRule  = "refused"  // what a rule wanted was refused
)

// OwnRules are their names, which no rule of a configuration may have.
var OwnRules = []string{SilencedRule, overRule, flappingRule, refusedRule}

// Shadow is what a rule would have done.
type Shadow struct {
	Rule   string `json:"rule"`
	Action Action `json:"action"`
	Reason string `json:"reason"`
}

// Open says whether there is still something to be seen to.
func (a Alert) Open() bool { return !a.Status.Over() }

// Looks is the alert as a list shows it.
func (a Alert) Looks() string {
	return strings.Join([]string{a.Title, string(a.Severity), string(a.Status), a.URL}, "\n")
}

// Notifies says whether people in a channel are to be told of it, so that they decide.
func (a Alert) Notifies() bool {
	return a.Channel != "" && a.Decision.Action == Notify
}

// AskAt is when the rules are asked about it by themselves: it is silenced until then, or flaps and has kept still until
// then. Zero where they are not.
func (a Alert) AskAt() time.Time {
	if until := a.QuietUntil(); !until.IsZero() {
		return until
	}
	if a.Flapping && a.Open() && a.Incident == 0 && a.Decision.By == "" && a.Decision.Rule == flappingRule {
		return a.CalmAt
	}
	return time.Time{}
}

// For is the alert as an incident knows it.
func (a Alert) For() incidents.Alert {
	return incidents.Alert{ID: a.Number.String(), Source: a.Source, Title: a.Title, Severity: string(a.Severity), Service: a.Service, URL: a.URL, Seen: a.ReceivedAt, Over: !a.Open(), Auto: a.Auto}
}

// Actor is who acts where an alert leads to something.
func (a Alert) Actor() incidents.Actor {
	return incidents.Actor{Kind: incidents.Integration, ID: "integration:" + a.Source, Name: a.Source, Admin: true}
}

func (a Alert) clone() Alert {
	a.Labels = maps.Clone(a.Labels)
	a.Turns = append([]time.Time(nil), a.Turns...)
	a.Was = append([]incidents.Number(nil), a.Was...)
	a.Past = append([]incidents.Number(nil), a.Past...)
	a.Decision.Shadow = append([]Shadow(nil), a.Decision.Shadow...)
	if a.Quiet != nil {
		q := *a.Quiet
		a.Quiet = &q
	}
	return a
}
