package secrets

import "strings"

// joint is a place where a token may go on in the next line, as it does where
// something wrapped it.
type joint struct {
	from, to int   // the part of the text
	breaks   []int // from and to of each line break in it, with what indents the next line
}

// mostLines is how many lines a token has at most.
const mostLines = 64

// lastRun is where the last run of a joint begins.
func (j joint) lastRun() int { return j.breaks[len(j.breaks)-1] }

// broken says whether one of the line breaks is within a span.
func (j joint) broken(from, to int) bool {
	for i := 0; i < len(j.breaks); i += 2 {
		if from < j.breaks[i] && j.breaks[i] < to {
			return true
		}
	}
	return false
}

// joints are the line breaks between two runs that together may be a token. A token
// may go over several lines.
func joints(text string) []joint {
	var all []joint
	lastFrom, lastTo := -1, -1
	for from, to := range runs(text) {
		if lastTo >= 0 && wraps(text[lastTo:from]) && len(text[lastFrom:lastTo]) >= 4 && to-from >= 4 && (strange(text[lastFrom:lastTo]) || strange(text[from:to])) {
			end := min(len(text), to+farAhead)
			if n := len(all); n > 0 && all[n-1].lastRun() == lastFrom && len(all[n-1].breaks) < 2*mostLines {
				all[n-1].to, all[n-1].breaks = end, append(all[n-1].breaks, lastTo, from)
			} else {
				all = append(all, joint{max(0, lastFrom-farAhead), end, []int{lastTo, from}})
			}
		}
		lastFrom, lastTo = from, to
	}
	return all
}

// wraps says whether what is between two runs is one line break, and what quotes or
// indents the next line.
func wraps(between string) bool {
	breaks := 0
	for i := range len(between) {
		switch between[i] {
		case '\n':
			breaks++
		case ' ', '\t', '\r', '>', '|', '\\':
		default:
			return false
		}
	}
	return breaks == 1
}

// text is the part without its line breaks.
func (j joint) text(whole string) string {
	var joined strings.Builder
	at := j.from
	for i := 0; i < len(j.breaks); i += 2 {
		joined.WriteString(whole[at:j.breaks[i]])
		at = j.breaks[i+1]
	}
	joined.WriteString(whole[at:j.to])
	return joined.String()
}

// place is where in the whole text a byte of the joined one stands.
func (j joint) place(i int) int {
	at := j.from + i
	for b := 0; b < len(j.breaks); b += 2 {
		if at >= j.breaks[b] {
			at += j.breaks[b+1] - j.breaks[b]
		}
	}
	return at
}
