package web

import (
	"fmt"
	"strings"
	"testing"

	"fireboss/incidents"
)

const postmortemPath = "/api/v1/incidents/INC-1/postmortem"

func TestAPostmortemIsRead(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"checkout is down","severity":"sev1"}`)
	none := h.call(Read, "GET", postmortemPath, "")
	none.wants(t, 404, "not_found")
	if detail := decode[Problem](t, none).Detail; !strings.Contains(detail, `INC-1 has no postmortem yet. To have it drafted: POST {"text": "postmortem draft"}`) {
		t.Error(detail)
	}
	if in := decode[Incident](t, h.call(Read, "GET", "/api/v1/incidents/INC-1", "")); in.Postmortem.State != "none" || in.Postmortem.Version != 0 {
		t.Errorf("%+v", in.Postmortem)
	}
	h.say("INC-1", "postmortem draft")
	h.say("INC-1", "postmortem edit summary A disk was full.")
	g := h.call(Read, "GET", postmortemPath, "")
	g.wants(t, 200, "")
	doc := decode[PostmortemText](t, g)
	if doc.Incident != "INC-1" || doc.Version != 2 || doc.Title == "" || doc.By.ID != "token:ops" || doc.Postmortem.State != "draft" || g.Header.Get("Content-Type") != "application/json" || g.Header.Get("Vary") != "Accept" {
		t.Errorf("%s", g.body)
	}
	summary := ""
	for _, s := range doc.Sections {
		if s.Slot == "summary" {
			summary = s.Text + " by " + s.Author + ": " + s.Editor.Name
		}
	}
	if summary != "A disk was full. by person: ops" {
		t.Error(summary)
	}
	first := decode[PostmortemText](t, h.call(Read, "GET", postmortemPath+"?version=1", ""))
	if first.Version != 1 || strings.Contains(h.call(Read, "GET", postmortemPath+"?version=1", "").body, "A disk was full.") {
		t.Errorf("%+v", first)
	}
	gone := h.call(Read, "GET", postmortemPath+"?version=3", "")
	gone.wants(t, 404, "not_found")
	if !strings.Contains(gone.body, "has no version 3; the newest is 2") {
		t.Error(gone.body)
	}
	h.call(Read, "GET", postmortemPath+"?version=0", "").wants(t, 400, "invalid")
	h.call(Nobody, "GET", postmortemPath, "").wants(t, 401, "unauthorized")
	if in := decode[Incident](t, h.call(Read, "GET", "/api/v1/incidents/INC-1", "")); in.Postmortem.State != "draft" || in.Postmortem.Version != 2 {
		t.Errorf("%+v", in.Postmortem)
	}
}

func TestAPostmortemIsHadAsWhatIsAskedFor(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"checkout is down"}`)
	h.say("INC-1", "postmortem draft")
	for accept, want := range map[string]string{
		"": typeJSON, "*/*": typeJSON, "text/markdown": typeMarkdown, "TEXT/Markdown": typeMarkdown, "application/*": typeJSON, "text/*": typeMarkdown,
		"text/markdown;q=0.5, application/json;q=0.4":               typeMarkdown,
		"text/markdown;q=0.4, application/json;q=0.5":               typeJSON,
		"text/markdown, application/json":                           typeJSON,
		"text/markdown;q=0, */*;q=0.1":                              typeJSON,
		"application/json;q=0, */*;q=0.1":                           typeMarkdown,
		"text/*;q=0.9, text/markdown;q=0.1, application/json;q=0.5": typeJSON,
		`text/markdown;note="a,b;q=0", application/json;q=0.2`:      typeMarkdown,
		"text/markdown; charset=utf-8":                              typeMarkdown,
		"text/html,application/xhtml+xml,*/*;q=0.8":                 typeJSON,
		"nonsense": typeJSON,
		"text/markdown;q=2, application/json;q=0.1": typeJSON,
		"text/html":            "",
		"application/json;q=0": "",
	} {
		g := h.call(Read, "GET", postmortemPath, "", "Accept", accept)
		if want == "" {
			g.wants(t, 406, "not_acceptable")
			continue
		}
		kind, _, _ := strings.Cut(g.Header.Get("Content-Type"), ";")
		if g.StatusCode != 200 || kind != want || strings.HasPrefix(g.body, "{") != (want == typeJSON) || want == typeMarkdown && (!strings.HasPrefix(g.body, "# ") || !strings.Contains(g.body, "[T1]")) {
			t.Errorf("%q: %d %s %.60s", accept, g.StatusCode, kind, g.body)
		}
	}
}

