package postmortem

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"fireboss/incidents"
)

func TestBuiltinTemplates(t *testing.T) {
	list := Builtin()
	if got := strings.Join(slices.Sorted(maps.Keys(list)), " "); got != "full lightweight security" {
		t.Errorf("there are: %s", got)
	}
	for name, tmpl := range list {
		if tmpl.Name != name || tmpl.About == "" || tmpl.Slots()[0] != "header" || strings.Contains(tmpl.About, "{{") {
			t.Errorf("%s: %+v", name, tmpl)
		}
	}
	for _, slot := range []string{"summary", "impact", "detection", "trigger", "contributing_factors", "narrative", "timeline", "went_well", "went_badly", "lucky",
		"resolution", "followups", "communications", "figures", "material", "open_questions"} {
		if !slices.Contains(list[FullTemplate].Slots(), slot) {
			t.Errorf("the full template lacks %s", slot)
		}
	}
	var titles []string
	for _, s := range list[SecurityTemplate].sections {
		titles = append(titles, s.title)
	}
	for _, function := range []string{"Detect", "Respond: containment", "Respond: eradication", "Recover", "Improvement"} {
		if !slices.Contains(titles, function) {
			t.Errorf("the security template lacks %q", function)
		}
	}
}

func TestOwnTemplate(t *testing.T) {
	tmpl, err := ParseTemplate("ours", "For us.\r\n\r\n## What\r\n{{summary}}\r\n\r\n## Credits\r\n{{ask: credits}}\r\nWhich customers get one?\r\n- and how much?\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if tmpl.About != "For us." || strings.Join(tmpl.Slots(), " ") != "summary credits" {
		t.Errorf("%+v", tmpl)
	}
	doc := Draft(tmpl, outage(t).record())
	if s := doc.Sections[1]; s.Title != "Credits" || s.Slot != "credits" || s.Text != "> Which customers get one?\n> - and how much?" {
		t.Errorf("%+v", s)
	}
}

func TestFaultsOfTemplatesAreToldAllAtOnce(t *testing.T) {
	for text, want := range map[string]string{
		"":                                           "ours: the template is empty",
		"Only words.\n":                              "ours: the template is empty",
		"## A\n{{sumary}}":                           "ours:2: there is no slot {{sumary}}; is {{summary}} meant. There are: header, summary,",
		"## A\n{{nonsense_entirely}}":                "ours:2: there is no slot {{nonsense_entirely}}. There are",
		"## A\n{{}}":                                 "ours:2: there is no slot {{}}",
		"## A\n{{summary}}\n## B\n{{summary}}":       "ours:4: the slot {{summary}} stands twice; the first is in line 2",
		"## A\n{{summary}}\n{{impact}}":              "ours:3: a second slot below one heading",
		"## A\nwords\n## B\n{{summary}}":             `ours:1: the heading "A" has no slot below it`,
		"{{summary}}":                                "ours:1: the slot {{summary}} needs a heading above it",
		"##\n{{summary}}":                            "ours:1: this heading has no text",
		"# A\n## B\n{{summary}}":                     "ours:1: a section begins with a heading of the second level",
		"## A\nSee {{summary}}.":                     "ours:2: a slot stands alone on its line",
		"## Removed: Not in the Record\n{{summary}}": "ours:1: no section can be called",
		"## A\n{{ask:summary}}\nx":                   `ours:2: "summary" is a slot of its own`,
		"## A\n{{ask:own}}":                          "ours:2: {{ask:own}} asks nothing; write the question below it",
	} {
		_, err := ParseTemplate("ours", text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	_, err := ParseTemplate("ours", "## A\n{{x}}\n## B\n{{y}}\n##\n")
	if got := strings.Count(err.Error(), "ours:"); got != 3 {
		t.Errorf("%d faults are told, want 3: %v", got, err)
	}
}

func TestChoose(t *testing.T) {
	byType := map[string]string{"availability": "ours", "data": FullTemplate}
	for _, c := range []struct {
		in     incidents.Incident
		byType map[string]string
		want   string
	}{
		{incidents.Incident{Type: "availability", Severity: 1}, nil, FullTemplate},
		{incidents.Incident{Type: "availability", Severity: 1}, byType, "ours"},
		{incidents.Incident{Type: "security", Severity: 5}, byType, SecurityTemplate},
		{incidents.Incident{Type: "data", Severity: 2}, nil, SecurityTemplate},
		{incidents.Incident{Type: "data", Severity: 2}, byType, FullTemplate},
		{incidents.Incident{Type: "x", Severity: 4}, nil, LightweightTemplate},
		{incidents.Incident{Type: "x"}, nil, FullTemplate},
		{incidents.Incident{Type: "security", Drill: true}, nil, LightweightTemplate},
		{incidents.Incident{Type: "availability", Drill: true}, byType, "ours"},
		{incidents.Incident{Type: "availability", Status: incidents.Canceled, EndedAs: incidents.EndedFalsePositive}, byType, LightweightTemplate},
	} {
		if got := Choose(c.in, c.byType); got != c.want {
			t.Errorf("%+v: %s, want %s", c.in, got, c.want)
		}
	}
}
