package web

import (
	"context"
	"encoding/json"
	"net/http"

	"fireboss/incidents"
)

// Mirror is the mirror whose channel an incident's `channel` is.
const Mirror = "slack"

// IncidentList is a page of incidents, newest first.
type IncidentList struct {
	Incidents  []Incident `json:"incidents"`
	NextCursor string     `json:"next_cursor,omitempty"` // absent on the last page
}

func (s *Site) listIncidents(w http.ResponseWriter, c call) error {
	q, actor := c.query, c.token.actor()
	f := filter{
		Words: q.words(), Severity: q.severity(), Status: q.status(), Before: q.cursor(), Limit: q.limit(),
		Where: func(in incidents.Incident) bool { return in.VisibleTo(actor) },
	}
	if q.err != nil {
		return q.err
	}
	found, more, err := s.find(c.Context(), f)
	if err != nil {
		return err
	}
	out := IncidentList{Incidents: []Incident{}}
	for _, in := range found {
		doc, err := s.document(c.Context(), in)
		if err != nil {
			return err
		}
		out.Incidents = append(out.Incidents, doc)
	}
	if more {
		out.NextCursor = found[len(found)-1].Number.String()
	}
	return reply(w, out)
}

func (s *Site) getIncident(w http.ResponseWriter, c call) error {
	in, err := s.incident(c.Context(), c.PathValue("id"), c.token.actor())
	if err != nil {
		return err
	}
	doc, err := s.document(c.Context(), in)
	if err != nil {
		return err
	}
	return reply(w, doc)
}

// incident is the one of this id, if this actor may see it.
func (s *Site) incident(ctx context.Context, id string, a incidents.Actor) (incidents.Incident, error) {
	n, err := incidents.ParseNumber(id)
	if err != nil {
		return incidents.Incident{}, problemf(notFound, "%q is not an incident; write it like INC-12.", shorten(id, 40))
	}
	in, err := s.store.Incident(ctx, n)
	if err != nil {
		return incidents.Incident{}, missing(n, err)
	}
	if !in.VisibleTo(a) {
		return incidents.Incident{}, incidents.NotFound(n)
	}
	return in, nil
}

// document is an incident in JSON, with the channel it has now.
func (s *Site) document(ctx context.Context, in incidents.Incident) (Incident, error) {
	rec, err := s.store.Record(ctx, Mirror, in.Number)
	if err != nil {
		return Incident{}, err
	}
	return IncidentJSON(in, rec.Place, rec.PlaceName, s.now()), nil
}

const openExample = `{"title": "checkout is down", "severity": "sev1"}`

// readOpen reads what somebody wants opened.
func readOpen(body string) (incidents.Open, error) {
	var o incidents.Open
	err := object(body, openExample,
		field{"title", isString(&o.Title)},
		field{"severity", isSeverity(&o.Severity)},
		field{"summary", isString(&o.Summary)},
		field{"type", isString(&o.Type)},
		field{"private", func(raw json.RawMessage) error {
			o.Private = new(bool)
			return isBool(o.Private)(raw)
		}},
		field{"services", isStrings(&o.Services)},
		field{"started", isTime(&o.Started)},
		field{"resolved", isTime(&o.Resolved)},
		field{"drill", isBool(&o.Drill)},
	)
	return o, err
}

func (s *Site) postIncident(w http.ResponseWriter, c call) error {
	body, err := readBody(w, c.Request)
	if err != nil {
		return err
	}
	if _, err := readOpen(body); err != nil {
		return err
	}
	return s.deliver(w, c, order{Body: body})
}

// open works a POST of an incident.
func (s *Site) open(ctx context.Context, d delivered) (answer, error) {
	o, err := readOpen(d.Body)
	if err != nil {
		return answer{}, err
	}
	out, err := s.store.Apply(ctx, incidents.Command{ID: d.id, Actor: d.actor(), At: d.at, Do: o})
	if err != nil {
		return answer{}, err
	}
	doc, err := s.document(ctx, out.Incident)
	if err != nil {
		return answer{}, err
	}
	return answerWith(http.StatusCreated, "/api/v1/incidents/"+doc.ID, doc)
}
