package web

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// pictured is an incident of two hours, drawn at its end.
func pictured(t *testing.T) (*house, picture) {
	t.Helper()
	at := noon
	h := newHouse(t, func(o *Options) { o.Now = func() time.Time { return at } })
	alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/U1", Name: "alice"}
	bob := incidents.Person{ID: "slack:T/U2", Name: "bob"}
	events := []incidents.Event{
		{Kind: incidents.Declared, Data: []byte(`{"status":"investigating","severity":"sev2"}`)},
		{Kind: incidents.RoleAssigned, At: noon.Add(5 * time.Minute), Data: []byte(`{"role":"commander","to_name":"alice"}`)},
		{Kind: incidents.SeverityChanged, At: noon.Add(10 * time.Minute), Data: []byte(`{"to":"sev1"}`)},
		{Kind: incidents.UpdatePosted, At: noon.Add(20 * time.Minute), Text: "it is <bad>"},
		{Kind: incidents.StatusChanged, At: noon.Add(30 * time.Minute), Data: []byte(`{"to":"identified"}`)},
		{Kind: incidents.HandoffAccepted, At: noon.Add(time.Hour), Data: []byte(`{"role":"commander","to_name":"bob"}`)},
		{Kind: incidents.DecisionMade, At: noon.Add(65 * time.Minute), Text: "roll back"},
		{Kind: "alert_attached", At: noon.Add(66 * time.Minute), Text: "disk full"},
		{Kind: incidents.MessagePosted, At: noon.Add(70 * time.Minute), Text: "look at this"},
		{Kind: incidents.RoleCleared, At: noon.Add(90 * time.Minute), Data: []byte(`{"role":"commander"}`)},
		{Kind: incidents.StatusChanged, At: noon.Add(2 * time.Hour), Data: []byte(`{"to":"resolved"}`)},
		{Kind: incidents.StatusChanged, At: noon.Add(26 * time.Hour), Data: []byte(`{"to":"closed"}`)},
		{Kind: incidents.UpdatePosted, At: noon.Add(27 * time.Hour), Redacted: true},
		{Kind: incidents.StatusChanged, At: noon.Add(28 * time.Hour), Redacted: true},
	}
	track := tracker{tracks: map[string]*track{}}
	for i, e := range events {
		e.Seq, e.Actor = uint64(i+1), alice
		if e.At.IsZero() {
			e.At = noon
		}
		track.read(e)
	}
	in := incidents.Incident{Number: 7, Seq: uint64(len(events)), Head: "head", Status: incidents.Closed, Roles: map[string]incidents.Person{"commander": bob}}
	in.Times.Declared, in.Times.Resolved = noon, noon.Add(2*time.Hour)
	h.site.album.list = map[incidents.Number]tracks{7: {head: "head", tracks: track.list()}}
	at = noon.Add(30 * time.Hour)
	p, err := h.site.picture(t.Context(), in, at)
	if err != nil {
		t.Fatal(err)
	}
	return h, p
}

