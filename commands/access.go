package commands

import (
	"time"

	"fireboss/incidents"
)

// accessPause is how long the answer to access takes at least. A request that
// reaches somebody is written to disk and one that does not is not; the pause
// is longer than either, so that nobody can tell them apart by the clock.
const accessPause = 250 * time.Millisecond

// accessVerb is what the button under "does not exist or is not open to you" says.
var accessVerb = Verb{
	Name: "access", Group: groupPeople, about: true, alone: true, hidden: true,
	Usage:    []string{"access INC-n"},
	Does:     "asks those who run an incident to let you in",
	Examples: []string{"access"},
	run: func(c *call) (Reply, error) {
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
	},
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
