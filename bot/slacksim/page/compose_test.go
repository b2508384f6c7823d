package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func goBack() chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void]("history.back()")
}

func TestSlashCompletion(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	b.write("#composer", "/in")
	b.shows(".completion [role=option][aria-selected=true]", "/incident")
	if active := b.eval(`document.getElementById(document.querySelector("#composer").getAttribute("aria-activedescendant")).dataset.suggestion`); active != "/incident" {
		t.Errorf("%s is active", active)
	}
	b.keys(kb.ArrowDown + "\t")
	b.wait(`document.querySelector("#composer").value === "/inc "`)
	b.shows(".usage", "[verb]")
	b.keys("show INC-1\r")
	if got := w.waitCall("slash"); got["command"] != "/inc" || got["text"] != "show INC-1" {
		t.Errorf("said %v", got)
	}
}

func TestMentionCompletion(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	b.write("#composer", "hey @ca")
	b.shows(".completion .choice", "Carol Tanaka")
	b.keys("\r:tad")
	b.shows(".completion .choice", ":tada:")
	b.keys("\r#rand")
	b.shows(".completion .choice", "#random")
	b.keys("\r")
	b.wait(`document.querySelector("#composer").value === "hey @carol :tada: #random "`)
	b.keys("\r")
	if got := w.waitCall("message"); got["text"] != "hey @carol :tada: #random" {
		t.Errorf("said %v", got)
	}
	b.wait(`document.querySelector("#composer").value === ""`)
}

// What Slack tells a person whose command failed, each in their own words, to them alone.
func TestCommandsThatFail(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C0000INC01")
	for _, c := range []struct{ err, shown string }{
		{"operation_timeout", "/incident failed with the error “operation_timeout”"},
		{"dispatch_failed", "/incident failed with the error “dispatch_failed”"},
	} {
		w.on("slash", func(object) any { return object{"ok": false, "error": c.err} })
		b.write("#composer", "/incident list\r")
		b.shows(".msg.ephemeral", c.shown)
		b.eval(`document.querySelector("#composer").select()`)
		b.keys(kb.Backspace)
	}
	b.click("[data-act=thread]")
	w.on("slash", func(body object) any {
		if body["thread_ts"] == nil {
			return object{"ok": true}
		}
		return object{"ok": false, "error": "not_supported_in_threads", "message": "/incident is not supported in threads. Sorry!"}
	})
	b.write("#thread-composer", "/incident list\r")
	b.shows("#pane .msg.ephemeral", "/incident is not supported in threads. Sorry!")
	b.shows("#main .thread-summary", "3 replies") // what only Alice sees is none
	b.shows("#main .thread-summary", "last 23 Nov at 09:10")
}

// A message that does not get through is not lost.
func TestMessageThatFails(t *testing.T) {
	w := newWorkspace(t)
	w.on("message", func(object) any {
		return object{"ok": false, "error": "is_archived", "message": "This channel is archived."}
	})
	b := w.open("#/alice/C00GENERAL")
	b.write("#composer", "hello\r")
	b.shows(".notice", "This channel is archived.")
	b.wait(`document.querySelector("#composer").value === "hello"`)
}

func TestThreads(t *testing.T) {
	w := newWorkspace(t)
	w.on("message", func(body object) any {
		ts := w.say(body["channel"].(string), body["user"].(string), body["text"].(string), object{"thread_ts": body["thread_ts"]})
		return object{"ok": true, "ts": ts}
	})
	b := w.open("#/carol/C0000INC01")
	b.shows(".thread-summary", "3 replies")
	b.click(".thread-summary")
	b.focusIs("#thread-composer")
	b.shows("#pane .msg", "Rolling back now.")
	b.keys("it works\r")
	root := w.waitCall("message")["thread_ts"]
	b.shows("#pane .msg", "it works")
	b.shows(fmt.Sprintf(`#main [data-ts=%q] .thread-summary`, root), "4 replies")
	if b.eval(`document.querySelector("#main .messages").innerText.includes("it works")`) != "false" {
		t.Error("the reply stands in the channel")
	}
	b.keys(kb.Escape)
	b.wait(`document.getElementById("pane").hidden`)
	// A new thread, by keyboard: up from the composer's channel to a message, t.
	b.eval(`[...document.querySelectorAll("#main .msg")].find((m) => m.innerText.includes("Dashboards")).focus()`)
	b.see(".msg:focus .msg-toolbar [data-act=reply]")
	b.keys("t")
	b.focusIs("#thread-composer")
}

