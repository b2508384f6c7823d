package alerts

import (
	"encoding/json"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"fireboss/incidents"
)

// Matcher says which alerts are meant, as people write it for Alertmanager: alertname="HighErrorRate",service=~"check.*".
// All of its terms have to hold.
type Matcher struct{ terms []Term }

// Term is one condition of a matcher.
type Term struct {
	Name  string
	Op    string // =, !=, =~ or !~
	Value string

	pattern  *regexp.Regexp // of =~ and !~
	severity Severity       // of a severity that is named
}

// The bounds of a matcher: in bytes, and how many terms.
const (
	maxMatcher = 2000
	maxTerms   = 20
	maxPattern = 300
)

// LabelPrefix goes before the name of a label that is called like something of the alert itself.
const LabelPrefix = "labels."

// fields are the names that mean something of the alert itself; every other name is a label.
var fields = map[string]func(Alert) string{
	"source":      func(a Alert) string { return a.Source },
	"service":     func(a Alert) string { return a.Service },
	"severity":    func(a Alert) string { return string(a.Severity) },
	"title":       func(a Alert) string { return a.Title },
	"fingerprint": func(a Alert) string { return a.Fingerprint },
	"group":       func(a Alert) string { return a.Group },
}

// operators in the order in which they are looked for.
var operators = []string{"=~", "!~", "!=", "="}

// MatcherOf means exactly the alerts that this one is an episode of.
func MatcherOf(a Alert) Matcher {
	return Matcher{[]Term{{Name: "source", Op: "=", Value: a.Source}, {Name: "fingerprint", Op: "=", Value: a.Fingerprint}}}
}

// ParseMatcher reads all of a text as a matcher.
func ParseMatcher(s string) (Matcher, error) {
	m, rest, err := CutMatcher(s)
	if err == nil && strings.TrimSpace(rest) != "" {
		return Matcher{}, incidents.Invalid("What stands behind %s is not understood: %s. Terms are joined by commas, like alertname=HighErrorRate,service=~\"check.*\"", m, shorten(rest))
	}
	return m, err
}

// CutMatcher reads a matcher at the head of a text; rest is what stands behind. A bare word is a service.
func CutMatcher(s string) (m Matcher, rest string, err error) {
	s = strings.TrimSpace(s)
	braces := strings.HasPrefix(s, "{")
	if braces {
		s = strings.TrimSpace(s[1:])
	}
	for whole := s; ; {
		var t Term
		if t, s, err = cutTerm(s, !braces && len(m.terms) == 0); err != nil {
			return Matcher{}, "", err
		}
		if m.terms = append(m.terms, t); len(m.terms) > maxTerms || len(whole)-len(s) > maxMatcher {
			return Matcher{}, "", incidents.Invalid("That is too long for a matcher: at most %d terms and %d characters fit. Example: service=checkout,severity!=critical", maxTerms, maxMatcher)
		}
		behind, more := strings.CutPrefix(strings.TrimLeftFunc(s, unicode.IsSpace), ",")
		if behind = strings.TrimSpace(behind); !more || braces && strings.HasPrefix(behind, "}") {
			s = behind
			break
		}
		s = behind
	}
	if braces {
		var closed bool
		if s, closed = strings.CutPrefix(s, "}"); !closed {
			return Matcher{}, "", incidents.Invalid("The brace } at the end of the matcher is missing, or a comma between two terms. Example: {alertname=\"HighErrorRate\", service=~\"check.*\"}")
		}
	}
	return m, strings.TrimSpace(s), nil
}

