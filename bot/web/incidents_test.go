package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestOpenAndRead(t *testing.T) {
	h := newHouse(t)
	g := h.call(Write, "POST", "/api/v1/incidents", `{"title":"checkout  is down","severity":"SEV-1","summary":"no cards",
		"type":"incident","private":false,"services":["checkout","payments"],"started":"2020-11-20T14:02:00+01:00","drill":false}`)
	g.wants(t, 201, "")
	if got := g.Header.Get("Location"); got != "/api/v1/incidents/INC-1" {
		t.Errorf("Location %q", got)
	}
	in := decode[Incident](t, g)
	if in.ID != "INC-1" || in.Number != 1 || in.Title != "checkout is down" || in.Severity != "sev1" || in.Status != "investigating" ||
		in.Summary != "no cards" || len(in.Services) != 2 || in.Channel != nil || in.Postmortem.State != "none" ||
		in.DeclaredBy.ID != "token:writer" || in.DurationsSeconds.Basis != "impact_started" {
		t.Errorf("opened %+v", in)
	}
	if !strings.Contains(g.body, `"impact_started":"2020-11-20T13:02:00.000Z"`) || strings.Contains(g.body, "ended_as") || strings.Contains(g.body, `"acknowledged"`) {
		t.Errorf("times are not as they should be: %s", g.body)
	}
	for _, empty := range []string{`"links":[]`, `"fields":{}`, `"roles":{}`, `"responders":[]`, `"followers":[]`, `"tasks":[]`, `"followups":[]`, `"channel":null`, `"reopened":0`} {
		if !strings.Contains(g.body, empty) {
			t.Errorf("no %s in %s", empty, g.body)
		}
	}
	for _, id := range []string{"INC-1", "inc-1"} {
		if again := h.call(Read, "GET", "/api/v1/incidents/"+id, ""); decode[Incident](t, again).Title != in.Title {
			t.Errorf("read back %s", again.body)
		}
	}
	h.call(Read, "GET", "/api/v1/incidents/INC-2", "").wants(t, 404, "not_found")
	h.call(Read, "GET", "/api/v1/incidents/12", "").wants(t, 404, "not_found")
	h.call(Read, "GET", "/api/v1/incidents/INC-99999999999999999999", "").wants(t, 404, "not_found")
}

func TestRecordOneThatIsOver(t *testing.T) {
	h := newHouse(t)
	g := h.call(Write, "POST", "/api/v1/incidents", `{"title":"it was down","severity":2,"started":"2020-11-20T14:00:00Z","resolved":"2020-11-20T14:05:30.5Z"}`)
	g.wants(t, 201, "")
	in := decode[Incident](t, g)
	if in.Status != "resolved" || in.EndedAs != "resolved" || in.Severity != "sev2" || in.DurationsSeconds.Resolve == nil || *in.DurationsSeconds.Resolve != 330.5 {
		t.Errorf("recorded %s", g.body)
	}
}

func TestFiguresThatContradictThemselvesAreAbsent(t *testing.T) {
	h := newHouse(t)
	g := h.call(Write, "POST", "/api/v1/incidents", `{"title":"it was down","resolved":"2020-11-20T14:05:00Z"}`) // detected only now
	if in := decode[Incident](t, g); in.DurationsSeconds != (Durations{Basis: "detected"}) || in.Timestamps.Resolved == nil {
		t.Errorf("recorded %s", g.body)
	}
}

func TestWhatRulesRefuseOfABody(t *testing.T) {
	h := newHouse(t)
	for body, says := range map[string]string{
		`{"title":"a","type":"two words"}`:                             `"two words" is not a type`,
		`{"title":"a","services":["` + strings.Repeat("x", 81) + `"]}`: "at most 80 characters",
		`{"title":"a","services":["x"` + manyServices(501) + `]}`:      "at most 500 services",
		`{"title":"a","summary":"` + strings.Repeat("x", 8001) + `"}`:  "at most 8000 fit",
	} {
		g := h.call(Write, "POST", "/api/v1/incidents", body)
		if g.wants(t, 400, "invalid"); !strings.Contains(g.body, strings.ReplaceAll(says, `"`, `\"`)) {
			t.Errorf("%.60s: %s", body, g.body)
		}
	}
}

