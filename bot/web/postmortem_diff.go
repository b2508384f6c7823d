package web

import (
	"context"
	"errors"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
)

// diffSection is what became of a section between two versions.
type diffSection struct {
	Title string
	Op    string // added or removed, where the whole section was; else empty
	Lines []diffLine
}

// diffLine is a line, or a run of lines that stayed as they were.
type diffLine struct {
	Op   string // added, removed, same or left
	Text string
}

// around is how many lines that stayed are shown around those that did not.
const around = 2

// compare finds what changed from one version to another.
func (s *Site) compare(ctx context.Context, d *postmortemData, from, to int) error {
	was, err := s.versionAt(ctx, d.Incident, from)
	if err != nil {
		return err
	}
	is, err := s.versionAt(ctx, d.Incident, to)
	if err != nil {
		return err
	}
	d.From, d.To, d.Diff = from, to, []diffSection{}
	for _, one := range postmortem.Diff(was, is) {
		if !one.Changed() {
			continue
		}
		section := diffSection{Title: one.Title, Lines: abridged(one.Lines)}
		if section.Title == "" {
			section.Title = kindWord(incidents.Kind(one.Slot))
		}
		if one.Op != postmortem.Same {
			section.Op = string(one.Op)
		}
		d.Diff = append(d.Diff, section)
	}
	return nil
}

func (s *Site) versionAt(ctx context.Context, in incidents.Incident, version int) (incidents.Document, error) {
	doc, err := s.store.Postmortem(ctx, in.Number, version)
	if errors.Is(err, store.ErrNotFound) {
		return doc, problemf(notFound, "The postmortem of %s has no version %d; the newest is %d.", in.Number, version, in.Postmortem.Version)
	}
	return doc, err
}

// abridged leaves out what stayed as it was, but for a few lines around.
func abridged(lines []postmortem.Line) (list []diffLine) {
	near := func(i int) bool {
		for j := max(0, i-around); j <= min(len(lines)-1, i+around); j++ {
			if lines[j].Op != postmortem.Same {
				return true
			}
		}
		return false
	}
	left := 0
	flush := func() {
		if left > 0 {
			list = append(list, diffLine{"left", plural(left, "line") + " as before"})
			left = 0
		}
	}
	for i, l := range lines {
		if !near(i) {
			left++
			continue
		}
		flush()
		list = append(list, diffLine{string(l.Op), l.Text})
	}
	flush()
	return list
}

// Mark is what stands before a line, for those who see no colours.
func (l diffLine) Mark() string {
	switch l.Op {
	case string(postmortem.Added):
		return "+"
	case string(postmortem.Removed):
		return "−"
	}
	return ""
}
