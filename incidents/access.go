package incidents

import (
	"slices"
	"time"
)

// deniedFor is how long somebody whose request was denied is not heard again: who
// denies a request is not to be asked the same every minute.
const deniedFor = 24 * time.Hour

// AskAccess asks those who run an incident to let the actor in. It is the one
// act that somebody may do who may not see the incident; its answer is the
// same whether the incident exists or not.
type AskAccess struct{}

// Verb is the row in [Lifecycle].
func (AskAccess) Verb() string { return askVerb }

func (AskAccess) witnessed() {}

func (AskAccess) decide(d *decision) error {
	me := d.cmd.Actor.ID
	if d.in.VisibleTo(d.cmd.Actor) {
		return nil
	}
	if denied, was := d.in.Denied[me]; was && d.now.Sub(denied) < deniedFor {
		return nil
	}
	to, there := d.doorkeeper()
	if asked, before := d.in.Asked[me]; before && asked == to.ID {
		return nil // who asks a hundred times sends one message
	}
	d.in.Asked[me] = to.ID
	delete(d.in.Denied, me)
	d.event(AccessRequested, d.cmd.Actor.Name+" asked to be let in", "to", to.ID)
	if there {
		d.tell(AccessRequest, to)
	}
	return nil
}

// doorkeeper is who is asked to let somebody in: who commands, or else the
// declarer, or else whoever responds longest, as far as they may see it themselves.
func (d *decision) doorkeeper() (Person, bool) {
	if p, led := d.in.Commander(); led {
		return p, true
	}
	if p := d.in.DeclaredBy; d.in.IsResponder(p.ID) {
		return p, true
	}
	if len(d.in.Responders) > 0 {
		return d.in.Responders[0], true
	}
	return Person{}, false
}

// GrantAccess lets somebody in who asked.
type GrantAccess struct{ Who Person }

// Verb is the row in [Lifecycle].
func (GrantAccess) Verb() string { return accessVerb }

func (g GrantAccess) decide(d *decision) error {
	waits, err := d.asking(g.Who)
	if err != nil || !waits {
		return err
	}
	if !d.in.Denied[g.Who.ID].IsZero() {
		return Refused("The request of %s was denied before. To bring them in all the same: %s", g.Who.Name, d.say("invite", "@"+g.Who.Name))
	}
	d.event(AccessGranted, g.Who.Name+" was let in by "+d.cmd.Actor.Name, "who", g.Who.ID, "name", g.Who.Name)
	d.tell(Welcome, g.Who)
	d.respond(g.Who)
	return nil
}

// DenyAccess does not let somebody in who asked. They hear nothing of it: that
// somebody said no would say that there is an incident.
type DenyAccess struct{ Who Person }

// Verb is the row in [Lifecycle].
func (DenyAccess) Verb() string { return accessVerb }

func (x DenyAccess) decide(d *decision) error {
	waits, err := d.asking(x.Who)
	if err != nil || !waits || !d.in.Denied[x.Who.ID].IsZero() {
		return err
	}
	delete(d.in.Asked, x.Who.ID)
	d.in.Denied[x.Who.ID] = d.now
	d.event(AccessDenied, d.cmd.Actor.Name+" did not let "+x.Who.Name+" in", "who", x.Who.ID, "name", x.Who.Name)
	return nil
}

// asking reports whether somebody has asked, whatever the answer was. One who can
// see the incident need not; of anybody else it is refused to answer what nobody asks.
func (d *decision) asking(who Person) (bool, error) {
	_, asked := d.in.Asked[who.ID]
	_, denied := d.in.Denied[who.ID]
	switch {
	case asked, denied:
		return true, nil
	case d.in.VisibleTo(who.Actor()):
		return false, nil
	}
	return false, Refused("%s does not wait to be let into %s. To bring them in: %s", who.Name, d.in.Number, d.say("invite", "@"+who.Name))
}

// within leaves out those who may not see the incident.
func (d *decision) within(list []Person) []Person {
	return slices.DeleteFunc(slices.Clone(list), func(p Person) bool { return !d.in.VisibleTo(p.Actor()) })
}
