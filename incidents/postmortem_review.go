package incidents

import (
	"fmt"
	"slices"
	"strings"
)

// OwnPostmortem says who sees to the postmortem.
type OwnPostmortem struct{ To Person } // empty: nobody any more

// Verb is the row in [Lifecycle].
func (OwnPostmortem) Verb() string { return postmortemVerb }

func (x OwnPostmortem) decide(d *decision) error {
	p := &d.in.Postmortem
	var was Person
	if p.Owner != nil {
		was = *p.Owner
	}
	if was.ID == x.To.ID {
		return nil
	}
	if x.To.ID == "" {
		p.Owner = nil
		d.event(PostmortemAssigned, "Nobody owns the postmortem any more", "from", was.ID, "from_name", was.Name)
		return nil
	}
	if err := d.maySee(x.To, "its postmortem cannot be theirs"); err != nil {
		return err
	}
	p.Owner = &x.To
	d.event(PostmortemAssigned, "The postmortem is now "+x.To.Name+"'s", "owner", x.To.ID, "owner_name", x.To.Name, "from", was.ID, "from_name", was.Name)
	if x.To.ID != d.cmd.Actor.ID {
		d.tell(PostmortemOwner, x.To)
	}
	return nil
}

// ReviewPostmortem asks somebody to review the postmortem, or (Drop) does not ask
// them any more.
type ReviewPostmortem struct {
	By   Person
	Drop bool
}

// Verb is the row in [Lifecycle].
func (ReviewPostmortem) Verb() string { return postmortemVerb }

func (x ReviewPostmortem) decide(d *decision) error {
	if err := d.noText(); err != nil {
		return err
	}
	if x.By.ID == "" {
		return Missing("to", "Who is to review it? Example: %s", d.say(postmortemVerb, "review @alice"))
	}
	p := &d.in.Postmortem
	i := slices.IndexFunc(p.Reviewers, func(r Reviewer) bool { return r.Person.ID == x.By.ID })
	switch {
	case x.Drop && i >= 0:
		p.Reviewers = slices.Delete(p.Reviewers, i, i+1)
		p.settle()
		d.event(PostmortemReviewed, x.By.Name+" need not review the postmortem any more", "who", x.By.ID, "who_name", x.By.Name, "dropped", true, "state", string(p.State))
		return nil
	case x.Drop || i >= 0:
		return nil
	}
	if err := d.maySee(x.By, "they cannot review its postmortem"); err != nil {
		return err
	}
	if len(p.Reviewers) >= maxReviewers {
		return Refused("%d people are to review the postmortem of %s; that is all it can have.", maxReviewers, d.in.Number)
	}
	p.Reviewers, p.State = append(p.Reviewers, Reviewer{Person: x.By}), InReview
	d.event(PostmortemReviewed, x.By.Name+" is asked to review the postmortem", "who", x.By.ID, "who_name", x.By.Name, "version", p.Version, "state", string(p.State))
	if x.By.ID != d.cmd.Actor.ID {
		d.tell(PostmortemReview, x.By)
	}
	return nil
}

// ApprovePostmortem says that the postmortem is right: each of those says it who
// were asked to review it. Where nobody was, anybody but its owner can.
type ApprovePostmortem struct {
	Version int // that they have read; 0: the newest
}

// Verb is the row in [Lifecycle].
func (ApprovePostmortem) Verb() string { return postmortemVerb }

func (x ApprovePostmortem) decide(d *decision) error {
	if err := d.noText(); err != nil {
		return err
	}
	p, me := &d.in.Postmortem, d.cmd.Actor.Person()
	if x.Version != 0 && x.Version != p.Version {
		return Conflicts("You have read version %d of the postmortem of %s, and the newest is %d. Read it, and approve that: %s", x.Version, d.in.Number, p.Version, d.say(postmortemVerb, "show"))
	}
	i := slices.IndexFunc(p.Reviewers, func(r Reviewer) bool { return r.Person.ID == me.ID })
	switch {
	case i >= 0 && !p.Reviewers[i].Approved.IsZero(), len(p.Reviewers) == 0 && (p.State == Approved || p.State == Published):
		return nil
	case i < 0 && len(p.Reviewers) > 0:
		return Refused("%s can approve the postmortem of %s, for they were asked to review it. To be asked as well: %s", reviewers(*p), d.in.Number, d.say(postmortemVerb, "review me"))
	case i < 0 && p.Owner != nil && p.Owner.ID == me.ID:
		return Refused("The postmortem of %s is yours, so somebody else has to say that it is right. To ask them: %s", d.in.Number, d.say(postmortemVerb, "review @alice"))
	case i < 0:
		i, p.Reviewers = len(p.Reviewers), append(p.Reviewers, Reviewer{Person: me})
	}
	p.Reviewers[i].Approved = d.now
	if p.State == Drafted {
		p.State = InReview
	}
	p.settle()
	d.event(PostmortemApproved, fmt.Sprintf("%s approved the postmortem (version %d)", me.Name, p.Version), "version", p.Version, "state", string(p.State))
	if p.State == Approved && p.Owner != nil && p.Owner.ID != me.ID {
		d.tell(PostmortemReady, *p.Owner)
	}
	return nil
}

// reviewers names those who were asked to review, at the head of a sentence.
func reviewers(p Postmortem) string {
	var names []string
	for _, r := range p.Reviewers {
		names = append(names, r.Person.Name)
	}
	return "Only " + strings.Join(names, ", ")
}

// PublishPostmortem says in the channel that the postmortem is there to read.
type PublishPostmortem struct{}

// Verb is the row in [Lifecycle].
func (PublishPostmortem) Verb() string { return postmortemVerb }

func (PublishPostmortem) decide(d *decision) error {
	if err := d.noText(); err != nil {
		return err
	}
	p := &d.in.Postmortem
	switch {
	case p.State == Published:
		return nil
	case p.State == Approved:
	case len(p.Reviewers) == 0:
		return Refused("Nobody has reviewed the postmortem of %s yet; what is published was approved. To ask somebody: %s", d.in.Number, d.say(postmortemVerb, "review @alice"))
	default:
		var names []string
		for _, w := range p.Waiting() {
			names = append(names, w.Name)
		}
		return Refused("The postmortem of %s is in review; it can be published once it is approved by %s. To do without somebody: %s", d.in.Number, strings.Join(names, ", "), d.say(postmortemVerb, "review drop @"+names[0]))
	}
	p.State, p.Published, p.PublishedVersion = Published, d.now, p.Version
	page := d.rules.PostmortemPage(d.in.Number)
	d.event(PostmortemPublished, because(fmt.Sprintf("Postmortem published (version %d)", p.Version), page), "version", p.Version, "url", page)
	return nil
}
