package alertmanager

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

	"fireboss/integrations"
)

// Silences speaks Alertmanager's API v2 about silences (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml),
// which Grafana's own Alertmanager has as well.
type Silences struct {
	Title     string // as people call it
	Wire      *integrations.Client
	Base      string              // the address before /api/v2
	Authorize func(*http.Request) // says who asks; nil: nobody is asked
}

// Bounds of asking: how long one call may take, and how long all silences together may be.
const (
	callFor  = 10 * time.Second
	maxBytes = 16 << 20
)

// Reach is what may be called for silences.
func Reach(name string, base integrations.BaseURL, private bool) integrations.Reach {
	return integrations.Reach{Integration: name, Base: string(base), Private: private || base.Here(), Timeout: callFor, Body: maxBytes, Tries: 1} // who asks tries again
}

// Contract is what can be asked of it.
func (s *Silences) Contract() *integrations.Silencer {
	return &integrations.Silencer{Title: s.Title, Set: s.set, End: s.end}
}

// matcher is a term as it is sent.
type matcher struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	IsRegex bool   `json:"isRegex"`
	IsEqual bool   `json:"isEqual"`
}

// postable is a silence as it is sent.
type postable struct {
	Matchers  []matcher `json:"matchers"`
	StartsAt  time.Time `json:"startsAt"`
	EndsAt    time.Time `json:"endsAt"`
	CreatedBy string    `json:"createdBy"`
	Comment   string    `json:"comment"`
}

// set looks first whether it is there: it may have been set just before we died.
func (s *Silences) set(ctx context.Context, want integrations.Silence) (string, error) {
	there, err := s.find(ctx, want.Mark)
	if err != nil || there.id != "" {
		return there.id, err
	}
	p := postable{StartsAt: want.From.UTC(), EndsAt: want.Until.UTC(), CreatedBy: want.By, Comment: want.Mark}
	if why := want.Why.String(); why != "" {
		p.Comment += ": " + why
	}
	for _, t := range want.Terms {
		p.Matchers = append(p.Matchers, matcher{t.Name, t.Value, t.Pattern(), !t.Negative()})
	}
	body, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	answer, err := s.ask(ctx, http.MethodPost, "/silences", body)
	if err != nil {
		return "", err
	}
	id := answer.At("silenceID").Text()
	if id == "" {
		return "", s.odd("does not say which silence it made")
	}
	return id, nil
}

// found is a silence that is there.
type found struct {
	id   string // empty: there is none
	over bool
}

// find looks for a silence by its mark.
func (s *Silences) find(ctx context.Context, mark string) (f found, err error) {
	list, err := s.ask(ctx, http.MethodGet, "/silences", nil)
	if err != nil {
		return f, err
	}
	if !list.Array() { // a page of something in between proves nothing
		return f, s.odd("does not list its silences")
	}
	for _, one := range list.List() {
		rest, marked := strings.CutPrefix(one.At("comment").Text(), mark)
		if id := one.At("id").Text(); marked && (rest == "" || rest[0] == ':') && id != "" && (f.id == "" || f.over) {
			f = found{id, expired(one)}
		}
	}
	return f, nil
}

func expired(one integrations.JSON) bool { return one.At("status", "state").Text() == "expired" }

// end ends one. That it is not there is believed only where the API itself lists its silences: a 404 may be anybody's.
func (s *Silences) end(ctx context.Context, mark, id string) error {
	f := found{id: id}
	var err error
	if id != "" {
		var one integrations.JSON
		one, err = s.ask(ctx, http.MethodGet, "/silence/"+url.PathEscape(id), nil)
		f.over = expired(one)
	}
	if id == "" || errors.Is(err, errNone) {
		f, err = s.find(ctx, mark)
	}
	if err == nil && f.id != "" && !f.over {
		_, err = s.ask(ctx, http.MethodDelete, "/silence/"+url.PathEscape(f.id), nil)
	}
	return err
}

// errNone is an answer that there is no such thing.
var errNone = errors.New("there is no such thing")

// odd is an answer that is none.
func (s *Silences) odd(what string) error {
	return &integrations.Unpaged{Again: integrations.Again{Verdict: integrations.Unknown}, Why: s.Title + " " + what}
}

// ask calls the API; an error is an *[integrations.Unpaged].
func (s *Silences) ask(ctx context.Context, method, path string, body []byte) (integrations.JSON, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.Base+"/api/v2"+path, bytes.NewReader(body))
	if err != nil {
		return integrations.JSON{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	if s.Authorize != nil {
		s.Authorize(req)
	}
	res, err := s.Wire.Do(req)
	var answer integrations.JSON
	var said string
	if err == nil {
		defer res.Body.Close()
		var text []byte
		if text, err = io.ReadAll(res.Body); err == nil {
			answer, said = read(text)
		}
	}
	if err := integrations.Accepted(s.Title, res, err, said, time.Now()); err != nil {
		if res != nil && res.StatusCode == http.StatusNotFound {
			err = errors.Join(errNone, err)
		}
		return answer, err
	}
	return answer, nil
}

// read is an answer, and what it says where it says something: a text, or Grafana's message.
func read(text []byte) (answer integrations.JSON, said string) {
	answer, err := integrations.ReadJSON(text)
	if err != nil {
		return answer, ""
	}
	if said = answer.At("message").Text(); said == "" {
		said = answer.Text()
	}
	return answer, said
}

// Check asks something that changes nothing, and says in the words of the configuration what is wrong.
func (s *Silences) Check(ctx context.Context, path, key string) error {
	_, err := s.ask(ctx, http.MethodGet, path, nil)
	var no *integrations.Unpaged
	switch {
	case err == nil:
		return nil
	case errors.Is(err, integrations.ErrPrivate):
		return errors.New("url: it is on the own network or this machine; set private_network: true if that is meant")
	case errors.Is(err, errNone):
		return fmt.Errorf("url: there is no API of %s there (HTTP 404); it is the address before /api", s.Title)
	case errors.As(err, &no) && strings.Contains(no.Why, "does not take the key"):
		return fmt.Errorf("%s: %s", key, no.Why)
	}
	return fmt.Errorf("url: %w", err)
}
