package commands

import (
	"context"
	"errors"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// call is one request while it is worked.
type call struct {
	Request
	ctx    context.Context
	desk   *Desk
	verbs  []Verb
	verb   Verb
	number incidents.Number // the incident that it is about; 0: none
	args   string           // what stands behind the verb and the incident
}

// answer finds the verb and lets it answer.
func (c *call) answer() (Reply, error) {
	word, rest := cut(c.Text)
	if word == "" {
		return c.welcome()
	}
	v, ok := find(c.verbs, word)
	if !ok {
		return c.unknown(word, rest)
	}
	c.verb, c.args = v, rest
	if c.asksHelp() {
		return c.explain(v), nil
	}
	if !v.about {
		return c.carryOut()
	}
	if err := c.which(); err != nil {
		return Reply{}, err
	}
	if c.asksHelp() {
		return c.explain(v), nil
	}
	reply, err := c.carryOut()
	if _, refused := incidents.AsRefusal(err); refused {
		// Whatever was wrong with what they said: of an incident that is not
		// open to them people hear one thing only.
		if _, hidden := c.incident(); hidden != nil {
			return Reply{}, hidden
		}
	}
	return reply, err
}

func (c *call) asksHelp() bool {
	word := longFlag(c.args)
	return word == "help" || word == "--help"
}

// carryOut lets the verb answer. What stands behind a verb that takes nothing
// meant something to whoever wrote it: "leave @carol" is not "leave".
func (c *call) carryOut() (Reply, error) {
	if c.Redraw {
		if c.verb.fill == nil {
			return Reply{}, incidents.Invalid("%s has no form to fill in. Say: %s", c.verb.Name, c.say(c.verb.Name, c.args))
		}
		return c.fill()
	}
	if c.Values != nil {
		if set, err := c.fillFields(); err != nil {
			return Reply{}, err
		} else if !set && c.verb.fill != nil {
			return c.fill()
		}
	}
	if !c.verb.alone || c.args == "" {
		return c.verb.run(c)
	}
	return c.notAlone(c.args)
}

// notAlone refuses what stands where nothing should.
func (c *call) notAlone(what string) (Reply, error) {
	r := Reply{Choices: choose(nil, "", c.command(c.verb.Name, ""), true)}
	return r, incidents.Invalid("I did not understand %s behind %s, so nothing was done. Say just: %s", quote(what), c.verb.Name, c.say(c.verb.Name, ""))
}

// which finds the incident that it is about: the one that is named first, or
// else the one in whose channel it is said.
func (c *call) which() error {
	word, rest := cut(c.args)
	if n, ok := numbered(word); ok {
		c.number, c.args = n, rest
		return nil
	}
	if c.number == 0 {
		example := "/incident " + c.verb.Name + " INC-12"
		if len(c.verb.Examples) > 0 {
			_, behind := cut(c.verb.Examples[0])
			example = strings.TrimSpace(example + " " + behind)
		}
		return incidents.Invalid("Which incident? There is none in this place, so name it first. Example: %s", example)
	}
	return nil
}

// numbered reads INC-12; a word that is longer than any number is not looked at.
func numbered(word string) (incidents.Number, bool) {
	if len(word) > 24 {
		return 0, false
	}
	n, err := incidents.ParseNumber(word)
	return n, err == nil
}

// errNoID is the fault of a door that gives its requests no ids.
var errNoID = errors.New("commands: a request without an id would be taken for another one")

// apply has an act decided and written.
func (c *call) apply(act incidents.Act) (incidents.Outcome, error) {
	if c.ID == "" {
		return incidents.Outcome{}, errNoID
	}
	return c.desk.Store.Apply(c.ctx, incidents.Command{
		ID: c.ID, Actor: c.Actor, At: c.At, Incident: c.number, Origin: c.Origin, Do: act,
	})
}

// incident is the incident that it is about, if the caller may know of it.
func (c *call) incident() (incidents.Incident, error) {
	in, err := c.desk.Store.Incident(c.ctx, c.number)
	if errors.Is(err, store.ErrNotFound) || err == nil && !in.VisibleTo(c.Actor) {
		return incidents.Incident{}, incidents.NotFound(c.number)
	}
	return in, err
}

// done answers an act that was carried out. Who has just left a private
// incident gets words only.
func (c *call) done(out incidents.Outcome, sentences ...string) (Reply, error) {
	r := Reply{Text: sentence(sentences...)}
	if c.number == 0 || out.Incident.VisibleTo(c.Actor) {
		r.Incident, r.Events = &out.Incident, out.Events
	}
	return r, nil
}

// say is how the caller, from where they are, says something of this incident.
func (c *call) say(verb, args string) string {
	return "/incident " + c.command(verb, args)
}

// command is the same behind /incident, as a button says it.
func (c *call) command(verb, args string) string {
	if c.number != 0 && c.number != c.Here {
		verb += " " + c.number.String()
	}
	return strings.TrimSpace(verb + " " + args)
}

// caused is the first event of a kind that the outcome caused.
func caused(out incidents.Outcome, kind incidents.Kind) (incidents.Event, bool) {
	for _, e := range out.Events {
		if e.Kind == kind {
			return e, true
		}
	}
	return incidents.Event{}, false
}

// calledFor is what the incident lacks most, as a sentence that says how to
// give it; empty where it lacks nothing.
func (c *call) calledFor(in incidents.Incident) string {
	if in.Status.Ended() {
		return ""
	}
	if _, led := in.Commander(); !led {
		return "Nobody commands it yet: " + c.sayOf(in, "lead", "me")
	}
	if in.Times.Acknowledged.IsZero() {
		return "Nobody has acknowledged it yet: " + c.sayOf(in, "ack", "")
	}
	if in.Severity == incidents.Unset {
		return "Nobody has judged its severity yet: " + c.sayOf(in, "sev", c.desk.rules().Offered(in))
	}
	return ""
}

// sayOf is [call.say] for an incident that the request did not name.
func (c *call) sayOf(in incidents.Incident, verb, args string) string {
	named := *c
	named.number = in.Number
	return named.say(verb, args)
}
