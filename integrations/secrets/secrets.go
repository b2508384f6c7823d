package secrets

import (
	"slices"
	"strings"
)

// Finder takes secrets out of texts. It may be used by several goroutines at once.
type Finder struct {
	known []string
	words words
}

// shortest is how long a text of the configuration is at least that is looked for:
// shorter ones stand in other words.
const shortest = 6

// New makes a finder that besides the usual ones knows these very secrets.
func New(known ...string) *Finder {
	f := &Finder{}
	for _, r := range library().Rules {
		for _, k := range r.Keywords {
			f.words.add(word{text: k, rule: r})
		}
	}
	for i := range proseRules {
		for _, k := range proseRules[i].keywords {
			f.words.add(word{text: k, prose: &proseRules[i]})
		}
	}
	for _, k := range known {
		if len(k) >= shortest {
			f.known = append(f.known, k)
		}
	}
	return f
}

// span is where in a text a secret is, and of which sort it is.
type span struct {
	from, to int
	id       string
}

const removedMark = "[secret removed: "

// Remove puts "[secret removed: SORT]" in the place of each secret, and says how
// many there were.
func (f *Finder) Remove(text string) (clean string, removed int) {
	spans := merged(f.find(text), text)
	if len(spans) == 0 {
		return text, 0
	}
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.from] + removedMark + s.id + "]")
		at = s.to
	}
	return b.String() + text[at:], len(spans)
}

func (f *Finder) find(text string) []span {
	l := look{text: text}
	for _, k := range f.known {
		for at := 0; ; {
			i := strings.Index(text[at:], k)
			if i < 0 {
				break
			}
			l.found = append(l.found, span{at + i, at + i + len(k), configured})
			at += i + len(k)
		}
	}
	f.words.each(lowered(text), l.at)
	for _, j := range joints(text) {
		across := look{text: j.text(text), onlyIn: true}
		f.words.each(lowered(across.text), across.at)
		for _, s := range across.found {
			if from, to := j.place(s.from), j.place(s.to-1)+1; j.broken(from, to) {
				l.found = append(l.found, span{from, to, s.id})
			}
		}
	}
	return l.found
}

// merged sorts spans and joins those that overlap. A sort that says more than
// another gives its name.
func merged(all []span, text string) []span {
	slices.SortFunc(all, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range all {
		if s.id != configured {
			s.to = wholeRun(text, s)
		}
		n := len(out)
		if n == 0 || s.from >= out[n-1].to {
			out = append(out, s)
			continue
		}
		last := &out[n-1]
		last.to = max(last.to, s.to)
		if vague[last.id] && !vague[s.id] {
			last.id = s.id
		}
	}
	return out
}

// wholeRun is the end of the run that a span ends in: a rule knows how long a secret is
// at most, and what is longer would be left in part.
func wholeRun(text string, s span) int {
	if s.to >= len(text) || !inRun(text[s.to]) || !inRun(text[s.to-1]) {
		return s.to
	}
	to := s.to
	for to < len(text) && inRun(text[to]) {
		to++
	}
	return max(s.to, s.from+len(strings.TrimRight(text[s.from:to], ".")))
}

const configured = "configuration"

// vague are sorts of which another one knows better what it is.
var vague = map[string]bool{generic: true, "password": true, "authorization": true, "url-parameter": true, "url-password": true, "cookie": true, "curl-user": true}