func TestAPictureOfAnIncident(t *testing.T) {
	_, p := pictured(t)
	var got []string
	for _, l := range p.Lanes {
		line := l.Title + ":"
		for _, b := range l.Bars {
			line += fmt.Sprintf(" %s %s+%s", strings.TrimSpace(b.Class), b.X, b.Width)
		}
		for _, m := range l.Marks {
			line += " " + m.Class + " " + m.X
		}
		got = append(got, line)
	}
	want := []string{ // from noon until ten minutes after it was resolved
		"Status: st-investigating 0.000%+23.077% st-identified 23.077%+69.231% st-resolved 92.308%+7.692%",
		"Severity: sev2 0.000%+7.692% sev1 7.692%+92.308%",
		"Incident commander: held 3.846%+42.308% held 46.154%+23.077%",
		"Alerts: alert-attached 50.769%",
		"Updates: update 15.385% decision 50.000%",
		"Messages: said 53.846%",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the picture is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	var ticks []string
	for _, one := range p.Ticks {
		ticks = append(ticks, one.Label+" "+one.X)
	}
	if got := strings.Join(ticks, ", "); got != "12:00 0.000%, 12:30 23.077%, 13:00 46.154%, 13:30 69.231%, 14:00 92.308%" {
		t.Errorf("the axis has %s", got)
	}
	if len(p.Rows) != 13 || p.Rows[0].Text != "investigating" || p.Rows[len(p.Rows)-1].Lane != laneUpdates {
		t.Errorf("the table has %d rows: %+v", len(p.Rows), p.Rows)
	}
}

func TestAxesOfAllLengths(t *testing.T) {
	for _, d := range []time.Duration{time.Minute, 7 * time.Minute, time.Hour, 5 * time.Hour, 26 * time.Hour, 20 * 24 * time.Hour, 400 * 24 * time.Hour, 80 * 365 * 24 * time.Hour} {
		list := scale{noon, noon.Add(d)}.ticks()
		if len(list) > maxTicks+1 || len(list) == 0 && d < 365*24*time.Hour {
			t.Errorf("%s has %d ticks: %v", d, len(list), list)
		}
	}
}

// The picture has no style and no script of its own, stands on the page with its table,
// and is drawn anew when something has happened.
func TestThePictureOnThePage(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	g := h.page("/incidents/INC-2")
	g.shows(t, `<svg class="drawn" role="img"`, "The same as a table", "bar st-investigating", "bar sev1", "mark decision", "roll back</title>", `href="?at=1#e1"`)
	drawn := regexp.MustCompile(`(?s)<svg class="drawn".*?</section>`).FindString(g.body)
	if bad := regexp.MustCompile(` style=|<style|<script| on[a-z]+=|url\(`).FindString(drawn); bad != "" || drawn == "" {
		t.Errorf("the picture has %q", bad)
	}
	h.say("INC-2", "status monitoring")
	h.page("/incidents/INC-2").shows(t, "bar st-monitoring")
	if len(h.site.album.list) != 1 {
		t.Errorf("the album has %d", len(h.site.album.list))
	}
	for i := range maxAlbum + 5 {
		h.open(Write, fmt.Sprintf(`{"title":"one more, %d"}`, i))
		h.page(fmt.Sprintf("/incidents/INC-%d", i+6))
	}
	if n := len(h.site.album.list); n > maxAlbum {
		t.Errorf("the album has %d", n)
	}
}

func TestTheChainIsCheckedOnThePage(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.page("/incidents/INC-2").shows(t, "Check the chain", `href="/incidents/INC-2?audit=check#chain"`)
	h.page("/incidents/INC-2?audit=check").shows(t, "Verified just now:", "each chained to the one before it")
	part := h.send(request("GET", "/incidents/INC-2?audit=check", "", "HX-Request", "true", "HX-Target", "chain"))
	if !strings.HasPrefix(strings.TrimSpace(part.body), `<section id="chain"`) {
		t.Errorf("the part is %s", part.body)
	}
	list, err := h.store.Events(t.Context(), 2, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	good := list[3]
	list[3].Text = "as if"
	h.store.Store = tampered{h.store.Store, list}
	h.page("/incidents/INC-2?audit=check").shows(t, "It does not hold: the text of INC-2:4 was changed after it was written.", `class="chain broken"`)
	list[3] = good
	h.store.Store = tampered{h.store.Store.(tampered).Store, list[:5]}
	h.page("/incidents/INC-2?audit=check").shows(t, "It does not hold: the record ends before its last event.")
}

func TestLegalClocksOnThePage(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	h.say("INC-1", "clock start gdpr")
	h.page("/incidents/INC-1").shows(t, "Set by law or contract", "GDPR Art. 33", "72 hours from", "Nothing here is legal advice.", "in 2 d 23 h")
	h.say("INC-1", "clock submitted gdpr notification")
	h.page("/incidents/INC-1").shows(t, "submitted by <bdi>ops</bdi>")
}

// tampered is a store whose events somebody has changed.
type tampered struct {
	store.Store
	list []incidents.Event
}

func (s tampered) Events(_ context.Context, _ incidents.Number, after uint64, limit int) (list []incidents.Event, err error) {
	for _, e := range s.list {
		if e.Seq > after && (limit == 0 || len(list) < limit) {
			list = append(list, e)
		}
	}
	return list, nil
}
