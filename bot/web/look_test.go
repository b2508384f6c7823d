package web_test

import "testing"

func TestPagesInABrowser(t *testing.T) {
	needBrowser(t)
	d := startDemo(t)
	b := newTab(t)
	for _, p := range []struct{ name, path string }{{"now", "/"}, {"incidents", "/incidents"}, {"incident", "/incidents/INC-2"}} {
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
