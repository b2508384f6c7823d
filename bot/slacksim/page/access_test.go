package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func (b *tab) size(width, height int64) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1}); err != nil {
		b.t.Fatal(err)
	}
	b.wait(fmt.Sprintf("innerWidth === %d", width))
}

// unnamed lists what a screen reader could only call "button", "link" or "edit".
const unnamed = `[...document.querySelectorAll("button, a[href], input:not([type=hidden]):not([hidden]), textarea, [role=listbox], [role=menu], [role=toolbar], dialog, nav, aside, main section[role]")]
	.filter((e) => !(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.title || e.textContent.trim() || e.labels?.length || e.placeholder))
	.map((e) => e.outerHTML.slice(0, 120)).join("\n")`

// broken lists ids that are used twice, and references to ids that are not there (a list of choices that is closed apart).
const broken = `[
	...[...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i).map((id) => "twice: " + id),
	...["aria-labelledby", "aria-describedby", "aria-activedescendant"].flatMap((name) => [...document.querySelectorAll("[" + name + "]")].flatMap((e) => e.getAttribute(name).split(" ")).filter((id) => !document.getElementById(id)).map((id) => name + ": " + id)),
].join("\n")`

func TestNamesForScreenReaders(t *testing.T) {
	w := newWorkspace(t)
	all := samples(t)
	i := 0
	for name, sample := range all {
		if sample["type"] != "modal" {
			i++
			w.add("C000RANDOM", object{"ts": fmt.Sprintf("1795430000.%06d", i), "user": "U0FIREBOSS", "bot_id": "B", "text": name, "blocks": sample["blocks"]})
		}
	}
	b := w.open("#/alice/C000RANDOM")
	check := func(where string) {
		t.Helper()
		if found := b.eval(unnamed); found != "" {
			t.Errorf("%s: without a name: %s", where, found)
		}
		if found := b.eval(broken); found != "" {
			t.Errorf("%s: %s", where, found)
		}
	}
	b.see(".block-table")
	check("samples")
	b.click("a[data-channel=C0000INC01]")
	b.click("[data-act=thread]")
	b.focusIs("#thread-composer")
	check("thread")
	w.openForm()
	b.see("dialog")
	check("form")
	for _, region := range []string{"nav#sidebar[aria-label]", "main#main", "aside#pane[aria-label]", "#live[aria-live=polite]", "html[lang=en]", "dialog[aria-labelledby]"} {
		b.see(region)
	}
}

// Everything is reached by Tab and the arrows: skip link, channels, messages and what can be done with them.
func TestKeyboardReachesEverything(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C0000INC01")
	b.eval(`document.activeElement.blur()`)
	b.keys("\t")
	b.focusIs("#skip")
	if top := b.eval(`document.querySelector("#skip").getBoundingClientRect().top >= 0`); top != "true" {
		t.Error("the skip link cannot be seen while it has the focus")
	}
	b.keys("\r")
	b.focusIs("#composer")
	b.eval(`document.querySelector("a[data-channel=C0000INC01]").focus()`)
	b.keys(kb.ArrowDown)
	b.focusIs("a[data-channel=C00PRIVATE]")
	b.keys("\r")
	b.focusIs("#composer")
	b.wait(`location.hash === "#/alice/C00PRIVATE"`)
	b.eval(`document.querySelector("a[data-channel=C0000INC01]").click()`)
	b.wait(`document.querySelector("#main [data-key] .block-actions")`)
	b.eval(`document.querySelector('#main .msg[tabindex="0"]').focus()`)
	b.keys(kb.ArrowUp)
	b.focusIs(".msg[data-user=U0000CAROL]")
	b.keys(kb.Home)
	b.focusIs(".msg.system")
	b.keys(kb.ArrowDown + "\t")
	b.keys("r")
	b.eval(`document.activeElement.closest(".msg").focus()`)
	b.keys("r")
	b.focusIs(".emoji-picker input")
	b.keys(kb.Escape)
	b.gone(".emoji-picker")
	b.focusIs("[data-act=react]")
	if outline := b.eval(`(() => { const e = document.querySelector("[data-act=theme]"); e.focus({ focusVisible: true }); return getComputedStyle(e).outlineStyle; })()`); outline != "solid" {
		t.Errorf("the focus cannot be seen: outline %s", outline)
	}
}

// On a phone everything fits, and the list of channels is a drawer.
func TestPhone(t *testing.T) {
	w := newWorkspace(t)
	w.add("C000RANDOM", object{"ts": "1795430000.000001", "user": "U0FIREBOSS", "bot_id": "B", "text": "x", "blocks": samples(t)["botarium-10-kitchen-sink"]["blocks"]},
		object{"ts": "1795430000.000002", "user": "U000000BOB", "text": strings.Repeat("endless", 30), "blocks": []any{}})
	b := w.open("#/alice/C000RANDOM")
	b.size(360, 740)
	fits := func(where string) {
		t.Helper()
		if wide := b.eval(`[...document.querySelectorAll("#main *, dialog *, #pane *")].filter((e) => e.offsetParent && !e.closest(".table-wrap, .bookmarks, .quiet, .msg-head.quiet") && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 100)).join("\n")`); wide != "" {
			t.Errorf("%s: too wide for the window: %s", where, wide)
		}
	}
	b.wait(`getComputedStyle(document.getElementById("sidebar")).visibility === "hidden"`)
	fits("samples")
	b.click("[data-act=drawer]")
	b.wait(`document.getElementById("sidebar").getBoundingClientRect().left >= 0`)
	b.click("a[data-channel=C0000INC01]")
	b.wait(`getComputedStyle(document.getElementById("sidebar")).visibility === "hidden"`)
	fits("incident")
	b.click("[data-act=thread]")
	b.see("#thread-composer")
	fits("thread")
	w.openForm()
	b.see("dialog")
	fits("form")
	if inside := b.eval(`document.querySelector("dialog [data-act=submit]").getBoundingClientRect().bottom <= innerHeight`); inside != "true" {
		t.Error("the form's button lies below the window")
	}
}

// Light and dark follow the machine until the person chooses.
func TestThemes(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	ground := func() string { return b.eval(`getComputedStyle(document.body).backgroundColor`) }
	before := ground()
	b.click("[data-act=theme]")
	after := ground()
	if before == after {
		t.Errorf("both themes have the ground %s", before)
	}
	b.do(chromedp.Reload())
	b.wait(`document.documentElement.dataset.ready === "true"`)
	if again := ground(); again != after {
		t.Errorf("after loading again the ground is %s, want %s", again, after)
	}
}
