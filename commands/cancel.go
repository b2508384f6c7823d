package commands

import (
	"strings"

	"fireboss/incidents"
)

var cancelVerb = Verb{
	Name: "cancel", Group: groupEnd, about: true,
	Usage:    []string{"cancel [WHY]", "cancel false-positive [WHY]"},
	Does:     "calls the incident off: it was none, or an alarm without a fire",
	Examples: []string{"cancel the same as INC-12", "cancel false-positive a probe was misconfigured"},
	run: func(c *call) (Reply, error) {
		why, isFalse := falsePositive(c.args)
		return c.move(incidents.Cancel{FalsePositive: isFalse, Why: why}, why)
	},
}

// falsePositive reads the two words at the head of s, however they are joined.
func falsePositive(s string) (rest string, ok bool) {
	word, rest := cut(s)
	switch strings.ToLower(word) {
	case "false-positive", "false_positive":
		return rest, true
	case "false":
		if second, behind := cut(rest); strings.EqualFold(second, "positive") {
			return behind, true
		}
	}
	return s, false
}
