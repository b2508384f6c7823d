package postmortem

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"fireboss/incidents"
)

// How much of what people wrote is repeated, in characters.
const (
	quoteRoom = 400 // in a sentence
	rowRoom   = 300 // in a row of the timeline
	briefRoom = 160 // where it is one of many
)

// special are the characters that mean something to Markdown within a line: to
// CommonMark, to tables, and to what makes links of bare addresses and mentions.
const special = "\\`*_[]<>&~|#@"

// escape makes Markdown of plain text, so that it can be nothing but text. It may
// not stand at the beginning of a line.
func escape(s string) string {
	if !strings.ContainsAny(s, special+":.") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(special, c) >= 0 || bare(s, i) {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// bare reports whether a character stands where an address without brackets would
// become a link: http:// and www. (github.github.com/gfm, extended autolinks).
func bare(s string, i int) bool {
	switch s[i] {
	case ':':
		return strings.HasPrefix(s[i:], "://") || i >= 6 && strings.EqualFold(s[i-6:i], "mailto") || i >= 4 && strings.EqualFold(s[i-4:i], "xmpp")
	case '.':
		return i >= 3 && strings.EqualFold(s[i-3:i], "www")
	}
	return false
}

// tidy is what people wrote, in one line and without what nobody can see.
func tidy(s string) string {
	s = incidents.Tidy(s)
	if strings.ContainsFunc(s, hides) {
		s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
			if hides(r) {
				return -1
			}
			return r
		}, s)), " ")
	}
	return s
}

// hides reports whether a character leaves no mark. Joiners do what a reader can
// see: they are part of how Persian is written, and of emoji.
func hides(r rune) bool { return unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' }

// shorten cuts a text at a word.
func shorten(s string, room int) string {
	runes := []rune(s)
	if len(runes) <= room {
		return s
	}
	cut := string(runes[:room-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*2/3 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:") + "…"
}

var inner = strings.NewReplacer("“", "‘", "”", "’")

// quote is what people wrote, as a quotation; empty where nothing is left of it.
func quote(s string, room int) string {
	s = shorten(tidy(s), room)
	if s == "" {
		return ""
	}
	return "“" + inner.Replace(s) + "”"
}

var plainName = regexp.MustCompile(`^[\p{L}\p{N}]([\p{L}\p{N}_/@+&' -]|[.:][\p{L}\p{N}])*$`)

// term is a name that somebody chose, of a service or a field, as it can stand in
// a sentence: in quotation marks where it would break it.
func term(s string) string {
	s = shorten(tidy(s), incidents.MaxName)
	switch {
	case s == "":
		return "(no name)"
	case plainName.MatchString(s):
		return s
	}
	return "“" + inner.Replace(s) + "”"
}

var typedCitation = regexp.MustCompile(`\[(T[0-9]+(?:, ?T[0-9]+)*)\]`)

// plain is a sentence for where there is no Markdown: what looks like a citation
// in it was typed by somebody, and is none.
func plain(s string) string { return typedCitation.ReplaceAllString(s, "($1)") }

var words = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// number is a count in a sentence.
func number(n int) string {
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return thousands(n)
}

// thousands is a count in figures.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count is a number of things: two tasks.
func count(n int, one, many string) string {
	if n == 1 {
		return number(n) + " " + one
	}
	return number(n) + " " + many
}

// times is how often: once, twice, three times.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return number(n) + " times"
}

// enumerate is a list in a sentence: a, b and c.
func enumerate(list []string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// capital makes the first letter of a sentence of ours a capital one.
func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}
