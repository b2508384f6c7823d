package slacksim

import (
	"regexp"
	"strings"
)

// Slack's text is HTML-escaped in three characters, and what it refers to stands in angle brackets:
// <@U…>, <#C…|name>, <!here>, <https://…|label>. https://docs.slack.dev/messaging/formatting-message-text
const (
	slackToken  = `<@[UW][A-Z0-9]+(?:\|[^<>]*)?>|<#[CG][A-Z0-9]+(?:\|[^<>]*)?>|<![a-z][^<>]*>|<(?:https?|mailto|tel):[^<>]+>`
	entity      = `&(?:amp|lt|gt);`
	codeSpan    = "```[\\s\\S]*?```|`[^`\n]+`"
	webURL      = `https?://[^\s<>|"]+`
	emailLike   = `[\w.+-]+@[\w-]+(?:\.[\w-]+)+`
	glued       = `\w[@#]\S*` // an @ or # inside a word names nobody
	reference   = `[@#][A-Za-z0-9][\w.-]*`
	escapedRune = `[&<>]`
)

var (
	postedText = regexp.MustCompile(strings.Join([]string{slackToken, entity, webURL, escapedRune}, "|"))
	typedText  = regexp.MustCompile(strings.Join([]string{slackToken, entity, codeSpan, webURL, emailLike, glued, reference, escapedRune}, "|"))
	escaping   = regexp.MustCompile(slackToken + "|" + entity + "|" + escapedRune)
)

// posted is the form in which Slack keeps what an app posts: links found, stray characters escaped.
func posted(text string) string {
	return postedText.ReplaceAllStringFunc(text, func(s string) string {
		if strings.HasPrefix(s, "http") {
			return link(s)
		}
		return escapeRune(s)
	})
}

// typed is the form in which Slack sends what a person typed: as posted, and names become references. In
// slash commands (should_escape) these carry the name too.
func (w *world) typed(text string, slash bool) string {
	return typedText.ReplaceAllStringFunc(text, func(s string) string {
		switch {
		case strings.HasPrefix(s, "http"):
			return link(s)
		case s[0] == '`' || (len(s) > 1 && strings.ContainsAny(s[1:2], "@#") && s[0] != '<'):
			return escaping.ReplaceAllStringFunc(s, escapeRune)
		case s[0] == '@' || s[0] == '#':
			return w.reference(s, slash)
		case s[0] != '<' && strings.Contains(s, "@"):
			return "<mailto:" + s + "|" + s + ">"
		}
		return escapeRune(s)
	})
}

func escapeRune(s string) string {
	switch s {
	case "&":
		return "&amp;"
	case "<":
		return "&lt;"
	case ">":
		return "&gt;"
	}
	return s
}

// link wraps a URL, without the punctuation after it.
func link(url string) string {
	bare := strings.TrimRight(url, ".,;:!?)'*_~`")
	return "<" + strings.ReplaceAll(bare, "&", "&amp;") + ">" + url[len(bare):]
}

// reference turns @name and #name into what they name; what names nothing stays text.
func (w *world) reference(s string, slash bool) string {
	bare := strings.TrimRight(s, ".-_")
	for _, candidate := range []string{s, bare} {
		if found := w.lookUp(candidate, slash); found != "" {
			return found + s[len(candidate):]
		}
	}
	return s
}

func (w *world) lookUp(s string, slash bool) string {
	name := s[1:]
	if s[0] == '#' {
		if ch := w.channelNamed(name); ch != nil && !ch.Private {
			return "<#" + ch.ID + "|" + ch.Name + ">"
		}
		return ""
	}
	switch name {
	case "here", "channel", "everyone":
		return "<!" + name + ">"
	}
	if u := w.userNamed(name); u != nil {
		if slash {
			return "<@" + u.ID + "|" + u.Name + ">"
		}
		return mention(u.ID)
	}
	if g := w.group(name); g != nil {
		return "<!subteam^" + g.ID + "|@" + g.Handle + ">"
	}
	return ""
}

// cut shortens s to n characters.
func cut(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return s[:i]
		}
		count++
	}
	return s
}
