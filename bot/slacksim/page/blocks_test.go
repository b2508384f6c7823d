package page_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every sample is drawn, each block and element as something of its own kind.
func TestEverySampleIsDrawn(t *testing.T) {
	w := newWorkspace(t)
	all := samples(t)
	stamps := map[string]string{}
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if all[name]["type"] == "modal" {
			continue
		}
		stamps[name] = fmt.Sprintf("1795430000.%06d", i)
		w.add("C000RANDOM", object{"ts": stamps[name], "user": "U0FIREBOSS", "bot_id": "B0FIREBOSS", "text": name, "blocks": all[name]["blocks"], "reactions": []any{}})
	}
	b := w.open("#/alice/C000RANDOM")
	for name, sample := range all {
		scope := fmt.Sprintf(`.msg[data-ts=%q]`, stamps[name])
		if sample["type"] == "modal" {
			view := maps.Clone(sample)
			view["id"], view["user"] = "V"+name, "U0000ALICE"
			w.push("view", object{"view": view})
			scope = fmt.Sprintf(`dialog[data-view-id="V%s"]`, name)
			b.see(scope)
		}
		checkDrawn(t, b, name, scope, sample["blocks"].([]any))
		if sample["type"] == "modal" {
			w.push("view_closed", object{"id": "V" + name, "user": "U0000ALICE"})
			b.gone("dialog")
		}
	}
}

// checkDrawn looks for each block and element of blocks below scope.
func checkDrawn(t *testing.T, b *tab, name, scope string, blocks []any) {
	t.Helper()
	wanted := map[string]int{}
	for _, raw := range blocks {
		block := raw.(object)
		wanted[fmt.Sprintf(`[data-block=%q].block-%s`, block["type"], strings.ReplaceAll(block["type"].(string), "_", "-"))]++
		for _, e := range elementsOf(block) {
			switch kind := e["type"].(string); kind {
			case "mrkdwn", "plain_text":
			case "image":
				wanted[`[data-element="image"]`]++
			default:
				if strings.HasPrefix(kind, "rich_text") {
					continue
				}
				wanted[fmt.Sprintf(`[data-element=%q][data-action-id=%q]`, kind, e["action_id"])]++
			}
		}
	}
	for selector, n := range wanted {
		if got := b.count(scope + " " + selector); got < n {
			t.Errorf("%s: %d of %d %s", name, got, n, selector)
		}
	}
	if got := b.count(scope + " .block-unknown"); got > 0 {
		t.Errorf("%s: %d blocks are not known", name, got)
	}
	if text := b.eval(fmt.Sprintf(`document.querySelector(%s).innerText`, quoted(scope))); strings.Contains(text, "could not be drawn") {
		t.Errorf("%s: a block could not be drawn: %s", name, text)
	}
}

// elementsOf are the elements directly in a block.
func elementsOf(block object) []object {
	var found []object
	for _, key := range []string{"elements", "accessory", "element"} {
		switch v := block[key].(type) {
		case object:
			found = append(found, v)
		case []any:
			for _, e := range v {
				found = append(found, e.(object))
			}
		}
	}
	return found
}

