package web_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// linkOf has somebody ask for a link, and answers where it leads.
func (d *demo) linkOf(who string) string {
	d.t.Helper()
	body := strings.NewReader(`{"user":"` + who + `","channel":"#general","command":"/incident","text":"dashboard"}`)
	res, err := http.Post(d.workspace+"/sim/slash", "application/json", body)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	var said struct{ Response struct{ Text string } }
	if err := json.NewDecoder(res.Body).Decode(&said); err != nil {
		d.t.Fatal(err)
	}
	link := regexp.MustCompile(`/sign-in/link/[A-Za-z0-9_-]{43}`).FindString(said.Response.Text)
	if link == "" {
		d.t.Fatalf("no link in %q", said.Response.Text)
	}
	return link
}

// tooWide says of a page that it is wider than the window.
const tooWide = `document.documentElement.scrollWidth > innerWidth`

// everyLook looks at the page that is open: light and dark, wide and narrow.
func (b *tab) everyLook(name string) {
	b.t.Helper()
	for tone, dark := range map[string]bool{"light": false, "dark": true} {
		for at, width := range map[string]int64{"wide": 1280, "narrow": 390} {
			b.look(width, 860, dark)
			b.wait(`document.fonts.status === "loaded"`)
			if b.eval(tooWide) == "true" {
				b.t.Errorf("%s, %s: it is wider than the window", name, at)
			}
			b.paint(name + "-" + at + "-" + tone)
		}
	}
	if list := b.eval(unnamed); list != "" {
		b.t.Errorf("%s: without a name: %s", name, list)
	}
}

func TestSigningInInABrowser(t *testing.T) {
	needBrowser(t)
	d := startDemo(t, "--empty")
	b := newTab(t)
	b.open(d.dashboard + "/sign-in?next=/tokens")
	b.shows("h1", "Sign in")
	b.everyLook("sign-in")
	b.insist(chromedp.Click(chromedp.CSS(`button[value=alice]`)))
	b.shows("h1", "API tokens")
	b.do(chromedp.SendKeys(chromedp.CSS("#name"), "ci"), chromedp.Click(chromedp.CSS(`button[value=create]`)))
	b.shows("h2", "This is the token of ci")
	b.shows(".secret", "fireboss_")
	b.everyLook("tokens")
	b.open(d.dashboard + "/sessions")
	b.insist(chromedp.Click(chromedp.CSS("details.you summary")))
	b.shows(".you .menu", "API tokens")
	b.everyLook("sessions")
	link := d.linkOf("@carol")
	b.open(d.dashboard + link)
	b.shows("h1", "Sign in as carol")
	b.everyLook("link")
	b.insist(chromedp.Click(chromedp.CSS("main button")))
	b.shows(".you", "carol")
	b.insist(chromedp.Click(chromedp.CSS("details.you summary")))
	b.insist(chromedp.Click(chromedp.CSS(`form[action="/sign-out"] button`)))
	b.shows(".told", "You are signed out")
	b.open(d.dashboard + link)
	b.shows("h1", "does not sign anybody in")
	b.everyLook("link-used")
}

// TestSigningInNeedsNoScript goes the whole way with scripts off.
func TestSigningInNeedsNoScript(t *testing.T) {
	needBrowser(t)
	d := startDemo(t, "--empty")
	b := newTab(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.open(d.dashboard + "/sign-in?next=/sessions")
	b.insist(chromedp.Click(chromedp.CSS(`button[value=bob]`)))
	b.shows("h1", "Sessions")
	b.insist(chromedp.Click(chromedp.CSS("details.you summary")))
	b.insist(chromedp.Click(chromedp.CSS(`form[action="/sign-out"] button`)))
	b.shows(".told", "You are signed out")
}
