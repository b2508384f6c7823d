package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/store"
)

func TestNowPage(t *testing.T) {
	h := newHouse(t)
	h.page("/").shows(t, "Nothing is burning.", "/incident open sev1 checkout is down", `data-live="/live"`)
	h.furnish()
	h.open(Write, `{"title":"keys were lost","severity":"sev2"}`)
	if err := h.store.PutRecord(t.Context(), store.Record{Mirror: Mirror, Incident: 6, LastError: "ratelimited"}); err != nil {
		t.Fatal(err)
	}
	g := h.page("/")
	if g.StatusCode != 200 {
		t.Fatal(g.body)
	}
	g.shows(t, "3 incidents are open.", "1 deadline is overdue.", "Practice", "Over lately", "INC-2", "INC-5", "INC-6", "SEV ?", "nobody commands", "commander <bdi>ops</bdi>",
		"Slack is behind", `aria-current="page">Now`, "Acknowledge: in")
	g.hides(t, "leaked", "INC-4", "ZgotmplZ", "Nothing is burning")
	if bad, other := strings.Index(g.body, "/INC-6"), strings.Index(g.body, "/INC-5"); bad > other {
		t.Error("the worst does not stand first")
	}
	if over, open := strings.Index(g.body, "/INC-3"), strings.Index(g.body, "/INC-5"); over < open {
		t.Error("what is over stands before what is open")
	}
	if g := h.page("/?x=1"); g.StatusCode != 400 {
		t.Errorf("a parameter that there is not: %d", g.StatusCode)
	}
}

func TestAPartOfAPageIsThatPart(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	g := h.send(request("GET", "/", "", "HX-Request", "true", "HX-Target", "live"))
	if g.StatusCode != 200 || !strings.HasPrefix(strings.TrimSpace(g.body), `<div id="live"`) {
		t.Errorf("%d %s", g.StatusCode, g.body)
	}
	g.shows(t, "INC-5", `id="asof" hx-swap-oob="true"`, `hx-swap-oob="innerHTML:#says"`)
	g.hides(t, "<html", "<h1", "leaked")
	for _, headers := range [][]string{{"HX-Request", "true", "HX-Target", "frame"}, {"HX-Request", "true"}, {"HX-Target", "live"}} {
		h.send(request("GET", "/", "", headers...)).shows(t, "<!doctype html>")
	}
}

func TestAMirrorThatIsBehindForAMoment(t *testing.T) {
	now := time.Now()
	h := newHouse(t, func(o *Options) { o.Now = func() time.Time { return now } })
	if err := h.store.AddMirror(t.Context(), Mirror); err != nil {
		t.Fatal(err)
	}
	h.open(Write, down)
	h.page("/").hides(t, "behind")
	now = now.Add(10*time.Minute + 5*time.Second)
	h.page("/").shows(t, "Slack is 10 min behind")
}

// However many are open, the worst is at the top.
func TestTheWorstIsShownHoweverManyThereAre(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"the oldest and worst","severity":"sev1"}`)
	for i := range nowShown + 3 {
		h.open(Write, fmt.Sprintf(`{"title":"small %d","severity":"sev4"}`, i))
	}
	g := h.page("/")
	g.shows(t, fmt.Sprintf("More than %d incidents are open.", nowShown), `href="/incidents?status=open"`)
	if at := strings.Index(g.body, "the oldest and worst"); at < 0 || at > strings.Index(g.body, "small") || strings.Count(g.body, `<li class="row`) != nowShown {
		t.Errorf("the worst stands at %d of %d", at, strings.Count(g.body, `<li class="row`))
	}
}