// The blocks that no sample holds.
func TestOtherBlocks(t *testing.T) {
	w := newWorkspace(t)
	text := func(s string) object { return object{"type": "plain_text", "text": s} }
	w.add("C000RANDOM", object{"ts": "1795430000.000001", "user": "U0FIREBOSS", "bot_id": "B0FIREBOSS", "text": "other", "blocks": []any{
		object{"type": "markdown", "text": "# Title\n\n- one\n- two\n  - deeper\n\n1. first\n\n**bold** *leaning* ~~gone~~ `code` [link](https://example.com/a)\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```go\nx := 1\n```\n\n- [x] done"},
		object{"type": "video", "title": text("Post-incident review"), "title_url": "https://example.com/v", "video_url": "https://example.com/e", "thumbnail_url": "https://example.com/t.png", "alt_text": "a video", "provider_name": "Tube"},
		object{"type": "file", "external_id": "ABC", "source": "remote"},
		object{"type": "call", "call_id": "R1"},
		object{"type": "rich_text", "elements": []any{object{"type": "rich_text_section", "elements": []any{
			object{"type": "user", "user_id": "U000000BOB"}, object{"type": "channel", "channel_id": "C00GENERAL"}, object{"type": "usergroup", "usergroup_id": "S000ONCALL"},
			object{"type": "broadcast", "range": "here"}, object{"type": "date", "timestamp": 1795420800, "format": "{date_num} {time}", "fallback": "x"}, object{"type": "color", "value": "#b2401b"},
			object{"type": "text", "text": "all", "style": object{"bold": true, "italic": true, "strike": true, "code": true}},
		}}, object{"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": []any{object{"type": "rich_text_section", "elements": []any{object{"type": "text", "text": "third"}}}}}}},
		object{"type": "table", "rows": []any{[]any{object{"type": "raw_text", "text": "Name"}}, []any{object{"type": "raw_text", "text": "checkout"}}}},
		object{"type": "image", "image_url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "alt_text": "a dot"},
		object{"type": "hologram"},
	}})
	b := w.open("#/alice/C000RANDOM")
	b.see(".block-unknown")
	for selector, text := range map[string]string{
		".block-markdown h3": "Title", ".block-markdown ul ul li": "deeper", ".block-markdown ol li": "first", ".block-markdown strong": "bold",
		".block-markdown em": "leaning", ".block-markdown s": "gone", ".block-markdown code": "code", ".block-markdown a[href='https://example.com/a']": "link",
		".block-markdown blockquote": "quoted", ".block-markdown td": "1", ".block-markdown pre": "x := 1", ".block-markdown li:has(input:checked)": "done",
		".block-video a": "Post-incident review", ".block-file": "Remote file", ".block-call": "Call R1",
		".block-rich-text [data-mention=U000000BOB]": "@bob", ".block-rich-text a.mention": "#general", ".block-rich-text time": "2026-11-23 09:00",
		".block-rich-text strong em s, .block-rich-text u, .block-rich-text strong": "all", ".block-rich-text ol[start='3'] li": "third",
		".block-table th": "Name", ".block-table td": "checkout", ".block-unknown": "hologram",
	} {
		b.shows(selector, text)
	}
	if got := b.eval(`document.querySelector(".block-image img").naturalWidth`); got != "1" {
		t.Errorf("an image with its bytes in it is not shown: %s", got)
	}
	want(t, b.text(".block-rich-text"), "@oncall", "@here", "#b2401b")
}

// A choice is told to the app once, with where it was made.
func TestElementsTellTheApp(t *testing.T) {
	w := newWorkspace(t)
	all := samples(t)
	w.add("C000RANDOM",
		object{"ts": "1795430000.000001", "user": "U0FIREBOSS", "bot_id": "B", "text": "a", "blocks": all["botarium-03-selection-elements"]["blocks"]},
		object{"ts": "1795430000.000002", "user": "U0FIREBOSS", "bot_id": "B", "text": "b", "blocks": all["botarium-04-radio-and-checkboxes"]["blocks"]},
		object{"ts": "1795430000.000003", "user": "U0FIREBOSS", "bot_id": "B", "text": "c", "blocks": all["botarium-05-date-and-time-pickers"]["blocks"]},
		object{"ts": "1795430000.000004", "user": "U0FIREBOSS", "bot_id": "B", "text": "d", "blocks": all["botarium-10-kitchen-sink"]["blocks"]})
	w.on("options", func(body object) any {
		return object{"ok": true, "response": object{"options": []any{object{"text": object{"type": "plain_text", "text": "Found " + body["value"].(string)}, "value": "x1"}}}}
	})
	b := w.open("#/bob/C000RANDOM")
	b.see(`[data-ts="1795430000.000004"]`)
	told := func(action string, value any) {
		t.Helper()
		got := w.waitCall("click")
		if got["user"] != "U000000BOB" || got["channel"] != "C000RANDOM" || got["action_id"] != action || fmt.Sprint(got["value"]) != fmt.Sprint(value) {
			t.Errorf("said %v, want %s %v", got, action, value)
		}
	}
	b.write("[data-action-id=showcase_static_select] input", "Option B\r")
	told("showcase_static_select", "option_b")
	b.click("[data-action-id=showcase_overflow]")
	b.click(".menu [data-value=archive]")
	told("showcase_overflow", "archive")
	b.click("[data-action-id=showcase_radio_size] input[value=medium]")
	told("showcase_radio_size", "medium")
	b.click("[data-action-id=showcase_checkbox_features] input[value=dark_mode]")
	told("showcase_checkbox_features", []any{"dark_mode"})
	b.click("[data-action-id=showcase_checkbox_features] input[value=auto_save]")
	told("showcase_checkbox_features", []any{"dark_mode", "auto_save"})
	b.eval(`(() => { const f = document.querySelector("[data-action-id=showcase_timepicker]"); f.value = "10:15"; f.dispatchEvent(new Event("change")); })()`)
	told("showcase_timepicker", "10:15")
	b.click("[data-action-id=showcase_feedback] [data-value=negative]")
	told("showcase_feedback", "negative")
	b.write("[data-action-id='actionId-5'] input", "car\r\t")
	told("actionId-5", []any{"U0000CAROL"})
	b.write("[data-action-id='actionId-4'] input", "inc")
	if got := w.waitCall("options"); got["value"] != "inc" || got["action_id"] != "actionId-4" {
		t.Errorf("asked for options with %v", got)
	}
	b.shows(".choices .choice", "Found inc")
	b.keys("\r")
	told("actionId-4", "x1")
}

// A button that asks first does nothing until the person agrees.
func TestConfirmation(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C0000INC01")
	b.click("[data-action-id=resolve]")
	b.shows("dialog.ask", "everybody")
	b.click("[data-answer=deny]")
	b.gone("dialog.ask")
	b.click("[data-action-id=resolve]")
	b.click("[data-answer=confirm]")
	if got := w.waitCall("click"); got["action_id"] != "resolve" || got["block_id"] != "a" {
		t.Errorf("said %v", got)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if c.path == "click" {
			t.Errorf("said again: %v", c.body)
		}
	}
}

// A click that the app does not answer is told as a problem, in words.
func TestClickThatFails(t *testing.T) {
	w := newWorkspace(t)
	w.on("click", func(object) any { return object{"ok": false, "error": "operation_timeout"} })
	b := w.open("#/alice/C0000INC01")
	b.click("[data-action-id=ack]")
	b.shows(".notice[role=alert]", "did not answer within three seconds")
}
