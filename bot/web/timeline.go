package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

// How many events one page of a timeline shows, and how many it looks at for those
// that its filter lets through.
const (
	eventsShown  = 200
	eventsLooked = 5000
)

// Filters of a timeline; empty is all of it.
const (
	showKey  = "key"
	showTalk = "messages"
)

// timeline is one page of what happened.
type timeline struct {
	Show    string // key, messages or empty
	Tabs    []tab
	Days    []day
	Earlier string // addresses of the pages around this one
	Later   string
	Count   string // of all events
	Cut     bool   // the page looked at as many events as it may
}

// tab is a way to see the same otherwise.
type tab struct {
	ID, Label, Address string
	Current            bool
}

// day is what was written down within one day, UTC.
type day struct {
	Name   string
	Events []entry
}

// entry is one event of the timeline.
type entry struct {
	incidents.Event
	Clock string // when it happened; with the date where that is another day
	Word  string // what sort of event it is
	Class string // key, talk or plain: how much it stands out
	Later string // "written down 2 h later"; empty where it was written down at once
	Here  bool   // it is the one that was asked for
}

// telling are the kinds of events that tell the story on their own.
var telling = map[incidents.Kind]bool{
	incidents.Declared: true, incidents.SeverityChanged: true, incidents.StatusChanged: true, incidents.UpdatePosted: true,
	incidents.DecisionMade: true, incidents.HandoffAccepted: true, incidents.VisibilityChanged: true, incidents.Merged: true, incidents.MessageMarked: true,
	incidents.Unmerged: true, incidents.PostmortemPublished: true, incidents.ClockStarted: true, incidents.ClockSubmitted: true,
}

// talk are what people wrote in the channel.
var talk = map[incidents.Kind]bool{
	incidents.MessagePosted: true, incidents.MessageEdited: true, incidents.MessageDeleted: true,
}

// turning are further kinds that a reader of the key events wants: who took what
// on, and when.
var turning = map[incidents.Kind]bool{
	incidents.Acknowledged: true, incidents.RoleAssigned: true, incidents.RoleCleared: true, incidents.ImpactChanged: true, incidents.TimeChanged: true,
	incidents.PageRequested: true, incidents.Paged: true, incidents.AlertsLeft: true, incidents.SeveritySuggested: true,
}

// isKey reports whether a kind is one of the key events.
func isKey(k incidents.Kind) bool {
	return telling[k] || turning[k] || strings.HasPrefix(string(k), "alert_")
}

// window is what of a timeline is asked for.
type window struct {
	show          string
	after, before uint64 // seqs; 0: no bound. Without both the newest are meant
	first         bool   // from the beginning
	at            uint64 // the seq that is looked for; 0: none
}

// window reads which part of a timeline is asked for.
func (q *query) window() window {
	w := window{show: q.oneOf("show", showKey, showTalk), after: q.seq("after"), before: q.seq("before")}
	w.first = q.given("after")
	if w.at = q.seq("at"); w.at > 0 { // with some of what came before it
		w.after, w.first = w.at-min(w.at, eventsShown/4), true
	}
	if w.first && w.before > 0 {
		q.wrong("after and before do not go together. Send one of them.")
	}
	return w
}

// seq is a parameter that is the seq of an event.
func (q *query) seq(name string) uint64 {
	if !q.given(name) {
		return 0
	}
	return q.uint(name, "it must be the seq of an event, such as 41.")
}

// timeline reads one page of events, by day.
func (s *Site) timeline(ctx context.Context, in incidents.Incident, w window) (timeline, error) {
	t := timeline{Show: w.show, Count: plural(int(in.Seq), "event")}
	base := "/incidents/" + in.Number.String()
	for _, f := range []struct{ show, label string }{{"", "All"}, {showKey, "Key events"}, {showTalk, "Messages"}} {
		to := base
		if f.show != "" {
			to += "?show=" + f.show
		}
		t.Tabs = append(t.Tabs, tab{ID: "show-" + cmp.Or(f.show, "all"), Label: f.label, Address: to + "#timeline", Current: f.show == w.show})
	}
	page, err := s.window(ctx, in, w)
	if err != nil {
		return t, err
	}
	turn := func(name string, seq uint64) string {
		to := fmt.Sprintf("%s?%s=%d", base, name, seq)
		if w.show != "" {
			to += "&show=" + w.show
		}
		return to + "#timeline"
	}
	if page.earlier > 0 {
		t.Earlier = turn("before", page.earlier)
	}
	if page.later > 0 {
		t.Later = turn("after", page.later)
	}
	t.Cut = page.cut
	for _, e := range page.list {
		name := dayName(e.RecordedAt) // the order of the timeline; a note can be about an earlier day
		if n := len(t.Days); n == 0 || t.Days[n-1].Name != name {
			t.Days = append(t.Days, day{Name: name})
		}
		last := &t.Days[len(t.Days)-1]
		one := entryOf(e)
		one.Here = e.Seq == w.at
		last.Events = append(last.Events, one)
	}
	return t, nil
}

