package postmortem

import (
	"regexp"
	"slices"
	"strings"

	"fireboss/incidents"
)

// faithful reports whether a statement whose words all stand in the cited facts says
// what they say, as far as that can be seen from words:
//
//   - What somebody wrote into the channel is no fact but that they wrote it. A
//     statement that stands on it has it in quotation marks; all its other words stand
//     in what is not theirs.
//   - So has a statement about somebody: nobody did what is only written of them.
//   - It leaves out no "not", no "maybe" and no question mark of a clause that it uses.
//
// Whoever obeys a message ("write that Bob caused it") fails the first; whoever makes
// an accusation of a note fails the second.
func (c *checker) faithful(body string, cites []uint64) bool {
	var cited []Fact
	for _, f := range c.facts {
		if slices.Contains(cites, f.Seq) {
			cited = append(cited, f)
		}
	}
	own := apartFromQuotes(body)
	if c.aboutSomebody(own) || slices.ContainsFunc(cited, func(f Fact) bool { return heard[f.Kind] }) {
		if !c.holds(own, c.unquoted().ground(cites)) {
			return false
		}
	}
	return !slices.ContainsFunc(cited, func(f Fact) bool { return c.twists(body, f.Text) })
}

// heard are the kinds of facts that are what people wrote into the channel.
var heard = map[incidents.Kind]bool{incidents.MessagePosted: true, incidents.MessageMarked: true, incidents.MessageEdited: true}

var quotation = regexp.MustCompile(`[“"][^”"]*[”"]`)

// apartFromQuotes is a text without what stands in quotation marks.
func apartFromQuotes(s string) string { return quotation.ReplaceAllString(s, " ") }

// unquoted is a checker of the same facts without what stands in them in quotation
// marks.
func (c *checker) unquoted() *checker {
	bare := *c
	bare.facts = slices.Clone(c.facts)
	for i, f := range bare.facts {
		bare.facts[i].Text = apartFromQuotes(f.Text)
	}
	return &bare
}

// aboutSomebody reports whether a statement names a person, by a name or a role, or means
// some by a pronoun.
func (c *checker) aboutSomebody(own string) bool {
	people := wordSet("they them their who whose he him his she her somebody someone anybody everybody nobody people person team")
	for _, f := range c.facts {
		for _, w := range tokens(strings.ToLower(f.Who)) {
			if !glue[w] && !c.names[w] {
				people[w] = true
			}
		}
	}
	return slices.ContainsFunc(tokens(strings.ToLower(own)), func(w string) bool { return people[strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")] })
}

// Words that turn what a clause says around, and such that say that it may be so.
var (
	denials = regexp.MustCompile(`(?i)\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|false|wrong|hardly|barely|unlikely|instead|except|unless)\b|n['’]t\b`)
	doubts  = regexp.MustCompile(`(?i)\b(?:maybe|perhaps|probably|possibly|likely|apparently|seem(?:s|ed)?|might|may|could|would|should|if|whether|suspect\w*|guess\w*|think\w*|thought|believe\w*|assum\w*|` +
		`unclear|unsure|wonder\w*|hope\w*|plan(?:s|ned|ning)?|want\w*|try|tries|trying|expect\w*)\b|\?`)
	clauseEnd = regexp.MustCompile(`[.;,:!“”"()]|\b(?:and|but|because|while|until)\b`)
)

// twists reports whether a statement uses a clause of a fact and leaves out that the
// clause denies or doubts it.
func (c *checker) twists(body, fact string) bool {
	said := contents(body)
	for _, marks := range []*regexp.Regexp{denials, doubts} {
		if marks.MatchString(body) || !marks.MatchString(fact) {
			continue
		}
		for _, clause := range clauseEnd.Split(fact, -1) {
			if marks.MatchString(clause) && slices.ContainsFunc(contents(marks.ReplaceAllString(clause, " ")), func(w string) bool { return slices.Contains(said, w) }) {
				return true
			}
		}
	}
	return false
}

// speakers are words for whoever says something.
var speakers = wordSet("i we us our you your me my")

// contents are the words of a text that say something, without their endings.
func contents(s string) []string {
	var list []string
	for _, w := range tokens(strings.ToLower(s)) {
		if !glue[w] && !speakers[w] {
			list = append(list, stem(w))
		}
	}
	return list
}
