package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

func description(t *testing.T) schemas {
	t.Helper()
	h := newHouse(t)
	g := h.call(Nobody, "GET", "/api/v1/openapi.json", "")
	g.wants(t, 200, "")
	doc := decode[map[string]any](t, g)
	if doc["openapi"] != "3.1.0" {
		t.Fatalf("openapi is %v", doc["openapi"])
	}
	return schemas{doc}
}

// TestDescribedRoutesAreTheRoutes compares both ways, and each route's scope.
func TestDescribedRoutesAreTheRoutes(t *testing.T) {
	s := description(t)
	described, actual := []string{}, []string{}
	for path, item := range s.doc["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			scope := Nobody
			for _, need := range op.(map[string]any)["security"].([]any) {
				scope = Scope(need.(map[string]any)["token"].([]any)[0].(string))
			}
			described = append(described, strings.ToUpper(method)+" "+path+" "+string(scope))
		}
	}
	for _, r := range newHouse(t).site.api() {
		actual = append(actual, r.Method+" "+r.Path+" "+string(r.Needs))
	}
	slices.Sort(described)
	slices.Sort(actual)
	if fmt.Sprint(described) != fmt.Sprint(actual) {
		t.Errorf("described %v\nactual    %v", described, actual)
	}
}

// TestDescribedParametersAreTheParameters compares both ways.
func TestDescribedParametersAreTheParameters(t *testing.T) {
	s := description(t)
	for _, r := range newHouse(t).site.api() {
		op := s.doc["paths"].(map[string]any)[r.Path].(map[string]any)[strings.ToLower(r.Method)].(map[string]any)
		var described []string
		list, _ := op["parameters"].([]any)
		for _, p := range list {
			param := p.(map[string]any)
			if ref, is := param["$ref"].(string); is {
				param = s.at(ref)
			}
			if param["in"] == "query" {
				described = append(described, param["name"].(string))
			}
		}
		if !slices.Equal(described, r.Params) {
			t.Errorf("%s %s: described %q, actual %q", r.Method, r.Path, described, r.Params)
		}
	}
}

// TestAQueryThatIsNotDescribedIsRefused asks every route, with names it does
// not know and with what is no query at all.
func TestAQueryThatIsNotDescribedIsRefused(t *testing.T) {
	s := description(t)
	h := newHouse(t)
	h.furnish()
	for _, r := range h.site.api() {
		for _, query := range []string{"?colour=red", "?%zz", "?a;b", "?limit=1&limit=2", "?=", "?" + strings.Repeat("x", 5000) + "=%zz"} {
			g := h.call(Admin, r.Method, strings.Replace(r.Path, "{id}", "INC-1", 1)+query, `{"title":"x","text":"ack"}`)
			if p := decode[Problem](t, g); g.StatusCode != 400 || p.Code != "invalid" || p.Detail == "" || len(p.Detail) > 300 {
				t.Errorf("%s %s%.40s: %d %s", r.Method, r.Path, query, g.StatusCode, g.body)
			}
			for _, wrong := range s.answer(r.Method, r.Path, 400, g) {
				t.Errorf("%s %s: %s", r.Method, r.Path, wrong)
			}
		}
	}
}

