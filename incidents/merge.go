package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	mergeVerb   = "merge"
	absorbVerb  = "absorb"
	releaseVerb = "release"
)

// Merge ends this incident in favour of another, in which it turned out to be a
// part: its people are told and brought in there.
//
// Merges cannot go round in circles: what was merged has ended, what takes in is
// open, and what is taken up again is merged into nothing any more.
type Merge struct {
	Into Number
	Why  string
}

// Verb is the row in [Lifecycle].
func (Merge) Verb() string { return mergeVerb }

func (m Merge) others() []Number { return []Number{m.Into} }

// carriesAlerts: what fires goes on in the other incident, which would else be taken for quiet.
func (Merge) carriesAlerts() {}

func (m Merge) decide(d *decision) error {
	why, err := d.reason(m.Why)
	if err != nil {
		return err
	}
	into, err := m.target(d)
	if err != nil {
		return err
	}
	if err := d.noMoreSee(into); err != nil {
		return err
	}
	for _, a := range d.facts.Alerts {
		if err := (DetachAlert{Alert: a, Why: "it goes on in " + into.Number.String()}).decide(d); err != nil {
			return err
		}
	}
	was := d.in.Status
	d.in.MergedInto = into.Number
	d.in.EndedAs, d.in.Status = EndedMerged, Canceled
	d.in.Update.Next, d.in.Handoff = time.Time{}, nil
	d.addPage(into.Number, mergedInto(into.Number))
	d.event(Merged, because(fmt.Sprintf("Merged into %s, where the work goes on", into.Number), why), "into", into.Number.String(), "why", why,
		"was", string(was), "to", string(d.in.Status), "ended_as", string(d.in.EndedAs))
	d.follow(into.Number, absorb{From: d.in.Number, People: slices.Clone(d.in.Responders), Followers: slices.Clone(d.in.Followers), Alerts: d.facts.Alerts})
	return nil
}

// follow has another incident changed with this one.
func (d *decision) follow(n Number, act Act) {
	id := d.cmd.ID
	if id != "" {
		id += ">" + n.String()
	}
	d.out.Follow = append(d.out.Follow, Command{ID: id, Actor: d.cmd.Actor, At: d.cmd.At, Incident: n, Origin: d.cmd.Origin, Do: act})
}

// target is the incident to merge into, or why it cannot be.
func (m Merge) target(d *decision) (Incident, error) {
	into, there := d.facts.Others[m.Into]
	switch {
	case m.Into == d.in.Number:
		return into, Refused("%s cannot be merged into itself. Name the incident in which the work goes on: %s", d.in.Number, d.say(mergeVerb, "INC-7"))
	case !there || !into.VisibleTo(d.cmd.Actor):
		return into, NotFound(m.Into)
	case into.MergedInto != 0:
		return into, Refused("%s was itself merged into %s. Merge into that one: %s", into.Number, into.MergedInto, d.say(mergeVerb, into.MergedInto.String()))
	case into.Status.Ended():
		return into, Refused("%s is %s; an incident is merged into one that goes on. Open that again first: /incident reopen %s WHY", into.Number, into.Status, into.Number)
	case into.Drill != d.in.Drill:
		return into, Refused("A drill and a real incident cannot be merged: %s is %s and %s is %s. To end this one: %s", d.in.Number, reality(d.in), into.Number, reality(into), d.say("cancel", "the same as "+into.Number.String()))
	}
	return into, nil
}

func reality(in Incident) string {
	if in.Drill {
		return "a drill"
	}
	return "real"
}

// noMoreSee refuses to merge a private incident into one that people can see who
// may not see this one. Nor does a public one go into a private one: its channel
// would tell everybody that there is one.
func (d *decision) noMoreSee(into Incident) error {
	switch {
	case !d.in.Private && !into.Private:
		return nil
	case !into.Private:
		return Refused("%s is private and %s is not: more people would learn of it. It stays its own; to bring somebody in: %s", d.in.Number, into.Number, d.say("invite", "@alice"))
	case !d.in.Private:
		return Refused("%s is private, and the channel of %s, which is public, would say that it exists. End this one instead: %s", into.Number, d.in.Number, d.say("cancel", "handled elsewhere"))
	}
	var names []string
	for _, p := range into.insiders() {
		if !d.in.VisibleTo(p.Actor()) {
			names = append(names, "@"+p.Name)
		}
	}
	if len(names) > 0 {
		return Refused("%s is open to people who may not see %s, which is private. Bring them in first: %s", into.Number, d.in.Number, d.say("invite", shorten(strings.Join(names, " "), 200)))
	}
	return nil
}

