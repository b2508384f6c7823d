package postmortem

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fireboss/incidents"
)

// Without takes out of a document what had to go out of its record: statements that
// stand on these events, and these texts wherever they are repeated, also by people.
// "(removed)" stands in their place; of a statement, its citations stay. Statements
// that a check had removed say not on what they stood, so all of them go where any
// event does.
//
// A text that is too short or too common to be recognised is taken out only where a
// statement cites its event: a sentence of fewer than eight characters, one plain word.
func Without(doc incidents.Document, seqs []uint64, texts []string) incidents.Document {
	c := newCleaner(seqs, texts)
	doc.Title = c.clean(doc.Title)
	doc.Sections = slices.Clone(doc.Sections)
	for i := range doc.Sections {
		s := &doc.Sections[i]
		s.Text = c.clean(c.statements(s.Text))
		s.Note = c.clean(s.Note)
		if s.Removed == nil {
			continue
		}
		s.Removed = slices.Clone(s.Removed)
		for j, text := range s.Removed {
			if s.Removed[j] = c.clean(text); len(seqs) > 0 {
				s.Removed[j] = incidents.RemovedText
			}
		}
	}
	return doc
}

type cleaner struct {
	seqs  map[uint64]bool
	texts []string // in each form in which they can stand, the longest first
}

func newCleaner(seqs []uint64, texts []string) *cleaner {
	c := &cleaner{seqs: map[uint64]bool{}}
	for _, seq := range seqs {
		c.seqs[seq] = true
	}
	for _, text := range texts {
		for _, form := range []string{text, strings.TrimSpace(text), tidy(text), inner.Replace(tidy(text))} {
			if !distinct(form) {
				continue
			}
			for _, f := range []string{form, escape(form)} {
				if !slices.Contains(c.texts, f) {
					c.texts = append(c.texts, f)
				}
			}
		}
	}
	slices.SortStableFunc(c.texts, func(a, b string) int { return len(b) - len(a) })
	return c
}

// distinct reports whether a text can be recognised wherever it stands: it is long
// enough, and more than one plain word: a sentence, an address, a key.
func distinct(s string) bool {
	if utf8.RuneCountInString(s) >= 8 && strings.ContainsFunc(strings.TrimSpace(s), unicode.IsSpace) {
		return true
	}
	s = strings.TrimFunc(s, unicode.IsPunct)
	return utf8.RuneCountInString(s) >= 6 && !strings.ContainsFunc(s, unicode.IsSpace) &&
		strings.ContainsFunc(s, func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune("_@/:=.$%+", r) })
}

// clean takes texts out.
func (c *cleaner) clean(s string) string {
	for _, text := range c.texts {
		s = replaceWhole(s, text, incidents.RemovedText)
	}
	return s
}

// replaceWhole replaces a text where it is no part of a longer word.
func replaceWhole(s, text, by string) string {
	if !strings.Contains(s, text) {
		return s
	}
	var b strings.Builder
	last := 0
	for from := 0; ; {
		i := strings.Index(s[from:], text)
		if i < 0 {
			b.WriteString(s[last:])
			return b.String()
		}
		at := from + i
		end := at + len(text)
		if from = end; !apartFrom(s, at, end) {
			from = at + 1
			continue
		}
		b.WriteString(s[last:at] + by)
		last = end
	}
}

// apartFrom reports whether a piece of a text neither begins nor ends within a word.
func apartFrom(s string, from, to int) bool {
	first, _ := utf8.DecodeRuneInString(s[from:])
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	lastOf, _ := utf8.DecodeLastRuneInString(s[:to])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !(letter(first) && letter(before)) && !(letter(lastOf) && letter(after))
}

// statements takes those out that stand on events that are gone, line by line, so
// that everything else stays as it is.
func (c *cleaner) statements(text string) string {
	if len(c.seqs) == 0 || !c.hit(text) {
		return text
	}
	lines := strings.Split(text, "\n")
	for _, p := range paragraphs(lines) {
		if whole := strings.Join(lines[p.from:p.to], "\n"); c.hit(whole) {
			lines[p.from] = c.block(whole)
			for i := p.from + 1; i < p.to; i++ {
				lines[i] = gone
			}
		}
	}
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == gone }), "\n")
}

// gone marks a line that another one has taken up. No text has such a character.
const gone = "\x00"

// lot is some lines that are one block.
type lot struct{ from, to int }

// paragraphs are the lines of a text by blocks, those that are empty left out.
func paragraphs(lines []string) []lot {
	var list []lot
	open := false
	for i, line := range lines {
		kind := readBlock(strings.TrimRight(line, " \t\r")).kind
		switch {
		case strings.TrimSpace(line) == "":
			open = false
			continue
		case open && kind == paragraph:
			list[len(list)-1].to = i + 1
			continue
		}
		list = append(list, lot{i, i + 1})
		open = kind == paragraph || kind == listItem || kind == asking
	}
	return list
}

func (c *cleaner) hit(text string) bool {
	return slices.ContainsFunc(Cites(text), func(seq uint64) bool { return c.seqs[seq] })
}

// block is a block without what is gone.
func (c *cleaner) block(text string) string {
	b := readBlock(strings.ReplaceAll(text, "\n", " "))
	switch b.kind {
	case tableRow:
		return c.row(b.text)
	case heading, asking, rule:
		return removedStatement(text)
	}
	var out []string
	for _, s := range split(b.text, true) {
		if c.hit(s) {
			s = removedStatement(s)
		}
		out = append(out, s)
	}
	return b.mark + strings.Join(out, " ")
}

// removedStatement stands in the place of a statement.
func removedStatement(s string) string { return incidents.RemovedText + ". " + cite(Cites(s)...) }

// row is a row of a table, of which the cells stay as many as they were.
func (c *cleaner) row(text string) string {
	cells := strings.Split(strings.ReplaceAll(text, `\|`, gone), "|")
	for i, cell := range cells {
		if strings.TrimSpace(cell) == "" || i == 0 {
			continue
		}
		cells[i] = " " + incidents.RemovedText + " "
		if cites := Cites(cell); len(cites) > 0 {
			cells[i] += cite(cites...) + " "
		}
	}
	return strings.Join(cells, "|")
}
