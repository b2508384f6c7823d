package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"fireboss/commands"
	"fireboss/incidents"
)

// CommandAnswer is what a command led to.
type CommandAnswer struct {
	Reply    string    `json:"reply"`    // what a person would have read, a line each
	Incident *Incident `json:"incident"` // as it is now; null for who may not see it any more
	Events   []Event   `json:"events"`   // what the command caused
}

const commandExample = `{"text": "sev 2 wider than thought"}`

// readCommand reads what somebody says.
func readCommand(body string) (string, error) {
	var text string
	if err := object(body, commandExample, field{"text", isString(&text)}); err != nil {
		return "", err
	}
	if strings.TrimSpace(text) == "" {
		return "", invalidf("What is to be done? Example: %s", commandExample)
	}
	return text, nil
}

func (s *Site) postCommand(w http.ResponseWriter, c call) error {
	body, err := readBody(w, c.Request)
	if err != nil {
		return err
	}
	in, err := s.incident(c.Context(), c.PathValue("id"), c.token.actor())
	if err != nil {
		return err
	}
	if _, err := readCommand(body); err != nil {
		return err
	}
	return s.deliver(w, c, order{Incident: in.Number, Body: body})
}

// command works a POST of a command.
func (s *Site) command(ctx context.Context, d delivered) (answer, error) {
	text, err := readCommand(d.Body)
	if err != nil {
		return answer{}, err
	}
	said := s.desk.Handle(ctx, commands.Request{ID: d.id, Actor: d.actor(), At: d.at, Text: text, Here: d.Incident})
	switch {
	case said.Fault != nil:
		s.log.Error().Err(said.Fault).Str("reference", said.Reference).Msg("a command failed")
		return answer{}, fault(said.Reference, said.Text)
	case said.Refused != "":
		return answer{}, refusal(said.Refused, said.Text)
	}
	out := CommandAnswer{Reply: lines(said), Events: eventsJSON(said.Events)}
	if out.Incident, err = s.about(ctx, said.Incident, d); err != nil {
		return answer{}, err
	}
	return answerWith(http.StatusOK, "", out)
}

// about is the incident that an answer is about: the one it names, or else the
// one it was asked of; nil where the asker has just left a private one.
func (s *Site) about(ctx context.Context, named *incidents.Incident, d delivered) (*Incident, error) {
	if named == nil {
		in, err := s.store.Incident(ctx, d.Incident)
		if err != nil || !in.VisibleTo(d.actor()) {
			return nil, err
		}
		named = &in
	}
	doc, err := s.document(ctx, *named)
	return &doc, err
}

// lines is an answer as plain text, rows below the sentence; a row begins with
// the time and the number of the event it is about.
func lines(r commands.Reply) string {
	var b strings.Builder
	b.WriteString(r.Text)
	for _, l := range r.Lines {
		b.WriteString("\n")
		if !l.At.IsZero() {
			b.WriteString(l.At.UTC().Format(layout) + " ")
		}
		if l.Seq != 0 {
			fmt.Fprintf(&b, "#%d ", l.Seq)
		}
		b.WriteString(l.Text)
	}
	return b.String()
}

// EventList is a page of events, by seq.
type EventList struct {
	Events     []Event `json:"events"`
	NextCursor string  `json:"next_cursor,omitempty"` // send it as after; absent on the last page
}

func (s *Site) listEvents(w http.ResponseWriter, c call) error {
	q := c.query
	after, limit := q.after(), q.limit()
	in, err := s.incident(c.Context(), c.PathValue("id"), c.token.actor())
	switch {
	case err != nil:
		return err
	case q.err != nil:
		return q.err
	}
	list, err := s.store.Events(c.Context(), in.Number, after, limit+1)
	if err != nil {
		return err
	}
	var out EventList
	list = in.Known(list)
	if len(list) > limit {
		list = list[:limit]
		out.NextCursor = seq(list[limit-1])
	}
	out.Events = eventsJSON(list)
	return reply(w, out)
}

func seq(e incidents.Event) string {
	_, s, _ := strings.Cut(e.ID(), ":")
	return s
}