func manyServices(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"service %d"`, i)
	}
	return b.String()
}

func TestStrictBodies(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct{ body, says string }{
		{``, "one JSON object"},
		{`[]`, "one JSON object"},
		{`"title"`, "one JSON object"},
		{`null`, "one JSON object"},
		{`{"title":"a"`, "breaks off"},
		{`{"title":"a",}`, "cannot be read"},
		{`{"title":"a"} {}`, "behind the JSON object"},
		{`{"title":"a"} x`, "behind the JSON object"},
		{`{"title":"a","title":"b"}`, "stands there twice"},
		{`{"Title":"a"}`, `"Title" is not known here`},
		{`{"title":"a","severty":"sev1"}`, "There are: title, severity"},
		{`{"title":1}`, `"title" is wrong: it must be a string`},
		{`{"title":"a","severity":"sev9"}`, "must be one of sev1"},
		{`{"title":"a","severity":6}`, "must be one of sev1"},
		{`{"title":"a","severity":{}}`, "must be one of sev1"},
		{`{"title":"a","private":"yes"}`, "true or false"},
		{`{"title":"a","services":"checkout"}`, "list of strings"},
		{`{"title":"a","services":["a",null]}`, "list of strings"},
		{`{"title":"a","started":"14:02"}`, "RFC 3339"},
		{`{"title":"a","started":"2999-01-01T00:00:00Z"}`, "future"},
		{`{"title":"a","type":"two words"}`, ""},
		{`{"title":""}`, "What is wrong?"},
		{`{"severity":"sev1"}`, "What is wrong?"},
		{`{"title":"` + strings.Repeat("x", 201) + `"}`, "at most 200"},
		{"{\"title\":\"\xff\"}", "UTF-8"},
		{`{"title":"a","summary":"` + strings.Repeat("x", maxBody) + `"}`, "larger than 1 MB"},
	} {
		g := h.call(Write, "POST", "/api/v1/incidents", c.body)
		if c.says == "" {
			continue // whatever the rules say of it
		}
		g.wants(t, 400, "invalid")
		if p := decode[Problem](t, g); !strings.Contains(p.Detail, c.says) {
			t.Errorf("%.60s: %q, want %q in it", c.body, p.Detail, c.says)
		}
	}
	h.call(Write, "POST", "/api/v1/incidents", "x", "Content-Encoding", "gzip").wants(t, 400, "invalid")
	if g := h.call(Write, "POST", "/api/v1/incidents", `{"title":"nulls","severity":null,"private":null,"services":null,"started":null}`); g.StatusCode != 201 {
		t.Errorf("null is not as if it were not there: %s", g.body)
	}
}

func TestStrictQueries(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"checkout is down"}`)
	for _, q := range []string{
		"status=bogus", "severity=sev7", "severity=high", "limit=0", "limit=-1", "limit=1001", "limit=x", "limit=1&limit=2",
		"cursor=x", "cursor=INC-0", "q=%21%21", "colour=red", "status=%zz", "Status=triage",
	} {
		h.call(Read, "GET", "/api/v1/incidents?"+q, "").wants(t, 400, "invalid")
	}
	for _, q := range []string{"after=x", "after=-1", "limit=0", "before=3"} {
		h.call(Read, "GET", "/api/v1/incidents/INC-1/events?"+q, "").wants(t, 400, "invalid")
	}
	for _, q := range []string{"", "?limit=1000", "?limit=1", "?status=", "?q=", "?severity=1", "?status=Triage"} {
		h.call(Read, "GET", "/api/v1/incidents"+q, "").wants(t, 200, "")
	}
}

