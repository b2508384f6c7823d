package postmortem

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// page is the text of one section while it is written. Everything on it that states
// a fact has its citations, by construction: what stands on no event is not written.
// What is asked of people is set off as a quotation.
type page struct {
	*voice
	slot     slot
	prompt   string // what the template asks of people; may be empty
	b        strings.Builder
	sentence []string // of the paragraph so far
	rows     int      // of the table so far
}

// known are those of some seqs that are events of the record.
func (a *account) known(cites []uint64) []uint64 {
	return slices.DeleteFunc(slices.Clone(cites), func(seq uint64) bool { return a.bySeq[seq] == nil })
}

// full ends a sentence, where it does not end with its quotation already.
func full(s string) string {
	inside := strings.TrimRight(s, "”’)")
	if inside != "" && inside != s && strings.HasSuffix(s, "”") && strings.ContainsRune(".!?", rune(inside[len(inside)-1])) {
		return s
	}
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}

// stated is a sentence in Markdown with its citations; empty where it has none.
func (a *account) stated(s string, cites []uint64) string {
	cites = a.known(cites)
	if s == "" || len(cites) == 0 {
		return ""
	}
	return escape(full(capital(s))) + " " + cite(cites...)
}

// fact adds a sentence to the paragraph.
func (p *page) fact(s string, cites ...uint64) {
	if text := p.a.stated(s, cites); text != "" {
		p.sentence = append(p.sentence, text)
	}
}

// end ends the paragraph.
func (p *page) end() {
	if len(p.sentence) > 0 {
		p.gap()
		p.b.WriteString(strings.Join(p.sentence, " ") + "\n")
		p.sentence = nil
	}
}

// gap separates what follows from what came before.
func (p *page) gap() {
	if p.b.Len() > 0 {
		p.b.WriteString("\n")
	}
	p.rows = 0
}

// items adds a list.
func (p *page) items(list []string) {
	p.end()
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	if len(list) == 0 {
		return
	}
	p.gap()
	for _, text := range list {
		p.b.WriteString("- " + text + "\n")
	}
}

// heading begins a part of the section.
func (p *page) heading(title string) {
	p.end()
	p.gap()
	p.b.WriteString("### " + escape(title) + "\n")
}

// ask sets off what is asked of people, or what the record does not say.
func (p *page) ask(lines ...string) {
	p.end()
	p.gap()
	for i, line := range lines {
		if i > 0 {
			p.b.WriteString(">\n")
		}
		for part := range strings.Lines(line) {
			p.b.WriteString("> " + strings.TrimRight(part, "\n") + "\n")
		}
	}
}

// row adds a row to the table; the first is its head. Cells are Markdown.
func (p *page) row(cells ...string) {
	if p.rows == 0 {
		p.end()
		p.gap()
	}
	p.b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	if p.rows++; p.rows == 1 {
		p.b.WriteString(strings.Repeat("|---", len(cells)) + "|\n")
	}
}

// cell is a plain text in a table, with its citations.
func (p *page) cell(s string, cites ...uint64) string {
	if cites = p.a.known(cites); len(cites) > 0 {
		return escape(s) + " " + cite(cites...)
	}
	return escape(s)
}

// text is the section as it is.
func (p *page) text() string {
	p.end()
	return strings.TrimSuffix(p.b.String(), "\n")
}

// link is a name that leads somewhere, with whose address it is; the name alone
// where the address cannot be opened.
func link(name, address string) string {
	to, host, ok := target(address)
	switch {
	case !ok:
		return escape(name)
	case name == "" || name == address:
		return "[" + escape(host) + "](" + to + ")"
	}
	return "[" + escape(name) + "](" + to + ")"
}

// target is an address as it can stand in a link of Markdown, and its host. It is
// one that a browser opens, and hides nothing.
func target(address string) (to, host string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil ||
		strings.ContainsAny(address, " <>\"`") || strings.ContainsFunc(address, unicode.IsControl) || strings.ContainsFunc(address, unicode.IsSpace) {
		return "", "", false
	}
	return "<" + inLink.Replace(address) + ">", u.Host, true
}

// inLink takes from an address what Markdown would read.
var inLink = strings.NewReplacer(`\`, "%5C", "|", "%7C", "[", "%5B", "]", "%5D", "*", "%2A", "~", "%7E")
