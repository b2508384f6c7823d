package pagerduty

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/integrations"
)

// title is what people call it.
const title = "PagerDuty"

// Bounds of the Events API v2, in characters (https://developer.pagerduty.com/docs/send-alert-event), and how long one call
// may take: somebody waits to be woken.
const (
	maxSummary = 1024
	maxKey     = 255
	callFor    = 10 * time.Second
)

// pager speaks the Events API v2.
type pager struct {
	config Config
	wire   *integrations.Client
}

// pages says whether the settings let anybody be woken.
func (c Config) pages() bool { return c.RoutingKey.Reveal() != "" || len(c.Services) > 0 }

func newPager(c Config, deps integrations.Deps) (*pager, error) {
	wire, err := deps.Outbound.Client(integrations.Reach{
		Integration: Name, Base: string(c.URL), Private: c.URL.Here(), Timeout: callFor, Tries: 1, // who asks tries again
	})
	return &pager{c, wire}, err
}

func (p *pager) contract() *integrations.Pager {
	return &integrations.Pager{
		Paging: incidents.Paging{
			Through: Name, Title: title, Services: slices.Sorted(maps.Keys(p.config.Services)), Rest: p.config.RoutingKey.Reveal() != "",
		},
		Page: p.page, Answer: p.answer,
	}
}

// event is what is sent.
type event struct {
	RoutingKey string   `json:"routing_key"`
	Action     string   `json:"event_action"`
	DedupKey   string   `json:"dedup_key"`
	Payload    *payload `json:"payload,omitempty"`
	Client     string   `json:"client,omitempty"`
	ClientURL  string   `json:"client_url,omitempty"`
	Links      []link   `json:"links,omitempty"`
}

type payload struct {
	Summary   string            `json:"summary"`
	Source    string            `json:"source"`
	Severity  string            `json:"severity"`
	Component string            `json:"component,omitempty"`
	Details   map[string]string `json:"custom_details,omitempty"`
}

type link struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

// severity is never one by which a service can be set not to wake people: warning and info are.
func severity(s incidents.Severity) string {
	if s == 1 || s == incidents.Unset {
		return "critical"
	}
	return "error"
}

func (p *pager) page(ctx context.Context, page integrations.Page) (integrations.Paged, error) {
	body := &payload{
		Summary: cut(page.Summary.String(), maxSummary), Source: "Fireboss", Severity: severity(page.Severity), Component: page.Service, Details: map[string]string{},
	}
	for _, d := range page.Details {
		body.Details[d.Name] = d.Text.String()
	}
	e := event{Action: "trigger", DedupKey: page.Key, Payload: body, Client: "Fireboss", ClientURL: page.Link}
	if page.Link != "" {
		e.Links = []link{{page.Link, "The incident in Fireboss"}}
	}
	return integrations.Paged{ID: page.Key}, p.send(ctx, page.Whom, e)
}

func (p *pager) answer(ctx context.Context, a integrations.PageAnswer) error {
	action := "acknowledge"
	if a.Over {
		action = "resolve"
	}
	return p.send(ctx, a.Whom, event{Action: action, DedupKey: a.Key})
}

// key is the routing key for somebody: that of the service, else the one for everything else.
func (p *pager) key(w incidents.Whom) string {
	for name, key := range p.config.Services {
		if w.Kind == incidents.WhomService && strings.EqualFold(name, w.Name) {
			return key.Reveal()
		}
	}
	return p.config.RoutingKey.Reveal()
}

// send sends an event. What has the same key is one alert there, so that a call that may have been made can be made again.
func (p *pager) send(ctx context.Context, w incidents.Whom, e event) error {
	if e.RoutingKey = p.key(w); e.RoutingKey == "" {
		return &integrations.Unpaged{Again: integrations.Again{Verdict: integrations.Never}, Why: "PagerDuty has no routing key for " + w.String() + " in the configuration any more"}
	}
	return p.enqueue(ctx, e)
}

func (p *pager) enqueue(ctx context.Context, e event) error {
	e.DedupKey = cut(e.DedupKey, maxKey)
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(integrations.Repeatable(ctx), http.MethodPost, string(p.config.URL)+"/v2/enqueue", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := p.wire.Do(req)
	said := ""
	if err == nil {
		said = wrong(res.Body, e.RoutingKey)
		_ = res.Body.Close()
	}
	return integrations.Accepted(title, res, err, said, time.Now())
}

// wrong is what an answer says is wrong, without the key.
func wrong(body io.Reader, key string) string {
	text, err := io.ReadAll(body)
	if err != nil {
		return ""
	}
	answer, err := integrations.ReadJSON(text)
	if err != nil {
		return ""
	}
	var all []string
	for _, e := range answer.At("errors").List() {
		all = append(all, e.Text())
	}
	if len(all) == 0 {
		all = append(all, answer.At("message").Text())
	}
	return strings.ReplaceAll(strings.Join(all, "; "), key, "<secret>")
}

// check proves each key by ending an alert that nobody has begun: PagerDuty takes that, and wakes nobody.
func (p *pager) check(ctx context.Context) error {
	keys := map[string]string{"routing_key": p.config.RoutingKey.Reveal()}
	for name, key := range p.config.Services {
		keys["services."+name] = key.Reveal()
	}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		if keys[name] == "" {
			continue
		}
		err := p.enqueue(ctx, event{RoutingKey: keys[name], Action: "resolve", DedupKey: integrations.Ours + "check"})
		var no *integrations.Unpaged
		switch {
		case errors.As(err, &no) && no.Again.Verdict != integrations.Never:
			return fmt.Errorf("url: %w", err)
		case err != nil:
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(wrong...)
}

// cut is at most n characters of a text.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
