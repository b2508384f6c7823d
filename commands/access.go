package commands

import (
	"strings"
	"time"

	"fireboss/incidents"
)

// accessPause is how long the answer to access takes at least. A request that
// reaches somebody is written to disk and one that does not is not; the pause
// is longer than either, so that nobody can tell them apart by the clock.
const accessPause = 250 * time.Millisecond

// accessVerb is what the button under "does not exist or is not open to you"
// says, and the buttons of the message that comes of it.
var accessVerb = Verb{
	Name: "access", Group: groupPeople, about: true, hidden: true,
	Usage:    []string{"access INC-n", "access INC-n approve|deny @user"},
	Does:     "asks those who run an incident to let you in, or answers who asks",
	Examples: []string{"access"},
	run: func(c *call) (Reply, error) {
		word, rest := cut(c.args)
		switch strings.ToLower(word) {
		case "":
			return c.askAccess()
		case "approve":
			return c.answerAccess(rest, func(p incidents.Person) incidents.Act { return incidents.GrantAccess{Who: p} }, c.granted)
		case "deny":
			return c.answerAccess(rest, func(p incidents.Person) incidents.Act { return incidents.DenyAccess{Who: p} }, c.denied)
		}
		return Reply{}, incidents.Invalid("I did not understand %s. To let somebody in who asks: %s", quote(c.args), c.say("access", "approve @bob"))
	},
}

// askAccess answers alike, and after the same time, whether there is such an
// incident or not. Whoever is not let in hears nothing more.
func (c *call) askAccess() (Reply, error) {
	pause := time.NewTimer(accessPause)
	defer pause.Stop()
	open, err := c.ask()
	if err != nil {
		return Reply{}, err
	}
	select {
	case <-pause.C:
	case <-c.ctx.Done():
		return Reply{}, c.ctx.Err()
	}
	if open {
		return Reply{Text: c.number.String() + " is open to you: " + c.say("show", "")}, nil
	}
	return Reply{Text: "If " + c.number.String() + " exists, those who run it have been asked."}, nil
}

// ask asks, and reports whether there was no need to. A store that cannot
// write fails for every number alike, before it is known whether there is such
// an incident.
func (c *call) ask() (open bool, err error) {
	if err := c.desk.Store.Writable(c.ctx); err != nil {
		return false, err
	}
	out, err := c.apply(incidents.AskAccess{})
	if refusal, ok := incidents.AsRefusal(err); ok && refusal.Code == incidents.CodeNotFound {
		return false, nil
	}
	return err == nil && out.Incident.VisibleTo(c.Actor), err
}

// answerAccess lets somebody in who asked, or does not.
func (c *call) answerAccess(s string, act func(incidents.Person) incidents.Act, words func(incidents.Outcome, incidents.Person) string) (Reply, error) {
	if _, err := c.incident(); err != nil {
		return Reply{}, err // before anybody is looked up
	}
	word, rest := c.cutPerson(s)
	if word == "" || rest != "" {
		return Reply{}, incidents.Invalid("Whom? One person at a time. Example: %s", c.say("access", "approve @bob"))
	}
	who, err := c.person(word)
	if err != nil {
		return Reply{}, err
	}
	out, err := c.apply(act(who))
	if err != nil {
		return Reply{}, err
	}
	return c.done(out, words(out, who))
}

// granted answers who lets somebody in. The request may be an old one.
func (c *call) granted(out incidents.Outcome, who incidents.Person) string {
	in := out.Incident
	n := in.Number.String()
	_, now := caused(out, incidents.AccessGranted)
	switch {
	case !now && !in.Private:
		return n + " is public now, so everybody can see it."
	case !now:
		return who.Name + " can see " + n + " already."
	case in.Status.Ended():
		return who.Name + " can see " + n + " now. It is " + statusWord(in) + ", so there is little left to do in it."
	}
	return who.Name + " can see " + n + " now, and is invited to its channel."
}

// denied answers who does not let somebody in.
func (c *call) denied(out incidents.Outcome, who incidents.Person) string {
	in := out.Incident
	n := in.Number.String()
	_, now := caused(out, incidents.AccessDenied)
	switch {
	case now:
		return who.Name + " was not let into " + n + ". They hear nothing of it, and can ask again in a day."
	case !in.Private:
		return n + " is public now, so everybody can see it; there is nothing to deny."
	case in.VisibleTo(who.Actor()):
		return who.Name + " can see " + n + " already. Who is to see it no more has to leave its channel, or be removed from it in Slack."
	}
	return "The request of " + who.Name + " was denied already."
}
