package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// signIn is one click in the demo.
func (b *tab) signIn(d *demo, name string) {
	b.t.Helper()
	b.open(d.dashboard + "/sign-in")
	b.do(chromedp.Click(chromedp.CSS(`button[value=` + name + `]`)))
	b.shows(".you", name)
}

func TestPagesInABrowser(t *testing.T) {
	needBrowser(t)
	d := startDemo(t)
	b := newTab(t)
	b.signIn(d, "alice")
	for _, text := range []string{"open sev1 Checkout answers with errors", "open sev3 Search index is two hours old"} {
		d.slash("@alice", "#general", text)
	}
	b.open(d.dashboard + "/")
	b.shows(".rows", "Checkout answers")
	first := b.eval(`document.querySelector(".rows a").getAttribute("href")`)
	for _, text := range []string{"lead me", "update One payment in five fails in Europe. We roll back today's deployment. next 30m", "task add check the queue of failed payments", "task add tell the shops", "status identified a bad deployment at 13:40", "decision we roll back and do not fix forward"} {
		d.api(first, text)
	}
	for _, p := range []struct{ name, path string }{{"now", "/"}, {"incidents", "/incidents"}, {"incident", first}, {"update", first + "?ask=update"}, {"sev", first + "?ask=sev"}, {"new", "/incidents/new"}} {
		for _, dark := range []bool{false, true} {
			for name, width := range map[string]int64{"wide": 1280, "narrow": 390} {
				b.look(width, 860, dark)
				b.open(d.dashboard + p.path)
				b.wait(`document.fonts.status === "loaded"`)
				tone := "light"
				if dark {
					tone = "dark"
				}
				b.paint(p.name + "-" + name + "-" + tone)
			}
		}
	}
}
