package alerts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

// LiveRule says that somebody has made a rule live that is in shadow in the configuration. It counts for the rule as it was
// then: one that says something else is in shadow again.
type LiveRule struct {
	Rule   string           `json:"rule"`   // its name
	Digest string           `json:"digest"` // what it says; see [Rule.Digest]
	By     incidents.Person `json:"by"`
	At     time.Time        `json:"at"`
}

// Digest stands for all that a rule says but for its name and whether it is in shadow.
func (r Rule) Digest() string {
	r.Name, r.Shadow = "", false
	raw, err := json.Marshal(r)
	if err != nil { // it has texts and nothing else
		panic(fmt.Sprintf("alerts: the rule %+v: %v", r, err))
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// Means says whether this is about that rule as it is.
func (l LiveRule) Means(r Rule) bool { return l.Rule == r.Name && l.Digest == r.Digest() }

// WithLive is the policy in which those rules in shadow are at work that somebody has made live. It is compiled where this
// one is.
func (p Policy) WithLive(list []LiveRule) Policy {
	p.Rules, p.rules = slices.Clone(p.Rules), slices.Clone(p.rules)
	for i, r := range p.Rules {
		at := slices.IndexFunc(list, func(l LiveRule) bool { return r.Shadow && l.Means(r) })
		if at < 0 {
			continue
		}
		p.Rules[i].Shadow, p.Rules[i].Live = false, &list[at]
		if i < len(p.rules) {
			p.rules[i].Rule = p.Rules[i]
		}
	}
	return p
}

// Rule is a rule by its name.
func (p Policy) Rule(name string) (Rule, bool) {
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return p.Rules[i], true
}
