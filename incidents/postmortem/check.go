package postmortem

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Check holds a text that somebody else wrote, a language model say, to the facts
// that it was given. kept is Markdown: the statements that hold, each with its
// citations at its end. removed are the others, as they were written, without
// citations.
//
// The text may have paragraphs and lists, and nothing else: a heading, a table, code,
// HTML, a link, a quotation block or characters that nobody can see remove the line
// or the sentence they stand in. A statement is a sentence or an entry of a list, and
// holds only where all of this is so:
//
//   - It ends with citations, of one to six events, each of which is among the facts.
//     A fact that stands on several events counts only where all of them are cited.
//   - Every address and severity in it, and what it has in quotation marks, stands
//     word for word in the cited facts.
//   - Every number, in figures or in words, stands in them as a number of the same
//     sort: one of minutes is none of people, a percentage no count.
//   - Every date and time is written in them, or is the UTC day or time (HH:MM or
//     HH:MM:SS) of a moment that they state.
//   - Every span is written in them, or is the time between two moments that they
//     state, rounded to the minute.
//   - Every other word stands in them, in this or another of its forms (rolled, rolls),
//     or is one of the few of [Glue]. A word with a capital letter that does not begin
//     the sentence, and one with digits or signs in it, has to stand in them as it is.
//   - It is faithful: messages are quoted, what is said of people is not taken from what
//     somebody wrote, and no "not", "maybe" or question mark is left out.
//
// In doubt a statement is removed.
func Check(text string, facts []Fact) (kept string, removed []string) {
	c := newChecker(facts)
	var b strings.Builder
	for _, part := range parts(text) {
		var good []string
		for _, s := range part.statements() {
			if line, ok := c.statement(s); ok && !part.refused {
				good = append(good, line)
				continue
			}
			if s = plain(shorten(tidy(Uncited(s)), quoteRoom)); s != "" {
				removed = append(removed, s)
			}
		}
		if len(good) == 0 {
			continue
		}
		if b.Len() > 0 && !(part.item && strings.HasPrefix(lastLine(b.String()), "- ")) {
			b.WriteString("\n")
		}
		if part.item {
			b.WriteString("- ")
		}
		b.WriteString(strings.Join(good, " ") + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n"), removed
}

func lastLine(s string) string {
	s = strings.TrimSuffix(s, "\n")
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// part is a paragraph or an entry of a list of a text that is checked.
type part struct {
	text    string
	item    bool
	refused bool // it is something else
}

// statements are those of a part: what is refused is one.
func (p part) statements() []string {
	if p.refused {
		return []string{p.text}
	}
	return split(p.text, balanced(p.text))
}

// balanced reports whether all quotation marks are closed. What stands between those
// that are is not taken apart: it has to stand in a fact as a whole.
func balanced(s string) bool {
	depth := 0
	for _, r := range s {
		switch r {
		case '“':
			depth++
		case '”':
			depth--
		}
		if depth < 0 || depth > 1 {
			return false
		}
	}
	return depth == 0
}

// structure are the beginnings of lines that are neither text nor entries of lists.
var structure = regexp.MustCompile("^(?:#|\\||>|<|```|~~~|\t|    |={2,}\\s*$|-{2,}\\s*$|\\*{3,}\\s*$|_{3,}\\s*$|\\[[^\\]]*\\]:)")

// parts takes a text apart. Within a block of code all is refused, to its end.
func parts(text string) []part {
	var list []part
	open, code := false, ""
	for line := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n") {
		trimmed := strings.TrimSpace(line)
		fence := run(trimmed)
		switch {
		case code != "":
			list = append(list, part{text: trimmed, refused: true})
			if strings.HasPrefix(fence, code) {
				code = ""
			}
			open = false
		case trimmed == "":
			open = false
		case structure.MatchString(line) || fence != "" || structure.MatchString(trimmed):
			list = append(list, part{text: trimmed, refused: true})
			code, open = fence, false
		case listMark(trimmed) > 0:
			list = append(list, part{text: trimmed[listMark(trimmed):], item: true})
			open = true
		case open:
			list[len(list)-1].text += " " + trimmed
		default:
			list = append(list, part{text: trimmed})
			open = true
		}
	}
	return list
}

// maxCites is how many events one statement may cite: whoever cites everything has
// said nothing of where it stands.
const maxCites = 6

type checker struct {
	facts []Fact
	ids   map[uint64]bool // of what can be cited
	names map[string]bool // of systems, in any of the facts
}

func newChecker(facts []Fact) *checker {
	c := &checker{facts: facts, ids: map[uint64]bool{}, names: map[string]bool{}}
	for _, f := range facts {
		if f.Seq == 0 {
			continue
		}
		c.ids[f.Seq] = true
		for _, seq := range f.Also {
			c.ids[seq] = true
		}
		for _, name := range f.Names {
			if !strings.Contains(name, " ") {
				c.names[strings.ToLower(name)] = true
			}
		}
	}
	return c
}

// statement checks one, and writes it as it is kept.
func (c *checker) statement(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if !visible(s) {
		return "", false
	}
	list := Citations(s)
	if len(list) == 0 || strings.Trim(s[list[len(list)-1].End:], ".!?") != "" {
		return "", false
	}
	cites := Cites(s)
	body := strings.TrimSpace(Uncited(s))
	if len(cites) > maxCites || strings.ContainsAny(body, "[]") || !begins(body) {
		return "", false
	}
	for _, seq := range cites {
		if !c.ids[seq] {
			return "", false
		}
	}
	if !c.holds(body, c.ground(cites)) || !c.faithful(body, cites) {
		return "", false
	}
	return escape(full(body)) + " " + cite(cites...), true
}

// signs are all characters but letters, digits and spaces that a statement may have.
const signs = ".,;:!?'\"“”‘’()-–—/%+&=_#@[]…"

// visible reports whether a statement has only characters that a reader sees as what
// they are, and none that mean something to Markdown.
func visible(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		switch {
		case r == ' ', unicode.IsLetter(r), r >= '0' && r <= '9', strings.ContainsRune(signs, r), unicode.Is(unicode.Mn, r):
		default:
			return false
		}
	}
	return true
}

// begins reports whether a statement begins as one does, and as nothing that Markdown
// takes for the mark of a list.
func begins(body string) bool {
	r, _ := utf8.DecodeRuneInString(body)
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '“' && r != '"' {
		return false
	}
	return listMark(body+" ") == 0 && strings.ContainsFunc(body, unicode.IsLetter)
}
