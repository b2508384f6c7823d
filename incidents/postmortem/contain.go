package postmortem

import (
	"regexp"
	"strings"
)

// contain keeps the text of a section within its section, whoever wrote it: its
// headings are of the third level or lower, none reads like the one below which
// stands what was removed, no block of code or comment goes on behind its end, and
// no reference makes something else of citations.
func contain(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(strings.TrimRight(strings.TrimLeft(text, "\n"), " \t\n"), "\n")
	code, sound := fences(lines)
	for i, line := range lines {
		switch {
		case sound && code[i]:
			continue
		case !sound:
			line = fence.ReplaceAllString(line, `$1\$2`)
		}
		line = held(line)
		if i > 0 && underline.MatchString(line) && strings.TrimSpace(lines[i-1]) != "" {
			at := strings.IndexAny(line, "=-")
			line = line[:at] + `\` + line[at:]
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

var (
	// fence is a line that begins or ends a block of code, wherever it stands.
	fence = regexp.MustCompile("^([\\s>]*(?:[-*+]|[0-9]+[.)])?[\\s>]*)(```|~~~)")
	// atx is a heading, also within a quotation or a list.
	atx = regexp.MustCompile(`^([\s>]*(?:[-*+]|[0-9]+[.)])?[\s>]*)(#{1,6})([ \t].*|)$`)
	// underline makes a heading of the line above it.
	underline = regexp.MustCompile(`^[\s>]*(=+|-+)\s*$`)
	// definition says where something in square brackets leads.
	definition = regexp.MustCompile(`\[(\s*[tT][0-9]+(?:,\s*[tT][0-9]+)*\s*)\]:`)
	autolink   = regexp.MustCompile(`^<https?://[^\s<>]*>`)
)

// fences are the lines within blocks of code. They are sound where every block
// certainly ends: its fences stand equally far to the right, and nothing within it
// stands further to the left.
func fences(lines []string) (code []bool, sound bool) {
	code = make([]bool, len(lines))
	open, indent := "", ""
	for i, line := range lines {
		text := strings.TrimLeft(line, " ")
		lead := line[:len(line)-len(text)]
		mark := run(text)
		switch {
		case open == "" && mark != "":
			if len(lead) > 3 {
				return nil, false
			}
			open, indent, code[i] = mark, lead, true
		case open == "" && fence.MatchString(line):
			return nil, false // in a list or a quotation
		case open == "":
		case mark != "" && mark[0] == open[0] && len(mark) >= len(open) && strings.TrimSpace(text) == mark:
			if lead != indent {
				return nil, false
			}
			code[i], open = true, ""
		case text != "" && len(lead) < len(indent):
			return nil, false
		default:
			code[i] = true
		}
	}
	return code, open == ""
}

// run is the fence with which a line begins; empty: none.
func run(text string) string {
	for _, c := range []string{"`", "~"} {
		if n := len(text) - len(strings.TrimLeft(text, c)); n >= 3 {
			return text[:n]
		}
	}
	return ""
}

// held keeps one line from being a heading of a section, HTML, or what makes a link
// of a citation.
func held(line string) string {
	if m := atx.FindStringSubmatch(line); m != nil {
		text := strings.Trim(m[3], "# \t")
		switch {
		case strings.EqualFold(strings.Join(strings.Fields(text), " "), removedHeading):
			line = m[1] + `\` + m[2] + m[3]
		case len(m[2]) < 3:
			line = m[1] + "###" + m[3]
		}
	}
	if strings.Contains(line, "]:") {
		line = definition.ReplaceAllString(line, `[$1]\:`)
	}
	return withoutTags(line)
}

// withoutTags escapes what would begin HTML, outside of code.
func withoutTags(line string) string {
	if !strings.Contains(line, "<") {
		return line
	}
	var b strings.Builder
	open := map[int]bool{} // how long ticks are that nothing closes any more
	for i := 0; i < len(line); {
		switch {
		case line[i] == '\\' && i+1 < len(line):
			b.WriteString(line[i : i+2])
			i += 2
		case line[i] == '`':
			n := codeSpan(line[i:], open)
			b.WriteString(line[i : i+n])
			i += n
		case line[i] == '<':
			if link := autolink.FindString(line[i:]); link != "" {
				b.WriteString(link)
				i += len(link)
				continue
			}
			b.WriteString(`\<`)
			i++
		default:
			b.WriteByte(line[i])
			i++
		}
	}
	return b.String()
}

// codeSpan is how long a piece of code is that begins here; where nothing ends it, it
// is only the ticks.
func codeSpan(s string, open map[int]bool) int {
	n := len(s) - len(strings.TrimLeft(s, "`"))
	for i := n; i < len(s) && !open[n]; {
		if s[i] != '`' {
			i++
			continue
		}
		m := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if i += m; m == n {
			return i
		}
	}
	open[n] = true
	return n
}
