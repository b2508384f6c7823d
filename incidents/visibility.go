package incidents

import (
	"fmt"
	"strings"
)

// MakePrivate keeps an incident to those who are in it from now on: whoever
// responds or holds a role, and who says this.
type MakePrivate struct{ Why string }

// Verb is the row in [Lifecycle].
func (MakePrivate) Verb() string { return "private" }

func (m MakePrivate) decide(d *decision) error {
	why, err := d.reason(m.Why)
	if err != nil || d.in.Private {
		return err
	}
	d.turnUp()
	d.in.Private, d.in.WasPublic = true, true
	d.in.Calls = d.rules.calls(d.in)
	d.event(VisibilityChanged, because("Private from now on", why)+". "+StaysReadable, "from", "public", "to", "private", "why", why)
	return nil
}

// StaysReadable says what a bot cannot take back of an incident that was public.
const StaysReadable = "What people wrote in the earlier channel, and what Slack itself noted there, such as its names, stays readable " +
	"there for everybody in this workspace but guests; only a workspace admin can delete it. Fireboss takes its own messages and the announcement away, and archives that channel."

// MakePublic opens an incident to everybody.
type MakePublic struct{ Why string }

// Verb is the row in [Lifecycle].
func (MakePublic) Verb() string { return "public" }

func (m MakePublic) decide(d *decision) error {
	why, err := d.reason(m.Why)
	if err != nil || !d.in.Private {
		return err
	}
	if other, merged := d.in.mergedWith(); merged {
		return Refused("%s and %s were merged, and %s is private; who sees one would learn of the other. Take them apart first: %s",
			d.in.Number, other, other, d.in.apart())
	}
	d.in.Private, d.in.WasPublic = false, false
	clear(d.in.Asked) // everybody is let in
	clear(d.in.Denied)
	called := d.call()
	d.event(VisibilityChanged, because("Public from now on", why), "from", "private", "to", "public", "why", why, "calls", called)
	return nil
}

// TLPLevels say how far a text may travel: the traffic light protocol of FIRST,
// version 2.0 (www.first.org/tlp), narrowest last.
var TLPLevels = []string{"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"}

var tlpMeanings = map[string]string{
	"CLEAR": "to everybody", "GREEN": "within the community", "AMBER": "within the organisation and its clients, as far as they need it",
	"AMBER+STRICT": "within the organisation alone", "RED": "to those who have it, and nobody else",
}

// TLPMeaning says how far a text of this level may travel, in a clause.
func TLPMeaning(level string) string { return tlpMeanings[level] }

// ParseTLP reads a level in any case, with or without the TLP: before it.
func ParseTLP(s string) (level string, ok bool) {
	level = strings.TrimPrefix(strings.ToUpper(Tidy(s)), "TLP:")
	level = strings.NewReplacer(" ", "", "-", "+", "_", "+").Replace(level)
	if level == "WHITE" { // its name in version 1
		level = "CLEAR"
	}
	return level, contains(TLPLevels, level)
}

// SetTLP says how far the incident's text may travel.
type SetTLP struct{ Level string }

// Verb is the row in [Lifecycle].
func (SetTLP) Verb() string { return "tlp" }

func (t SetTLP) decide(d *decision) error {
	level, ok := ParseTLP(t.Level)
	if !ok {
		return Invalid("%q is not a level of the traffic light protocol. There are: %s. Example: %s", shorten(Tidy(t.Level), 40), strings.ToLower(strings.Join(TLPLevels, ", ")), d.say("tlp", "amber+strict"))
	}
	from := d.in.TLP
	if level == from {
		return nil
	}
	d.in.TLP = level
	d.event(TLPChanged, fmt.Sprintf("TLP changed from %s to %s: its text may travel %s", from, level, TLPMeaning(level)), "from", from, "to", level)
	return nil
}
