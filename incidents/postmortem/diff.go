package postmortem

import (
	"strings"

	"fireboss/incidents"
)

// Op is what became of a line.
type Op string

// What can become of a line.
const (
	Same    Op = "same"
	Added   Op = "added"
	Removed Op = "removed"
)

// Line is a line of a text that was changed.
type Line struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
}

// SectionDiff is what became of a section.
type SectionDiff struct {
	Slot  string `json:"slot"`
	Title string `json:"title"`
	// Op is Added or Removed where only one of the two documents has the section.
	Op    Op     `json:"op"`
	Lines []Line `json:"lines"`
}

// Changed reports whether anything of the section did.
func (d SectionDiff) Changed() bool {
	for _, l := range d.Lines {
		if l.Op != Same {
			return true
		}
	}
	return d.Op != Same
}

// Diff says line by line what became of each section, in the order of the newer
// document; sections that it does not have any more come last.
func Diff(before, after incidents.Document) []SectionDiff {
	was := map[string]string{}
	for _, s := range before.Sections {
		was[s.Slot] = s.Text
	}
	var list []SectionDiff
	has := map[string]bool{}
	for _, s := range after.Sections {
		has[s.Slot] = true
		text, known := was[s.Slot]
		d := SectionDiff{Slot: s.Slot, Title: s.Title, Op: Same, Lines: lines(text, s.Text)}
		if !known {
			d.Op = Added
		}
		list = append(list, d)
	}
	for _, s := range before.Sections {
		if !has[s.Slot] {
			list = append(list, SectionDiff{Slot: s.Slot, Title: s.Title, Op: Removed, Lines: lines(s.Text, "")})
		}
	}
	return list
}

// maxCells bounds the work on one section: so many pairs of lines are compared.
// What is larger is told as gone and come, whole.
const maxCells = 4 << 20

// lines says what became of the lines of a text: the longest common subsequence of
// lines stays.
func lines(before, after string) []Line {
	a, b := cut(before), cut(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	list := mark(Same, a[:head])
	list = append(list, middle(a[head:len(a)-tail], b[head:len(b)-tail])...)
	return append(list, mark(Same, a[len(a)-tail:])...)
}

func cut(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func mark(op Op, texts []string) []Line {
	list := make([]Line, 0, len(texts))
	for _, t := range texts {
		list = append(list, Line{op, t})
	}
	return list
}

// middle compares what is neither the same at the beginning nor at the end.
func middle(a, b []string) []Line {
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > maxCells {
		return append(mark(Removed, a), mark(Added, b)...)
	}
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width) // of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	var list []Line
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			list = append(list, Line{Same, a[i]})
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			list = append(list, Line{Removed, a[i]})
			i++
		default:
			list = append(list, Line{Added, b[j]})
			j++
		}
	}
	return append(append(list, mark(Removed, a[i:])...), mark(Added, b[j:])...)
}
