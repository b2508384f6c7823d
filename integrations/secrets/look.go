package secrets

// look goes through one text, from keyword to keyword.
type look struct {
	text   string
	onlyIn bool // only what the keyword is in counts
	found  []span

	run  run // the last word that a keyword was in
	done []*rule
}

// How far a rule is applied: names stand before their secrets, and some tokens have
// other signs in them.
const (
	farBehind = 600 // longer secrets are removed whole all the same; see wholeRun
	farAhead  = 40
	farAround = 160
	farWide   = 800
)

// at is told of a keyword.
func (l *look) at(i int, k word) {
	switch {
	case k.prose != nil:
		if !l.onlyIn {
			l.prose(i, k.prose)
		}
	case k.rule.Where == in:
		l.token(i, k.rule)
	case l.onlyIn:
	case k.rule.Where == behind:
		if l.assigns(i + len(k.text)) {
			l.apply(k.rule, i, i+farBehind)
		}
	default:
		l.apply(k.rule, i-farWide, i+farWide)
	}
}

// assigns says whether something like an equals sign follows soon.
func (l *look) assigns(i int) bool {
	const longestName = 48
	for _, b := range []byte(l.text[i:min(len(l.text), i+longestName)]) {
		switch b {
		case '=', ':', '>', ',', '|':
			return true
		}
	}
	return false
}

// token applies a rule to the word that a keyword is in, once.
func (l *look) token(i int, r *rule) {
	if i >= l.run.to || l.run.to == 0 {
		l.run, l.done = runAt(l.text, i), l.done[:0]
	}
	if !l.run.suspect {
		return
	}
	for _, d := range l.done {
		if d == r {
			return
		}
	}
	l.done = append(l.done, r)
	l.apply(r, l.run.from-farAhead, l.run.to+farAround)
}

// apply applies a rule to a part of the text.
func (l *look) apply(r *rule, from, to int) {
	from, to = max(0, from), min(len(l.text), to)
	r.find(l.text[from:to], func(a, b int) { l.found = append(l.found, span{from + a, from + b, r.ID}) })
}

// prose applies one of our own rules where its keyword stands.
func (l *look) prose(i int, r *proseRule) {
	if r.word && i > 0 && isWord(l.text[i-1]) {
		return
	}
	m := r.regex.FindStringSubmatchIndex(l.text[i:])
	if m == nil || r.secret != nil && !r.secret(groups(l.text[i:], m)) {
		return
	}
	l.found = append(l.found, span{i + m[len(m)-2], i + m[len(m)-1], r.id})
}

// groups are the texts of a match and its groups; one that took no part is empty.
func groups(text string, m []int) []string {
	list := make([]string, len(m)/2)
	for i := range list {
		if m[2*i] >= 0 {
			list[i] = text[m[2*i]:m[2*i+1]]
		}
	}
	return list
}
