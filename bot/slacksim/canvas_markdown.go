package slacksim

import (
	"fmt"
	"regexp"
	"strings"
)

// What a canvas takes of Markdown is in its documentation: a table has 300 cells, and
// a quotation holds no list, as the example of a refusal says
// (https://docs.slack.dev/surfaces/canvases, /reference/methods/canvases.edit).

var (
	listInQuote = regexp.MustCompile(`^\s*>[\s>]*(?:[-*+]|[0-9]{1,9}[.)])\s`)
	tableHead   = regexp.MustCompile(`^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?)?\s*$`)
)

// unsupported says what Slack would not take of a canvas's Markdown; empty: all is well.
func unsupported(markdown string) string {
	fenced, cells := false, 0
	lines := strings.Split(markdown, "\n")
	for i, line := range lines {
		switch text := strings.TrimSpace(line); {
		case strings.HasPrefix(text, "```"), strings.HasPrefix(text, "~~~"):
			fenced = !fenced
		case fenced:
		case listInQuote.MatchString(line):
			return fmt.Sprintf("'content' error: line %d: Unsupported block type (List) within block quote", i+1)
		case i > 0 && tableHead.MatchString(line) && strings.Contains(lines[i-1], "|"):
			cells = cellsOf(lines[i-1])
		case cells > 0 && strings.Contains(line, "|"):
			if cells += cellsOf(line); cells > maxCanvasCells {
				return fmt.Sprintf("'content' error: line %d: a table has %d cells at most", i+1, maxCanvasCells)
			}
		default:
			cells = 0
		}
	}
	return ""
}

// cellsOf counts the cells of a row of a table.
func cellsOf(line string) int {
	row := strings.Trim(strings.ReplaceAll(strings.TrimSpace(line), `\|`, ""), "|")
	return strings.Count(row, "|") + 1
}
