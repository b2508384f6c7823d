package slack

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"
)

// Limits of Block Kit and messages that we cut to (docs.slack.dev, Block Kit reference).
const (
	maxSection  = 3000
	maxText     = 4000 // best for the fallback text of a message
	maxButton   = 75
	maxValue    = 2000
	maxHeader   = 150
	maxTopic    = 250
	maxBlocks   = 50
	maxElements = 25       // of an actions block
	maxAck      = 19 << 10 // Slack silently drops acknowledgements of 20 KB and more
)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes text of people harmless in mrkdwn: no mention, no link and no
// date can come out of it.
func escape(s string) string { return escaper.Replace(s) }

// everybody are the words that call a whole channel where Slack looks for names
// in text (link_names, a text object that is not verbatim). We ask it nowhere
// to, but these must not depend on that.
var everybody = regexp.MustCompile(`(?i)@(channel|here|everyone|group)\b`)

// quiet escapes what people wrote, and calls nobody.
func quiet(s string) string {
	return escape(everybody.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), "@\u200b$1"))
}

// plain is quiet, and takes away what mrkdwn would format.
func plain(s string) string { return markup.Replace(quiet(s)) }

// A zero-width space before a formatting mark keeps Slack from reading it as one.
var markup = strings.NewReplacer("*", "\u200b*\u200b", "`", "\u200b`\u200b", "~", "\u200b~\u200b")

var address = regexp.MustCompile(`https?://[\p{L}\p{N}\[][^\s<>|"]*`)

// prose is plain, but that addresses can be opened: as links without a label,
// so that each shows where it leads.
func prose(s string) string {
	var b strings.Builder
	for {
		at := address.FindStringIndex(s)
		if at == nil {
			break
		}
		found := strings.TrimRight(s[at[0]:at[1]], ".,;:!?)'*_~`")
		b.WriteString(plain(s[:at[0]]) + "<" + escape(found) + ">")
		s = s[at[0]+len(found):]
	}
	b.WriteString(plain(s))
	return b.String()
}

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

// tail shortens at the beginning: of a host the end says whose it is.
func tail(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n+1:])
	}
	return s
}

// fit cuts text before write makes mrkdwn of it, so that no entity and no link
// is cut in two, and so that it fits n characters even when everything in it is
// escaped.
func fit(s string, n int, write func(string) string) string {
	for limit := n; ; limit = limit * 3 / 4 {
		if e := write(cut(s, limit)); utf8.RuneCountInString(e) <= n {
			return e
		}
	}
}

// cutEscaped is what people wrote, in n characters of mrkdwn.
func cutEscaped(s string, n int) string { return fit(s, n, prose) }

// clipped cuts finished mrkdwn, before an entity or a token rather than within.
func clipped(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	body := strings.TrimSuffix(cut(s, n), "…")
	for opens, closes := range map[string]string{"<": ">", "&": ";"} {
		if i := strings.LastIndex(body, opens); i >= 0 && !strings.Contains(body[i:], closes) {
			body = body[:i]
		}
	}
	return body + "…"
}

// mrkdwn is finished mrkdwn. It is verbatim: otherwise Slack itself looks for
// names and addresses in it, also in what people wrote (docs.slack.dev, Block
// Kit's text object).
func mrkdwn(s string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, s, false, true)
}

// plainText is text that Slack does not format. It should not read mentions in
// it either; a zero-width space makes sure.
func plainText(s string, n int) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, cut(tokens.Replace(everybody.ReplaceAllString(s, "@\u200b$1")), n), true, false)
}

var tokens = strings.NewReplacer("<!", "<\u200b!", "<@", "<\u200b@", "<#", "<\u200b#")

// section is a paragraph of finished mrkdwn.
func section(s string) slackgo.Block {
	return slackgo.NewSectionBlock(mrkdwn(s), nil, nil)
}

func contextLine(s string) slackgo.Block {
	return slackgo.NewContextBlock("", mrkdwn(clipped(s, 2000)))
}

// link is a link in mrkdwn; the label is text of people. What is no address of
// the Web is no link: between < and > it could be a mention.
func link(address, label string) string {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return plain(label)
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(address, "\uFFFD") {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("<>|", r) {
			fmt.Fprintf(&b, "%%%02X", r)
			continue
		}
		b.WriteRune(r)
	}
	return "<" + escape(b.String()) + "|" + strings.ReplaceAll(plain(label), "|", "¦") + ">"
}

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// token is one <…> of Slack's text.
type token struct{ kind, id, label string }

// memberID is the form of a person's id. What else stands behind an @ is no
// person: written out again as a mention it could call anybody.
var memberID = regexp.MustCompile(`^[UW][A-Z0-9]+$`)

// readToken takes apart what stands between < and >, and unescapes it.
func readToken(inner string) token {
	head, label, _ := strings.Cut(inner, "|")
	head, label = unescaper.Replace(head), unescaper.Replace(label)
	switch {
	case strings.HasPrefix(head, "@") && memberID.MatchString(head[1:]):
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
