package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// watch notes what the policy of a page forbade and what went wrong in its scripts,
// from now on.
func (b *tab) watch() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `window.wrong = [];
		document.addEventListener("securitypolicyviolation", (e) => wrong.push(e.violatedDirective + " " + e.blockedURI + " " + e.sample));
		window.addEventListener("error", (e) => wrong.push(String(e.message)));`})
	if err != nil {
		b.t.Fatal(err)
	}
}

// charts say of each drawing how large it is, and how many colours are in it.
const charts = `[...document.querySelectorAll("[data-chart] canvas")].map((c) => {
	const data = c.getContext("2d").getImageData(0, 0, c.width, c.height).data, seen = new Set();
	for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
	return {width: c.clientWidth, room: c.closest("figure").clientWidth, colours: seen.size, dark: getComputedStyle(document.body).backgroundColor};
})`

type drawing struct {
	Width, Room, Colours int
	Dark                 string
}

func (b *tab) drawings() (list []drawing) {
	b.t.Helper()
	if err := json.Unmarshal([]byte(b.eval(charts)), &list); err != nil {
		b.t.Fatal(err)
	}
	return list
}

// TestInsightsInABrowser looks at the pages of figures as people see them: light and
// dark, wide and narrow. Nothing is wider than the window, everything is drawn, and
// the policy forbids none of it.
func TestInsightsInABrowser(t *testing.T) {
	needBrowser(t)
	p := newPast(t, 60)
	b := newTab(t)
	b.watch()
	for _, one := range []struct {
		name, path string
		drawn      int
	}{{"insights", "/insights", 3}, {"insights-drills", "/insights?drills=only&period=all", 3}, {"insights-year", "/insights?period=year", 3}, {"followups", "/followups", 0}} {
		for _, dark := range []bool{false, true} {
			for name, width := range map[string]int64{"wide": 1280, "narrow": 390} {
				b.look(width, 860, dark)
				b.open(p.url + one.path)
				b.wait(fmt.Sprintf(`document.querySelectorAll("[data-chart] canvas").length === %d`, one.drawn))
				tone := "light"
				if dark {
					tone = "dark"
				}
				where := one.name + "-" + name + "-" + tone
				for i, d := range b.drawings() {
					if d.Colours < 3 || d.Width > d.Room || d.Width < d.Room*3/4 {
						t.Errorf("%s: drawing %d is %+v", where, i, d)
					}
				}
				if got := b.eval(`document.documentElement.scrollWidth + " " + innerWidth`); got != fmt.Sprint(width, " ", width) {
					t.Errorf("%s is wider than the window: %s", where, got)
				}
				if wrong := b.eval(`wrong.join("; ")`); wrong != "" {
					t.Errorf("%s: %s", where, wrong)
				}
				if one.name != "insights-year" && one.name != "insights-drills" {
					b.paint(where)
				}
			}
		}
	}
}

// TestChartsFollowTheirTables: what is drawn is what the table says, it is said again
// where the mouse is, and it is drawn anew for the dark and for another width.
func TestChartsFollowTheirTables(t *testing.T) {
	needBrowser(t)
	p := newPast(t, 40)
	b := newTab(t)
	b.look(1280, 860, false)
	b.open(p.url + "/insights")
	b.wait(`document.querySelectorAll("[data-chart] canvas").length === 3`)
	if got, want := b.eval(`[...document.querySelectorAll("[data-table=t-many] .chart-key li")].map((e) => e.textContent).join()`), b.eval(`[...document.querySelectorAll("#t-many [data-series]")].map((e) => e.textContent).join()`); got != want || got == "" {
		t.Errorf("the key says %q, the table %q", got, want)
	}
	b.eval(`(() => { const over = document.querySelector("[data-table=t-many] .u-over"), r = over.getBoundingClientRect();
		over.scrollIntoView(); const at = over.getBoundingClientRect();
		for (const name of ["mouseenter", "mousemove"]) over.dispatchEvent(new MouseEvent(name, {clientX: at.left + r.width / 2, clientY: at.top + r.height / 2, bubbles: true})); return 1; })()`)
	b.wait(`document.querySelector("[data-table=t-many] .readout").textContent.includes("sev")`)
	said := b.eval(`document.querySelector("[data-table=t-many] .readout").textContent`)
	row := b.eval(fmt.Sprintf(`[...document.querySelectorAll("#t-many tbody tr")].filter((r) => %s.startsWith(r.cells[0].textContent.trim())).map((r) => r.cells[0].textContent.trim() + ": " + [...document.querySelectorAll("#t-many [data-series]")].map((h) => h.textContent + " " + r.cells[h.cellIndex].dataset.v).join(", ")).join()`, quotedJS(said)))
	if said != row {
		t.Errorf("where the mouse is it says %q, the table %q", said, row)
	}
	ink := `document.querySelector("[data-table=t-many] canvas").toDataURL()`
	light := b.eval(ink)
	b.look(1280, 860, true)
	b.wait(ink + ` !== ` + quotedJS(light))
	b.look(700, 860, true)
	b.wait(`[...document.querySelectorAll("[data-chart] canvas")].every((c) => c.clientWidth < 700)`)
}

