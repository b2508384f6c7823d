package slacksim

import (
	"strings"
	"testing"
)

func TestCanvases(t *testing.T) {
	s := serve(t, Options{})
	doc := func(markdown string) string { return string(mustJSON(document{"markdown", markdown})) }
	id := s.must("conversations.canvases.create", "channel_id", "CINCIDENTS", "title", "Notes",
		"document_content", doc("# Summary\n\nIt was down.\n\n## Cause\n\n```\na\n\nb\n```")).at("canvas_id").(string)
	s.refused("channel_canvas_already_exists", "conversations.canvases.create", "channel_id", "CINCIDENTS")
	s.refused("free_team_canvas_tab_already_exists", "canvases.create", "channel_id", "CINCIDENTS")
	if r := s.must("conversations.info", "channel", "CINCIDENTS"); r.at("channel", "properties", "canvas", "file_id") != id {
		t.Errorf("info = %s", r.raw)
	}
	lookup := func(criteria string) []any {
		return s.must("canvases.sections.lookup", "canvas_id", id, "criteria", criteria).at("sections").([]any)
	}
	if n := len(lookup(`{}`)); n != 4 {
		t.Errorf("%d sections, want 4: code stays in one piece", n)
	}
	cause := lookup(`{"section_types":["h2"],"contains_text":"cause"}`)
	if len(cause) != 1 || len(lookup(`{"section_types":["any_header"]}`)) != 2 {
		t.Fatalf("headers: %v", cause)
	}
	section := dig(cause, 0, "id").(string)
	edit := func(change object) reply {
		return s.call("canvases.edit", "canvas_id", id, "changes", string(mustJSON([]object{change})))
	}
	content := document{"markdown", "A full disk."}
	for _, change := range []object{
		{"operation": "insert_after", "section_id": section, "document_content": content},
		{"operation": "insert_before", "section_id": section, "document_content": document{"markdown", "---"}},
		{"operation": "replace", "section_id": section, "document_content": document{"markdown", "## Root cause"}},
		{"operation": "insert_at_start", "document_content": document{"markdown", "> draft"}},
		{"operation": "insert_at_end", "document_content": document{"markdown", "The end."}},
		{"operation": "rename", "title_content": document{"markdown", "Postmortem"}},
	} {
		if r := edit(change); !r.ok() {
			t.Errorf("%v was answered %s", change, r.raw)
		}
	}
	want := "> draft\n\n# Summary\n\nIt was down.\n\n---\n\n## Root cause\n\nA full disk.\n\n```\na\n\nb\n```\n\nThe end."
	state := s.get("/sim/state")
	if got := state.at("canvases", 0, "markdown"); got != want || state.at("canvases", 0, "title") != "Postmortem" {
		t.Errorf("canvas = %q\n  want %q", got, want)
	}
	if r := edit(object{"operation": "delete", "section_id": section}); r.error() != "canvas_editing_failed" {
		t.Errorf("a section that is gone: %s", r.raw)
	}
	s.refused("invalid_arguments", "canvases.edit", "canvas_id", id, "changes", `[{},{}]`)
	s.must("canvases.access.set", "canvas_id", id, "access_level", "read", "user_ids", `["`+aliceID+`"]`)
	s.must("canvases.access.delete", "canvas_id", id, "user_ids", `["`+aliceID+`"]`)
	s.refused("invalid_parameters", "canvases.access.set", "canvas_id", id, "access_level", "read")
	s.must("canvases.delete", "canvas_id", id)
	s.refused("canvas_not_found", "canvases.delete", "canvas_id", id)
	s.must("canvases.create", "title", "alone", "document_content", doc("x"))
	s.refused("canvas_creation_failed", "canvases.create", "document_content", `{"type":"html","markdown":"x"}`)
}

// What a canvas does not take of Markdown is refused, as the documentation has it.
func TestWhatACanvasDoesNotTake(t *testing.T) {
	s := serve(t, Options{})
	row := "\n" + `| a \| b | c |`
	for markdown, detail := range map[string]string{
		"a\n\n> - b": "'content' error: line 3: Unsupported block type (List) within block quote",
		"> 1. a":     "'content' error: line 1: Unsupported block type (List) within block quote",
		"| x | y |\n|---|---|" + strings.Repeat(row, 150): "'content' error: line 152: a table has 300 cells at most",
		"| x | y |\n|---|---|" + strings.Repeat(row, 149): "",
		"```\n> - code\n```\n> a":                         "",
		"- a\n  - b\n\n> c":                               "",
	} {
		r := s.call("canvases.create", "title", "t", "document_content", string(mustJSON(document{"markdown", markdown})))
		if got, _ := r.at("detail").(string); r.ok() != (detail == "") || got != detail {
			t.Errorf("%.40q was answered %s", markdown, r.raw)
		}
	}
}

// A canvas in which nothing is written says so.
func TestAnEmptyCanvas(t *testing.T) {
	s := serve(t, Options{})
	id := s.must("conversations.canvases.create", "channel_id", "CINCIDENTS").at("canvas_id")
	empty := func() any {
		return s.must("conversations.info", "channel", "CINCIDENTS").at("channel", "properties", "canvas", "is_empty")
	}
	if empty() != true {
		t.Error("it is not said to be empty")
	}
	s.must("canvases.edit", "canvas_id", id.(string), "changes", `[{"operation":"replace","document_content":{"type":"markdown","markdown":"x"}}]`)
	if empty() != false {
		t.Error("it is said to be empty")
	}
}
