package web_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// signIn is one click in the demo.
func (b *tab) signIn(d *demo, name string) {
	b.t.Helper()
	b.open(d.dashboard + "/sign-in")
	b.click(`button[value=` + name + `]`)
	b.shows(".you", name)
}

// click presses something; where the page has changed under the mouse meanwhile, too.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.wait(`document.querySelector(` + quotedJS(selector) + `)`)
	b.eval(`(document.querySelector(` + quotedJS(selector) + `).click(), "")`)
}

// complaints are what the browser says about the pages from now on: mistakes of
// scripts, and what the policy did not let them do. An answer that is an error by its
// status is none.
func (b *tab) complaints() func() string {
	var mu sync.Mutex
	var list []string
	go func() {
		for m, err := range chromedp.Console(b.ctx) {
			if err != nil {
				return
			}
			if m.Source == "network" || m.Type != chromedp.ConsoleError && m.Type != chromedp.ConsoleWarning && m.Type != chromedp.ConsoleException {
				continue
			}
			mu.Lock()
			list = append(list, fmt.Sprint(m.Type, ": ", m.Text, " ", m.URL))
			mu.Unlock()
		}
	}()
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return strings.Join(list, "\n")
	}
}

// burning is a demo with a fire in it: its pages are those of the pictures.
func burning(t *testing.T) (*demo, *tab, string) {
	t.Helper()
	needBrowser(t)
	d := startDemo(t)
	b := newTab(t)
	b.signIn(d, "alice")
	d.slash("@carol", "#general", "open sev3 Search index is two hours old")
	d.slash("@bob", "#general", "open sev1 Checkout answers with errors")
	b.open(d.dashboard + "/")
	b.shows(".rows", "Checkout answers")
	page := b.eval(`document.querySelector(".rows a").getAttribute("href")`)
	b.open(d.dashboard + page)
	for _, say := range []string{"lead me", "role communications @carol", "service add checkout", "status identified today's deployment at 13:40", "task add check the queue of failed payments @bob due 30m", "task add tell the shops", "decision we roll back and do not fix forward", "update One payment in five fails in Europe. We roll back today's deployment. next 30m"} {
		b.says(say)
	}
	return d, b, page
}

// says types into the command line of an incident's page and waits for the answer.
func (b *tab) says(text string) {
	b.t.Helper()
	b.wait(`window.htmx && document.querySelector("#say")`)
	b.eval(`document.querySelector("#act").dataset.old = "1"`)
	b.insist(chromedp.SetValue(chromedp.CSS("#say"), text))
	b.click("form.say > button")
	b.wait(`document.querySelector("#answer") && !document.querySelector("#act").dataset.old`)
}

// unnamed lists what a screen reader could only call "button", "link" or "edit".
const unnamed = `[...document.querySelectorAll("button, a[href], input:not([type=hidden]), textarea, select, summary, nav, aside, svg[role=img], section[aria-labelledby]")]
	.filter((e) => !(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.title || e.textContent.trim() || e.labels?.length))
	.map((e) => e.outerHTML.slice(0, 120)).join("\n")`

// broken lists ids that are used twice, and references to ids that are not there.
const broken = `[
	...[...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i).map((id) => "twice: " + id),
	...["aria-labelledby", "aria-describedby", "for", "list"].flatMap((name) => [...document.querySelectorAll("[" + name + "]")].flatMap((e) => e.getAttribute(name).split(" ")).filter((id) => !document.getElementById(id)).map((id) => name + ": " + id)),
	...[...document.querySelectorAll("h1")].slice(1).map((e) => "a second h1: " + e.textContent),
].join("\n")`

// small lists what can be pressed and is smaller than WCAG 2.2 wants (2.5.8): 24 by 24
// CSS pixels, links within a text and what has room around it aside.
const small = `[...document.querySelectorAll("button, .button, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, nav a")]
	.filter((e) => e.checkVisibility() && !e.classList.contains("linklike")).map((e) => [e.getBoundingClientRect(), e]).filter(([r]) => r.width > 0 && (r.height < 24 || r.width < 24))
	.map(([r, e]) => r.width + "x" + r.height + " " + e.outerHTML.slice(0, 100)).join("\n")`

// TestPagesInABrowser looks at every page, light and dark, wide and narrow: nothing
// sticks out, everything has a name, and the browser has nothing to complain of. With
// -looks it takes their pictures.
func TestPagesInABrowser(t *testing.T) {
	d, b, fire := burning(t)
	complaints := b.complaints()
	for _, p := range []struct{ name, path string }{
		{"now", "/"}, {"incidents", "/incidents"}, {"filtered", "/incidents?severity=sev1&sort=longest&status=ended"}, {"incident", fire}, {"ended", "/incidents/INC-19"}, {"messages", "/incidents/INC-19?show=messages"},
		{"update", fire + "?ask=update"}, {"severity", fire + "?ask=sev"}, {"new", "/incidents/new"}, {"postmortems", "/postmortems"}, {"postmortem", "/incidents/INC-32/postmortem"}, {"changes", "/incidents/INC-32/postmortem?from=1&to=2"}, {"edit", "/incidents/INC-32/postmortem?edit=contributing_factors"}, {"lost", "/incidents/INC-999"}, {"sign-in", "/sign-in"}, {"sessions", "/sessions"},
	} {
		for _, dark := range []bool{false, true} {
			for size, width := range map[string]int64{"wide": 1280, "narrow": 390} {
				b.look(width, 860, dark)
				b.open(d.dashboard + p.path)
				b.wait(`document.readyState === "complete"`)
				where := fmt.Sprintf("%s, %s, dark: %v", p.path, size, dark)
				if out := b.eval(`String(document.documentElement.scrollWidth - innerWidth)`); out != "0" && !strings.HasPrefix(out, "-") {
					t.Errorf("%s: it is %s px too wide: %s", where, out, b.eval(wide))
				}
				for _, check := range []string{unnamed, broken, small} {
					if found := b.eval(check); found != "" {
						t.Errorf("%s:\n%s", where, found)
					}
				}
				if b.eval(`getComputedStyle(document.body).backgroundColor`) == b.eval(`getComputedStyle(document.body).color`) {
					t.Errorf("%s: nobody can read it", where)
				}
				tone := "light"
				if dark {
					tone = "dark"
				}
				b.paint(p.name + "-" + size + "-" + tone)
			}
		}
	}
	if said := complaints(); said != "" {
		t.Errorf("the browser says:\n%s", said)
	}
}

// wide names what sticks out of the window.
const wide = `[...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join("\n")`
