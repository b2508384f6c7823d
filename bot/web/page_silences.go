package web

import (
	"context"
	"time"

	"fireboss/commands"
	"fireboss/incidents/alerts"
)

// silencesShown is how many silences the page shows.
const silencesShown = 30

// silenceRow is a silence that is in force.
type silenceRow struct {
	Number string // SI-3; empty: it is a window of the configuration
	What   string
	By     string
	Why    string
	Places string // where else it is set, in words
	Until  time.Time
	Left   string // how long it lasts, in words
}

// silences are those in force, by when they end, as somebody may know of them, and how many there are more.
func (s *Site) silences(ctx context.Context, see *eyes, now time.Time) (rows []silenceRow, more int, err error) {
	list, err := s.store.SilencesInForce(ctx, now)
	if err != nil {
		return nil, 0, err
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
	more = max(0, len(list)-silencesShown)
	for _, one := range list[:len(list)-more] {
		one = one.SeenBy(see.see)
		rows = append(rows, silenceRow{
			Number: one.Number.String(), What: one.What(), By: one.By.Name, Why: one.Why, Places: commands.SilencePlaces(one), Until: one.End(), Left: span(one.End().Sub(now)),
		})
	}
	return rows, more, see.err
}

// silencedWords say what silences an alert; empty where nothing does.
func silencedWords(a alerts.Alert, now time.Time) string {
	if until := a.QuietUntil(); until.After(now) {
		return "silenced for " + span(until.Sub(now))
	}
	return ""
}
