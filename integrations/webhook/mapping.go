package webhook

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"fireboss/incidents/alerts/condition"
)

// Mapping says where in a body what stands.
type Mapping struct {
	Each        condition.Expression[whole] `yaml:"each" example:"body.events" doc:"The alerts of a body. Left out: its alerts where it has a list of that name, else all of it."`
	When        condition.Condition[one]    `yaml:"when" example:"alert.type != \"test\"" doc:"Which alerts count; the others are ignored."`
	Fingerprint condition.Expression[one]   `yaml:"fingerprint" example:"alert.monitor.id" doc:"What is the same for all that is said of one alert, and for no other."`
	Group       condition.Expression[one]   `yaml:"group" example:"alert.cluster" doc:"What its sender holds together."`
	Status      condition.Expression[one]   `yaml:"status" example:"alert.current_state != \"UP\"" doc:"Its status, in one of the usual words (firing, down, ok, resolved, acknowledged …), or true where it fires and false where it is over."`
	Severity    condition.Expression[one]   `yaml:"severity" example:"'alert.priority <= 2 ? \"high\" : \"low\"'" doc:"Its severity, in one of the usual words or one of the severity above."`
	Title       condition.Expression[one]   `yaml:"title" example:"alert.check + \" on \" + alert.host" doc:"What it is called, on one line."`
	Description condition.Expression[one]   `yaml:"description" example:"alert.output" doc:"What else there is to read."`
	Service     condition.Expression[one]   `yaml:"service" example:"lower(alert.project)" doc:"Which service it is about."`
	URL         condition.Expression[one]   `yaml:"url" example:"'\"https://monitor.example.com/\" + alert.id'" doc:"Where people can look at it there."`
	Started     condition.Expression[one]   `yaml:"started" example:"alert.opened" doc:"When it began: a text, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970."`
	Ended       condition.Expression[one]   `yaml:"ended" example:"alert.closed" doc:"When it was over."`
	Labels      condition.Expression[one]   `yaml:"labels" example:"alert.tags" doc:"Its labels: an object, or a list of texts such as env:production."`
	ID          condition.Expression[whole] `yaml:"id" example:"headers[\"X-Delivery\"]" doc:"The delivery's id, which it keeps when it is sent again. Left out: the header Webhook-Id."`
}

// whole is what can be said of a delivery.
type whole struct {
	body    any
	headers map[string]any // those that the mapping looks at, by their names as it writes them
	now     time.Time      // when it came
}

// Names are those of a delivery.
func (w whole) Names() map[string]any {
	return map[string]any{"body": w.body, "headers": w.headers, "now": w.now}
}

// one is what can be said of one of its alerts.
type one struct {
	whole
	alert any
}

// Names are those of an alert.
func (o one) Names() map[string]any {
	names := o.whole.Names()
	names["alert"] = o.alert
	return names
}

// expressions are those about an alert, by their keys.
func (m Mapping) expressions() iter.Seq2[string, condition.Expression[one]] {
	return func(yield func(string, condition.Expression[one]) bool) {
		for _, e := range []struct {
			key  string
			text condition.Expression[one]
		}{
			{"fingerprint", m.Fingerprint}, {"group", m.Group}, {"status", m.Status}, {"severity", m.Severity}, {"title", m.Title}, {"description", m.Description},
			{"service", m.Service}, {"url", m.URL}, {"started", m.Started}, {"ended", m.Ended}, {"labels", m.Labels},
		} {
			if !yield(e.key, e.text) {
				return
			}
		}
	}
}

// mapper is a mapping at work.
type mapper struct {
	each, id *condition.Program[whole]
	when     *condition.Program[one]
	of       map[string]*condition.Program[one] // by key; nil where nothing was written
	headers  map[string]bool                    // those that are looked at
}

func (m Mapping) compile() (*mapper, error) {
	c := &mapper{of: map[string]*condition.Program[one]{}, headers: map[string]bool{}}
	var problems []error
	var err error
	if c.each, err = m.Each.Compile(); err != nil {
		problems = append(problems, fmt.Errorf("each: %w", err))
	}
	if c.id, err = m.ID.Compile(); err != nil {
		problems = append(problems, fmt.Errorf("id: %w", err))
	}
	if c.when, err = m.When.Compile(); err != nil {
		problems = append(problems, fmt.Errorf("when: %w", err))
	}
	all := []interface{ Keys(string) ([]string, bool) }{c.each, c.id, c.when}
	for key, text := range m.expressions() {
		if c.of[key], err = text.Compile(); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", key, err))
		}
		all = append(all, c.of[key])
	}
	for _, p := range all {
		names, every := p.Keys("headers")
		if !every {
			problems = append(problems, errors.New("headers are looked at by name, such as headers[\"X-Delivery\"]: only those that the mapping names are kept"))
			break
		}
		for _, name := range names {
			c.headers[name] = true
		}
	}
	return c, errors.Join(problems...)
}

// text works an expression out that is to give a text.
func text[N condition.Names](key string, p *condition.Program[N], names N, m *condition.Meter) (string, error) {
	v, err := p.Run(names, m)
	if err != nil {
		return "", fmt.Errorf("map.%s: %w", key, err)
	}
	s, err := condition.Text(v)
	if err != nil {
		return "", fmt.Errorf("map.%s: %w", key, err)
	}
	return s, nil
}
