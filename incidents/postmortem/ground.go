package postmortem

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ground is what some facts say, in the forms in which statements are compared.
type ground struct {
	measures
	texts   []string        // one line each
	exact   map[string]bool // the words as they are
	folded  map[string]bool // in lower case
	stems   map[string]bool // without their endings
	numbers map[string]bool
	moments []time.Time
}

// ground is what the facts say that stand on these events and no others.
func (c *checker) ground(cites []uint64) *ground {
	g := &ground{exact: map[string]bool{}, folded: map[string]bool{}, stems: map[string]bool{}, numbers: map[string]bool{}}
	for _, f := range c.facts {
		if !slices.Contains(cites, f.Seq) || slices.ContainsFunc(f.Also, func(seq uint64) bool { return !slices.Contains(cites, seq) }) {
			continue
		}
		g.add(tidy(f.Text))
		g.add(tidy(f.Who))
		g.moments = append(append(g.moments, f.At), f.Moments...)
	}
	return g
}

func (g *ground) add(text string) {
	if text == "" {
		return
	}
	g.texts = append(g.texts, text)
	m := measure(text)
	g.addresses, g.dates, g.clocks = append(g.addresses, m.addresses...), append(g.dates, m.dates...), append(g.clocks, m.clocks...)
	g.spans, g.shares, g.grades = append(g.spans, m.spans...), append(g.shares, m.shares...), append(g.grades, m.grades...)
	for _, w := range tokens(m.rest) {
		low := strings.ToLower(w)
		g.exact[w], g.folded[low], g.stems[stem(low)] = true, true, true
		if n, ok := numberOf(low); ok {
			g.numbers[n] = true
		}
	}
}

// around are the signs that can stand around a word without being part of it.
const around = ".,;:!?'\"“”‘’()[]…–—-"

// tokens are the words of a text, without the signs around them. A word that is two
// with a hyphen or a slash between counts as itself and as both.
func tokens(s string) []string {
	var list []string
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, around)
		if w == "" || strings.Contains(w, taken) {
			continue
		}
		list = append(list, w)
		if strings.ContainsAny(w, "-/–—") {
			list = append(list, strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("-/–—", r) })...)
		}
	}
	return list
}

// numberOf is a number that is nothing else, in figures.
func numberOf(w string) (string, bool) {
	if n, ok := numerals[w]; ok {
		return n, true
	}
	if !inFigures.MatchString(w) {
		return "", false
	}
	return plainNumber(w), true
}

var inFigures = regexp.MustCompile(`^[0-9][0-9.,]*$`)

// holds reports whether facts hold all that a statement says.
func (c *checker) holds(body string, g *ground) bool {
	rest, ok := g.quoted(body)
	if !ok {
		return false
	}
	m := measure(rest)
	for _, x := range []struct {
		said, known []string
		moments     func(*ground) []string
	}{
		{m.addresses, g.addresses, nil}, {m.shares, g.shares, nil}, {m.grades, g.grades, nil},
		{m.dates, g.dates, (*ground).days}, {m.clocks, g.clocks, (*ground).times}, {m.spans, g.spans, (*ground).between},
	} {
		known := x.known
		if len(x.said) > 0 && x.moments != nil {
			known = append(slices.Clone(known), x.moments(g)...)
		}
		for _, said := range x.said {
			if !slices.Contains(known, said) {
				return false
			}
		}
	}
	found := len(m.addresses)+len(m.shares)+len(m.grades)+len(m.dates)+len(m.clocks)+len(m.spans) > 0 || rest != body
	return c.worded(m.rest, g, found)
}

func (g *ground) days() (list []string) {
	for _, t := range g.moments {
		list = append(list, dateForms(t)...)
	}
	return list
}

func (g *ground) times() (list []string) {
	for _, t := range g.moments {
		list = append(list, clockForms(t)...)
	}
	return list
}

func (g *ground) between() (list []string) {
	for i, t := range g.moments {
		for _, o := range g.moments[:i] {
			list = append(list, spanForms(o, t)...)
		}
	}
	return list
}

// quoted takes out what stands in quotation marks, which has to stand in the facts
// word for word. Marks that are not closed are refused.
func (g *ground) quoted(body string) (rest string, ok bool) {
	body = strings.NewReplacer("“", `"`, "”", `"`).Replace(body)
	pieces := strings.Split(body, `"`)
	if len(pieces)%2 == 0 {
		return "", false
	}
	for i := 1; i < len(pieces); i += 2 {
		said := strings.TrimRight(strings.TrimSpace(pieces[i]), ".,")
		if said == "" || !slices.ContainsFunc(g.texts, func(t string) bool { return within(t, said) }) {
			return "", false
		}
		pieces[i] = " "
	}
	return strings.Join(pieces, " "), true
}

// within reports whether a text has another one in it, as whole words.
func within(text, said string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], said)
		if i < 0 {
			return false
		}
		if at := from + i; whole(text, at, at+len(said)) {
			return true
		}
		from += i + 1
	}
}

// worded reports whether facts have all words of a statement, and the statement more
// than what holds it together; found says that it has that already.
func (c *checker) worded(rest string, g *ground, found bool) bool {
	head := true
	for w := range strings.FieldsSeq(rest) {
		if signed.MatchString(w) {
			return false // minus five is not five
		}
		if strings.Contains(w, taken) {
			if strings.Trim(w, taken+around+"/") != "" {
				return false
			}
			continue
		}
		if w = strings.Trim(w, around); w == "" {
			continue
		}
		if !c.word(w, g, head) {
			return false
		}
		found = found || !glue[strings.ToLower(w)]
		head = false
	}
	return found
}

// signed is a number with something before it that makes another one of it.
var signed = regexp.MustCompile(`^[(“"'‘]*[-+–—=/&]+[0-9\x01]`)

// word reports whether facts have a word, or it needs none.
func (c *checker) word(w string, g *ground, head bool) bool {
	low := strings.ToLower(w)
	bare := strings.TrimSuffix(strings.TrimSuffix(low, "'s"), "’s")
	if n, ok := numberOf(low); ok {
		return g.numbers[n]
	}
	capitals := strings.ContainsFunc(tail(w), unicode.IsUpper)
	switch {
	case w == "UTC":
		return true
	case strings.ContainsFunc(w, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("-'’/", r)
	}):
		return g.folded[low] // an identifier: as it is
	case g.folded[low] || g.folded[bare]:
		return w == low || head && !capitals || g.exact[w] || g.exact[strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")]
	case c.names[low]:
		return false
	case strings.ContainsAny(w, "-/"):
		for _, p := range strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '/' }) {
			if !c.word(p, g, head) {
				return false
			}
		}
		return true
	case w != low && !head || capitals:
		return false // a name that they do not have
	}
	return glue[low] || len(low) >= shortestStem && g.stems[stem(low)]
}

// shortestStem is how many letters a word must have to be taken for another form of
// the same word.
const shortestStem = 4

// tail is a word without its first letter.
func tail(w string) string {
	_, n := utf8.DecodeRuneInString(w)
	return w[n:]
}
