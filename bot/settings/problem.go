package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A Problem is one mistake in a configuration file, at the place where it stands.
type Problem struct {
	File    string // as it was named to Load
	Line    int    // from 1
	Col     int    // from 1, in characters
	Message string // a sentence: what is wrong, what would be right
}

// String is the form in which editors and people know it: FILE:LINE:COL: message.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, p.Message)
}

// Problems are all the mistakes of a file, in the order in which they stand there. It is the error that Load
// returns where a file could be read but must not be used.
type Problems []Problem

// Error has a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// oneLine is a text without what would break the line that it is printed on.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

func (p Problems) sort() {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
}

// place is a position in the file, both from 1; columns count characters.
type place struct{ line, col int }

// didYouMean ends a sentence about an unknown word: with the word that was probably meant, or with all
// that are known here.
func didYouMean(word string, known []string) string {
	if len(known) == 0 {
		return "; none is known here"
	}
	if near := nearest(word, known); near != "" {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	return "; known here: " + strings.Join(known, ", ")
}

const digits = "0123456789"

// nearest is the known word with the fewest edits from word, or "" where none is near enough to be a slip.
func nearest(word string, known []string) string {
	best, bestDistance := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if strings.TrimRight(word, digits) == strings.TrimRight(k, digits) {
			continue // sev6 is no slip of sev1
		}
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance counts the single-character insertions, deletions and replacements between two words
// (Levenshtein), with a swap of neighbours as one.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			change := last[j]
			if x[i] != y[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
