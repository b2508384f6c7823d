package commands

import (
	"fmt"
	"strconv"
	"strings"

	"fireboss/incidents"
)

var handoffVerb = Verb{
	Name: "handoff", Group: groupPeople, about: true,
	Usage:    []string{"handoff @user [TEXT]"},
	Does:     "offers command to somebody, with what they need to know",
	Examples: []string{"handoff @alice the database is failing over, customers are told"},
	form: func(c *call) Form {
		return Form{Title: "Hand over " + c.number.String(), Submit: "Offer", Fields: []Field{
			personField("To whom"), areaField("text", "What they need to know").optional(),
		}}
	},
	fill: func(c *call) (Reply, error) {
		to, err := c.saidPerson("to")
		if err != nil {
			return Reply{}, err
		}
		return c.handOff(to, c.said("text"))
	},
	run: func(c *call) (Reply, error) {
		word, text := c.cutPerson(c.args)
		var to incidents.Person // nobody: the rules refuse it
		if word != "" {
			var err error
			if to, err = c.person(word); err != nil {
				return Reply{}, err
			}
		}
		return c.handOff(to, text)
	},
}

// handOff offers command.
func (c *call) handOff(to incidents.Person, text string) (Reply, error) {
	out, err := c.apply(incidents.HandOff{To: to, Text: text})
	if err != nil {
		return Reply{}, err
	}
	n := out.Incident.Number.String()
	if len(out.Events) == 0 {
		return c.done(out, "Command of "+n+" is offered to "+c.called(to)+" already.")
	}
	return c.done(out, "You offered command of "+n+" to "+c.called(to)+".", "It changes hands once they say /incident accept "+n)
}

// offerMark stands before the event of the offer to which a button is the answer.
const offerMark = "offer:"

// Answer is what a button below an offer of command says: accept or decline, and
// which offer, for the person may have been made another one since.
func Answer(verb string, n incidents.Number, offer uint64) string {
	return fmt.Sprintf("%s %s %s%d", verb, n, offerMark, offer)
}

// cutOffer takes off which offer is answered; 0: the one that stands.
func (c *call) cutOffer() (offer uint64, rest string) {
	word, rest := cut(c.args)
	if number, ok := strings.CutPrefix(word, offerMark); ok {
		if offer, err := strconv.ParseUint(number, 10, 64); err == nil {
			return offer, rest
		}
	}
	return 0, c.args
}

// acceptVerb is what the button of an offer says.
var acceptVerb = Verb{
	Name: "accept", Group: groupPeople, about: true, hidden: true,
	Usage:    []string{"accept"},
	Does:     "takes command that was offered to you",
	Examples: []string{"accept"},
	run: func(c *call) (Reply, error) {
		offer, rest := c.cutOffer()
		if rest != "" {
			return c.notAlone(rest)
		}
		out, err := c.apply(incidents.AcceptHandoff{Offer: offer})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		if len(out.Events) == 0 {
			return c.done(out, "You command "+n+" already.")
		}
		return c.done(out, "You now command "+n+".", c.calledFor(out.Incident))
	},
}

// declineVerb is what the other button of an offer says.
var declineVerb = Verb{
	Name: "decline", Group: groupPeople, about: true, hidden: true,
	Usage:    []string{"decline [WHY]"},
	Does:     "does not take command that was offered to you; who offered it is told",
	Examples: []string{"decline I am on a train until six"},
	run: func(c *call) (Reply, error) {
		offer, why := c.cutOffer()
		out, err := c.apply(incidents.DeclineHandoff{Why: why, Offer: offer})
		if err != nil {
			return Reply{}, err
		}
		n := out.Incident.Number.String()
		e, declined := caused(out, incidents.HandoffDeclined)
		if !declined && offer != 0 {
			return c.done(out, "That offer of command of "+n+" no longer stands.")
		}
		if !declined {
			return c.done(out, "Command of "+n+" is not offered to you.")
		}
		more := ""
		if why == "" {
			more = "To say why, where you can see it: " + c.say("note", "I am on a train until six")
		}
		return c.done(out, "You declined command of "+n+"; "+e.Field("from_name")+" is told.", more)
	},
}
