package web

import (
	"context"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// row is one incident of a list.
type row struct {
	incidents.Incident
	SeverityWord string
	Commander    string
	Mine         bool // whoever looks commands it
	Since        string
	SinceAt      time.Time
	Due          *due   // what is due next
	Behind       string // what does not show it as it is; empty: all do
}

// mirrorTitles are the mirrors that there can be, as people call them.
var mirrorTitles = []struct{ Name, Title string }{{Mirror, "Slack"}}

func (s *Site) rows(ctx context.Context, list []incidents.Incident, now time.Time) ([]row, error) {
	var out []row
	for _, in := range list {
		r := row{Incident: in, SeverityWord: severityWord(in.Severity, s.rules().Meaning(in.Severity))}
		if p, ok := in.Commander(); ok {
			r.Commander = p.Name
		}
		r.SinceAt = in.Times.Declared
		r.Since = "declared " + since(r.SinceAt, now)
		if took := in.Times.Durations().Resolve; in.Status.Ended() && took != nil {
			r.SinceAt = in.Times.Resolved
			r.Since = "took " + span(*took) + ", over " + since(r.SinceAt, now)
		}
		if next, ok := in.Next(); ok {
			d := dueOf(next, now)
			r.Due = &d
		}
		var err error
		if r.Behind, err = s.behind(ctx, in, now); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// patience is how long a mirror may take before people are told that it is behind;
// it is behind for a moment after every change.
const patience = 15 * time.Second

// behind names the mirrors that do not show an incident as it is, and since when.
func (s *Site) behind(ctx context.Context, in incidents.Incident, now time.Time) (string, error) {
	for _, m := range mirrorTitles {
		rec, err := s.store.Record(ctx, m.Name, in.Number)
		if err != nil {
			return "", err
		}
		if lags(in, rec) && !rec.BehindSince.IsZero() && now.Sub(rec.BehindSince) >= patience {
			return m.Title + " is " + span(now.Sub(rec.BehindSince)) + " behind", nil
		}
		if rec.LastError != "" {
			return m.Title + " is behind", nil
		}
	}
	return "", nil
}

// lags reports whether a mirror lacks something of an incident.
func lags(in incidents.Incident, rec store.Record) bool {
	return rec.SyncedVersion < in.Version || rec.CursorSeq < in.Seq
}
