package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// Figures of alerts are those of a month, and from no more than so many.
const (
	figuresOf   = 30 * 24 * time.Hour
	figuresMost = 5000
)

// ruleFigure is how a rule has done, in words.
type ruleFigure struct {
	alerts.RuleTally
	Name              string
	Does              string
	Precision, Recall string // empty: nothing is known yet
	Live              string // since when it is live, and by whom, that is in shadow in the configuration
	Switch            string // what can be done with it: live or shadow; empty: nothing
}

var doesWords = map[alerts.Action]string{
	alerts.Declare: "opens an incident", alerts.Attach: "attaches", alerts.Notify: "notifies", alerts.Page: "pages", alerts.Ignore: "ignores",
}

// alertFigures count the alerts of the last month, as somebody is told of them.
func (s *Site) alertFigures(ctx context.Context, d *alertsData, who incidents.Actor, now time.Time) error {
	list, whole, err := s.alertsSince(ctx, now.Add(-figuresOf), who)
	if err != nil {
		return err
	}
	d.Counted, d.Rules = countedFrom(len(list), whole), s.ruleSwitches(ruleFigures(list, now), now)
	d.May = s.rules().SwitchesRules(who) == nil
	return nil
}

// countedFrom says of how many alerts figures are.
func countedFrom(n int, whole bool) string {
	if !whole {
		return fmt.Sprintf("Counted from the newest %d alerts: there were more in the last 30 days.", n)
	}
	return "Counted from " + plural(n, "alert") + " of the last 30 days."
}

// ruleFigures are how the rules have done.
func ruleFigures(list []alerts.Alert, now time.Time) (all []ruleFigure) {
	for _, t := range alerts.TallyRules(list, now) {
		f := ruleFigure{RuleTally: t, Name: t.Rule, Does: doesWords[t.Action]}
		if t.Shadow {
			f.Does = "in shadow: " + f.Does
		}
		if share, known := t.Precision(); t.Shadow && known {
			f.Precision = shareOf(share, t.Right, t.Settled)
		}
		if share, known := t.Recall(); t.Shadow && known {
			f.Recall = shareOf(share, t.Right, t.Wanted)
		}
		all = append(all, f)
	}
	return all
}

// suggestions say of each alert that is not decided how severe an incident for it may well be, by what somebody may know of.
func (s *Site) suggestions(ctx context.Context, rows []alertRow, who incidents.Actor, now time.Time) (failed error) {
	if s.alertPolicy == nil {
		return nil
	}
	find := func(n incidents.Number) (incidents.Incident, bool) {
		in, err := s.store.Incident(ctx, n)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			failed = err
		}
		return in, err == nil
	}
	sees := func(in incidents.Incident) bool { return in.VisibleTo(who) }
	for i, row := range rows {
		if row.Undecided() {
			rows[i].Suggest = s.alertPolicy().Triage(row.Alert, row.Before(find, sees), now).Line(func(incidents.Number) bool { return true })
		}
	}
	return failed
}

// ruleSwitches say of each rule whether it can be made live, or taken back, and add those in shadow that have not held yet.
func (s *Site) ruleSwitches(list []ruleFigure, now time.Time) []ruleFigure {
	if s.alertPolicy == nil {
		return list
	}
	for _, rule := range s.alertPolicy().Rules {
		if !rule.Shadow && rule.Live == nil {
			continue
		}
		at := slices.IndexFunc(list, func(f ruleFigure) bool { return f.Name == rule.Name && f.Shadow == rule.Shadow })
		if at < 0 {
			f := ruleFigure{RuleTally: alerts.RuleTally{Rule: rule.Name, Action: rule.Do, Shadow: rule.Shadow}, Name: rule.Name, Does: doesWords[rule.Do]}
			if rule.Shadow {
				f.Does = "in shadow: " + f.Does
			}
			list, at = append(list, f), len(list)
		}
		if list[at].Switch = "live"; rule.Live != nil {
			list[at].Switch, list[at].Live = "shadow", "live since "+short(rule.Live.At, now)+", by "+rule.Live.By.Name
		}
	}
	return list
}

func shareOf(share float64, n, of int) string {
	return fmt.Sprintf("%d %% (%d of %d)", int(math.Round(100*share)), n, of)
}

// alertsSince are the alerts that came since a moment, as somebody is told of them, newest first; whole is false where
// there were more than are counted.
func (s *Site) alertsSince(ctx context.Context, since time.Time, who incidents.Actor) (list []alerts.Alert, whole bool, err error) {
	eyes := s.eyes(ctx, who)
	for before := alerts.Number(0); len(list) < figuresMost && !whole; {
		some, err := s.store.Alerts(ctx, store.AlertQuery{Before: before, Limit: someAtOnce * 5})
		if err != nil {
			return nil, false, err
		}
		for _, a := range some {
			if before = a.Number; a.ReceivedAt.Before(since) {
				whole = true
				break
			}
			list = append(list, a.SeenBy(eyes.see))
		}
		whole = whole || len(some) < someAtOnce*5
	}
	return list, whole, eyes.err
}
