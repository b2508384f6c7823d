package openai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fireboss/integrations"
)

// check asks the server for its models: whether it takes the key, and has ours.
func (m *model) check(ctx context.Context) error {
	list, err := m.api.ListModels(ctx)
	if err != nil {
		return m.refusal(err)
	}
	var ids []string
	for _, known := range list.Models {
		if is(known.ID, m.config.Model) {
			return nil
		}
		ids = append(ids, known.ID)
	}
	if len(ids) == 0 {
		return fmt.Errorf("model: %s has no models at all", m.config.BaseURL)
	}
	const shown = 20
	slices.Sort(ids)
	more := ""
	if len(ids) > shown {
		more = fmt.Sprintf(" and %d more", len(ids)-shown)
	}
	return fmt.Errorf("model: %s has no %q; it has %s%s", m.config.BaseURL, m.config.Model, strings.Join(ids[:min(len(ids), shown)], ", "), more)
}

// is says whether a model of a list is the one that was configured: Ollama adds a tag, Google
// puts a path before it.
func is(id, configured string) bool {
	return id == configured || id == configured+":latest" || strings.HasSuffix(id, "/"+configured)
}

// refusal says why there was no list, and what to do.
func (m *model) refusal(err error) error {
	at := m.config.BaseURL
	status, _, answered := statusOf(err)
	switch {
	case errors.Is(err, integrations.ErrPrivate):
		return fmt.Errorf("base_url: %s is on the own network or this machine; set private_network: true if that is meant", at)
	case errors.Is(err, integrations.ErrMetadata):
		return fmt.Errorf("base_url: %s is an address at which a cloud tells this machine's credentials; that is no model", at)
	case !answered:
		return fmt.Errorf("base_url: %s gives no answer: %w", at, harmless(err))
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		if m.config.APIKey.Reveal() == "" {
			return fmt.Errorf("api_key: %s wants one (HTTP %d)", at, status)
		}
		return fmt.Errorf("api_key: %s does not take it (HTTP %d)", at, status)
	case status == http.StatusNotFound:
		return fmt.Errorf("base_url: there are no models at %s/models (HTTP 404); most servers want a base_url that ends with /v1", at)
	}
	return fmt.Errorf("base_url: %s/models answers with HTTP %d", at, status)
}