// cutTerm reads a term; bare says that a word alone is a service.
func cutTerm(s string, bare bool) (t Term, rest string, err error) {
	end := strings.IndexFunc(s, func(r rune) bool { return !nameRune(r) })
	if end < 0 {
		end = len(s)
	}
	t.Name, rest = s[:end], strings.TrimLeft(s[end:], " ")
	for _, op := range operators {
		if behind, ok := strings.CutPrefix(rest, op); ok && t.Op == "" {
			t.Op, rest = op, behind
		}
	}
	switch {
	case t.Name == "":
		return t, "", incidents.Invalid("Which alerts? A matcher is a name, an operator (=, !=, =~ or !~) and a value, here it is %s. Example: alertname=HighErrorRate", shorten(s))
	case t.Name == LabelPrefix:
		return t, "", incidents.Invalid("Behind %s the name of a label is missing. Example: labels.severity=page", LabelPrefix)
	case len(t.Name) > MaxName:
		return t, "", incidents.Invalid("The name %s is too long, at most %d characters fit. Example: alertname=HighErrorRate", shorten(t.Name), MaxName)
	case t.Op == "" && bare:
		t = Term{Name: "service", Op: "=", Value: t.Name}
		err := t.ready()
		return t, s[end:], err
	case t.Op == "":
		return t, "", incidents.Invalid("Behind %s an operator is missing: =, !=, =~ or !~. Example: alertname=HighErrorRate", shorten(t.Name))
	}
	if t.Value, rest, err = cutValue(strings.TrimLeft(rest, " "), t.Name+t.Op); err != nil {
		return t, "", err
	}
	if strings.ContainsFunc(t.Value, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
		return t, "", incidents.Invalid("The value behind %s has characters that cannot be seen. Write it anew, like alertname=HighErrorRate", shorten(t.Name+t.Op))
	}
	err = t.ready() // what it makes of t is returned, so before
	return t, rest, err
}

// nameRune says whether a character can stand in a name: labels here may have dots, slashes and dashes as well.
func nameRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_:./-", r)
}

// quotes are the marks between which a value can stand; the curly ones are what a phone makes of them.
var quotes = map[rune]string{'"': `"`, '“': "”“\"", '”': "”“\""}

// cutValue reads a value: in quotes, or up to the next comma, brace or space.
func cutValue(s, behind string) (value, rest string, err error) {
	first, size := utf8.DecodeRuneInString(s)
	ends, quoted := quotes[first]
	if !quoted {
		end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\",{}“”", r) })
		if end < 0 {
			end = len(s)
		}
		if next, _ := utf8.DecodeRuneInString(s[end:]); strings.HasPrefix(s, "=") || strings.ContainsRune("\"{“”", next) && end < len(s) {
			return "", "", incidents.Invalid("The value behind %s has to stand in quotes. Example: service=~\"check.{3,9}\"", shorten(behind))
		}
		return s[:end], s[end:], nil
	}
	var b strings.Builder
	escaped := false
	for i, r := range s[size:] {
		switch {
		case escaped:
			if escaped = false; r != '"' && r != '\\' { // as of \d in a pattern
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		case r == '\\':
			escaped = true
		case strings.ContainsRune(ends, r):
			return b.String(), s[size+i+utf8.RuneLen(r):], nil
		default:
			b.WriteRune(r)
		}
	}
	return "", "", incidents.Invalid("The quote at the end of the value behind %s is missing. Example: alertname=\"HighErrorRate\"", shorten(behind))
}

// ready makes a term work, or says why it cannot.
func (t *Term) ready() error {
	switch {
	case utf8.RuneCountInString(t.Value) > MaxLabel:
		return incidents.Invalid("The value behind %s is too long, at most %d characters fit. Example: alertname=~\"High.*\"", shorten(t.Name+t.Op), MaxLabel)
	case t.Op == "=~" || t.Op == "!~":
		pattern, err := compiled(t.Value)
		if err != nil {
			return incidents.Invalid("%s is no regular expression: %s. They are written as for Alertmanager (RE2). Example: service=~\"check.*|cart\"", shorten(t.Value), err)
		}
		t.pattern = pattern
	case t.Name == "severity":
		s, ok := ParseSeverity(t.Value)
		if !ok {
			return incidents.Invalid("%s is no severity of an alert; write critical, high, medium, low or info. For the label of that name: labels.severity=%s", shorten(t.Value), shorten(t.Value))
		}
		t.severity = s
	}
	return nil
}

