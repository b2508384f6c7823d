package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What somebody does in Slack, others see on their open pages by themselves, and what
// they are writing meanwhile is not taken away.
func TestPagesChangeByThemselves(t *testing.T) {
	needBrowser(t)
	d := startDemo(t)
	now, one := newTab(t), newTab(t)
	now.signIn(d, "carol")
	now.open(d.dashboard + "/")
	now.wait(`document.documentElement.classList.contains("is-live")`)
	now.shows("#says", "Nothing is burning.")
	d.slash("@alice", "#general", "open sev2 Checkout is slow")
	now.shows(".rows", "Checkout is slow")
	now.shows("#says", "1 incident is open.")
	page := now.eval(`document.querySelector(".rows a").getAttribute("href")`)
	n := page[strings.LastIndex(page, "/")+1:]
	one.open(d.dashboard + page) // the browser is carol's
	one.wait(`document.documentElement.classList.contains("is-live")`)
	one.do(chromedp.SendKeys(chromedp.CSS("#say"), "note half of a sente"))
	one.eval(`document.querySelector("#picture-table").open = true`)
	d.slash("@bob", "#general", "lead "+n+" me")
	one.shows(".glance", "bob")
	now.shows(".rows", "commander bob")
	if said := one.eval(`document.querySelector("#say").value`); said != "note half of a sente" {
		t.Errorf("what was being written is %q now", said)
	}
	if focus := one.eval(`document.activeElement.id`); focus != "say" {
		t.Errorf("the focus is at %q", focus)
	}
	one.wait(`document.querySelector("#picture-table").open`)
	one.do(chromedp.SendKeys(chromedp.CSS("#say"), "nce\r"))
	one.shows("#answer", "timeline")
	one.shows(".events", "half of a sentence")
	one.wait(`document.activeElement.id === "answer"`)

	d.slash("@alice", "#general", "private "+n)
	one.shows("h1", "Nothing to see here")
	now.wait(`!document.body.innerText.includes("Checkout is slow")`)
	d.slash("@alice", "#general", "open private sev1 Keys leaked")
	d.slash("@alice", "#general", "open sev4 The end of the test")
	now.shows(".rows", "The end of the test")
	if strings.Contains(now.eval(`document.body.innerText`), "leaked") {
		t.Error("a private incident is on the page")
	}
}

// An incident is run with the mouse: buttons, a form, a refusal at its field.
func TestActingInABrowser(t *testing.T) {
	d, b, page := burning(t)
	b.open(d.dashboard + page)
	b.click("#do-sev")
	b.wait(`document.activeElement.matches("#ask input")`)
	b.click("#v-severity-1")
	b.do(chromedp.SendKeys(chromedp.CSS("#v-why"), "only half"))
	b.click("#ask button.primary")
	b.shows("#answer", "is now sev2.")
	b.shows("#headline", "SEV2")
	b.click("#further summary")
	b.click("#do-task-add")
	b.wait(`document.activeElement.id === "v-text"`) // else the focus comes while it is typed
	b.do(chromedp.SendKeys(chromedp.CSS("#v-text"), "ask the bank"), chromedp.SendKeys(chromedp.CSS("#v-to"), "@nobody.at.all"))
	b.click("#ask button.primary")
	b.shows("#ask .late", "I know nobody called")
	b.wait(`document.activeElement.id === "v-to" && document.querySelector("#v-text").value === "ask the bank"`)
	b.insist(chromedp.SetValue(chromedp.CSS("#v-to"), "@dave"))
	b.click("#ask button.primary")
	b.shows("#answer", "is added")
	b.shows(".tasks", "ask the bank")
	b.click("#do-resolve summary")
	b.wait(`document.querySelector("#do-resolve").open`)
	b.do(chromedp.SendKeys(chromedp.CSS("#do-resolve-more"), "rolled back"))
	b.click("#do-resolve button")
	b.shows("#headline", "resolved")
	b.shows("#answer", "is now resolved")
	b.open(d.dashboard + "/incidents/new")
	b.do(chromedp.SendKeys(chromedp.CSS("#v-title"), "keys in a log"))
	b.click("#v-type-2") // security, which is private here
	b.wait(`document.querySelector("#ask input[name='v.private_security']") && document.querySelector("#ask input[name='v.private_security']").checked && document.querySelector("#v-title").value === "keys in a log"`)
	b.click("#ask button.primary")
	b.shows("h1", "keys in a log")
	b.shows(".badges", "private")
}

// All reading works without scripts, and all acting too.
func TestPagesWithoutScripts(t *testing.T) {
	d, b, page := burning(t)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string][]string{
		"/":                                     {"2 incidents are open.", "Checkout answers with errors", "you command", "Over lately"},
		"/incidents":                            {"Nobody can sign in (sample)", "CSV", "Severity"},
		"/incidents?severity=sev1&status=ended": {"The shop is down", "Clear"},
		page:                                    {"Responders", "As it went", "Timeline", "check the queue of failed payments", "Declared sev1 incident"},
		page + "?show=key":                      {"Declared sev1 incident"},
		page + "?audit=check":                   {"Verified just now"},
		"/incidents/INC-19?at=16#e16":           {"the session store ran out of memory"},
		page + "?ask=status":                    {"investigating", "looking for the cause"},
		"/incidents/new":                        {"Look again with these choices"},
		"/incidents/INC-999":                    {"INC-999 does not exist or is not open to you.", "Ask for access"},
		"/incidents/INC-19?show=messages":       {"the session store is down, both nodes"},
		"/postmortems":                          {"waits for its review longer than it should", "Published", "Sold-out products can be bought"},
		"/incidents/INC-32/postmortem":          {"Contributing factors", "The name of a service is written in two places", "T11", "drafted"},
		"/incidents/INC-32/postmortem?from=1&to=2":               {"What changed from version 1 to 2", "deployed. [T11]"},
		"/incidents/INC-32/postmortem?edit=contributing_factors": {"Save", "Preview", "is event 14 of the timeline"},
	} {
		b.open(d.dashboard + path)
		shown := b.read()
		for _, s := range says {
			if !strings.Contains(shown, s) {
				t.Errorf("%s does not show %q without scripts", path, s)
			}
		}
	}
	b.open(d.dashboard + page)
	b.press("#do-note", "Leave it")
	b.insist(chromedp.SendKeys(chromedp.CSS("#v-text"), "written without a script"))
	b.press("#ask button.primary", "stands in the timeline")
	if shown := b.read(); !strings.Contains(shown, "written without a script") {
		t.Errorf("the note is not on the page: %s", shown)
	}
}

