package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"fireboss/bot"
)

// pictures is where the pictures of the documentation are to be drawn anew:
//
//	go test ./bot/web -run TestPicturesOfTheDocumentation -pictures "$PWD/docs/pictures"
//
// and looks is where every page that is looked at is drawn whole, for who wants to
// look at them.
var (
	pictures = flag.String("pictures", "", "write the pictures of the documentation to this `FOLDER`")
	looks    = flag.String("looks", "", "write a picture of every page to this `FOLDER`")
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

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
		noBrowser = "chromium is not on the PATH; install it to run the tests that drive the pages"
		return
	}
	dir, err := os.MkdirTemp("", "web-test-")
	if err != nil {
		noBrowser = err.Error()
		return
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.WindowSize(1280, 860)}
	for _, name := range []string{"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-dev-shm-usage", "disable-renderer-backgrounding", "disable-background-timer-throttling", "hide-scrollbars",
		"process-per-site", "disable-extensions", "disable-breakpad", "disable-default-apps"} {
		options = append(options, chromedp.Flag(name, true))
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

// demo is the program itself, as `fireboss demo` runs it.
type demo struct {
	t                    *testing.T
	dashboard, workspace string
	token                string
}

// startDemo runs the demo with its sample history.
func startDemo(t *testing.T, more ...string) *demo {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := append([]string{"demo", "--listen", "127.0.0.1:0", "--workspace", "127.0.0.1:0", "--data", t.TempDir()}, more...)
		ended <- bot.Main(ctx, args, os.Getenv, in, io.Discard)
		in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the demo ended with %d", code)
		}
	})
	said, err := bufio.NewReader(out).ReadString('\n')
	d := &demo{t: t}
	for _, word := range strings.Fields(said) {
		switch name, value, _ := strings.Cut(word, "="); name {
		case "dashboard":
			d.dashboard = value
		case "workspace":
			d.workspace = value
		case "api_token":
			d.token = value
		}
	}
	if err != nil || d.dashboard == "" {
		t.Fatalf("the demo said %q (%v)", said, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return d
}

// tab is a page in the browser. Every method fails the test where what it needs does not come in time.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab opens an empty one.
func newTab(t *testing.T) *tab {
	t.Helper()
	needBrowser(t)
	ctx, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	b := &tab{t, ctx}
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as this context, not as a step's
		t.Fatal(err)
	}
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

func (b *tab) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
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

// wait waits until a JavaScript condition holds, over all pages that the tab is sent on to meanwhile.
func (b *tab) wait(condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`(() => { try { return Boolean(%s); } catch { return false; } })()`, condition)))
		if err == nil && ok {
			return
		}
		select {
		case <-tick.C: // an error is that the page has just gone
		case <-ctx.Done():
			b.t.Fatalf("waiting for %s: %v\nthe page shows: %s", condition, err, b.eval(`String(document.body && document.body.innerText).slice(0, 3000)`))
		}
	}
}

func quotedJS(text string) string {
	raw, _ := json.Marshal(text) // a string can always be encoded
	return string(raw)
}

// shows waits for an element that holds text.
func (b *tab) shows(selector, text string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`[...document.querySelectorAll(%s)].some((e) => e.innerText.includes(%s))`, quotedJS(selector), quotedJS(text)))
}

// look sets the size of the window, and whether it is dark; nothing moves there.
func (b *tab) look(width, height int64, dark bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1}); err != nil {
		b.t.Fatal(err)
	}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
		b.t.Fatal(err)
	}
}

// paint writes the whole page, where that is asked for.
func (b *tab) paint(name string) {
	b.t.Helper()
	if *looks == "" {
		return
	}
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*looks, name+".png"), shot, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// slash lets somebody say something in the workspace.
func (d *demo) slash(who, channel, text string) {
	d.t.Helper()
	d.post(d.workspace+"/sim/slash", map[string]any{"user": who, "channel": channel, "command": "/incident", "text": text})
}

func (d *demo) post(address string, body any) {
	d.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+d.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || bytes.Contains(said, []byte(`"ok":false`)) {
		d.t.Fatalf("%s: %d %s", address, res.StatusCode, said)
	}
}
