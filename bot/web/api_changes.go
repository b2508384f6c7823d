package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"fireboss/incidents"
)

// ServiceChange is a change of a service in JSON.
type ServiceChange struct {
	ID      string `json:"id"`
	Service string `json:"service"`
	Title   string `json:"title"`
	URL     string `json:"url,omitempty"`
	At      Time   `json:"at"`
	By      string `json:"by"` // the token that told it
}

// ServiceChangeList is a page of changes, newest first.
type ServiceChangeList struct {
	Changes    []ServiceChange `json:"changes"`
	NextCursor string          `json:"next_cursor,omitempty"` // absent on the last page
}

func serviceChangeJSON(c incidents.ServiceChange) ServiceChange {
	return ServiceChange{ID: c.ID, Service: c.Service, Title: c.Title, URL: c.URL, At: Time{c.At}, By: c.By}
}

// listChanges lists the changes of a month.
func (s *Site) listChanges(w http.ResponseWriter, c call) error {
	service, limit := s.rules().ServiceName(c.query.text("service")), c.query.limit()
	to, last := c.query.changeCursor(s.now())
	if c.query.err != nil {
		return c.query.err
	}
	found, err := s.store.ServiceChanges(c.Context(), s.now().Add(-incidents.ServiceChangesKept), to, limit+1, func(one incidents.ServiceChange) bool {
		return (service == "" || one.Affects([]string{service})) && (last == "" || one.At.Before(to) || one.ID < last)
	})
	if err != nil {
		return err
	}
	out := ServiceChangeList{Changes: []ServiceChange{}}
	for i, one := range found {
		if i == limit {
			before := found[i-1]
			out.NextCursor = before.At.Format(time.RFC3339Nano) + "/" + before.ID
			break
		}
		out.Changes = append(out.Changes, serviceChangeJSON(one))
	}
	return reply(w, out)
}

// changeCursor is the change at which the page before ended: its moment and id.
func (q *query) changeCursor(now time.Time) (at time.Time, id string) {
	if !q.given("cursor") {
		return now.Add(time.Minute), "" // clocks differ
	}
	moment, id, ok := strings.Cut(q.text("cursor"), "/")
	at, err := time.Parse(time.RFC3339Nano, moment)
	if !ok || err != nil || id == "" {
		q.wrong("cursor is %q; send the next_cursor of the page before as it was.", shorten(q.text("cursor"), 40))
	}
	return at, id
}

const changeExample = `{"service": "checkout", "title": "deployed v123"}`

// readChange reads what somebody says was changed.
func readChange(body string) (incidents.ServiceChange, error) {
	var c incidents.ServiceChange
	err := object(body, changeExample,
		field{"service", isString(&c.Service)}, field{"title", isString(&c.Title)},
		field{"url", isString(&c.URL)}, field{"at", isTime(&c.At)},
	)
	return c, err
}

func (s *Site) postChange(w http.ResponseWriter, c call) error {
	body, err := readBody(w, c.Request)
	if err != nil {
		return err
	}
	change, err := readChange(body)
	if err != nil {
		return err
	}
	if _, err := change.Check(s.rules(), s.now()); err != nil {
		return err
	}
	return s.deliver(w, c, order{Change: true, Body: body})
}

// change works a POST of a change. Worked again, it is the same change.
func (s *Site) change(ctx context.Context, d delivered) (answer, error) {
	c, err := readChange(d.Body)
	if err != nil {
		return answer{}, err
	}
	if c, err = c.Check(s.rules(), d.at); err != nil {
		return answer{}, err
	}
	c.ID, c.By = d.id, d.Token
	if err := s.store.PutServiceChange(ctx, c); err != nil {
		return answer{}, err
	}
	s.changed(ctx, c)
	return answerWith(http.StatusCreated, "", serviceChangeJSON(c))
}