// TestFiguresWithoutScripts reads the pages as they are where nothing can run: every
// figure stands in a table, and every way to another view is a link or a form.
func TestFiguresWithoutScripts(t *testing.T) {
	needBrowser(t)
	p := newPast(t, 40)
	b := newTab(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.look(1280, 860, false)
	b.open(p.url + "/insights")
	if got := b.eval(`document.querySelectorAll("canvas, .chart-key").length`); got != "0" {
		t.Errorf("something was drawn: %s", got)
	}
	for _, what := range []string{"How long it takes", "Table: incidents by week", "median", "90th percentile", "n = ", "acknowledged − detected", "sev1", "In time", "Missed", "Done in time", "beyond office hours"} {
		if got := b.eval(fmt.Sprintf(`document.body.innerText.includes(%s)`, quotedJS(what))); got != "true" {
			t.Errorf("%q is not to be read", what)
		}
	}
	if got := b.eval(`[...document.querySelectorAll("figure.chart")].filter((f) => f.offsetHeight > 0 || !document.getElementById(f.dataset.table)).length`); got != "0" {
		t.Errorf("%s charts leave an empty place, or have no table", got)
	}
	b.insist(chromedp.Click(chromedp.CSS(`.tabs a:nth-child(3)`)))
	b.shows(`[aria-current=true]`, "A year")
	b.insist(chromedp.SetValue(chromedp.CSS("#from"), "2026-10-01"))
	b.insist(chromedp.Submit(chromedp.CSS(".between")))
	b.shows(".says", "since Thursday 1 October 2026")
	b.open(p.url + "/followups")
	b.insist(chromedp.Click(chromedp.CSS(`.tabs a:nth-child(2)`)))
	b.shows(`[aria-current=true]`, "Overdue")
}

// TestFiguresByKeyboard: whatever scrolls by itself, or opens, can be reached without a
// mouse, and has a name.
func TestFiguresByKeyboard(t *testing.T) {
	needBrowser(t)
	p := newPast(t, 40)
	b := newTab(t)
	b.look(390, 860, false)
	b.open(p.url + "/insights")
	b.wait(`document.querySelectorAll("[data-chart] canvas").length === 3`)
	if got := b.eval(`[...document.querySelectorAll(".scroll")].filter((e) => e.tabIndex !== 0 || !e.getAttribute("aria-label") || e.getAttribute("role") !== "region").length`); got != "0" {
		t.Errorf("%s places that scroll cannot be reached, or have no name", got)
	}
	if got := b.eval(`[...document.querySelectorAll("[data-chart] .plot")].filter((e) => e.getAttribute("role") !== "img" || !e.getAttribute("aria-label")).length`); got != "0" {
		t.Errorf("%s drawings have no name", got)
	}
	var reached []string
	for range 80 {
		b.do(chromedp.KeyEvent(kb.Tab))
		reached = append(reached, b.eval(`(document.activeElement.tagName + " " + (document.activeElement.getAttribute("aria-label") || document.activeElement.textContent)).trim().slice(0, 60)`))
	}
	all := strings.Join(reached, "\n")
	for _, want := range []string{"A 4 weeks", "INPUT", "BUTTON Show", "SUMMARY Table: incidents by week", "DIV Incidents by severity over time", "DIV By severity"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q was not reached; what was:\n%s", want, all)
		}
	}
}
