package web

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestEvents(t *testing.T) {
	h := newHouse(t)
	id := h.open(Write, `{"title":"checkout is down"}`)
	for i := range 24 {
		h.say(id, fmt.Sprintf("note number %d", i+1))
	}
	var sizes []int
	next, prev := uint64(1), ""
	for query := "limit=10"; ; {
		g := h.call(Read, "GET", "/api/v1/incidents/"+id+"/events?"+query, "")
		g.wants(t, 200, "")
		l := decode[EventList](t, g)
		sizes = append(sizes, len(l.Events))
		for _, e := range l.Events {
			if e.Seq != next || e.ID != fmt.Sprintf("%s:%d", id, next) || e.PrevHash != prev || len(e.Hash) != 64 || e.Actor.ID == "" || !json.Valid(e.Data) {
				t.Fatalf("event %+v, want seq %d after %q", e, next, prev)
			}
			next, prev = next+1, e.Hash
		}
		if l.NextCursor == "" {
			break
		}
		query = "limit=10&after=" + l.NextCursor
	}
	if fmt.Sprint(sizes) != "[10 10 5]" {
		t.Errorf("pages of %v", sizes)
	}
	if g := h.call(Read, "GET", "/api/v1/incidents/"+id+"/events?after=25", ""); g.body != "{\"events\":[]}\n" {
		t.Errorf("after the last: %s", g.body)
	}
}
