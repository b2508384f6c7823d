package commands

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Home is what one person has to do with: their incidents, their work, and what
// is open.
type Home struct {
	Choices  []Choice
	Sections []Section
}

// Section is a part of a page, with what it says where it holds nothing.
type Section struct {
	Title string
	Lines []Line
	Empty string
}

// maxHome is how many lines a section of a home has.
const maxHome = 15

// Home is the home of whoever asks.
func (d *Desk) Home(ctx context.Context, r Request) (Home, error) {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	c := &call{Request: r, ctx: ctx, desk: d, verbs: verbs}
	open, err := d.Store.Incidents(ctx, store.Query{Open: true, Limit: maxCount, Where: func(in incidents.Incident) bool { return in.VisibleTo(r.Actor) }})
	if err != nil {
		return Home{}, err
	}
	ended, err := c.endedWithWork()
	if err != nil {
		return Home{}, err
	}
	var mine []incidents.Incident
	for _, in := range open {
		if in.IsResponder(r.Actor.ID) || c.roleIn(in) != "" {
			mine = append(mine, in)
		}
	}
	slices.SortStableFunc(open, func(a, b incidents.Incident) int { return a.Severity.Rank() - b.Severity.Rank() })
	choices := []Choice{{Label: "All open incidents", Command: "list"}}
	if d.rules().May(incidents.Incident{}, r.Actor, openVerb.row()) == nil {
		choices = append([]Choice{{Label: "Open an incident", Command: "open", Primary: true}}, choices...)
	}
	return Home{
		Choices: choices,
		Sections: []Section{
			{Title: "My incidents", Lines: c.homeRows(mine), Empty: "You respond to no open incident."},
			{Title: "My tasks and follow-ups", Lines: c.homeWork(append(slices.Clone(open), ended...)), Empty: "Nothing waits for you."},
			{Title: "Open incidents", Lines: c.homeRows(open), Empty: "Nothing is on fire."},
		},
	}, nil
}

// endedWithWork are the incidents that have ended and in which something is still
// due: those that the clock waits for.
func (c *call) endedWithWork() (list []incidents.Incident, err error) {
	due, err := c.desk.Store.Due(c.ctx, time.Unix(math.MaxInt32, 0), 0)
	if err != nil {
		return nil, err
	}
	known := map[incidents.Number]bool{}
	for _, d := range due {
		if known[d.Incident] {
			continue
		}
		known[d.Incident] = true
		in, err := c.desk.Store.Incident(c.ctx, d.Incident)
		if err != nil {
			return nil, err
		}
		if in.Status.Ended() && in.VisibleTo(c.Actor) {
			list = append(list, in)
		}
	}
	return list, nil
}

// roleIn is the caller's role in an incident, by its title; empty for none.
func (c *call) roleIn(in incidents.Incident) string {
	for _, role := range c.desk.rules().RoleList() {
		if in.Roles[role.Name].ID == c.Actor.ID {
			return lower(role.Title)
		}
	}
	return ""
}

func (c *call) homeRows(list []incidents.Incident) (lines []Line) {
	for _, in := range list {
		if len(lines) == maxHome {
			return append(lines, Line{Text: fmt.Sprintf("… and %d more", len(list)-maxHome)})
		}
		text := in.Number.String() + " " + judged(in.Severity) + ", " + statusWord(in) + ": " + brief(in.Title, 120)
		if in.Drill {
			text = "Drill: " + text
		}
		if role := c.roleIn(in); role != "" {
			text += " (you are " + role + ")"
		} else if in.Follows(c.Actor.ID) {
			text += " (you follow it)"
		}
		if next, ok := in.Next(); ok {
			text += "; next: " + next.Duty() + " by " + c.clock(next.By())
		}
		lines = append(lines, Line{Incident: in.Number, Text: text})
	}
	return lines
}

// homeWork are the open tasks and follow-ups of the caller, what is due first.
func (c *call) homeWork(list []incidents.Incident) (lines []Line) {
	type item struct {
		due  time.Time
		line Line
	}
	var all []item
	for _, in := range list {
		for _, kind := range []incidents.List{incidents.Tasks, incidents.Followups} {
			for _, t := range kind.Of(in) {
				if t.State != incidents.TaskOpen || t.Assignee == nil || t.Assignee.ID != c.Actor.ID {
					continue
				}
				text := fmt.Sprintf("%s %s %d: %s", in.Number, kind.Noun(), t.Number, brief(t.Text, 200))
				if !t.Due.IsZero() {
					text += " (due " + c.clock(t.Due) + ")"
				}
				done := Choice{Label: "Done", Command: fmt.Sprintf("%s %s done %d", kind, in.Number, t.Number)}
				all = append(all, item{t.Due, Line{Text: text, Choice: &done}})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b item) int {
		if a.due.IsZero() != b.due.IsZero() {
			if a.due.IsZero() {
				return 1
			}
			return -1
		}
		return a.due.Compare(b.due)
	})
	for _, one := range all {
		if len(lines) == maxHome {
			return append(lines, Line{Text: fmt.Sprintf("… and %d more", len(all)-maxHome)})
		}
		lines = append(lines, one.line)
	}
	return lines
}
