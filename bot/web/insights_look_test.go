package web_test

import (
	"testing"
)

// TestInsightsInABrowser looks at the pages of figures as people see them: light and
// dark, wide and narrow, and without scripts.
func TestInsightsInABrowser(t *testing.T) {
	needBrowser(t)
	p := newPast(t, 60)
	b := newTab(t)
	for _, page := range []struct{ name, path string }{{"insights", "/insights"}, {"followups", "/followups"}} {
		for _, dark := range []bool{false, true} {
			for name, width := range map[string]int64{"wide": 1280, "narrow": 390} {
				b.look(width, 860, dark)
				b.open(p.url + page.path)
				b.wait(`document.fonts.status === "loaded"`)
				tone := "light"
				if dark {
					tone = "dark"
				}
				b.paint(page.name + "-" + name + "-" + tone)
			}
		}
	}
}