// compiled is a regular expression as Alertmanager has it: of all of the value.
func compiled(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("it has more than %d characters", maxPattern)
	}
	if _, err := syntax.Parse(pattern, syntax.Perl); err != nil { // a) (b is none, whatever stands around it
		return nil, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return regexp.Compile("^(?:" + pattern + ")$")
}

// Matches says whether an alert is meant.
func (m Matcher) Matches(a Alert) bool {
	for _, t := range m.terms {
		if !t.holds(a) {
			return false
		}
	}
	return len(m.terms) > 0
}

func (t Term) holds(a Alert) bool {
	field := fields[t.Name]
	value := a.Labels[strings.TrimPrefix(t.Name, LabelPrefix)]
	if field != nil {
		value = field(a)
	}
	return t.takes(value)
}

// takes says whether a term holds for a value.
func (t Term) takes(value string) bool {
	same := value == t.Value
	switch {
	case t.pattern != nil:
		same = t.pattern.MatchString(value)
	case t.severity != "":
		same = value == string(t.severity)
	case t.Name == "service": // as everywhere
		same = strings.EqualFold(value, t.Value)
	}
	return same != strings.HasPrefix(t.Op, "!")
}

// Negative says whether a term says what an alert has not.
func (t Term) Negative() bool { return strings.HasPrefix(t.Op, "!") }

// Pattern says whether its value is a regular expression.
func (t Term) Pattern() bool { return strings.HasSuffix(t.Op, "~") }

// Label is the label that a term is about, as its source calls it; false where it is about something that Fireboss works
// out of what the source says.
func (t Term) Label() (name string, ok bool) {
	if fields[t.Name] != nil {
		return "", false
	}
	return strings.TrimPrefix(t.Name, LabelPrefix), true
}

// Terms are its conditions.
func (m Matcher) Terms() []Term { return append([]Term(nil), m.terms...) }

// oddities are values that nobody means when they write a pattern: what takes all of them takes everything.
var oddities = []string{"a", "fireboss-9f3b", "Ü& ~", "Zz:/0.-_"}

// Narrow refuses a matcher that says of no alert what it has: it would mean every one, or nearly.
func (m Matcher) Narrow() error {
	for _, t := range m.terms {
		takesAll := true
		for _, value := range oddities {
			takesAll = takesAll && t.takes(value)
		}
		if !t.Negative() && !t.takes("") && !takesAll {
			return nil
		}
	}
	return incidents.Refused("%s means every alert, or nearly: one of its terms has to say what an alert has. Example: source=alertmanager,severity!=critical", m)
}

// String is how it is written, in one way.
func (m Matcher) String() string {
	var parts []string
	for _, t := range m.terms {
		parts = append(parts, t.String())
	}
	return strings.Join(parts, ",")
}

// String is how it is written.
func (t Term) String() string {
	return t.Name + t.Op + `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(t.Value) + `"`
}

// written is a term in JSON.
type written struct {
	Name  string `json:"name"`
	Op    string `json:"op"`
	Value string `json:"value"`
}

// MarshalJSON is a list of its terms.
func (m Matcher) MarshalJSON() ([]byte, error) {
	list := make([]written, 0, len(m.terms))
	for _, t := range m.terms {
		list = append(list, written{t.Name, t.Op, t.Value})
	}
	return json.Marshal(list)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Matcher) UnmarshalJSON(text []byte) error {
	var list []written
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	m.terms = nil
	for _, w := range list {
		t := Term{Name: w.Name, Op: w.Op, Value: w.Value}
		if err := t.ready(); err != nil {
			return err
		}
		m.terms = append(m.terms, t)
	}
	return nil
}

// shorten is what somebody wrote, as a short part of a sentence.
func shorten(s string) string { return `"` + cut(incidents.Tidy(s), 40) + `"` }
