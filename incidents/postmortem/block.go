package postmortem

import (
	"strings"
	"unicode/utf8"
)

// blockKind is what sort of thing stands in some lines of Markdown.
type blockKind int

const (
	paragraph blockKind = iota
	listItem
	tableRow
	heading
	rule   // of a table: |---|
	asking // a quotation: what is asked of people
)

// block is a paragraph, an entry of a list, a row of a table or a heading.
type block struct {
	kind blockKind
	mark string // what stands before a list's entry
	text string // one line
}

// blocks are those of a text, as far as the author of this package writes them.
func blocks(text string) []block {
	var list []block
	open := false // a paragraph or an entry that the next line goes on with
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		b := readBlock(line)
		switch {
		case line == "":
			open = false
			continue
		case open && b.kind == paragraph:
			list[len(list)-1].text += " " + b.text
			continue
		}
		list = append(list, b)
		open = b.kind == paragraph || b.kind == listItem
	}
	for i, b := range list {
		if b.kind == rule && i > 0 && list[i-1].kind == tableRow {
			list[i-1].kind = rule // the head of the table
		}
	}
	return list
}

func readBlock(line string) block {
	text := strings.TrimLeft(line, " \t")
	indent := line[:len(line)-len(text)]
	switch {
	case strings.HasPrefix(text, ">"):
		return block{kind: asking, text: strings.TrimLeft(text, "> ")}
	case strings.HasPrefix(text, "#"):
		return block{kind: heading, text: strings.TrimLeft(text, "# ")}
	case strings.HasPrefix(text, "|") && strings.Trim(text, "|-: ") == "":
		return block{kind: rule, text: text}
	case strings.HasPrefix(text, "|"):
		return block{kind: tableRow, text: text}
	}
	if n := listMark(text); n > 0 {
		return block{kind: listItem, mark: indent + text[:n], text: text[n:]}
	}
	return block{kind: paragraph, text: text}
}

// listMark is how long the mark of a list's entry is: "- ", "12. "; 0: there is none.
func listMark(text string) int {
	if len(text) > 1 && strings.IndexByte("-*+", text[0]) >= 0 && text[1] == ' ' {
		return 2
	}
	n := 0
	for n < len(text) && n < 9 && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	if n > 0 && n+1 < len(text) && (text[n] == '.' || text[n] == ')') && text[n+1] == ' ' {
		return n + 2
	}
	return 0
}

// sentences are those of a block.
func (b block) sentences() []string {
	switch b.kind {
	case heading, rule, asking:
		return nil
	case tableRow:
		return []string{b.text}
	}
	return split(b.text, true)
}

// split takes a line apart where sentences end: behind . ! or ? and what closes
// quotation marks and brackets, before white space, and behind the citations that
// follow. quotes says that what stands between “ and ” stays together.
func split(line string, quotes bool) []string {
	var list []string
	start, depth := 0, 0
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		i += n
		switch {
		case quotes && r == '“':
			depth++
		case quotes && r == '”':
			depth = max(0, depth-1)
		}
		if depth > 0 || !endsWith(line, i-n, r) {
			continue
		}
		end, cited := behind(line, i)
		if end < len(line) && (line[end] != ' ' || quotes && r == '”' && !cited) {
			continue
		}
		list = append(list, strings.TrimSpace(line[start:end]))
		start, i = end, end
	}
	if rest := strings.TrimSpace(line[start:]); rest != "" {
		list = append(list, rest)
	}
	return list
}

// endsWith reports whether a sentence can end with a character. A full stop within
// quotation marks ends one only where they close with it.
func endsWith(line string, at int, r rune) bool {
	return r == '.' || r == '!' || r == '?' || r == '”' && at > 0 && strings.IndexByte(".!?", line[at-1]) >= 0
}

// behind is where a sentence ends that came to its full stop: behind what closes
// it and the citations that belong to it, if there are any.
func behind(line string, at int) (end int, cited bool) {
	at += len(line[at:]) - len(strings.TrimLeft(line[at:], ".!?\"')”’_*"))
	for {
		rest := strings.TrimLeft(line[at:], " ")
		start := len(line) - len(rest)
		if !strings.HasPrefix(rest, "[T") {
			return at, cited
		}
		_, end, ok := citation(line, start)
		if !ok {
			return at, cited
		}
		at, cited = end, true
	}
}