func TestWhatSomebodyHasAlreadyIsNotSentAgain(t *testing.T) {
	h := newHouse(t)
	h.open(Write, `{"title":"checkout is down"}`)
	h.say("INC-1", "note the password is swordfish")
	h.say("INC-1", "postmortem draft")
	get := func(kind, tag string) got {
		return h.call(Read, "GET", postmortemPath, "", "Accept", kind, "If-None-Match", tag)
	}
	json, markdown := get(typeJSON, "").Header.Get("ETag"), get(typeMarkdown, "").Header.Get("ETag")
	if json == "" || json == markdown {
		t.Errorf("tags %q and %q", json, markdown)
	}
	for tag, want := range map[string]int{json: 304, `"x", W/` + json: 304, "*": 304, markdown: 200, "x": 200} {
		if g := get(typeJSON, tag); g.StatusCode != want || want == 304 && (g.body != "" || g.Header.Get("ETag") != json) {
			t.Errorf("%s: %d", tag, g.StatusCode)
		}
	}
	h.say("INC-1", "postmortem edit summary A disk was full.")
	if g := get(typeJSON, json); g.StatusCode != 200 {
		t.Error("an edit was not seen")
	}
}

// A postmortem tells of a private incident only those who may see it, and what was
// blotted out is in no version of it.
func TestAPostmortemTellsNoSecrets(t *testing.T) {
	h := newHouse(t)
	h.open(Admin, `{"title":"leaked keys","type":"security"}`)
	h.say("INC-1", "postmortem draft")
	hidden, missing := h.call(Read, "GET", postmortemPath, ""), h.call(Read, "GET", "/api/v1/incidents/INC-2/postmortem", "")
	hidden.wants(t, 404, "not_found")
	if strings.ReplaceAll(hidden.body, "INC-1", "INC-2") != missing.body {
		t.Errorf("%s\n%s", hidden.body, missing.body)
	}
	h.call(Admin, "GET", postmortemPath, "").wants(t, 200, "")
	h.say("INC-1", "note the password is swordfish")
	h.say("INC-1", "decision we say that the password is swordfish")
	h.say("INC-1", "postmortem edit summary So it began: the password is swordfish")
	h.say("INC-1", "postmortem draft")
	h.say("INC-1", "postmortem edit summary And it went on: the password is swordfish")
	in := decode[Incident](t, h.call(Admin, "GET", "/api/v1/incidents/INC-1", ""))
	events, err := h.store.Events(t.Context(), 1, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	said := func() bool {
		for v := 1; v <= in.Postmortem.Version; v++ {
			for _, kind := range []string{typeJSON, typeMarkdown} {
				g := h.call(Admin, "GET", postmortemPath+fmt.Sprint("?version=", v), "", "Accept", kind)
				g.wants(t, 200, "")
				if strings.Contains(g.body, "swordfish") {
					return true
				}
			}
		}
		return false
	}
	if !said() {
		t.Error("nothing was there to be taken out")
	}
	for _, e := range events {
		if e.Kind == incidents.NoteAdded {
			h.say("INC-1", fmt.Sprint("redact ", e.Seq))
		}
	}
	if said() {
		t.Error("it is still there")
	}
}