// windowed are the events of one page.
type windowed struct {
	list    []incidents.Event
	earlier uint64 // what is before this seq is on earlier pages; 0: nothing is
	later   uint64 // what is after this seq is on later pages; 0: nothing is
	cut     bool
}

func (w window) lets(e incidents.Event) bool {
	switch w.show {
	case showKey:
		return isKey(e.Kind)
	case showTalk:
		return talk[e.Kind] || e.Kind == incidents.MessageMarked
	}
	return true
}

// window finds the events of one page. It looks at some at a time, from the
// beginning or from the end on, and at no more than so many.
func (s *Site) window(ctx context.Context, in incidents.Incident, w window) (windowed, error) {
	if w.first {
		return s.forward(ctx, in, w)
	}
	return s.backward(ctx, in, w)
}

// forward goes on from an event.
func (s *Site) forward(ctx context.Context, in incidents.Incident, w window) (out windowed, err error) {
	after, looked := w.after, 0
	for after < in.Seq && len(out.list) < eventsShown && looked < eventsLooked {
		list, err := s.store.Events(ctx, in.Number, after, eventsShown)
		if err != nil {
			return out, err
		}
		list = in.Known(list)
		if len(list) == 0 {
			break
		}
		for _, e := range list {
			if len(out.list) == eventsShown {
				break
			}
			after = e.Seq
			if looked++; w.lets(e) {
				out.list = append(out.list, e)
			}
		}
	}
	if w.after > 0 {
		out.earlier = w.after + 1
	}
	if after < in.Seq {
		out.later, out.cut = after, len(out.list) < eventsShown
	}
	return out, nil
}

// backward goes back from an event, or from the newest.
func (s *Site) backward(ctx context.Context, in incidents.Incident, w window) (out windowed, err error) {
	end := in.Seq + 1
	if w.before > 0 && w.before < end {
		end = w.before
		out.later = end - 1
	}
	looked := 0
	for end > 1 && len(out.list) < eventsShown && looked < eventsLooked {
		begin := end - min(end, eventsShown+1) // what is after it, and before end
		list, err := s.store.Events(ctx, in.Number, begin, int(end-1-begin))
		if err != nil {
			return out, err
		}
		var kept []incidents.Event
		for i := len(list) - 1; i >= 0 && len(out.list)+len(kept) < eventsShown; i-- {
			end = list[i].Seq
			if looked++; w.lets(list[i]) {
				kept = append(kept, list[i])
			}
		}
		if len(list) == 0 {
			break
		}
		out.list = append(out.list, kept...)
	}
	slices.Reverse(out.list)
	if end > 1 && looked > 0 {
		out.earlier, out.cut = end, len(out.list) < eventsShown
	}
	return out, nil
}

// entryOf is an event as the timeline shows it.
func entryOf(e incidents.Event) entry {
	out := entry{Event: e, Word: kindWord(e.Kind), Class: "plain", Clock: e.At.UTC().Format("15:04:05")}
	if dayName(e.At) != dayName(e.RecordedAt) {
		out.Clock = e.At.UTC().Format("2 Jan 15:04")
	}
	switch {
	case telling[e.Kind]:
		out.Class = "key"
	case talk[e.Kind]:
		out.Class = "talk"
	}
	if late := e.RecordedAt.Sub(e.At); late >= time.Minute {
		out.Later = "written down " + span(late) + " later"
	}
	return out
}

// kindWord is a kind for people: "severity changed".
func kindWord(k incidents.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

// dayName is the heading below which an event stands.
func dayName(t time.Time) string { return t.UTC().Format("Monday 2 January 2006") }
