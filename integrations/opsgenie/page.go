package opsgenie

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/integrations"
)

// title is what people call it.
const title = "Opsgenie"

// Bounds of an alert, in characters (https://docs.opsgenie.com/docs/alert-api), how long one call may take, and how often
// and at what distance is asked whether an alert was made: it is made after it was accepted.
const (
	maxMessage     = 130
	maxDescription = 15_000
	maxEntity      = 512
	callFor        = 10 * time.Second
	askTimes       = 5
	askFirst       = 200 * time.Millisecond
)

// us is who acts there when Fireboss does.
const us = "Fireboss"

// pager makes alerts.
type pager struct {
	config Config
	wire   *integrations.Client
}

func newPager(c Config, deps integrations.Deps) (*pager, error) {
	wire, err := deps.Outbound.Client(integrations.Reach{
		Integration: Name, Base: string(c.URL), Private: c.URL.Here(), Timeout: callFor, Tries: 1, // who asks tries again
	})
	return &pager{c, wire}, err
}

func (p *pager) contract() *integrations.Pager {
	return &integrations.Pager{
		Paging: incidents.Paging{
			Through: Name, Title: title, Rest: true,
			Named: []string{incidents.WhomTeam, incidents.WhomEscalation, incidents.WhomSchedule, incidents.WhomPerson},
		},
		Page: p.page, Answer: p.answer,
	}
}

// responder is who is woken.
type responder struct {
	Type     string `json:"type"`
	Name     string `json:"name,omitempty"`
	Username string `json:"username,omitempty"`
}

func responders(w incidents.Whom) []responder {
	switch w.Kind {
	case incidents.WhomOnCall, incidents.WhomService:
		return nil // as the team of the key's integration, or its routing rules, have it
	case incidents.WhomPerson:
		return []responder{{Type: "user", Username: w.Name}}
	}
	return []responder{{Type: w.Kind, Name: w.Name}}
}

// alert is what is sent.
type alert struct {
	Message     string            `json:"message"`
	Alias       string            `json:"alias"`
	Description string            `json:"description,omitempty"`
	Responders  []responder       `json:"responders,omitempty"`
	Entity      string            `json:"entity,omitempty"`
	Tags        []string          `json:"tags"`
	Details     map[string]string `json:"details,omitempty"`
	Priority    string            `json:"priority"`
	Source      string            `json:"source"`
	User        string            `json:"user"`
}

func (p *pager) page(ctx context.Context, page integrations.Page) (integrations.Paged, error) {
	a := alert{
		Message: cut(page.Summary.String(), maxMessage), Alias: page.Key, Responders: responders(page.Whom), Tags: []string{"fireboss"},
		Entity: cut(page.Service, maxEntity), Details: map[string]string{}, Priority: "P2", Source: us, User: us,
	}
	if page.Severity == 1 || page.Severity == incidents.Unset {
		a.Priority = "P1"
	}
	lines := []string{page.Summary.String()}
	for _, d := range page.Details {
		a.Details[d.Name] = d.Text.String()
	}
	if page.Link != "" {
		lines = append(lines, page.Link)
		a.Details["link"] = page.Link
	}
	a.Description = cut(strings.Join(lines, "\n"), maxDescription)
	answer, err := p.post(ctx, "/v2/alerts", a)
	if err != nil {
		return integrations.Paged{}, err
	}
	return p.made(ctx, answer.At("requestId").Text())
}

// made finds out whether an alert that was accepted was made. Where that is not known after a while it counts as made:
// it was accepted.
func (p *pager) made(ctx context.Context, request string) (integrations.Paged, error) {
	if request == "" {
		return integrations.Paged{}, nil
	}
	for i := range askTimes {
		select {
		case <-ctx.Done():
			return integrations.Paged{ID: request}, nil // it was accepted
		case <-time.After(askFirst << i):
		}
		answer, err := p.call(ctx, http.MethodGet, "/v2/alerts/requests/"+url.PathEscape(request), nil)
		data := answer.At("data")
		if err != nil || data.At("isSuccess").Text() == "" {
			continue // not yet, or the key may not read
		}
		if data.At("isSuccess").Text() != "true" {
			return integrations.Paged{}, &integrations.Unpaged{Again: integrations.Again{Verdict: integrations.Never}, Why: "Opsgenie made no alert: " + cut(incidents.Tidy(data.At("status").Text()), maxMessage)}
		}
		return integrations.Paged{ID: data.At("alertId").Text()}, nil
	}
	return integrations.Paged{ID: request}, nil
}

func (p *pager) answer(ctx context.Context, a integrations.PageAnswer) error {
	action := "acknowledge"
	if a.Over {
		action = "close"
	}
	_, err := p.post(ctx, "/v2/alerts/"+url.PathEscape(a.Key)+"/"+action+"?identifierType=alias", map[string]string{"user": us, "source": us})
	return err
}

// check proves the key by closing an alert that nobody has made: Opsgenie takes that, and wakes nobody.
func (p *pager) check(ctx context.Context) error {
	err := p.answer(ctx, integrations.PageAnswer{Key: integrations.Ours + "check", Over: true})
	var no *integrations.Unpaged
	if errors.As(err, &no) && no.Again.Verdict != integrations.Never {
		return fmt.Errorf("url: %w", err)
	}
	if err != nil {
		return fmt.Errorf("api_key: %w", err)
	}
	return nil
}

// post sends something. What has the same alias is one alert there while it is open, so that a call that may have been made
// can be made again.
func (p *pager) post(ctx context.Context, path string, body any) (integrations.JSON, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return integrations.JSON{}, err
	}
	return p.call(integrations.Repeatable(ctx), http.MethodPost, path, text)
}

func (p *pager) call(ctx context.Context, method, path string, body []byte) (integrations.JSON, error) {
	req, err := http.NewRequestWithContext(ctx, method, string(p.config.URL)+path, bytes.NewReader(body))
	if err != nil {
		return integrations.JSON{}, err
	}
	req.Header.Set("Authorization", "GenieKey "+p.config.APIKey.Reveal())
	req.Header.Set("Content-Type", "application/json")
	res, err := p.wire.Do(req)
	var answer integrations.JSON
	if err == nil {
		text, _ := io.ReadAll(res.Body) // it was read to its end, or there was an error
		_ = res.Body.Close()
		answer, _ = integrations.ReadJSON(text) // where it is none it says nothing
	}
	said := strings.ReplaceAll(answer.At("message").Text(), p.config.APIKey.Reveal(), "<secret>")
	return answer, integrations.Accepted(title, res, err, said, time.Now())
}

// cut is at most n characters of a text.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
