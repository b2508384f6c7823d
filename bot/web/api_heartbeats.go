package web

import (
	"context"
	"net/http"
	"time"

	"fireboss/incidents/alerts"
)

// Heartbeat is an alert that fires as long as all is well, in JSON.
type Heartbeat struct {
	Source  string `json:"source"` // empty: it is expected, and was never heard
	Name    string `json:"name"`
	HeardAt *Time  `json:"heard_at"` // null: never
	// Within is how long after one the next has to come; null: its pace is not known yet.
	Within  *int `json:"within_seconds"`
	Stopped bool `json:"stopped"`
}

// HeartbeatList are all of them.
type HeartbeatList struct {
	Heartbeats []Heartbeat `json:"heartbeats"`
}

// awaited are the heartbeats that somebody waits for.
func (s *Site) awaited(ctx context.Context, now time.Time) (list []alerts.Pulse, err error) {
	all, err := s.heartbeats(ctx, now)
	for _, u := range all {
		if !u.Unknown {
			list = append(list, u)
		}
	}
	return list, err
}

// listHeartbeats lists them; they belong to no incident, so every token may.
func (s *Site) listHeartbeats(w http.ResponseWriter, c call) error {
	list, err := s.awaited(c.Context(), s.now())
	if err != nil {
		return err
	}
	out := HeartbeatList{Heartbeats: []Heartbeat{}}
	for _, u := range list {
		h := Heartbeat{Source: u.Source, Name: u.Name, HeardAt: moment(u.At), Stopped: u.Stopped}
		if u.Within > 0 {
			h.Within = new(int(u.Within / time.Second))
		}
		out.Heartbeats = append(out.Heartbeats, h)
	}
	return reply(w, out)
}

// beatRow is how one stands, in words.
type beatRow struct {
	Title, Word string
	At          time.Time // zero: it was never heard
	Stopped     bool
}

// beatRows are all that somebody waits for.
func (s *Site) beatRows(ctx context.Context, now time.Time) (rows []beatRow, err error) {
	list, err := s.awaited(ctx, now)
	for _, u := range list {
		row := beatRow{Title: u.Title(), At: u.At, Stopped: u.Stopped, Word: "not heard yet"}
		if !u.At.IsZero() {
			row.Word = span(now.Sub(u.At)) + " ago"
		}
		if u.Stopped && !u.At.IsZero() {
			row.Word = "stopped, last heard " + row.Word
		}
		rows = append(rows, row)
	}
	return rows, err
}
