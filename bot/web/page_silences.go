package web

import (
	"context"
	"time"

	"fireboss/commands"
	"fireboss/incidents/alerts"
)

// silenceRow is a silence that is in force, or was ended and may hold elsewhere.
type silenceRow struct {
	Number string // SI-3; empty: it is a window of the configuration
	What   string
	By     string
	Why    string
	Places string // where else it is set, in words
	Until  time.Time
	Left   string // how long it lasts, in words
	Over   bool   // it was ended
}

// silences are all those in force, by when they end, and those that are ended and may still hold elsewhere, as somebody may
// know of them.
func (s *Site) silences(ctx context.Context, see *eyes, now time.Time) (rows []silenceRow, err error) {
	list, err := s.store.SilencesInForce(ctx, now)
	if err != nil {
		return nil, err
	}
	lingering, err := commands.LingeringSilences(ctx, s.store, now)
	if err != nil {
		return nil, err
	}
	var windows []alerts.Window
	if s.alertPolicy != nil {
		windows = s.alertPolicy().Windows
	}
	for _, w := range windows {
		if until, in := w.Within(now); in {
			rows = append(rows, silenceRow{What: w.Name, Until: until, Left: span(until.Sub(now))})
		}
	}
	for _, one := range append(list, lingering...) {
		one = one.SeenBy(see.see)
		rows = append(rows, silenceRow{
			Number: one.Number.String(), What: one.What(), By: one.By.Name, Why: one.Why, Places: commands.SilencePlaces(one),
			Until: one.End(), Left: span(one.End().Sub(now)), Over: !one.InForce(now),
		})
	}
	return rows, see.err
}

// silencedWords say what silences an alert; empty where nothing does.
func silencedWords(a alerts.Alert, now time.Time) string {
	if until := a.QuietUntil(); until.After(now) {
		return "silenced for " + span(until.Sub(now))
	}
	return ""
}
