package web

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"fireboss/incidents"
)

// maxPictured is how many events a picture is drawn from: the first ones, for what
// shapes it comes early. maxMarks is how many marks a lane has.
const (
	maxPictured = 5000
	maxMarks    = 400
)

// track is what an incident's events say of one lane.
type track struct {
	Title string
	Steps []step  // from each on something else is so
	Dots  []stamp // what happened
}

// step is from when on what is so; an empty label says that nothing is.
type step struct {
	At           time.Time
	Label, Class string
	Seq          uint64
}

// stamp is something that happened at a moment.
type stamp struct {
	At          time.Time
	Class, Text string
	Seq         uint64
}

// Titles of lanes, in their order; other roles stand behind the commander's.
const (
	laneStatus   = "Status"
	laneSeverity = "Severity"
	laneAlerts   = "Alerts"
	laneUpdates  = "Updates"
	laneTalk     = "Messages"
)

// tracker reads events into tracks.
type tracker struct {
	rules  incidents.Rules
	tracks map[string]*track
	order  []string
}

func (t *tracker) on(title string) *track {
	if t.tracks[title] == nil {
		t.tracks[title] = &track{Title: title}
		t.order = append(t.order, title)
	}
	return t.tracks[title]
}

func (t *tracker) step(title, label, class string, e incidents.Event) {
	one := t.on(title)
	one.Steps = append(one.Steps, step{e.At, label, class, e.Seq})
}

func (t *tracker) dot(title, class string, e incidents.Event) {
	if one := t.on(title); len(one.Dots) < maxMarks {
		one.Dots = append(one.Dots, stamp{e.At, class, shorten(incidents.Tidy(e.Text), 160), e.Seq})
	}
}

// read takes in one event. One whose text was taken away says no more than that
// something happened.
func (t *tracker) read(e incidents.Event) {
	switch e.Kind {
	case incidents.Declared:
		t.step(laneStatus, cmp.Or(e.Field("status"), string(incidents.Investigating)), "st-"+cmp.Or(e.Field("status"), string(incidents.Investigating)), e)
		t.severity(e.Field("severity"), e)
	case incidents.StatusChanged, incidents.Merged:
		if to := e.Field("to"); to != "" {
			t.step(laneStatus, to, "st-"+to, e)
		}
	case incidents.SeverityChanged:
		t.severity(e.Field("to"), e)
	case incidents.RoleAssigned, incidents.HandoffAccepted:
		t.step(t.role(e.Field("role")), e.Field("to_name"), "held", e)
	case incidents.RoleCleared:
		t.step(t.role(e.Field("role")), "", "", e)
	case incidents.UpdatePosted:
		t.dot(laneUpdates, "update", e)
	case incidents.DecisionMade:
		t.dot(laneUpdates, "decision", e)
	case incidents.MessagePosted:
		t.dot(laneTalk, "said", e)
	default:
		if strings.HasPrefix(string(e.Kind), "alert_") {
			t.dot(laneAlerts, strings.ReplaceAll(string(e.Kind), "_", "-"), e)
		}
	}
}

func (t *tracker) severity(s string, e incidents.Event) {
	if s == "" {
		return
	}
	t.step(laneSeverity, s, s, e)
}

// role is a role's title.
func (t *tracker) role(name string) string {
	for _, role := range t.rules.RoleList() {
		if role.Name == name {
			return role.Title
		}
	}
	return cmp.Or(name, "Role")
}

// list are the lanes in the order in which they are shown.
func (t *tracker) list() []track {
	rank := map[string]int{laneStatus: -9, laneSeverity: -8, laneAlerts: 97, laneUpdates: 98, laneTalk: 99}
	for i, role := range t.rules.RoleList() {
		rank[role.Title] = i - 7
	}
	slices.SortStableFunc(t.order, func(a, b string) int { return rank[a] - rank[b] })
	var list []track
	for _, title := range t.order {
		one := *t.tracks[title]
		slices.SortStableFunc(one.Steps, func(a, b step) int { return a.At.Compare(b.At) })
		list = append(list, one)
	}
	return list
}

// tracks are an incident's tracks at one moment of its record.
type tracks struct {
	head   string
	tracks []track
	cut    bool
}

// album keeps the tracks of some incidents, so that a change is read once and not for
// everybody who looks.
type album struct {
	mu   sync.Mutex
	list map[incidents.Number]tracks
}

// maxAlbum is how many incidents an album has.
const maxAlbum = 64

// tracksOf are what the events of an incident say. Whoever asks may see it.
func (s *Site) tracksOf(ctx context.Context, in incidents.Incident) (tracks, error) {
	s.album.mu.Lock()
	known, ok := s.album.list[in.Number]
	s.album.mu.Unlock()
	if ok && known.head == in.Head && in.Head != "" {
		return known, nil
	}
	t := tracker{rules: s.rules(), tracks: map[string]*track{}}
	list, err := s.store.Events(ctx, in.Number, 0, maxPictured)
	if err != nil {
		return tracks{}, err
	}
	for _, e := range in.Known(list) {
		t.read(e)
	}
	known = tracks{in.Head, t.list(), in.Seq > maxPictured}
	s.album.mu.Lock()
	defer s.album.mu.Unlock()
	if len(s.album.list) >= maxAlbum || s.album.list == nil {
		s.album.list = map[incidents.Number]tracks{}
	}
	s.album.list[in.Number] = known
	return known, nil
}

func rowsOfTrack(t track) (list []happening) {
	for _, one := range t.Steps {
		text := one.Label
		if text == "" {
			text = "nobody"
		}
		list = append(list, happening{one.At, t.Title, text, one.Seq})
	}
	if t.Title == laneTalk {
		return list // they stand in the timeline, and are too many
	}
	for _, one := range t.Dots {
		list = append(list, happening{one.At, t.Title, one.Text, one.Seq})
	}
	return list
}
