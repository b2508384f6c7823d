package secrets

import (
	_ "embed"
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"sync"
)

//go:embed rules.json
var rulesJSON []byte

// library are the rules of gitleaks, read once. An expression is compiled when
// it is first needed: most never are, and all of them take a while.
var library = sync.OnceValue(func() (all struct {
	Never []string `json:"never"`
	Rules []*rule  `json:"rules"`
}) {
	if err := json.Unmarshal(rulesJSON, &all); err != nil {
		panic(err) // a programmer's mistake, and a test's to find
	}
	never := sync.OnceValue(func() []*regexp.Regexp { return compiled(all.Never) })
	for _, r := range all.Rules {
		r.never = never
		r.regex = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(r.Regex) })
		for i := range r.Allow {
			a := &r.Allow[i]
			a.regexes = sync.OnceValue(func() []*regexp.Regexp { return compiled(a.Regexes) })
		}
	}
	return all
})

func compiled(texts []string) []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(texts))
	for i, text := range texts {
		all[i] = regexp.MustCompile(text)
	}
	return all
}

// rule is how one sort of secret looks; see https://github.com/gitleaks/gitleaks#configuration.
type rule struct {
	ID       string   `json:"id"`
	Where    string   `json:"where"` // the secret is by its keyword; see below
	Regex    string   `json:"regex"`
	Group    int      `json:"group"`    // that holds the secret; 0: the first that holds something, or all
	Entropy  float64  `json:"entropy"`  // in bits a character, that a secret has at least
	Keywords []string `json:"keywords"` // in lower case; one of them has to be there
	Allow    []allow  `json:"allow"`

	regex func() *regexp.Regexp
	never func() []*regexp.Regexp
}

// Where a secret is by the keyword of its rule.
const (
	behind = "behind" // it: the expression begins with the keyword
	in     = "in"     // the word that it is in
	around = "around" // anywhere near
)

// allow says what is no secret although it looks like one.
type allow struct {
	Target    string   `json:"target"` // what the expressions look at: "", the secret; match; or line
	Regexes   []string `json:"regexes"`
	StopWords []string `json:"stop_words"` // in lower case; what holds one is no secret

	regexes func() []*regexp.Regexp
}

// generic is gitleaks' rule for whatever stands behind a telling name. It is made
// for source code, and takes in prose a build's name for a secret.
const generic = "generic-api-key"

// find calls with the place of each secret in a text.
func (r *rule) find(text string, found func(from, to int)) {
	most := -1
	if r.Where == behind {
		most = 1
	}
	for _, m := range r.regex().FindAllStringSubmatchIndex(text, most) {
		from, to := r.group(m)
		if secret := text[from:to]; entropy(secret) < r.Entropy || r.allowed(text, m, secret) {
			continue
		}
		found(from, to)
	}
}

func (r *rule) group(m []int) (from, to int) {
	if r.Group > 0 {
		return m[2*r.Group], m[2*r.Group+1]
	}
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 && m[i+1] > m[i] {
			return m[i], m[i+1]
		}
	}
	return m[0], m[1]
}

func (r *rule) allowed(text string, m []int, secret string) bool {
	if r.ID == generic && readable(secret) || anyMatches(r.never(), secret) {
		return true
	}
	for i := range r.Allow {
		a := &r.Allow[i]
		target := secret
		switch a.Target {
		case "match":
			target = text[m[0]:m[1]]
		case "line":
			target = lineOf(text, m[0], m[1])
		}
		if anyMatches(a.regexes(), target) || holdsAny(secret, a.StopWords) {
			return true
		}
	}
	return false
}

func anyMatches(list []*regexp.Regexp, text string) bool {
	for _, re := range list {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

func holdsAny(text string, words []string) bool {
	if len(words) == 0 {
		return false
	}
	text = strings.ToLower(text)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func lineOf(text string, from, to int) string {
	from = strings.LastIndexByte(text[:from], '\n') + 1
	if end := strings.IndexByte(text[to:], '\n'); end >= 0 {
		return text[from : to+end]
	}
	return text[from:]
}

// entropy is Shannon's, in bits a character.
func entropy(s string) (bits float64) {
	var counts [256]int
	for i := range len(s) {
		counts[s[i]]++
	}
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
