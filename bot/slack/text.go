package slack

import (
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"
)

// Limits of Block Kit and messages that we cut to (docs.slack.dev, Block Kit reference).
const (
	maxSection = 3000
	maxText    = 4000 // best for the fallback text of a message
	maxButton  = 75
	maxValue   = 2000
	maxHeader  = 150
	maxTopic   = 250
	maxBlocks  = 50
	maxAck     = 19 << 10 // Slack silently drops acknowledgements of 20 KB and more
)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes text of people harmless in mrkdwn: no mention, no link and no
// date can come out of it.
func escape(s string) string { return escaper.Replace(s) }

// plain escapes what people wrote and takes away what mrkdwn would format.
func plain(s string) string {
	return markup.Replace(escape(s))
}

// A zero-width space before a formatting mark keeps Slack from reading it as one.
var markup = strings.NewReplacer("*", "\u200b*\u200b", "`", "\u200b`\u200b", "~", "\u200b~\u200b")

// cut shortens at the end of a word and says so with an ellipsis.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	all := []rune(s)
	r := all[:n-1]
	if all[n-1] == ' ' || all[n-1] == '\n' {
		return strings.TrimRight(string(r), " \n") + "…"
	}
	for i := len(r) - 1; i > len(r)*3/4; i-- {
		if r[i] == ' ' || r[i] == '\n' {
			return strings.TrimRight(string(r[:i]), " \n") + "…"
		}
	}
	return string(r) + "…"
}

// cutEscaped cuts text before it is escaped, so that no entity is cut in two,
// and so that it fits n characters even when everything in it is escaped.
func cutEscaped(s string, n int) string {
	for limit := n; ; limit = limit * 3 / 4 {
		if e := plain(cut(s, limit)); utf8.RuneCountInString(e) <= n {
			return e
		}
	}
}

func mrkdwn(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, s, false, false)
}

// plainText is text that Slack does not format. It should not read mentions in
// it either; a zero-width space makes sure.
func plainText(s string, n int) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, cut(tokens.Replace(s), n), true, false)
}

var tokens = strings.NewReplacer("<!", "<\u200b!", "<@", "<\u200b@", "<#", "<\u200b#")

// section is a paragraph of finished mrkdwn.
func section(s string) slackgo.Block {
	return slackgo.NewSectionBlock(mrkdwn(s), nil, nil)
}

func contextLine(s string) slackgo.Block {
	return slackgo.NewContextBlock("", mrkdwn(cut(s, 2000)))
}

// link is a link in mrkdwn; the label is text of people.
func link(address, label string) string {
	address = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20").Replace(address)
	return "<" + escape(address) + "|" + strings.ReplaceAll(plain(label), "|", "¦") + ">"
}

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// token is one <…> of Slack's text.
type token struct{ kind, id, label string }

// readToken takes apart what stands between < and >.
func readToken(inner string) token {
	head, label, _ := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(head, "@"):
		return token{"user", head[1:], label}
	case strings.HasPrefix(head, "#"):
		return token{"channel", head[1:], label}
	case strings.HasPrefix(head, "!subteam^"):
		return token{"group", head[len("!subteam^"):], label}
	case strings.HasPrefix(head, "!date^"):
		return token{"date", head, label}
	case strings.HasPrefix(head, "!"):
		return token{"special", head[1:], label}
	}
	return token{"link", head, label}
}

// unwrap turns Slack's text into plain text; name says how a token is written.
func unwrap(s string, name func(token) string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		j := strings.IndexByte(s[i:], '>')
		if j < 0 {
			break
		}
		b.WriteString(unescaper.Replace(s[:i]))
		b.WriteString(name(readToken(s[i+1 : i+j])))
		s = s[i+j+1:]
	}
	b.WriteString(unescaper.Replace(s))
	return b.String()
}
