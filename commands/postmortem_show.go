package commands

import (
	"strings"
	"unicode/utf8"

	"fireboss/incidents"
)

// How much of a text an answer shows: pieces that fit a row of Slack's with what has
// to be escaped in it, and as many as one message bears.
const (
	maxPiece  = 900
	maxPieces = 40
)

// showPostmortem shows the newest text, to the caller alone.
func (c *call) showPostmortem() (Reply, error) {
	doc, _, err := c.newest()
	if err != nil {
		return Reply{}, err
	}
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: c.postmortemHeadline(in), Incident: &in, Choices: c.nextOfPostmortem(in)}
	for _, s := range doc.Sections {
		head := titleOf(s)
		if s.Author == incidents.ByPerson {
			head += " (written by " + s.Editor.Name + ")"
		}
		for i, piece := range pieces(s.Text) {
			if len(r.Lines) == maxPieces {
				r.Text = sentence(r.Text, "This is its beginning.", c.pageOf(in))
				return r, nil
			}
			if i == 0 {
				piece = strings.ToUpper(head) + "\n" + piece
			}
			r.Lines = append(r.Lines, Line{Text: piece})
		}
	}
	r.Text = sentence(r.Text, c.pageOf(in))
	return r, nil
}

// pageOf says where its page is, if there is one.
func (c *call) pageOf(in incidents.Incident) string {
	if page := c.postmortemPage(in); page != "" {
		return "All of it, with what it stands on: " + page
	}
	return ""
}

// pieces cuts a text where a line ends, or else where a word does.
func pieces(text string) (list []string) {
	var b strings.Builder
	flush := func() {
		if s := strings.TrimRight(b.String(), "\n"); s != "" {
			list = append(list, s)
		}
		b.Reset()
	}
	for line := range strings.Lines(text) {
		for {
			room := maxPiece - utf8.RuneCountInString(b.String())
			if utf8.RuneCountInString(line) <= room {
				break
			}
			if b.Len() > 0 {
				flush()
				continue
			}
			head := string([]rune(line)[:room])
			if i := strings.LastIndexByte(head, ' '); i > 0 {
				head = head[:i]
			}
			list, line = append(list, head), strings.TrimLeft(line[len(head):], " \n")
		}
		b.WriteString(line)
	}
	flush()
	return list
}
