package incidents

import (
	"fmt"
	"slices"
)

// Follower is somebody who wants to hear of an incident without being in it.
type Follower struct {
	Person
	// Outside says that they were a guest when they asked: they may see only what
	// they are in, and nobody tells us of that again.
	Outside bool `json:"outside,omitempty"`
}

// Follows reports whether somebody follows the incident and may see it now. Who
// may not see it any more is told nothing, until they may again.
func (in Incident) Follows(id string) bool {
	i := in.follower(id)
	return i >= 0 && in.opensTo(in.Followers[i])
}

// Following are those who follow it and may see it now.
func (in Incident) Following() (list []Person) {
	for _, f := range in.Followers {
		if in.opensTo(f) {
			list = append(list, f.Person)
		}
	}
	return list
}

func (in Incident) follower(id string) int {
	return slices.IndexFunc(in.Followers, func(f Follower) bool { return f.ID == id })
}

func (in Incident) opensTo(f Follower) bool {
	a := f.Actor()
	a.Standing.Outside = f.Outside
	return in.VisibleTo(a)
}

const followVerb = "follow"

// Follow has the actor told directly of each update, and of the end.
type Follow struct{}

// Verb is the row in [Lifecycle].
func (Follow) Verb() string { return followVerb }

func (Follow) decide(d *decision) error {
	me := Follower{d.cmd.Actor.Person(), d.cmd.Actor.Standing.Outside}
	switch {
	case d.cmd.Actor.Kind != User:
		return Refused("Only people can be told directly. A program reads what happens in %s at /api/v1/incidents/%s/events.", d.in.Number, d.in.Number)
	case d.in.follower(me.ID) >= 0:
		return nil
	case d.in.MergedInto != 0:
		return Refused("%s was merged into %s, where the work goes on. Follow that one: /incident follow %s", d.in.Number, d.in.MergedInto, d.in.MergedInto)
	case !d.in.opensTo(me): // they see all private incidents by the policy, and are in none of them
		return Refused("You may look at %s, but you are not in it, and it is told only to those who are. To come in: %s", d.in.Number, d.say("join", ""))
	case len(d.in.Followers) >= maxList:
		return Refused("%s has %d followers already; that is all it can have. To be in its channel: %s", d.in.Number, maxList, d.say("join", ""))
	}
	d.in.Followers = append(d.in.Followers, me)
	d.event(FollowerAdded, me.Name+" follows it", "who", me.ID, "name", me.Name)
	return nil
}

// Unfollow ends that the actor is told.
type Unfollow struct{}

// Verb is the row in [Lifecycle].
func (Unfollow) Verb() string { return followVerb }

func (Unfollow) decide(d *decision) error {
	me := d.cmd.Actor.Person()
	i := d.in.follower(me.ID)
	if i < 0 {
		return nil
	}
	d.in.Followers = slices.Delete(d.in.Followers, i, i+1)
	d.event(FollowerRemoved, me.Name+" follows it no more", "who", me.ID, "name", me.Name)
	return nil
}

// heard reports whether followers are told of an event: an update, that it ended,
// and that it is open again.
func (d *decision) heard(e Event) bool {
	switch e.Kind {
	case UpdatePosted:
		return true
	case StatusChanged:
		return d.in.Status.Ended() || e.Field("reopened") != ""
	case Merged:
		return e.Field("into") != ""
	}
	return false
}

// tellFollowers tells them of what this change is to them: of its last word where
// it has several, for who closes what was not resolved says both at once. Nobody
// is told what they said themselves, or what tells them where to go already.
func (d *decision) tellFollowers() {
	last := -1
	for i, e := range d.out.Events {
		if d.heard(e) {
			last = i
		}
	}
	if last < 0 {
		return
	}
	for _, f := range d.in.Followers {
		if f.ID != d.cmd.Actor.ID && d.in.opensTo(f) && !d.broughtOver(f.ID) {
			d.out.Messages = append(d.out.Messages, Message{Kind: FollowedUpdate, Event: last, To: f.Person})
		}
	}
}

// broughtOver reports whether a merge brings somebody into the other incident,
// which then tells them so.
func (d *decision) broughtOver(id string) bool {
	m, merging := d.cmd.Do.(Merge)
	if !merging {
		return false
	}
	into := d.facts.Others[m.Into]
	return d.in.IsResponder(id) && !into.IsResponder(id)
}

// followOn has those who followed a merged incident follow the one that it was
// merged into, as far as they may see it.
func (d *decision) followOn(from Number, list []Follower) {
	for _, f := range list {
		if d.in.follower(f.ID) >= 0 || !d.in.opensTo(f) || len(d.in.Followers) >= maxList {
			continue
		}
		d.in.Followers = append(d.in.Followers, f)
		d.event(FollowerAdded, fmt.Sprintf("%s followed %s and follows it now", f.Name, from), "who", f.ID, "name", f.Name, "from", from.String())
	}
}
