package postmortem

import (
	"slices"
	"strconv"
	"strings"
)

// Citation is a place in a text that names the events on which a statement
// stands: "[T14]", or "[T4, T7]".
type Citation struct {
	Start, End int // bytes of the text
	Seqs       []uint64
}

// Citations are all of a text, in order. Brackets that are escaped, as those are
// that people typed, and the text of a link are none.
func Citations(text string) []Citation {
	var list []Citation
	for from := 0; ; {
		i := strings.Index(text[from:], "[T")
		if i < 0 {
			return list
		}
		start := from + i
		from = start + 2
		seqs, end, ok := citation(text, start)
		if !ok || escaped(text, start) || strings.HasPrefix(text[end:], "(") || strings.HasPrefix(text[end:], ":") {
			continue
		}
		list = append(list, Citation{start, end, seqs})
		from = end
	}
}

// citation reads what stands at a place, if it is one.
func citation(text string, start int) (seqs []uint64, end int, ok bool) {
	for i := start + 1; ; {
		digits := i + 1
		end := digits
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		seq, err := strconv.ParseUint(text[digits:end], 10, 63)
		if err != nil || text[digits] == '0' || end == len(text) {
			return nil, 0, false
		}
		seqs = append(seqs, seq)
		if text[end] == ']' {
			return seqs, end + 1, true
		}
		rest, more := strings.CutPrefix(text[end:], ",")
		rest = strings.TrimPrefix(rest, " ")
		if !more || !strings.HasPrefix(rest, "T") {
			return nil, 0, false
		}
		i = len(text) - len(rest)
	}
}

// escaped reports whether the byte at a place has a backslash that makes it one of
// the text, not of Markdown.
func escaped(text string, at int) bool {
	n := 0
	for at > n && text[at-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// Cites are the events that a text cites, each once, by seq.
func Cites(text string) []uint64 {
	var list []uint64
	for _, c := range Citations(text) {
		list = append(list, c.Seqs...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Uncited is a text without its citations, as it can be sent to people who do not
// see the timeline.
func Uncited(text string) string {
	var b strings.Builder
	last := 0
	for _, c := range Citations(text) {
		b.WriteString(strings.TrimRight(text[last:c.Start], " "))
		last = c.End
	}
	b.WriteString(text[last:])
	return b.String()
}

// cite writes a citation, with the seqs in order and each once.
func cite(seqs ...uint64) string {
	seqs = slices.Compact(slices.Sorted(slices.Values(seqs)))
	var b strings.Builder
	for i, seq := range seqs {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("T")
		b.WriteString(strconv.FormatUint(seq, 10))
	}
	return "[" + b.String() + "]"
}

// Sentence is one statement of a text: a sentence, an entry of a list or a row of
// a table.
type Sentence struct {
	Text  string // Markdown, with its citations and without the mark of a list
	Cites []uint64
}

// Sentences are the statements of a section's text. A citation behind a sentence
// belongs to it, and what stands between “ and ” is not taken apart. Headings and
// the heads of tables are none.
func Sentences(text string) []Sentence {
	var list []Sentence
	for _, b := range blocks(text) {
		for _, s := range b.sentences() {
			list = append(list, Sentence{Text: s, Cites: Cites(s)})
		}
	}
	return list
}
