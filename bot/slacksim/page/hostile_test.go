package page_test

import (
	"fmt"
	"strings"
	"testing"
)

var hostile = []string{
	`<script>window.ran = 1</script>`,
	`<img src=x onerror="window.ran = 1">`,
	`"><svg onload=window.ran=1>`,
	`<javascript:window.ran=1|click me>`,
	`<data:text/html,<script>window.ran=1</script>|data>`,
	`<https://example.com/" onmouseover="window.ran=1|attribute>`,
	"`<b onclick=window.ran=1>`",
	"```<iframe srcdoc='<script>parent.ran=1</script>'>```",
	`<!date^1795420800^{date}^javascript:window.ran=1|date>`,
	`<@U000000BOB|<img src=x onerror=window.ran=1>>`,
	`{{constructor.constructor('window.ran=1')()}}`,
	"\u202Ertl\u202C \u0000\u0007 control",
	strings.Repeat("*", 3000) + strings.Repeat("<", 3000) + strings.Repeat("`", 3001),
	`&lt;img src=x onerror=window.ran=1&gt; &amp;lt;script&amp;gt;`,
}

// Nothing that is posted runs, wherever it stands; it shows as text.
func TestNothingPostedRuns(t *testing.T) {
	w := newWorkspace(t)
	plain := func(s string) object { return object{"type": "plain_text", "text": s} }
	for i, text := range hostile {
		mrkdwn := object{"type": "mrkdwn", "text": text}
		w.add("C000RANDOM", object{"ts": fmt.Sprintf("1795430000.%06d", i), "user": "U000000BOB", "text": text, "blocks": []any{}},
			object{"ts": fmt.Sprintf("1795430001.%06d", i), "user": "U0FIREBOSS", "bot_id": "B", "username": text, "icon_emoji": text, "text": "x", "blocks": []any{
				object{"type": "header", "text": plain(text)}, object{"type": "section", "text": mrkdwn, "fields": []any{mrkdwn, plain(text)}, "accessory": object{"type": "image", "image_url": "javascript:window.ran=1", "alt_text": text}},
				object{"type": "context", "elements": []any{mrkdwn, object{"type": "image", "image_url": "data:text/html,<script>", "alt_text": text}}}, object{"type": "markdown", "text": text + "\n[x](javascript:window.ran=1) ![y](javascript:window.ran=1)"},
				object{"type": "actions", "block_id": text, "elements": []any{object{"type": "button", "text": plain(text), "action_id": text, "url": "javascript:window.ran=1"}, object{"type": "static_select", "action_id": "s", "options": []any{object{"text": plain(text), "value": text}}}}},
				object{"type": "video", "title": plain(text), "title_url": "javascript:window.ran=1"}, object{"type": text},
				object{"type": "rich_text", "elements": []any{object{"type": "rich_text_section", "elements": []any{object{"type": "text", "text": text}, object{"type": "link", "url": "javascript:window.ran=1", "text": text}, object{"type": text}}}}},
			}, "attachments": []any{object{"title": text, "title_link": "javascript:window.ran=1", "text": text, "color": text, "image_url": "javascript:window.ran=1"}},
				"files": []any{object{"id": "F1", "name": text, "url": "javascript:window.ran=1"}}, "reactions": []any{object{"name": text, "users": []any{"U000000BOB"}, "count": 1}}})
	}
	random := w.channel("C000RANDOM")
	random["topic"], random["purpose"] = hostile[1], hostile[0]
	random["bookmarks"] = []any{object{"id": "1", "title": hostile[1], "link": "javascript:window.ran=1", "emoji": hostile[1]}}
	b := w.open("#/alice/C000RANDOM")
	b.see(`[data-ts="1795430001.000013"]`)
	b.eval(`document.querySelectorAll("#main .block-actions button").forEach((e) => e.click())`)
	form := readJSON(t, "testdata/open-form.json")
	form["title"] = plain(hostile[1])
	w.push("view", object{"view": form})
	b.shows("dialog.modal h2", "<img src=x")

	if ran := b.eval(`String(window.ran)`); ran != "undefined" {
		t.Errorf("something posted ran")
	}
	made := b.eval(`[...document.querySelectorAll("#main script, #main iframe, #main object, #main embed, #main style, #main link, #main img, #main [onerror], #main [onload], #main [onclick], #main [srcdoc], .msg [style]")].map((e) => e.outerHTML.slice(0, 200)).join("\n")`)
	if made != "" {
		t.Errorf("elements that no message may make: %s", made)
	}
	if bad := b.eval(`[...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")).filter((h) => !/^(https?:|mailto:|#\/|\/sim\/files\/)/.test(h) && h !== "#main").join(" ")`); bad != "" {
		t.Errorf("links that lead elsewhere: %s", bad)
	}
	want(t, b.text("#main .messages"), `<script>window.ran = 1</script>`, `<img src=x onerror="window.ran = 1">`, "click me")
	if missing := b.eval(`[...document.querySelectorAll('a[target="_blank"]')].filter((a) => !a.rel.includes("noopener")).length`); missing != "0" {
		t.Errorf("%s links lack rel=noopener", missing)
	}
}

// The page asks no other host for anything.
func TestThePageAsksNoOtherHost(t *testing.T) {
	w := newWorkspace(t)
	for i, name := range []string{"botarium-01-text-and-layout", "botarium-11-images", "botarium-08-rich-text"} {
		w.add("C000RANDOM", object{"ts": fmt.Sprintf("1795430000.%06d", i), "user": "U0FIREBOSS", "bot_id": "B", "text": name, "blocks": samples(t)[name]["blocks"]})
	}
	b := w.open("#/alice/C000RANDOM")
	b.shows(".picture-link", "delicious tacos")
	if asked := b.eval(fmt.Sprintf(`performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !n.startsWith(%s)).join(" ")`, quoted(w.url))); asked != "" {
		t.Errorf("it asked %s", asked)
	}
}
