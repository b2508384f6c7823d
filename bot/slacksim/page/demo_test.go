package page_test

import (
	"bufio"
	"context"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"fireboss/bot"
)

// picture is where the README's picture is to be drawn anew:
//
//	go test ./bot/slacksim/page -run IsRunInTheBrowser -picture "$PWD/docs/workspace.png"
var picture = flag.String("picture", "", "write a picture of an incident's channel to this `FILE`")

// paint writes what the tab shows, where that was asked for.
func (b *tab) paint() {
	b.t.Helper()
	if *picture == "" {
		return
	}
	b.size(1360, 1130)
	b.do(chromedp.MouseEvent("mouseMoved", 130, 600)) // so that it lies on no message
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(*picture, shot, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// startDemo runs the program itself, as `fireboss demo` does, and answers where
// its workspace and its dashboard are.
func startDemo(t *testing.T) (workspaceURL, dashboard string) {
	t.Helper()
	needBrowser(t)
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := []string{"demo", "--listen", "127.0.0.1:0", "--workspace", "127.0.0.1:0", "--empty", "--data", t.TempDir()}
		ended <- bot.Main(ctx, args, os.Getenv, in, io.Discard)
		in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the demo ended with %d", code)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready ") {
		t.Fatalf("the demo said %q (%v)", line, err)
	}
	go io.Copy(io.Discard, out)
	for _, word := range strings.Fields(line) {
		if v, ok := strings.CutPrefix(word, "workspace="); ok {
			workspaceURL = v
		}
		if v, ok := strings.CutPrefix(word, "dashboard="); ok {
			dashboard = v
		}
	}
	return workspaceURL, dashboard
}

// A person who never saw it before declares an incident, talks, answers in a
// thread, clicks the card's buttons and closes, by typing and clicking alone.
func TestAnIncidentIsRunInTheBrowser(t *testing.T) {
	url, dashboard := startDemo(t)
	w := &workspace{t: t, url: url}
	alice := w.open("#/alice/C00GENERAL")
	alice.write("#composer", "/incident open sev2 checkout is down")
	alice.keys("\r")
	alice.shows("[data-ts]", "Opened INC-1.")
	alice.enter("inc-1-checkout-is-down")
	alice.shows("[data-ts]", "This channel is recorded")

	bob := w.open("#/bob/C00GENERAL")
	bob.see(`[data-person="bob"]`)
	alice.write("#composer", "/incident invite @bob")
	alice.keys("\r")
	bob.enter("inc-1-checkout-is-down")
	bob.click(`[data-action-id="say:ack"]`)
	alice.shows("[data-ts]", "Acknowledged by bob")
	bob.click(`[data-action-id="say:lead"]`)
	alice.shows("[data-ts]", "Incident commander is now bob")

	alice.write("#composer", "It began with release 2241.")
	alice.keys("\r")
	bob.shows("[data-ts]", "It began with release 2241.")
	bob.eval(`[...document.querySelectorAll(".msg")].find((e) => e.innerText.includes("release 2241")).id = "told"`)
	bob.click("#told")
	bob.click("#told [data-act=reply]")
	bob.write("#thread-composer", "Then we go back to 2240.")
	bob.keys("\r")
	bob.shows("[data-ts]", "Then we go back to 2240.")
	bob.write("#composer", "/incident service add checkout")
	bob.keys("\r")
	alice.shows("[data-ts]", "runbook")
	bob.write("#composer", "/incident decision We go back to 2240 and redo the tax fix tomorrow.")
	bob.keys("\r")
	alice.shows("[data-ts]", "We go back to 2240 and redo")
	alice.click(".msg.ephemeral [data-act=dismiss]")
	alice.gone("#main .msg.ephemeral")
	alice.click(".thread-summary")
	alice.shows("#pane [data-ts]", "Then we go back to 2240.")
	alice.paint()

	bob.write("#composer", "/incident resolve payments work again")
	bob.keys("\r")
	alice.shows("[data-ts]", "to resolved: payments work again")
	bob.write("#composer", "/incident close")
	bob.keys("\r")
	alice.shows("[data-ts]", "The record up to here is sealed with")

	bob.do(chromedp.Navigate(dashboard + "/incidents/INC-1"))
	bob.shows("body", "closed")
	bob.shows("body", "Then we go back to 2240.")
}

// The button plays a story through the real doors, in which people can be taken
// over, until it is stopped.
func TestAFireIsStartedInTheBrowser(t *testing.T) {
	url, _ := startDemo(t)
	w := &workspace{t: t, url: url}
	alice := w.open("#/alice/C00GENERAL")
	alice.shows(".first-steps", "/incident open sev1 checkout is down")
	alice.click("[data-act=story]")
	alice.shows(".msg[data-user=U00000DAVE]", "Is anybody else seeing errors on checkout?")
	alice.shows(".banner.story", "Alice Martin is next.")
	alice.click("[data-act=take-over]")
	alice.shows(".banner.story", "Alice Martin is yours.")
	alice.shows(".banner.story", "Bob Fischer is next.")
	alice.click("[data-act=stop-story]")
	alice.gone(".banner")
	alice.see("[data-act=story]")
}

// enter follows the link to a channel, wherever it stands by then: a channel
// that comes moves the links below it.
func (b *tab) enter(channel string) {
	b.t.Helper()
	link := quoted(`[data-name="` + channel + `"]`)
	b.wait("document.querySelector(" + link + ")")
	b.eval("document.querySelector(" + link + ").click()")
}