func TestFilters(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"checkout is down","severity":"sev1"}`)
	h.open(Write, `{"title":"search is slow","severity":"sev3","services":["search"]}`)
	h.open(Write, `{"title":"checkout is slow"}`)
	h.say("INC-2", "resolve fixed")
	for _, c := range []struct{ query, want string }{
		{"", "INC-3 INC-2 INC-1"},
		{"severity=sev1", "INC-1"},
		{"severity=unset", "INC-3"},
		{"status=resolved", "INC-2"},
		{"status=investigating", "INC-3 INC-1"},
		{"q=checkout", "INC-3 INC-1"},
		{"q=check+SLOW", "INC-3"},
		{"q=slow&status=resolved", "INC-2"},
		{"q=slow&severity=sev1", ""},
		{"q=inc-2", "INC-2"},
		{"q=inc-77", ""},
		{"q=nothing+of+the+kind", ""},
	} {
		if got := ids(h.list(Read, c.query)); got != c.want {
			t.Errorf("?%s lists %q, want %q", c.query, got, c.want)
		}
	}
}

func (h *house) list(s Scope, query string) IncidentList {
	h.t.Helper()
	g := h.call(s, "GET", "/api/v1/incidents?"+query, "")
	g.wants(h.t, 200, "")
	return decode[IncidentList](h.t, g)
}

func ids(l IncidentList) string {
	var out []string
	for _, in := range l.Incidents {
		out = append(out, in.ID)
	}
	return strings.Join(out, " ")
}

func TestPagesOf250(t *testing.T) {
	h := newHouse(t)
	for i := range 250 {
		// Every fifth is private: pages must be full all the same.
		h.open(Admin, fmt.Sprintf(`{"title":"number %d","private":%t}`, i+1, i%5 == 0))
	}
	for _, c := range []struct {
		scope Scope
		query string
		pages []int
	}{
		{Admin, "", []int{100, 100, 50}},
		{Read, "", []int{100, 100}},
		{Read, "q=number&limit=90", []int{90, 90, 20}},
		{Admin, "limit=1000", []int{250}},
		{Admin, "limit=125", []int{125, 125}},
	} {
		var sizes []int
		seen, last := map[string]bool{}, uint64(1<<62)
		for query := c.query; ; {
			l := h.list(c.scope, query)
			sizes = append(sizes, len(l.Incidents))
			for _, in := range l.Incidents {
				if seen[in.ID] || in.Number >= last || in.Private && c.scope == Read {
					t.Fatalf("%s ?%s: %s stands in the wrong place", c.scope, query, in.ID)
				}
				seen[in.ID], last = true, in.Number
			}
			if l.NextCursor == "" {
				break
			}
			query = c.query + "&cursor=" + url.QueryEscape(l.NextCursor)
		}
		if fmt.Sprint(sizes) != fmt.Sprint(c.pages) {
			t.Errorf("%s ?%s: pages of %v, want %v", c.scope, c.query, sizes, c.pages)
		}
	}
	if strings.Contains(h.call(Admin, "GET", "/api/v1/incidents?limit=250", "").body, "next_cursor") {
		t.Error("the last page has a next_cursor")
	}
}

func TestPrivateIncidents(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"public one"}`)
	secret := h.open(Admin, `{"title":"leaked keys","type":"security"}`)
	none := "INC-999"
	for _, s := range []Scope{Read, Write} {
		if got := ids(h.list(s, "")); got != "INC-1" {
			t.Errorf("%s lists %q", s, got)
		}
		if got := ids(h.list(s, "q=leaked")); got != "" {
			t.Errorf("%s finds %q", s, got)
		}
		for _, path := range []string{"", "/events"} {
			g, absent := h.call(s, "GET", "/api/v1/incidents/"+secret+path, ""), h.call(s, "GET", "/api/v1/incidents/"+none+path, "")
			g.wants(t, 404, "not_found")
			if g.body != strings.ReplaceAll(absent.body, none, secret) {
				t.Errorf("one can tell a private incident from none:\n%s\n%s", g.body, absent.body)
			}
		}
	}
	g, absent := h.call(Write, "POST", "/api/v1/incidents/"+secret+"/commands", `{"text":"ack"}`), h.call(Write, "POST", "/api/v1/incidents/"+none+"/commands", `{"text":"ack"}`)
	g.wants(t, 404, "not_found")
	if g.body != strings.ReplaceAll(absent.body, none, secret) {
		t.Errorf("one can tell a private incident from none:\n%s\n%s", g.body, absent.body)
	}
	// Named from the incident that the token may see.
	for _, text := range []string{"show " + secret, "ack " + secret, "timeline " + secret} {
		body, _ := json.Marshal(map[string]string{"text": text})
		g := h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", string(body))
		g.wants(t, 404, "not_found")
		if strings.Contains(g.body, "leaked") {
			t.Errorf("%s tells %s", text, g.body)
		}
	}
	if got := ids(h.list(Admin, "")); got != "INC-2 INC-1" {
		t.Errorf("admin lists %q", got)
	}
	h.call(Admin, "GET", "/api/v1/incidents/"+secret, "").wants(t, 200, "")
	h.call(Admin, "GET", "/api/v1/incidents/"+secret+"/events", "").wants(t, 200, "")
	own := h.open(Write, `{"title":"my own","private":true}`)
	h.call(Write, "GET", "/api/v1/incidents/"+own, "").wants(t, 200, "") // who declared it may see it
	h.call(Read, "GET", "/api/v1/incidents/"+own, "").wants(t, 404, "not_found")
	if strings.Contains(h.log.String(), "leaked") {
		t.Error("the log tells of a private incident")
	}
}

// A program that was in a private incident and leaves it is answered in words only.
func TestWhoLeavesAPrivateIncidentIsShownNoMoreOfIt(t *testing.T) {
	h := newHouse(t)
	id := h.open(Admin, `{"title":"laptop stolen"}`)
	say := func(s Scope, text string) got {
		t.Helper()
		g := h.call(s, "POST", "/api/v1/incidents/"+id+"/commands", `{"text":"`+text+`"}`)
		g.wants(t, 200, "")
		return g
	}
	say(Write, "join")
	if g := say(Admin, "private"); !strings.Contains(g.body, "laptop stolen") {
		t.Errorf("who says so is answered %s", g.body)
	}
	if g := say(Write, "leave"); strings.Contains(g.body, "laptop") {
		t.Errorf("who has left is shown %s", g.body)
	}
}

func TestASearchHasALength(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.call(Read, "GET", "/api/v1/incidents?q="+strings.Repeat("x", 200), "").wants(t, 200, "")
	for _, path := range []string{"/api/v1/incidents?q=", "/incidents?q="} {
		for q, says := range map[string]string{strings.Repeat("x+", 50_000): "q has 100000 characters, at most 200 fit.", "!!!": "it must hold a word to look for."} {
			if g := h.call(Read, "GET", path+q, ""); g.StatusCode != 400 || !strings.Contains(g.body, says) {
				t.Errorf("%s%.20s: %d %.300s", path, q, g.StatusCode, g.body)
			}
		}
	}
}
