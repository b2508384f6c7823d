package postmortem

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shortestMask is how long a part of a name must be, in characters, to be taken
// for its owner where it stands alone.
const shortestMask = 3

// disguise prepares the names that do not stand in what is quoted: whole ones, and
// their parts. A name that is a word of English as well is one only behind an @.
func (c *cast) disguise() {
	seen := map[string]bool{}
	add := func(name, id string) {
		if name != "" && !seen[name] {
			seen[name] = true
			c.masks = append(c.masks, mask{name, id})
		}
	}
	ids := make([]string, 0, len(c.names))
	for id := range c.names {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		name := tidy(c.names[id])
		add(name, id)
		parts := strings.Fields(name)
		for _, part := range parts {
			if len(parts) > 1 && utf8.RuneCountInString(part) >= shortestMask {
				add(part, id)
			}
		}
	}
	slices.SortStableFunc(c.masks, func(a, b mask) int { return len(b.name) - len(a.name) })
}

// say is a quotation of what somebody wrote, for a sentence of the narrative: where
// roles stand for names, they do so in it too, in square brackets.
func (v *voice) say(s string, room int, seq uint64) string {
	s = shorten(tidy(s), room)
	if !v.a.Names {
		for _, m := range v.a.cast.masks {
			s = v.cover(s, m, seq)
		}
	}
	return quote(s, room+len(s))
}

// cover puts a role in the place of one name.
func (v *voice) cover(s string, m mask, seq uint64) string {
	if !strings.Contains(s, m.name) {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, m.name)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(m.name)
		at := strings.HasSuffix(s[:i], "@")
		if !whole(s, i, end) || !at && (common(m.name) || strings.HasSuffix(s[:i], "[")) {
			b.WriteString(s[:end])
			s = s[end:]
			continue
		}
		b.WriteString(strings.TrimSuffix(s[:i], "@"))
		b.WriteString("[" + v.role(m.id, seq) + "]")
		s = s[end:]
	}
}

// role is what somebody is in what others wrote: their role, or that they were one
// of those who responded.
func (v *voice) role(id string, seq uint64) string {
	c := v.a.cast
	if role := c.role(id, seq); role != "" {
		return "the " + c.titles[role]
	}
	return "a responder"
}

// whole reports whether a piece of a text is a word of its own.
func whole(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !letter(before) && !letter(after)
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