// TestDescribedWordsAreTheWords compares enums with the code's own lists.
func TestDescribedWordsAreTheWords(t *testing.T) {
	s := description(t)
	var codes []string
	for _, c := range classes {
		codes = append(codes, c.Code)
		if s.at("#/components/responses/"+c.Code) == nil {
			t.Errorf("the code %s has no description", c.Code)
		}
	}
	var statuses, severities []string
	for _, st := range incidents.Statuses {
		statuses = append(statuses, string(st))
	}
	for _, sev := range incidents.Severities {
		severities = append(severities, sev.String())
	}
	for ref, want := range map[string][]string{"Status": statuses, "Severity": severities, "Problem/properties/code": codes} {
		var got []string
		enum, _ := s.at("#/components/schemas/" + ref)["enum"].([]any)
		for _, v := range enum {
			got = append(got, v.(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: described %v, actual %v", ref, got, want)
		}
	}
}

// TestAnswersAreAsDescribed sends every call, good and bad, and checks each
// answer against what is described for its route and status.
func TestAnswersAreAsDescribed(t *testing.T) {
	s := description(t)
	h := newHouse(t)
	h.furnish()
	h.alarmed()
	h.beats()
	if err := h.store.PutRecord(t.Context(), store.Record{Mirror: Mirror, Incident: 2, Place: "C1", PlaceName: "inc-2"}); err != nil {
		t.Fatal(err)
	}
	const incident, list = "/api/v1/incidents/{id}", "/api/v1/incidents"
	checked := map[string]bool{}
	for _, c := range []struct {
		scope        Scope
		method, path string
		id, rest     string
		body         string
		status       int
	}{
		{Admin, "GET", list, "", "", "", 200}, {Admin, "GET", list, "", "?limit=2", "", 200}, {Admin, "GET", list, "", "?limit=no", "", 400},
		{Nobody, "GET", list, "", "", "", 401},
		{Write, "POST", list, "", "", down, 201}, {Write, "POST", list, "", "", `{}`, 400}, {Read, "POST", list, "", "", down, 403},
		{Admin, "GET", incident, "INC-1", "", "", 200}, {Admin, "GET", incident, "INC-2", "", "", 200}, {Admin, "GET", incident, "INC-3", "", "", 200},
		{Admin, "GET", incident, "INC-4", "", "", 200}, {Read, "GET", incident, "INC-4", "", "", 404},
		{Admin, "GET", incident + "/events", "INC-2", "", "", 200}, {Admin, "GET", incident + "/events", "INC-2", "?limit=3", "", 200}, {Admin, "GET", incident + "/events", "INC-2", "?after=x", "", 400},
		{Admin, "GET", incident + "/events", "INC-99", "", "", 404},
		{Admin, "GET", incident + "/files", "INC-2", "", "", 200}, {Read, "GET", incident + "/files", "INC-4", "", "", 404},
		{Read, "GET", incident + "/postmortem", "INC-2", "", "", 404}, {Write, "POST", incident + "/commands", "INC-2", "", `{"text":"postmortem draft"}`, 200},
		{Read, "GET", incident + "/postmortem", "INC-2", "", "", 200}, {Read, "GET", incident + "/postmortem", "INC-2", "?version=x", "", 400}, {Read, "GET", incident + "/postmortem", "INC-4", "", "", 404},
		{Write, "POST", incident + "/commands", "INC-2", "", `{"text":"sev 2 narrower"}`, 200}, {Write, "POST", incident + "/commands", "INC-3", "", `{"text":"ack"}`, 422},
		{Write, "POST", incident + "/commands", "INC-3", "", `{"text":""}`, 400}, {Write, "POST", incident + "/commands", "INC-4", "", `{"text":"ack"}`, 404},
		{Write, "POST", "/api/v1/changes", "", "", changeExample, 201}, {Write, "POST", "/api/v1/changes", "", "", `{}`, 400}, {Read, "GET", "/api/v1/changes", "", "", "", 200},
		{Admin, "POST", "/api/v1/tokens", "", "", makeExample, 201}, {Admin, "POST", "/api/v1/tokens", "", "", makeExample, 422}, {Admin, "POST", "/api/v1/tokens", "", "", `{"name":"a b","scope":"read"}`, 400}, {Write, "POST", "/api/v1/tokens", "", "", makeExample, 403},
		{Admin, "GET", "/api/v1/tokens", "", "", "", 200}, {Admin, "DELETE", "/api/v1/tokens/{name}", "", "", "", 404}, {Read, "GET", "/api/v1/tokens", "", "", "", 403},
		{Admin, "GET", "/api/v1/alerts", "", "", "", 200}, {Read, "GET", "/api/v1/alerts", "", "?limit=1&source=falco&status=firing", "", 200}, {Read, "GET", "/api/v1/alerts", "", "?status=over", "", 400},
		{Read, "GET", "/api/v1/alerts", "", "?incident=INC-4", "", 404}, {Nobody, "GET", "/api/v1/alerts", "", "", "", 401},
		{Read, "GET", "/api/v1/heartbeats", "", "", "", 200}, {Nobody, "GET", "/api/v1/heartbeats", "", "", "", 401},
		{Admin, "GET", "/api/v1/insights", "", "?period=all", "", 200}, {Read, "GET", "/api/v1/insights", "", "?drills=only", "", 200}, {Read, "GET", "/api/v1/insights", "", "?period=never", "", 400},
		{Admin, "GET", "/api/v1/audit", "", "", "", 200}, {Write, "GET", "/api/v1/audit", "", "", "", 403}, {Write, "GET", "/api/v1/backup", "", "", "", 403},
		{Nobody, "GET", "/api/v1/openapi.json", "", "", "", 200},
	} {
		g := h.call(c.scope, c.method, strings.Replace(c.path, "{id}", c.id, 1)+c.rest, c.body)
		where := fmt.Sprintf("%s %s %d", c.method, c.path, c.status)
		if g.StatusCode != c.status {
			t.Errorf("%s: answered %d %s", where, g.StatusCode, g.body)
			continue
		}
		checked[where] = true
		for _, wrong := range s.answer(c.method, c.path, c.status, g) {
			t.Errorf("%s: %s", where, wrong)
		}
	}
	if len(checked) < 18 {
		t.Errorf("only %d kinds of answers were checked", len(checked))
	}
}

// answer checks one answer.
func (s schemas) answer(method, path string, status int, g got) []string {
	op := s.doc["paths"].(map[string]any)[path].(map[string]any)[strings.ToLower(method)].(map[string]any)
	resp, ok := op["responses"].(map[string]any)[fmt.Sprint(status)].(map[string]any)
	if ref, is := resp["$ref"].(string); is {
		resp = s.at(ref)
	}
	if !ok || resp == nil {
		return []string{"the status is not described"}
	}
	kind := g.Header.Get("Content-Type")
	content, ok := resp["content"].(map[string]any)[kind].(map[string]any)
	if !ok {
		return []string{"the type " + kind + " is not described"}
	}
	v, err := generic(g.body)
	if err != nil {
		return []string{err.Error()}
	}
	return s.check(content["schema"].(map[string]any), v, "$")
}

// TestExamplesAreAccepted posts what the description and our own refusals show.
func TestExamplesAreAccepted(t *testing.T) {
	h := newHouse(t)
	h.call(Write, "POST", "/api/v1/incidents", openExample).wants(t, 201, "")
	h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", commandExample).wants(t, 200, "")
	s := description(t)
	for path, want := range map[string]int{"/api/v1/incidents": 201, "/api/v1/incidents/{id}/commands": 200} {
		content := s.doc["paths"].(map[string]any)[path].(map[string]any)["post"].(map[string]any)["requestBody"].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)
		if wrong := s.check(content["schema"].(map[string]any), content["example"], "$"); len(wrong) > 0 {
			t.Errorf("%s: its own example is wrong: %v", path, wrong)
		}
		body, err := json.Marshal(content["example"])
		if err != nil {
			t.Fatal(err)
		}
		h.call(Write, "POST", strings.Replace(path, "{id}", "INC-1", 1), string(body)).wants(t, want, "")
	}
}
