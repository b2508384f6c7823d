package incidents

import (
	"slices"
	"strings"
	"time"
)

// Join makes the actor a responder.
type Join struct{}

// Verb is the row in [Lifecycle].
func (Join) Verb() string { return "join" }

func (Join) decide(d *decision) error {
	d.respond(d.cmd.Actor.Person())
	return nil
}

// Arrived says that somebody came into the channel: who is there responds.
// It is said by the mirror that saw it, so it holds for private incidents too.
type Arrived struct {
	Who Person
	// At is when they came; zero: just now. Somebody who has left since is not
	// brought back by the late news that they had come.
	At time.Time
	// Public says that everybody can come into that channel: it is the one that a
	// private incident had before, and lets nobody into it.
	Public bool
}

// Verb is the row in [Lifecycle].
func (Arrived) Verb() string { return "join" }

func (Arrived) witnessed() {}

func (a Arrived) decide(d *decision) error {
	if d.in.Private && a.Public {
		return nil
	}
	if left, gone := d.in.Left[a.Who.ID]; gone && !a.At.IsZero() && a.At.Before(left) {
		return nil
	}
	d.respondSince(a.Who, d.moment(a.At), "there", "yes")
	return nil
}

// Leave ends being a responder.
type Leave struct{}

// Verb is the row in [Lifecycle].
func (Leave) Verb() string { return "leave" }

func (Leave) decide(d *decision) error { return d.leave(d.cmd.Actor.Person()) }

// Departed says that somebody left the channel or was removed from it. A role
// stays with its holder until somebody else takes it, and with it the sight of a
// private incident; but they respond no more, so that both end together.
type Departed struct {
	Who Person
	// At is when they left; zero: just now. Somebody who has come back since is not
	// sent away by the late news that they had left.
	At time.Time
}

// Verb is the row in [Lifecycle].
func (Departed) Verb() string { return "leave" }

func (Departed) witnessed() {}

func (x Departed) decide(d *decision) error {
	if came, there := d.in.Came[x.Who.ID]; there && !x.At.IsZero() && x.At.Before(came) {
		return nil
	}
	d.depart(x.Who, d.moment(x.At))
	return nil
}

// moment is when something was that was seen outside, as exactly as Slack says it, for who comes and who goes is told apart
// by it: now, where nobody knows.
func (d *decision) moment(at time.Time) time.Time {
	if !sensible(at) {
		return d.now
	}
	return at.UTC().Truncate(time.Microsecond)
}

// Invite brings others in.
type Invite struct{ People []Person }

// Verb is the row in [Lifecycle].
func (Invite) Verb() string { return "invite" }

func (i Invite) decide(d *decision) error {
	if len(i.People) == 0 {
		return Missing("people", "Whom? Example: %s", d.say("invite", "@alice @oncall"))
	}
	for _, p := range i.People {
		if d.in.IsResponder(p.ID) {
			continue
		}
		d.add(p, d.now)
		d.event(ResponderJoined, p.Name+" was invited by "+d.cmd.Actor.Name, "who", p.ID, "name", p.Name, "invited_by", d.cmd.Actor.ID)
	}
	return nil
}

// respond adds a responder.
func (d *decision) respond(p Person) { d.respondSince(p, d.now) }

// respondSince adds a responder who came at some time. There may be more to tell of
// it, as pairs for the event.
func (d *decision) respondSince(p Person, at time.Time, more ...any) {
	if d.in.IsResponder(p.ID) || p.ID == "" || p.ID == Fireboss.ID {
		return
	}
	d.add(p, at)
	d.eventAt(at, ResponderJoined, p.Name+" joined", append([]any{"who", p.ID, "name", p.Name}, more...)...)
}

// turnUp makes a responder of whoever acts, if that is a person: a program
// that acknowledges does not come.
func (d *decision) turnUp() {
	if d.cmd.Actor.Kind == User {
		d.respond(d.cmd.Actor.Person())
	}
}

// add lets somebody in. Who leaves again may ask again.
func (d *decision) add(p Person, at time.Time) {
	d.in.Responders = append(d.in.Responders, p)
	delete(d.in.Asked, p.ID)
	delete(d.in.Denied, p.ID)
	delete(d.in.Left, p.ID)
	d.in.Came[p.ID] = at
}

func (d *decision) leave(p Person) error {
	if role := d.holds(p.ID); role != "" && d.in.IsResponder(p.ID) {
		return Refused("%s is %s of %s. Hand that over first: %s", p.Name, strings.ToLower(d.rules.roleTitle(role)), d.in.Number, d.say("role", role+" @somebody"))
	}
	d.depart(p, d.now)
	return nil
}

// depart ends that somebody responds.
func (d *decision) depart(p Person, at time.Time) {
	i := slices.IndexFunc(d.in.Responders, func(r Person) bool { return r.ID == p.ID })
	if i < 0 {
		return
	}
	d.in.Responders = slices.Delete(d.in.Responders, i, i+1)
	d.in.Left[p.ID] = at
	delete(d.in.Came, p.ID)
	d.eventAt(at, ResponderLeft, p.Name+" left", "who", p.ID, "name", p.Name)
}

// holds is a role that this person has, if any.
func (d *decision) holds(id string) string {
	for _, role := range d.rules.RoleList() {
		if d.in.Roles[role.Name].ID == id {
			return role.Name
		}
	}
	return ""
}
