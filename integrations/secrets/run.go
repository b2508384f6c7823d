package secrets

import "strings"

// run is a part of a text that has only letters, digits and what else stands in
// tokens. Most of what people write has no suspect one, and so costs next to nothing.
type run struct {
	from, to int
	suspect  bool // it is long, and no word
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func inRun(b byte) bool { return isWord(b) || strings.IndexByte("-./+=~%", b) >= 0 }

// runAt is the run that a byte is in; where it is in none, that byte alone.
func runAt(text string, i int) run {
	r := run{from: i, to: i + 1}
	for r.from > 0 && inRun(text[r.from-1]) {
		r.from--
	}
	for r.to < len(text) && inRun(text[r.to]) {
		r.to++
	}
	r.suspect = suspect(text[r.from:r.to])
	return r
}

// runs goes through all of a text.
func runs(text string) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		for i := 0; i < len(text); i++ {
			if !inRun(text[i]) {
				continue
			}
			from := i
			for i < len(text) && inRun(text[i]) {
				i++
			}
			if !yield(from, i) {
				return
			}
		}
	}
}

// suspect says whether a run may be or hold a token.
func suspect(run string) bool {
	const short, long = 10, 24
	return len(run) >= long || len(run) >= short && strange(run)
}

// strange says whether a run has digits, or capitals where words have none.
func strange(run string) bool {
	for i := range len(run) {
		b := run[i]
		if b >= '0' && b <= '9' || i > 0 && b >= 'A' && b <= 'Z' && run[i-1] >= 'a' && run[i-1] <= 'z' {
			return true
		}
	}
	return false
}
