package settings

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Slack is the app that the bot is.
type Slack struct {
	BotToken Secret  `yaml:"bot_token,required" example:"${SLACK_BOT_TOKEN}" doc:"The bot token (xoxb-…), from the app's page OAuth & Permissions."`
	AppToken Secret  `yaml:"app_token,required" example:"${SLACK_APP_TOKEN}" doc:"The app-level token (xapp-…) with the scope connections:write, from Basic Information."`
	APIURL   APIURL  `yaml:"api_url" doc:"Where Slack's methods are; another address for the simulator."`
	Announce Channel `yaml:"announce" doc:"The channel that hears of every incident that is not private, one message each."`
}

// Check knows the tokens by how they begin (https://docs.slack.dev/authentication/tokens).
func (s Slack) Check(report func(key, sentence string)) {
	checkPrefix("bot_token", "a bot token", s.BotToken, "xoxb-", report)
	checkPrefix("app_token", "an app-level token", s.AppToken, "xapp-", report)
}

func checkPrefix(key, what string, token Secret, prefix string, report func(key, sentence string)) {
	if strings.HasPrefix(token.Reveal(), prefix) {
		checkSendable(key, token, report)
		return
	}
	found := "this one does not"
	for begin, is := range map[string]string{"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a user's token"} {
		if strings.HasPrefix(token.Reveal(), begin) {
			found = "this is " + is
		}
	}
	report(key, fmt.Sprintf("%s begins with %s; %s", what, prefix, found))
}

// checkSendable wants a token that can stand in a header: visible ASCII (RFC 9110,
// section 5.5). A line end that came along with it is the usual slip.
func checkSendable(key string, token Secret, report func(key, sentence string)) {
	if strings.ContainsFunc(token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		report(key, "a token has no spaces, line ends or other characters that cannot be sent; look how it was copied")
	}
}

// Channel is a Slack channel: #name, or its id (C…, or G… for an old private one).
type Channel string

var (
	slackID     = regexp.MustCompile(`^[A-Z][A-Z0-9]{7,}$`)
	channelName = regexp.MustCompile(`^#[\p{Ll}\p{Lo}\p{Lm}\p{N}_-]{1,80}$`)
	personName  = regexp.MustCompile(`^@[\p{L}\p{N}._-]+$`)
)

// UnmarshalText takes #name or an id. Names are as Slack allows them: lower case, at most 80 characters.
func (c *Channel) UnmarshalText(text []byte) error {
	s := string(text)
	isID := slackID.MatchString(s) && strings.ContainsAny(s[:1], "CG")
	if !isID && !channelName.MatchString(s) {
		if channelName.MatchString("#" + s) {
			return fmt.Errorf("%q lacks its #; write \"#%s\", in quotes", s, s)
		}
		return fmt.Errorf("%q is no channel; write \"#name\" (lower case, at most 80 letters, digits, - and _) or an id like C0123456789", s)
	}
	*c = Channel(s)
	return nil
}

// Invitee is a person or a user group of Slack: @name, or an id (U…, W…, S…).
type Invitee string

// UnmarshalText takes @name or an id.
func (i *Invitee) UnmarshalText(text []byte) error {
	s := string(text)
	isID := slackID.MatchString(s) && strings.ContainsAny(s[:1], "UWS")
	switch {
	case isID || personName.MatchString(s):
		*i = Invitee(s)
		return nil
	case personName.MatchString("@" + s):
		return fmt.Errorf("%q lacks its @; write \"@%s\", in quotes", s, s)
	case s == "":
		return errors.New("name somebody, such as \"@oncall\"")
	}
	return fmt.Errorf("%q is nobody; write \"@name\" of a person or a user group, or an id like U0123456789", s)
}
