package github

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"fireboss/integrations"
)

// api asks GitHub about the webhooks that send to us (https://docs.github.com/en/rest/repos/webhooks and
// https://docs.github.com/en/rest/orgs/webhooks).
type api struct {
	config Config
	wire   *integrations.Client
	public string // where we are
	log    zerolog.Logger
	asked  map[string]asked // what was asked for again, by the delivery's id; only the watch looks at it
}

// Bounds of what is read of GitHub.
const (
	maxAnswer = 8 << 20
	pageSize  = 100
	hookPages = 5
)

// refusedError is why GitHub did not do what it was asked for.
type refusedError struct {
	status  int
	message string
	wait    time.Duration // not before; 0: it does not say
}

// Error says it for the log.
func (r *refusedError) Error() string {
	if r.message == "" {
		return fmt.Sprintf("GitHub answers %d", r.status)
	}
	return fmt.Sprintf("GitHub answers %d: %q", r.status, r.message)
}

// call makes one call, and gives what comes of it and the cursor of the next page, if there is one.
func (a *api) call(ctx context.Context, method, path string) (answer integrations.JSON, next string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, string(a.config.URL)+path, http.NoBody)
	if err != nil {
		return answer, "", err
	}
	req.Header.Set("Accept", "application/vnd.github+json")
	req.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	req.Header.Set("User-Agent", "Fireboss") // without one GitHub answers 403
	req.Header.Set("Authorization", "Bearer "+a.config.Token.Reveal())
	res, err := a.wire.Do(req)
	if err != nil {
		return answer, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return answer, "", err
	}
	answer, err = integrations.ReadJSON(text)
	if res.StatusCode/100 != 2 {
		said := strings.ReplaceAll(answer.At("message").Text(), a.config.Token.Reveal(), "<secret>")
		return answer, "", &refusedError{res.StatusCode, fmt.Sprintf("%.200s", said), limited(res, time.Now())}
	}
	if method == http.MethodGet {
		return answer, cursor(res.Header.Get("Link")), err
	}
	return answer, "", nil // what it says does not matter
}

// limited is how long GitHub wants to be left in peace
// (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
func limited(res *http.Response, now time.Time) time.Duration {
	if after := integrations.Judge(res, nil, now).After; after > 0 {
		return after
	}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 { // of a 403
		return min(time.Duration(s)*time.Second, longest)
	}
	reset, err := strconv.ParseInt(res.Header.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil || res.Header.Get("X-RateLimit-Remaining") != "0" {
		return 0
	}
	return min(max(time.Unix(reset, 0).Sub(now), time.Minute), longest)
}

// following is the address of the next page within the header Link (RFC 8288). Of it only the cursor is taken.
var following = regexp.MustCompile(`<([^>]+)>\s*;\s*rel="next"`)

func cursor(link string) string {
	found := following.FindStringSubmatch(link)
	if found == nil {
		return ""
	}
	at, err := url.Parse(found[1])
	if err != nil {
		return ""
	}
	return either(at.Query().Get("cursor"), at.Query().Get("page"))
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// hook is a webhook that sends to us.
type hook struct {
	of     string // whose it is, as configured
	path   string // of it in the API
	set    integrations.JSON
	host   string
	active bool
}

// address is how the address ends to which our webhooks send; a key may follow.
var address = regexp.MustCompile(`/hooks/` + Name + `(/[^/]*)?$`)

// hooks are those of an organization or repository that send to us. Those that send to the address that people reach us
// by go before others: with them, others are somebody else's.
func (a *api) hooks(ctx context.Context, of string) ([]hook, error) {
	base := "/orgs/" + of + "/hooks"
	if strings.Contains(of, "/") {
		base = "/repos/" + of + "/hooks"
	}
	var all, here []hook
	for page := 1; page <= hookPages; page++ {
		list, next, err := a.call(ctx, http.MethodGet, fmt.Sprintf("%s?per_page=%d&page=%d", base, pageSize, page))
		if err != nil {
			return nil, err
		}
		for _, h := range list.List() {
			at, err := url.Parse(h.At("config", "url").Text())
			id := h.At("id").Text()
			if err != nil || !digits(id) || !address.MatchString(at.Path) {
				continue
			}
			all = append(all, hook{of, base + "/" + id, h, at.Host, h.At("active").True()})
			if us, err := url.Parse(a.public); err == nil && strings.EqualFold(us.Host, at.Host) {
				here = append(here, all[len(all)-1])
			}
		}
		if next == "" {
			break
		}
	}
	if len(here) > 0 {
		return here, nil
	}
	return all, nil
}

// digits says whether a text is a number as GitHub gives them to things.
func digits(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}