// insiders are those who may see a private incident by what they are in it,
// each once.
func (in Incident) insiders() []Person {
	all := slices.Clone(in.Responders)
	for _, p := range in.Roles {
		all = append(all, p)
	}
	if in.Handoff != nil {
		all = append(all, in.Handoff.To)
	}
	slices.SortFunc(all, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b Person) bool { return a.ID == b.ID })
}

// addPage links another incident's page, where incidents have pages.
func (d *decision) addPage(of Number, name string) {
	link := Link{URL: d.rules.Pages + of.String(), Name: name}
	if d.rules.Pages != "" && len(d.in.Links) < maxList && !contains(d.in.Links, link) {
		d.in.Links = append(d.in.Links, link)
	}
}

// The names of those links.
func mergedInto(n Number) string { return "merged into " + n.String() }
func mergedHere(n Number) string { return n.String() + " was merged into this" }

// dropPage takes such a link away again.
func (d *decision) dropPage(of Number, name string) {
	d.in.Links = slices.DeleteFunc(d.in.Links, func(l Link) bool { return l == Link{URL: d.rules.Pages + of.String(), Name: name} })
}

// unmerge takes up by itself what was merged into another incident.
func (d *decision) unmerge() {
	if into := d.in.MergedInto; into != 0 {
		d.in.MergedInto = 0
		d.dropPage(into, mergedInto(into))
		d.follow(into, release{From: d.in.Number})
	}
}

// release is the other half of reopening what was merged, decided with it:
// whoever reopens that needs no right to see this one.
type release struct{ From Number }

// Verb is the row in [Lifecycle].
func (release) Verb() string { return releaseVerb }

func (release) witnessed() {}

func (r release) decide(d *decision) error {
	i := slices.Index(d.in.Merged, r.From)
	if i < 0 {
		return nil
	}
	d.in.Merged = slices.Delete(d.in.Merged, i, i+1)
	d.dropPage(r.From, mergedHere(r.From))
	d.event(Unmerged, fmt.Sprintf("%s was opened again and is no part of %s any more", r.From, d.in.Number), "from", r.From.String())
	return nil
}

// absorb is the other half of a merge, decided with it: the incident that goes
// on takes the people of the one that was merged.
//
// It does not say what that one was about: its people know, and it may become
// private.
type absorb struct {
	From      Number
	People    []Person
	Followers []Follower
	Alerts    []Alert // that fire
}

// Verb is the row in [Lifecycle].
func (absorb) Verb() string { return absorbVerb }

func (a absorb) decide(d *decision) error {
	if !contains(d.in.Merged, a.From) {
		d.in.Merged = append(d.in.Merged, a.From)
	}
	d.addPage(a.From, mergedHere(a.From))
	d.event(Merged, fmt.Sprintf("%s was merged into %s", a.From, d.in.Number), "from", a.From.String())
	merged := len(d.out.Events) - 1
	for _, p := range a.People {
		if d.in.IsResponder(p.ID) {
			continue
		}
		d.add(p, d.now)
		d.event(ResponderJoined, p.Name+" came along from "+a.From.String(), "who", p.ID, "name", p.Name, "invited_by", d.cmd.Actor.ID)
		if p.ID != d.cmd.Actor.ID {
			d.out.Messages = append(d.out.Messages, Message{Kind: MergedHere, Event: merged, To: p})
		}
	}
	d.followOn(a.From, a.Followers)
	for _, alert := range a.Alerts {
		if err := (AttachAlert{Alert: alert, Why: "it came along from " + a.From.String()}).decide(d); err != nil {
			return err
		}
	}
	return nil
}

// mergedWith is an incident that this one was merged into, or that was merged into
// it, if there is one.
func (in Incident) mergedWith() (Number, bool) {
	if in.MergedInto != 0 {
		return in.MergedInto, true
	}
	if len(in.Merged) > 0 {
		return in.Merged[0], true
	}
	return 0, false
}

// apart is how to take the two apart: the one that was merged is opened again. The
// other one is named wherever this is read.
func (in Incident) apart() any {
	if in.MergedInto != 0 {
		return Say{in.Number, "reopen", "WHY"}
	}
	return Say{in.Merged[0], "reopen", "WHY"}.String()
}
