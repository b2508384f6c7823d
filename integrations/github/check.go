package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fireboss/integrations"
)

// check looks at the webhooks of each organization and repository: are they there, and would what they send be taken. It
// has nothing sent.
func (a *api) check(ctx context.Context) error {
	var all []error
	for _, of := range a.config.Hooks {
		hooks, err := a.hooks(ctx, of)
		if err != nil {
			err, alone := a.unseen(of, err)
			if alone {
				return err
			}
			all = append(all, err)
			continue
		}
		if len(hooks) == 0 {
			all = append(all, fmt.Errorf("hooks: %s has no webhook whose address ends in /hooks/%s; add it there under Settings, Webhooks, as docs/integrations/github.md says", of, Name))
		}
		for _, h := range hooks {
			if wrong := a.wrong(h); wrong != "" {
				all = append(all, fmt.Errorf("hooks: the webhook of %s that sends to %s %s", of, h.host, wrong))
			}
		}
	}
	return errors.Join(all...)
}

// unseen is why webhooks could not be looked at; alone where the next will fail for the same.
func (a *api) unseen(of string, err error) (wrong error, alone bool) {
	var no *refusedError
	if !errors.As(err, &no) {
		return fmt.Errorf("url: %s does not answer as GitHub does: %w", a.config.URL, err), true
	}
	switch {
	case no.status == http.StatusUnauthorized:
		return errors.New("token: GitHub does not take it; it may have run out"), true
	case no.wait > 0:
		return fmt.Errorf("token: GitHub has been asked too much with it; try again in %s", no.wait), true
	case no.status == http.StatusForbidden, no.status == http.StatusNotFound:
		want := "read and write the webhooks of repositories (fine-grained: Webhooks; classic: admin:repo_hook)"
		if !strings.Contains(of, "/") {
			want = "read and write the webhooks of the organization (fine-grained: Webhooks under Organization permissions; classic: admin:org_hook)"
		}
		return fmt.Errorf("hooks: %s is not there, or the token may not see its webhooks; it has to be allowed to %s", of, want), false
	}
	return fmt.Errorf("hooks: %s: %w", of, no), false
}

// wrong is what keeps the deliveries of a webhook from being taken; empty where nothing does.
func (a *api) wrong(h hook) string {
	set := h.set.At("config")
	sends := slices.ContainsFunc(h.set.At("events").List(), func(e integrations.JSON) bool { return e.Text() == "*" || events[e.Text()] != nil })
	switch code := h.set.At("last_response", "code").Count(); {
	case !h.active:
		return "is switched off there; tick Active"
	case set.At("content_type").Text() != "json":
		return "sends forms; set its content type there to application/json"
	case set.At("secret").Text() == "" && len(a.config.Secrets) > 0:
		return "has no secret there, while secret is set here: what it sends is refused; write the same secret there"
	case set.At("insecure_ssl").Text() == "1":
		return "does not look whose certificate it sees, so that anybody on the way can read what it sends; enable SSL verification there"
	case !sends:
		return "sends no event that is read here; choose Workflow runs, Code scanning alerts, Secret scanning alerts, Dependabot alerts, Deployment statuses or Releases there"
	case code == http.StatusUnauthorized:
		return "was last answered 401: the secret there is not the one here; write the same in both, and press Redeliver there"
	case code == http.StatusNotFound:
		return "was last answered 404: nothing was configured there at its address; once Fireboss runs with this configuration, press Redeliver there"
	}
	return ""
}
