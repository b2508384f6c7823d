package slack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// Options say which workspace to talk to, and how.
type Options struct {
	BotToken string
	AppToken string
	APIURL   string       // ends with a slash
	Observe  CallObserver // may be nil
	Said     Hearer       // may be nil
	// Dial reaches an address; nil: the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Crash is called at every one of [Points]; a test may end the process there.
	// Nil: nothing is called.
	Crash func(point string)
}

// Hearer is told of every message that the bot posts of its own accord, so that its
// noise can be counted: to whom (channel, person or announce), of what kind, and for
// a reminder by which rule. What answers somebody is not told.
type Hearer func(to, kind, rule string)

// Client talks to one workspace as one app.
type Client struct {
	said Hearer
	api  *slackgo.Client
	wire *transport
	http *http.Client
	base *url.URL // of the Web API
	// posted is told of what was posted, and where; see [Options.Posted].
	// token is the bot's, for what is not fetched by a method.
	token string

	// Who we are there; known after Connect.
	TeamID, Team, TeamURL, BotID, UserID string
}

// NewClient makes a client; it calls nobody yet.
func NewClient(o Options) *Client {
	h := &http.Client{
		Transport: &http.Transport{
			DialContext: o.Dial, Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 32, IdleConnTimeout: 90 * time.Second,
			ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second,
		},
		// Slack's addresses do not redirect; one that does is not followed, for
		// the token would go along.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	wire := newTransport(h, o.Observe, o.Crash)
	if o.APIURL == "" {
		o.APIURL = slackgo.APIURL
	}
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	base, err := url.Parse(o.APIURL)
	if err != nil { // settings have checked it; a broken one reaches nobody
		base = &url.URL{}
	}
	said := o.Said
	if said == nil {
		said = func(string, string, string) {}
	}
	return &Client{
		base: base, token: o.BotToken,
		said: said,
		api:  slackgo.New(o.BotToken, slackgo.OptionAppLevelToken(o.AppToken), slackgo.OptionAPIURL(o.APIURL), slackgo.OptionHTTPClient(wire)),
		wire: wire, http: h,
	}
}

// Close ends the connections that wait to be used again.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Connect finds out who we are.
func (c *Client) Connect(ctx context.Context) error {
	me, err := again(ctx, true, c.api.AuthTestContext)
	if err != nil {
		return explain("auth.test", err)
	}
	c.TeamID, c.Team, c.TeamURL, c.BotID, c.UserID = me.TeamID, me.Team, me.URL, me.BotID, me.UserID
	return nil
}

// askAgain is how often Slack is asked whether it takes the token again.
const askAgain = 10 * time.Second

// Denied says why Slack does not take the bot's token, where it does not; what
// Slack refused last is asked again now and then.
func (c *Client) Denied(ctx context.Context) error {
	c.wire.mu.Lock()
	denied, ask := c.wire.denied, time.Since(c.wire.asked) > askAgain
	if denied != "" && ask {
		c.wire.asked = time.Now()
	}
	c.wire.mu.Unlock()
	switch {
	case denied == "":
		return nil
	case ask:
		if _, err := c.api.AuthTestContext(ctx); err == nil {
			return nil
		}
	}
	return explain("Web API", slackgo.SlackErrorResponse{Err: denied})
}

// actorID is the id of a member for the rest of Fireboss.
func (c *Client) actorID(user string) string { return "slack:" + c.TeamID + "/" + user }

// member is the Slack id behind an actor's id, if it is one of this workspace.
func (c *Client) member(actor string) (string, bool) {
	user, ok := strings.CutPrefix(actor, "slack:"+c.TeamID+"/")
	return user, ok && memberID.MatchString(user)
}

// isMember reports whether somebody is in a channel now.
func (c *Client) isMember(ctx context.Context, channel, user string) (there bool, err error) {
	err = c.members(ctx, channel, func(page []string) (more bool) {
		there = slices.Contains(page, user)
		return !there
	})
	return there, err
}

// members goes through the ids of those who are in a channel now, 200 at a time, while more are wanted.
func (c *Client) members(ctx context.Context, channel string, f func(page []string) (more bool)) error {
	for cursor := ""; ; {
		var list []string
		next, err := again(ctx, true, func(ctx context.Context) (next string, err error) {
			list, next, err = c.api.GetUsersInConversationContext(ctx, &slackgo.GetUsersInConversationParameters{ChannelID: channel, Cursor: cursor, Limit: 200})
			return next, err
		})
		if err != nil || !f(list) || next == "" {
			return err
		}
		cursor = next
	}
}

// What keeps the postmortem out of a channel's canvas.
const (
	ownCanvas  = "the channel has a canvas that people made, and Slack has one a channel; read the postmortem on the incident's page, or delete that canvas"
	noCanvases = "the workspace's plan or settings have no canvases; read the postmortem on the incident's page, or ask a workspace admin"
)

// advice is what to do about errors that only a person can mend.
var advice = map[string]string{
	"invalid_auth":                             "the token is not valid. Copy the Bot User OAuth Token (xoxb-…) and an app-level token (xapp-…) from the app's pages",
	"not_authed":                               "no token was sent. Set slack.bot_token and slack.app_token",
	"token_revoked":                            "the token was revoked. Install the app again and copy the new token",
	"token_expired":                            "the token has expired. Switch token rotation off for the app, or copy a new token",
	"account_inactive":                         "the app was removed from the workspace. Install it again",
	"not_allowed_token_type":                   "this kind of token does not serve here: slack.bot_token begins with xoxb-, slack.app_token with xapp-",
	"missing_scope":                            "the app lacks a scope. Compare it with `fireboss manifest`, then reinstall it",
	"channel_canvas_already_exists":            ownCanvas,
	"free_team_canvas_tab_already_exists":      ownCanvas,
	"canvas_disabled_user_team":                noCanvases,
	"team_tier_cannot_create_channel_canvases": noCanvases,
	"restricted_action":                        "the workspace's settings do not allow the app to do this. Ask a workspace admin",
	"user_is_restricted":                       "the app counts as a guest there. Ask a workspace admin",
}

// explain turns an error of Slack's into a sentence.
func explain(method string, err error) error {
	what, ok := advice[code(err)]
	if !ok {
		return fmt.Errorf("Slack's %s failed: %w", method, err)
	}
	return fmt.Errorf("Slack's %s answered %w: %s", method, err, what)
}