// read is the text of the page, without a script.
func (b *tab) read() string {
	b.t.Helper()
	for begin := time.Now(); ; {
		text, err := b.tryRead()
		if err == nil {
			return text
		}
		if time.Since(begin) > patience {
			b.t.Fatal(err)
		}
	}
}

// tryRead is read, which fails where one page just makes way for the next.
func (b *tab) tryRead() (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
}

// insist does something over and again until it can be done: a page may just be coming.
func (b *tab) insist(step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, step)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			b.t.Fatal(err)
		}
	}
}

// press follows a link or sends a form, and waits until the next page says something.
func (b *tab) press(selector, says string) {
	b.t.Helper()
	b.insist(chromedp.ScrollIntoView(chromedp.CSS(selector)))
	b.insist(chromedp.Click(chromedp.CSS(selector)))
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for begin := time.Now(); ; <-tick.C {
		shown, err := b.tryRead()
		if strings.Contains(shown, says) {
			return
		}
		if err != nil && time.Since(begin) < patience {
			continue // the next page is just coming
		}
		if time.Since(begin) > patience {
			b.t.Fatalf("after %s the page says %s", selector, shown)
		}
	}
}

// A postmortem is read, looked up in the timeline, and written on.
func TestAPostmortemInABrowser(t *testing.T) {
	needBrowser(t)
	d := startDemo(t)
	b := newTab(t)
	b.signIn(d, "dave")
	account := d.dashboard + "/incidents/INC-32/postmortem"
	b.open(account)
	b.eval(`[...document.querySelectorAll("#s-contributing_factors .cite a")].find((a) => a.textContent === "T11").click()`)
	b.wait(`location.pathname === "/incidents/INC-32" && document.readyState === "complete"`)
	b.wait(`location.pathname === "/incidents/INC-32" && location.hash === "#e11" && document.querySelector("#e11.here").getBoundingClientRect().top >= 0 && document.querySelector("#e11").getBoundingClientRect().bottom <= innerHeight`)
	b.open(account)
	b.click("#edit-contributing_factors")
	b.wait(`window.htmx && document.querySelector("#text")`)
	b.do(chromedp.SendKeys(chromedp.CSS("#text"), "\n\nIt is **checked** nowhere <script>document.title = 'burgled'</script> [T12]"))
	b.wait(`document.querySelector("#preview strong").textContent === "checked" && document.querySelector("#preview .cite a[href$='#e12']")`)
	if focus := b.eval(`document.activeElement.id`); focus != "text" {
		t.Errorf("the preview has taken the focus to %q", focus)
	}
	b.click(".write .primary")
	b.shows("#s-contributing_factors", "It is checked nowhere")
	b.shows(".glance", "3")
	b.wait(`document.querySelector("#s-contributing_factors strong")`)
	if title := b.eval(`document.title`); strings.Contains(title, "burgled") {
		t.Error("what stood in the text was run")
	}
	b.open(account + "?edit=contributing_factors")
	b.insist(chromedp.SetValue(chromedp.CSS("#text"), "while somebody else"))
	d.slash("@alice", "#general", "postmortem INC-32 edit contributing_factors Somebody else was quicker.")
	b.click(".write .primary")
	b.wait(`document.querySelector("[role=alert]") && document.querySelector("#text").value === "while somebody else"`) // it is not lost
}

// Everything is reached by Tab, and one sees where one is.
func TestKeyboardReachesEverything(t *testing.T) {
	d, b, page := burning(t)
	b.open(d.dashboard + page)
	b.do(chromedp.KeyEvent(kb.Tab))
	b.wait(`document.activeElement.classList.contains("skip") && document.activeElement.getBoundingClientRect().top >= 0`)
	b.wait(`document.documentElement.classList.contains("is-live")`)
	b.eval(`document.body.addEventListener("htmx:beforeRequest", (e) => e.preventDefault())`) // so that it stays as it is
	b.wait(`!document.querySelector(".htmx-request")`)
	want := strings.Fields(b.eval(`[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((e) => e.checkVisibility()).map((e, i) => (e.dataset.n = i, i)).join(" ")`))
	seen := map[string]bool{}
	for range len(want) + 5 {
		seen[b.eval(`String(document.activeElement.dataset.n)`)] = true
		if ring := b.eval(`document.activeElement === document.body ? "solid3px" : ` + `(() => { const e = document.activeElement, s = getComputedStyle(e.closest(".typed") || e); return s.outlineStyle + s.outlineWidth; })()`); !strings.HasPrefix(ring, "solid3px") {
			t.Errorf("one does not see that one is at %s: %s", b.eval(`document.activeElement.outerHTML.slice(0, 100)`), ring)
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	for _, n := range want {
		if !seen[n] {
			t.Errorf("Tab does not come to %s", b.eval(fmt.Sprintf(`document.querySelector("[data-n='%s']").outerHTML.slice(0, 120)`, n)))
		}
	}
}
