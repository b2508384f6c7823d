package slack

import (
	"fmt"
	"regexp"
	"strings"
)

// Slack's canvases know less of Markdown than the account is written in: headings of
// three levels, tables of so many cells, and no block within a quotation or within
// an entry of a list but another list (https://docs.slack.dev/surfaces/canvases;
// canvases.edit's own example of a refusal). "![](@U…)" mentions people there.

const (
	maxCanvas = 1<<20 - 4096 // of 1 MiB, so that what we add fits
	maxCells  = 300          // of one table
)

var (
	// container is what a line begins with whose rest can be no block of its own.
	container  = regexp.MustCompile(`^(\s*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+|\s*>[\s>]*|[ \t]+)(.*)$`)
	beginning  = regexp.MustCompile(`^(?:#{1,6}(?:[ \t]|$)|>|[-*+](?:[ \t]|$)|\||` + "```|~~~)")
	numbering  = regexp.MustCompile(`^([0-9]{1,9})([.)](?:[ \t]|$))`)
	deepTitle  = regexp.MustCompile(`^#{4,6}([ \t])`)
	tableRule  = regexp.MustCompile(`^\s*\|(?:\s*:?-+:?\s*\|)+\s*$`)
	linkTarget = regexp.MustCompile(`\]\(<([^<>()\s]*)>\)`)
	cellBorder = regexp.MustCompile(`(?:^|[^\\])\|`)
)

const onThePage = "on the incident's page"

// canvasText is Markdown as a canvas takes it.
func canvasText(markdown string) string {
	lines := strings.Split(strings.TrimSpace(markdown), "\n")
	var b strings.Builder
	fence := ""
	for i := 0; i < len(lines); i++ {
		switch mark := fenceOf(lines[i]); {
		case fence != "":
			b.WriteString(lines[i] + "\n")
			if strings.HasPrefix(mark, fence) && strings.TrimSpace(lines[i]) == mark {
				fence = ""
			}
		case mark != "":
			fence = mark
			b.WriteString(lines[i] + "\n")
		case i+1 < len(lines) && strings.HasPrefix(lines[i], "|") && tableRule.MatchString(lines[i+1]):
			end := i + 2
			for end < len(lines) && strings.HasPrefix(lines[end], "|") {
				end++
			}
			b.WriteString(canvasTable(lines[i:end]))
			i = end - 1
		default:
			b.WriteString(canvasLine(lines[i]) + "\n")
		}
	}
	return cutCanvas(strings.TrimRight(b.String(), "\n"))
}

// fenceOf is the fence of a block of code that a line begins or ends with.
func fenceOf(line string) string {
	text := strings.TrimLeft(line, " ")
	for _, c := range []string{"`", "~"} {
		if n := len(text) - len(strings.TrimLeft(text, c)); n >= 3 {
			return text[:n]
		}
	}
	return ""
}

// canvasLine is a line of text, outside of code.
func canvasLine(line string) string {
	line = deepTitle.ReplaceAllString(line, "###$1")
	m := container.FindStringSubmatch(line)
	if m == nil {
		return mentionless(line)
	}
	begin, rest := m[1], m[2]
	if strings.Contains(begin, ">") {
		begin = "> "
	}
	switch {
	case beginning.MatchString(rest):
		rest = `\` + rest
	case strings.TrimSpace(begin) != "":
		rest = numbering.ReplaceAllString(rest, `$1\$2`)
	}
	return begin + mentionless(rest)
}

// mentionless takes out of a text what a canvas makes mentions of, and writes addresses
// as it reads them; what is code is left.
func mentionless(text string) string {
	parts := strings.Split(text, "`")
	for i, part := range parts {
		if i%2 == 0 || len(parts)%2 == 0 { // not between two ticks
			part = strings.ReplaceAll(part, "![", `!\[`)
			parts[i] = linkTarget.ReplaceAllString(part, "]($1)")
		}
	}
	return strings.Join(parts, "`")
}

// canvasTable is a table, as many of its rows as a canvas takes.
func canvasTable(lines []string) string {
	columns := max(len(cellBorder.FindAllString(lines[0], -1))-1, 1)
	fit := max(maxCells/columns, 1) + 1 // and the line below the head, which is no row
	var b strings.Builder
	for i, line := range lines {
		if i >= fit {
			fmt.Fprintf(&b, "\n_%d more in this table, %s._\n", len(lines)-fit, onThePage)
			break
		}
		b.WriteString(mentionless(line) + "\n")
	}
	return b.String()
}

// cutCanvas is a text as far as one canvas holds it.
func cutCanvas(text string) string {
	if len(text) <= maxCanvas {
		return text
	}
	text = text[:maxCanvas]
	if i := strings.LastIndex(text, "\n\n"); i > 0 {
		text = text[:i]
	}
	fences := 0
	for line := range strings.SplitSeq(text, "\n") {
		if fenceOf(line) != "" {
			fences++
		}
	}
	if fences%2 == 1 {
		text += "\n```"
	}
	return strings.ToValidUTF8(text, "") + "\n\n_The rest is " + onThePage + "._"
}
