package slacksim

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// conversationsCreate makes a channel with the app in it.
// https://docs.slack.dev/reference/methods/conversations.create
func conversationsCreate(c *call) (object, error) {
	private := c.args.boolean("is_private")
	if err := c.server.needScope(scopesFor(c.method.Scopes, &channel{Private: private})); err != nil {
		return nil, err
	}
	name := c.args["name"]
	if err := c.checkName(name); err != nil {
		return nil, err
	}
	ch := &channel{ID: c.nextID("C"), Name: name, Private: private, Creator: botUserID, Created: c.unix()}
	c.addChannel(ch)
	c.addMember(ch, botUserID, "")
	return object{"channel": with(c.memberJSON(ch), object{"updated": ch.Updated, "priority": 0})}, nil
}

// reservedNames are names that Slack keeps for itself
// (https://slack.com/help/articles/360017938993).
var reservedNames = strings.Fields(`
	all archive archived archives channel channels create delete deleted-channel edit everyone group groups here me ms
	slack slackbot today you`)

// checkName refuses what Slack refuses as a channel's name.
func (w *world) checkName(name string) error {
	punctuation := func(r rune) bool { return r == '-' || r == '_' }
	allowed := func(r rune) bool {
		return punctuation(r) || unicode.IsDigit(r) || unicode.IsMark(r) || (unicode.IsLetter(r) && !unicode.IsUpper(r))
	}
	switch {
	case name == "":
		return refuse("invalid_name_required")
	case utf8.RuneCountInString(name) > maxNameChars:
		return refuse("invalid_name_maxlength")
	case strings.IndexFunc(name, func(r rune) bool { return !allowed(r) }) >= 0:
		return refuse("invalid_name_specials")
	case strings.IndexFunc(name, func(r rune) bool { return !punctuation(r) }) < 0:
		return refuse("invalid_name_punctuation")
	case slices.Contains(reservedNames, name):
		return refuse("invalid_name")
	case w.channelNamed(name) != nil:
		return refuse("name_taken")
	}
	return nil
}
