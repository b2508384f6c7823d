package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The one browser of these tests; each test has tabs of its own in it.
var (
	browserOnce sync.Once
	browser     context.Context
	stopBrowser = func() {}
	noBrowser   string
)

func TestMain(m *testing.M) {
	code := m.Run()
	stopBrowser()
	os.Exit(code)
}

func startBrowser() {
	path, err := exec.LookPath("chromium")
	if err != nil {
		noBrowser = "chromium is not on the PATH; install it to run the tests that drive the page"
		return
	}
	dir, err := os.MkdirTemp("", "page-test-")
	if err != nil {
		noBrowser = err.Error()
		return
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.WindowSize(1280, 860)}
	for _, flag := range []string{"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-dev-shm-usage", "disable-renderer-backgrounding", "disable-background-timer-throttling",
		"process-per-site", "disable-extensions", "disable-breakpad", "disable-default-apps"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	options = append(options, chromedp.Flag("disable-features", "IsolateOrigins,site-per-process,SpareRendererForSitePerProcess,Translate,OptimizationHints,MediaRouter"))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	stopBrowser = func() {
		stop()
		stopAllocator()
		os.RemoveAll(dir)
	}
	if err := chromedp.Do(ctx); err != nil {
		noBrowser = "chromium does not start: " + err.Error()
		return
	}
	browser = ctx
}

// needBrowser skips the test where there is no browser, unless everything is required.
func needBrowser(t *testing.T) {
	t.Helper()
	browserOnce.Do(startBrowser)
	if noBrowser == "" {
		return
	}
	if os.Getenv("FIREBOSS_TEST_REQUIRE_ALL") == "1" {
		t.Fatal(noBrowser)
	}
	t.Skip(noBrowser)
}

// tab is a page in the browser. Every method fails the test where what it needs does not come in time.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// open opens the workspace's page at an address such as "#/alice/C00GENERAL" and waits until all is drawn.
func (w *workspace) open(address string) *tab {
	w.t.Helper()
	return w.openAs(address, "")
}

// openAs is open in a browser that has run script before the page's own.
func (w *workspace) openAs(address, script string) *tab {
	w.t.Helper()
	needBrowser(w.t)
	ctx, stop := chromedp.NewContext(browser)
	w.t.Cleanup(stop)
	b := &tab{w.t, ctx}
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as this context, not as a step's
		w.t.Fatal(err)
	}
	if script != "" {
		if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
			w.t.Fatal(err)
		}
	}
	b.do(chromedp.Navigate(w.url + "/" + address))
	b.wait(`document.documentElement.dataset.ready === "true"`)
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// wait waits until a JavaScript condition holds, looking whenever the page changes.
func (b *tab) wait(condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`new Promise((done) => {
		const holds = () => { try { return Boolean(%s); } catch { return false; } };
		if (holds()) return done(true);
		const end = () => { if (holds()) { observer.disconnect(); clearInterval(timer); done(true); } };
		const observer = new MutationObserver(end);
		observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		const timer = setInterval(end, 50);
	})`, condition), chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("waiting for %s: %v\nthe page shows: %s", condition, err, b.eval(`document.body.innerText.slice(0, 3000)`))
	}
}

// eval gives the value of a JavaScript expression as text: a string as it is, anything else as JSON.
func (b *tab) eval(expression string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluating %s: %v", expression, err)
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

func quoted(text string) string {
	raw, _ := json.Marshal(text) // a string can always be encoded
	return string(raw)
}

// see waits for an element, and shows waits for one that holds text.
func (b *tab) see(selector string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.querySelector(%s)`, quoted(selector)))
}

func (b *tab) shows(selector, text string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`[...document.querySelectorAll(%s)].some((e) => e.innerText.includes(%s))`, quoted(selector), quoted(text)))
}

func (b *tab) gone(selector string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`!document.querySelector(%s)`, quoted(selector)))
}

// text is what the first such element shows.
func (b *tab) text(selector string) string {
	b.t.Helper()
	b.see(selector)
	return b.eval(fmt.Sprintf(`document.querySelector(%s).innerText`, quoted(selector)))
}

// count is how many such elements there are.
func (b *tab) count(selector string) int {
	b.t.Helper()
	var n int
	fmt.Sscan(b.eval(fmt.Sprintf(`document.querySelectorAll(%s).length`, quoted(selector))), &n)
	return n
}

// click presses an element with the mouse. One that is drawn anew between being found and being pressed is found
// again.
func (b *tab) click(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		b.see(selector)
		err := chromedp.Do(ctx, chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "find node with given id") {
			b.t.Fatalf("pressing %s: %v", selector, err)
		}
	}
}

// write focuses a field and types; \r is Enter.
func (b *tab) write(selector, text string) {
	b.t.Helper()
	b.see(selector)
	b.do(chromedp.Focus(chromedp.CSS(selector)))
	b.keys(text)
}

// keys types where the focus is. A key goes down with the character it makes, as a keyboard has it, so that a page
// that uses the key keeps the character from coming; chromedp.KeyEvent sends the character by itself.
func (b *tab) keys(keys string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for _, r := range keys {
		var down *input.DispatchKeyEventParams
		for _, p := range kb.Encode(r) {
			switch p.Type {
			case input.DispatchKeyEventTypeKeyUp:
				b.press(ctx, down)
				b.press(ctx, p)
			case input.DispatchKeyEventTypeChar:
				down.Type, down.Text, down.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, p.Text, p.UnmodifiedText
			default:
				down = p
			}
		}
	}
}

func (b *tab) press(ctx context.Context, p *input.DispatchKeyEventParams) {
	b.t.Helper()
	if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, *p); err != nil {
		b.t.Fatal(err)
	}
}

// focusIs waits until the element has the focus.
func (b *tab) focusIs(selector string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.activeElement && document.activeElement.matches(%s)`, quoted(selector)))
}

// want fails the test where got lacks any of the texts.
func want(t *testing.T, got string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(got, text) {
			t.Errorf("%q is missing in: %s", text, got)
		}
	}
}