func TestOwnMessages(t *testing.T) {
	w := newWorkspace(t)
	ts := "1795430000.000001"
	w.add("C00GENERAL", object{"ts": ts, "user": "U0000CAROL", "text": "the biuld", "blocks": []any{}, "reactions": []any{}})
	b := w.open("#/carol/C00GENERAL")
	row := fmt.Sprintf(`.msg[data-ts=%q]`, ts)
	b.write("#composer", kb.ArrowUp)
	b.focusIs(".editor textarea")
	b.keys(kb.End + "!\r")
	if got := w.waitCall("edit"); got["ts"] != ts || got["text"] != "the biuld!" {
		t.Errorf("said %v", got)
	}
	b.gone(".editor")
	b.eval(fmt.Sprintf(`document.querySelector(%s).focus()`, quoted(row)))
	b.click(row + " [data-act=react]")
	b.keys("tada\r")
	if got := w.waitCall("react"); got["name"] != "tada" || got["ts"] != ts {
		t.Errorf("said %v", got)
	}
	w.push("message", object{"channel": "C00GENERAL", "message": object{"ts": ts, "user": "U0000CAROL", "text": "the build", "reactions": []any{object{"name": "tada", "users": []any{"U0000CAROL"}, "count": 1}}}})
	b.click(row + " [data-reaction=tada][aria-pressed=true]")
	if got := w.waitCall("unreact"); got["name"] != "tada" {
		t.Errorf("said %v", got)
	}
	menu := func(item string) {
		t.Helper()
		b.eval(fmt.Sprintf(`document.querySelector(%s).focus()`, quoted(row)))
		b.click(row + " .msg-toolbar [data-act=more]")
		b.click(".menu " + item)
	}
	menu("[data-act=pin]")
	if got := w.waitCall("pin"); got["ts"] != ts {
		t.Errorf("said %v", got)
	}
	menu("[data-shortcut=mark]")
	if got := w.waitCall("shortcut"); got["callback_id"] != "mark" || got["ts"] != ts || got["channel"] != "C00GENERAL" {
		t.Errorf("said %v", got)
	}
	menu("[data-act=delete]")
	b.click("[data-answer=confirm]")
	if got := w.waitCall("delete"); got["ts"] != ts {
		t.Errorf("said %v", got)
	}
	// What others wrote can be neither edited nor deleted.
	b.eval(`document.querySelector('.msg[data-user=U00000DAVE]').focus()`)
	b.click(".msg[data-user=U00000DAVE] .msg-toolbar [data-act=more]")
	b.see(".menu [data-act=copy]")
	if b.count(".menu [data-act=edit], .menu [data-act=delete]") != 0 {
		t.Error("Carol is offered to change what Dave wrote")
	}
}

func TestFilesAreSent(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	name := filepath.Join(t.TempDir(), "trace.txt")
	if err := os.WriteFile(name, []byte("boom"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("[data-act=files]"), []string{name}))
	b.shows(".attached li", "trace.txt")
	b.write("#composer", "see\r")
	got := w.waitCall("message")
	if fmt.Sprint(got["files"]) != "[map[base64:Ym9vbQ== mimetype:text/plain name:trace.txt]]" || got["text"] != "see" {
		t.Errorf("said %v", got)
	}
	b.wait(`document.querySelector(".attached").hidden`)
	w.say("C00GENERAL", "U0000ALICE", "see", object{"files": []any{object{"id": "F9", "name": "trace.txt", "title": "trace.txt", "mimetype": "text/plain", "size": 4, "url": "/sim/files/F9"}}})
	b.see(`.card.file a[href="/sim/files/F9"][download]`)
}

func TestJoinAndLeave(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C000DESIGN")
	b.shows(".channel-note", "You are looking at #design")
	b.click(".channel-note [data-act=join]")
	if got := w.waitCall("join"); got["channel"] != "C000DESIGN" || got["user"] != "U0000ALICE" {
		t.Errorf("said %v", got)
	}
	design := w.channel("C000DESIGN")
	joined := object{}
	for k, v := range design {
		if k != "messages" {
			joined[k] = v
		}
	}
	joined["members"] = []any{"U00000DAVE", "U0000ALICE"}
	w.push("channel", object{"channel": joined})
	b.see("#composer")
	b.click("[data-act=channel-menu]")
	b.click(".menu [data-act=leave]")
	if got := w.waitCall("leave"); got["channel"] != "C000DESIGN" {
		t.Errorf("said %v", got)
	}
}

func TestGlobalShortcut(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	b.click("[data-act=shortcuts]")
	b.click(".menu [data-shortcut=declare]")
	if got := w.waitCall("shortcut"); got["callback_id"] != "declare" || got["user"] != "U0000ALICE" || got["ts"] != nil {
		t.Errorf("said %v", got)
	}
}

func TestMembers(t *testing.T) {
	b := newWorkspace(t).open("#/alice/C00GENERAL")
	b.click("[data-act=members]")
	b.shows("#pane [data-member=grace]", "Guest")
	b.shows("#pane [data-member=bob]", "local time")
	b.click("[data-act=close-pane]")
	b.wait(`document.getElementById("pane").hidden`)
}

// A message that changes while its toolbar is used keeps it, and the focus in it; the pointer elsewhere takes
// neither away.
func TestToolbarOutlivesChanges(t *testing.T) {
	w := newWorkspace(t)
	ts := "1795430000.000001"
	w.add("C00GENERAL", object{"ts": ts, "user": "U000000BOB", "text": "first", "blocks": []any{}, "reactions": []any{}})
	b := w.open("#/alice/C00GENERAL")
	row := fmt.Sprintf(`.msg[data-ts=%q]`, ts)
	b.eval(fmt.Sprintf(`document.querySelector(%s).focus()`, quoted(row)))
	b.keys("\t")
	b.focusIs(row + " [data-act=react]")
	w.push("message", object{"channel": "C00GENERAL", "message": object{"ts": ts, "user": "U000000BOB", "text": "second", "reactions": []any{}}})
	b.shows(row, "second")
	b.focusIs(row + " [data-act=react]")
	b.do(chromedp.MouseEvent("mouseMoved", 600, 700), chromedp.MouseEvent("mouseMoved", 30, 300))
	b.focusIs(row + " [data-act=react]")
	b.keys("\t\t\r")
	b.see(".menu [data-act=pin]")
	w.push("message", object{"channel": "C00GENERAL", "message": object{"ts": ts, "user": "U000000BOB", "text": "third", "reactions": []any{}}})
	b.shows(row, "third")
	b.keys(kb.Escape)
	b.focusIs(row + " [data-act=more]")
}
