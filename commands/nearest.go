package commands

import (
	"strings"
	"unicode/utf8"

	"fireboss/incidents"
)

// Limits of buttons: Slack's, the narrowest of the doors, has a label of 75
// characters and carries 2,000; see Block Kit's button element.
const (
	maxLabel   = 75
	maxCommand = 1900
)

// unknown answers a first word that is no verb: what was probably meant, and
// outside an incident's channel the way to open one with these words.
func (c *call) unknown(word, rest string) (Reply, error) {
	var r Reply
	text := quote(word) + " is not a verb; /incident help lists them."
	if command, ok := c.meant(word, rest); ok {
		text = quote(word) + " is not a verb; did you mean /incident " + brief(command, 80) + "?"
		r.Choices = choose(r.Choices, "", command, true)
	}
	if c.number == 0 {
		text += " To open an incident: /incident open " + brief(c.Text, 80)
		r.Choices = choose(r.Choices, "Open an incident: ", "open "+strings.TrimSpace(c.Text), len(r.Choices) == 0)
	}
	return r, incidents.Invalid("%s", text)
}

// choose adds a button, unless no button could carry it.
func choose(list []Choice, label, command string, primary bool) []Choice {
	if len(command) > maxCommand {
		return list
	}
	says := command
	if label != "" {
		_, says = cut(command)
	}
	return append(list, Choice{Label: brief(label+says, maxLabel), Command: command, Primary: primary})
}

// meant is the command that was probably meant.
func (c *call) meant(word, rest string) (string, bool) {
	if n, ok := numbered(word); ok { // INC-12 ack
		verb, args := cut(rest)
		if verb == "" {
			return "show " + n.String(), true
		}
		if v, ok := find(c.verbs, verb); ok && v.about {
			return strings.TrimSpace(v.Name + " " + n.String() + " " + args), true
		}
		return "", false
	}
	if _, ok := incidents.ParseSeverity(word); ok { // sev1 checkout is down
		if c.number != 0 {
			return "sev " + word + " " + rest, true
		}
		return "", false
	}
	if st, ok := incidents.ParseStatus(word); ok && c.number != 0 { // identified a full disk
		return strings.TrimSpace("status " + string(st) + " " + rest), true
	}
	if verb, ok := nearest(word, names(c.verbs)); ok {
		return strings.TrimSpace(verb + " " + rest), true
	}
	return "", false
}

// names are the names and aliases of the verbs that help lists.
func names(verbs []Verb) []string {
	var list []string
	for _, v := range verbs {
		if !v.hidden {
			list = append(list, v.names()...)
		}
	}
	return list
}

// nearest is the name that differs least from a word, if it is near: one slip
// in up to five letters, two in more, or the word is the name's beginning.
func nearest(word string, names []string) (string, bool) {
	const longest = 20
	if utf8.RuneCountInString(word) > longest || len(word) < 2 {
		return "", false
	}
	word = strings.ToLower(word)
	allowed := 1
	if utf8.RuneCountInString(word) > 5 {
		allowed = 2
	}
	best, found := "", false
	for _, name := range names {
		n := slips(word, name)
		if len(word) > 2 && strings.HasPrefix(name, word) {
			n = 0
		}
		if n <= allowed {
			best, found, allowed = name, true, n-1
		}
	}
	return best, found
}

// slips is how many letters have to be changed, left out, added or swapped
// with their neighbour to make one word of another (optimal string alignment).
func slips(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, above, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range above {
		above[j] = j
	}
	for i := range s {
		row[0] = i + 1
		for j := range t {
			same := 1
			if s[i] == t[j] {
				same = 0
			}
			row[j+1] = min(above[j]+same, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(t)]
}
