package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// fileTimeout bounds the fetching of one file.
const fileTimeout = 2 * time.Minute

// ErrNoFile says that a file cannot be had, and that trying again is no use.
var ErrNoFile = errors.New("the file cannot be had")

// Fetch reads a file that was shared, piece by piece, at most limit bytes of it.
// The bot's token goes along, so it is asked for nowhere but at Slack's own hosts
// and at the one where its methods are.
func (c *Client) Fetch(ctx context.Context, from string, limit int64, each func(io.Reader) error) error {
	address, err := url.Parse(from)
	if err != nil || !c.trusted(address) {
		return fmt.Errorf("%w: it is not at Slack's", ErrNoFile)
	}
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return fmt.Errorf("%w: its address cannot be read", ErrNoFile)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	c.wire.crash(before(fileURL))
	start := time.Now()
	res, err := c.http.Do(req)
	if err != nil {
		c.wire.observe(fileURL, "network", time.Since(start))
		return withoutAddress(err)
	}
	defer res.Body.Close()
	c.wire.observe(fileURL, outcomeOf(res), time.Since(start))
	if err := fetched(res); err != nil {
		return err
	}
	err = each(io.LimitReader(res.Body, limit))
	c.wire.crash(after(fileURL))
	return err
}

func outcomeOf(res *http.Response) string {
	if res.StatusCode == http.StatusOK {
		return "ok"
	}
	return fmt.Sprint("http ", res.StatusCode)
}

// fetched judges the answer. Who may not see a file is not told so: Slack shows
// a page to sign in on, as a redirect or in the file's place.
func fetched(res *http.Response) error {
	kind := res.Header.Get("Content-Type")
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return &Later{After: retryAfter(res.Header), Err: errors.New("Slack wants it slower")}
	case res.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("Slack answered %s", res.Status)
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("%w: Slack answered %s", ErrNoFile, res.Status)
	case strings.HasPrefix(kind, "text/html") && res.Header.Get("Content-Disposition") == "":
		return fmt.Errorf("%w: Slack showed a page instead of it (is the scope files:read there?)", ErrNoFile)
	}
	return nil
}

// trusted reports whether the token may be shown there.
func (c *Client) trusted(address *url.URL) bool {
	if address.User != nil || address.Host == "" {
		return false
	}
	host := strings.ToLower(address.Hostname())
	switch {
	case address.Scheme == c.base.Scheme && strings.EqualFold(address.Host, c.base.Host):
		return true
	case address.Scheme != "https" || address.Port() != "":
		return false
	}
	return host == "slack.com" || strings.HasSuffix(host, ".slack.com") || host == "slack-files.com" || strings.HasSuffix(host, ".slack-files.com")
}
