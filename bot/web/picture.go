package web

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

// picture is an incident over time: what was so from when to when, in lanes, and
// what happened at which moment. Every place in it is a percentage of its width, so
// that it is drawn at any size without a script or a style in the page.
type picture struct {
	Lanes  []lane
	Ticks  []tick
	Height int // in CSS pixels
	Says   string
	Rows   []happening // the same as a table
	Cut    bool        // not all events are in it
}

// lane is one line of a picture.
type lane struct {
	Title string
	Top   int
	Bars  []bar
	Marks []mark
}

// bar is something that was so for a while.
type bar struct {
	X, Width     string
	Class, Label string
	Title        string
}

// mark is something that happened.
type mark struct{ X, Class, Title string }

// tick is a time on the axis.
type tick struct {
	X, Label string
	Last     bool // it stands at the right edge
}

// happening is a row of the picture's table.
type happening struct {
	At   time.Time
	Lane string
	Text string
	Seq  uint64
}

// Sizes of a picture, in CSS pixels; the stylesheet has the same.
const (
	laneHeight = 34
	axisHeight = 26
)

// picture draws an incident from its beginning to its end, or to now.
func (s *Site) picture(ctx context.Context, in incidents.Incident, now time.Time) (picture, error) {
	known, err := s.tracksOf(ctx, in)
	if err != nil {
		return picture{}, err
	}
	from, to := extent(in, known.tracks, now)
	p := picture{Cut: known.cut, Height: axisHeight}
	scale := scale{from, to}
	for _, t := range known.tracks {
		l := lane{Title: t.Title, Top: p.Height}
		l.Bars, l.Marks = scale.bars(t), scale.marks(t)
		p.Lanes = append(p.Lanes, l)
		p.Height += laneHeight
		p.Rows = append(p.Rows, rowsOfTrack(t)...)
	}
	p.Ticks = scale.ticks()
	slices.SortStableFunc(p.Rows, func(a, b happening) int { return a.At.Compare(b.At) })
	p.Says = fmt.Sprintf("%s from %s to %s, in %s: what was so when. The table below says the same.", in.Number, exact(from), exact(to), plural(len(p.Lanes), "lane"))
	return p, nil
}

// extent is from when to when an incident is drawn: from the first that is known of
// it until it was over, and a little more, or until now. What was done to it long
// after is in the timeline.
func extent(in incidents.Incident, tracks []track, now time.Time) (from, to time.Time) {
	from = in.Times.Declared
	for _, t := range []time.Time{in.Times.ImpactStarted, in.Times.Detected} {
		if !t.IsZero() && t.Before(from) {
			from = t
		}
	}
	to = now
	if in.Status.Ended() {
		to = in.Times.Resolved
		if to.IsZero() { // it was called off
			for _, t := range tracks {
				if t.Title == laneStatus && len(t.Steps) > 0 {
					to = t.Steps[len(t.Steps)-1].At
				}
			}
		}
		to = to.Add(to.Sub(from) / 12)
	}
	if !to.After(from.Add(time.Minute)) {
		to = from.Add(time.Minute)
	}
	return from, to
}

// scale turns moments into places.
type scale struct{ from, to time.Time }

// at is a moment as a percentage of the width, within 0 and 100.
func (s scale) at(t time.Time) float64 {
	return min(max(100*float64(t.Sub(s.from))/float64(s.to.Sub(s.from)), 0), 100)
}

// room is how wide a bar must be to have its label in it, as a percentage: of about
// 500 pixels, with seven for a letter.
func room(label string) float64 { return (6.6*float64(len([]rune(label))) + 10) / 4.9 }

func percent(f float64) string { return fmt.Sprintf("%.3f%%", f) }

func (s scale) bars(t track) (list []bar) {
	for i, one := range t.Steps {
		end, until := s.to, ""
		if i+1 < len(t.Steps) {
			end = t.Steps[i+1].At
		}
		if one.Label == "" || !end.After(one.At) || !one.At.Before(s.to) {
			continue
		}
		x := s.at(one.At)
		if end.Before(s.to) {
			until = " for " + span(end.Sub(one.At))
		}
		b := bar{X: percent(x), Width: percent(s.at(end) - x), Class: one.Class, Label: one.Label, Title: t.Title + " " + one.Label + until + ", since " + exact(one.At)}
		if s.at(end)-x < room(one.Label) {
			b.Label = ""
		}
		list = append(list, b)
	}
	return list
}

func (s scale) marks(t track) (list []mark) {
	for _, one := range t.Dots {
		if !one.At.After(s.to) {
			list = append(list, mark{percent(s.at(one.At)), one.Class, one.At.UTC().Format("15:04") + " " + one.Text})
		}
	}
	return list
}

// steps are the distances that ticks can have.
var steps = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 2 * 24 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 28 * 24 * time.Hour, 91 * 24 * time.Hour, 364 * 24 * time.Hour, 3640 * 24 * time.Hour, 36400 * 24 * time.Hour,
}

// maxTicks is how many times fit on the axis of a narrow picture.
const maxTicks = 5

// ticks are times at even distances.
func (s scale) ticks() (list []tick) {
	apart := steps[len(steps)-1]
	for _, d := range steps {
		if s.to.Sub(s.from)/d < maxTicks {
			apart = d
			break
		}
	}
	layout := "15:04"
	switch {
	case apart > 300*24*time.Hour:
		layout = "Jan 2006"
	case apart >= 24*time.Hour:
		layout = "2 Jan"
	}
	first := s.from.UTC().Truncate(apart)
	for t := first; !t.After(s.to); t = t.Add(apart) {
		if t.Before(s.from) {
			continue
		}
		x := s.at(t)
		list = append(list, tick{percent(x), t.Format(layout), x > 92})
	}
	return list
}
