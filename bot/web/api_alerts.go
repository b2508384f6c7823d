package web

import (
	"context"
	"errors"
	"net/http"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// alertStatuses are the words of the filter of a status.
var alertStatuses = []string{string(alerts.Firing), string(alerts.Resolved), string(alerts.Acknowledged), string(alerts.NoData), string(alerts.Info)}

// listAlerts lists alerts as a token may know of them.
func (s *Site) listAlerts(w http.ResponseWriter, c call) error {
	q, who := c.query, c.token.actor()
	source, status, limit := q.text("source"), q.oneOf("status", alertStatuses...), q.limit()
	find := store.AlertQuery{Before: q.alert("cursor"), Limit: limit + 1}
	if q.err != nil {
		return q.err
	}
	if id := q.text("incident"); id != "" {
		in, err := s.incident(c.Context(), id, who)
		if err != nil {
			return err
		}
		find.Incident = in.Number
	}
	find.Where = func(a alerts.Alert) bool {
		return (source == "" || a.Source == source) && (status == "" || string(a.Status) == status)
	}
	found, err := s.store.Alerts(c.Context(), find)
	if err != nil {
		return err
	}
	out := AlertList{Alerts: []Alert{}}
	if len(found) > limit {
		found = found[:limit]
		out.NextCursor = found[limit-1].Number.String()
	}
	eyes := s.eyes(c.Context(), who)
	for _, a := range found {
		out.Alerts = append(out.Alerts, AlertJSON(a.SeenBy(eyes.see)))
	}
	if eyes.err != nil {
		return eyes.err
	}
	return reply(w, out)
}

// alert is a parameter that is an alert, where another page ended.
func (q *query) alert(name string) alerts.Number {
	if !q.given(name) {
		return 0
	}
	n, err := alerts.ParseNumber(q.text(name))
	if err != nil {
		q.wrong("%s is %q; send the one that the page before gave, as it was.", name, shorten(q.text(name), 40))
	}
	return n
}

// eyes look up of which incidents somebody may know, each once.
type eyes struct {
	of   func(incidents.Number) (bool, error)
	seen map[incidents.Number]bool
	err  error // the store's; then what they say does not count
}

func (s *Site) eyes(ctx context.Context, who incidents.Actor) *eyes {
	return &eyes{seen: map[incidents.Number]bool{}, of: func(n incidents.Number) (bool, error) {
		in, err := s.store.Incident(ctx, n)
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return err == nil && in.VisibleTo(who), err
	}}
}

// see says whether somebody may know of an incident.
func (e *eyes) see(n incidents.Number) bool {
	sees, known := e.seen[n]
	if !known {
		var err error
		if sees, err = e.of(n); err != nil {
			sees, e.err = false, err
		}
		e.seen[n] = sees
	}
	return sees
}
