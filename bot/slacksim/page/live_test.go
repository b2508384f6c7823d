package page_test

import (
	"fmt"
	"testing"
)

// What happens in the workspace shows at once, without reloading.
func TestLiveMessages(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	ts := w.say("C00GENERAL", "U000000BOB", "the *build* is green", nil)
	row := fmt.Sprintf(`.msg[data-ts=%q]`, ts)
	b.shows(row+" strong", "build")
	b.shows("#live", "bob: the *build* is green") // read out
	w.push("message", object{"channel": "C00GENERAL", "message": object{"ts": ts, "user": "U000000BOB", "text": "the build is red", "edited": object{"user": "U000000BOB", "ts": "2"}, "reactions": []any{object{"name": "sob", "users": []any{"U0000CAROL"}, "count": 1}}}})
	b.shows(row, "red (edited)")
	b.see(row + ` .reaction[data-reaction=sob][aria-pressed=false]`)
	w.push("message_deleted", object{"channel": "C00GENERAL", "ts": ts})
	b.gone(row)
}

// A channel that appears while one looks: the incident's own, with its topic, bookmarks and pins as they come.
func TestLiveChannel(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	room := object{"id": "C0000INC09", "name": "inc-9-search-is-slow", "topic": "", "purpose": "", "is_private": false, "is_archived": false, "creator": "U0FIREBOSS", "members": []any{"U0FIREBOSS"}, "pins": []any{}, "bookmarks": []any{}}
	w.push("channel", object{"channel": room})
	room["members"] = []any{"U0FIREBOSS", "U0000ALICE"}
	w.push("channel", object{"channel": room})
	ts := w.say("C0000INC09", "U0FIREBOSS", "INC-9 <@U0000ALICE>", object{"bot_id": "B0FIREBOSS"})
	b.shows(`a[data-channel=C0000INC09].unread .count`, "1")
	b.wait(`document.title.startsWith("(1)")`)
	b.click("a[data-channel=C0000INC09]")
	b.shows("#main .msg", "INC-9 @alice")
	b.gone("a[data-channel=C0000INC09].unread")
	room["topic"], room["pins"] = "SEV-2 · Investigating", []any{ts}
	room["bookmarks"] = []any{object{"id": "1", "title": "Dashboard", "link": "https://example.com/i/9", "emoji": ":fire:"}}
	w.push("channel", object{"channel": room})
	b.shows(".topic", "SEV-2")
	b.see(`.bookmarks a[href="https://example.com/i/9"]`)
	b.click("[data-act=pins]")
	b.shows("#pane .pin", "INC-9")
	canvas := object{"id": "F0000CANVAS", "title": "Postmortem of INC-9", "channel": "C0000INC09", "markdown": "# What happened\n\nA disk was **full**."}
	w.push("canvas", object{"canvas": canvas})
	room["canvas"] = "F0000CANVAS"
	w.push("channel", object{"channel": room})
	b.click("[data-act=canvas]")
	b.shows("#pane .canvas-title", "Postmortem of INC-9")
	b.shows("#pane .canvas strong", "full")
	canvas["markdown"] = "\\<b>Nothing\\</b> \\*here\\*\n\n| a \\| b | [T4](https://example.com/i/9#e4) |\n|---|---|"
	w.push("canvas", object{"canvas": canvas})
	b.shows("#pane .canvas p", "<b>Nothing</b> *here*")
	b.shows("#pane .canvas th", "a | b")
	b.see(`#pane .canvas th a[href="https://example.com/i/9#e4"]`)
	canvas["deleted"], room["canvas"] = true, ""
	w.push("canvas", object{"canvas": canvas})
	b.shows("#pane", "This channel has no canvas.")
	w.push("channel", object{"channel": room})
	b.gone("[data-act=canvas]")
	room["is_archived"] = true
	w.push("channel", object{"channel": room})
	b.shows(".channel-note", "archived")
	b.gone("#composer")
}

// What only one person may see is on nobody else's page.
func TestEphemeralMessages(t *testing.T) {
	w := newWorkspace(t)
	alice, bob := w.open("#/alice/C00GENERAL"), w.open("#/bob/C00GENERAL")
	ts := w.say("C00GENERAL", "U0FIREBOSS", "a secret for Alice", object{"ephemeral_to": "U0000ALICE", "bot_id": "B0FIREBOSS"})
	w.say("C00GENERAL", "U0000CAROL", "for everybody", nil)
	row := fmt.Sprintf(`.msg[data-ts=%q]`, ts)
	alice.shows(row, "Only visible to you")
	bob.shows(".msg", "for everybody")
	if bob.count(row) != 0 {
		t.Error("Bob sees what only Alice may see")
	}
	alice.click(row + " [data-act=dismiss]")
	if got := w.waitCall("delete"); got["ts"] != ts || got["user"] != "U0000ALICE" {
		t.Errorf("said %v", got)
	}
	alice.gone(row)
}

// Two tabs are two people; each sees what the other does.
func TestSeveralPeopleInSeveralTabs(t *testing.T) {
	w := newWorkspace(t)
	w.on("message", func(body object) any {
		ts := w.say(body["channel"].(string), body["user"].(string), body["text"].(string), nil)
		return object{"ok": true, "ts": ts}
	})
	alice, bob, grace := w.open("#/alice/C00GENERAL"), w.open("#/bob/C00GENERAL"), w.open("#/grace/C00GENERAL")
	alice.write("#composer", "who is here?\r")
	for _, b := range []*tab{alice, bob, grace} {
		b.shows("#main .msg", "who is here?")
	}
	bob.write("#composer", "me\r")
	alice.shows("#main .msg[data-user=U000000BOB]", "me")
	if got := w.waitCall("message"); got["user"] != "U0000ALICE" {
		t.Errorf("the first said %v", got)
	}
	if got := w.waitCall("message"); got["user"] != "U000000BOB" {
		t.Errorf("the second said %v", got)
	}
	// A guest sees the channels they are in and no other.
	if n := grace.count("a.channel-link:not([data-channel=app])"); n != 1 {
		t.Errorf("the guest sees %d channels", n)
	}
	alice.click(`[data-person="carol"]`)
	alice.shows("#you", "Carol Tanaka")
	alice.wait(`location.hash === "#/carol/C00GENERAL"`)
	alice.gone("a[data-channel=C00PRIVATE]") // Carol is not in it
	alice.do(goBack())
	alice.shows("#you", "Alice Martin")
}

// The state is read again where the stream says so, and what is no longer there goes.
func TestReset(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	b.shows(".msg", "Good morning")
	w.mu.Lock()
	w.state["rev"] = w.rev + 1
	w.channel("C00GENERAL")["messages"] = []any{object{"ts": "1795430000.000001", "user": "U0000CAROL", "text": "a new beginning", "blocks": []any{}}}
	w.mu.Unlock()
	w.push("reset", nil)
	b.shows(".msg", "a new beginning")
	if b.count(".msg") != 1 {
		t.Errorf("what was there before is still shown: %s", b.text("#main .messages"))
	}
	w.say("C00GENERAL", "U0000CAROL", "it goes on", nil)
	b.shows(".msg", "it goes on")
}

func TestConnectionBanner(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	b.shows(".status", "Fireboss is connected")
	if b.count(".banner") != 0 {
		t.Error("a banner without a problem")
	}
	w.push("sockets", object{"sockets": []any{}})
	b.shows(".banner.problem[role=status]", "Fireboss is not connected")
	b.shows(".status", "not connected")
	w.push("sockets", object{"sockets": []any{object{"id": 3}}})
	b.gone(".banner")
}

// A stream that breaks is said, comes back by itself and brings what was missed: through the worker that the tabs
// share, and in a browser that has none.
func TestStreamComesBack(t *testing.T) {
	for name, script := range map[string]string{"shared": "", "alone": "delete window.SharedWorker"} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			b := w.openAs("#/alice/C00GENERAL", script)
			w.say("C00GENERAL", "U000000BOB", "before", nil)
			b.shows(".msg", "before")
			restore := w.cutStream()
			b.shows(".banner.problem", "The workspace is not reached.")
			w.say("C00GENERAL", "U000000BOB", "meanwhile", nil)
			restore()
			b.shows(".msg", "meanwhile")
			b.gone(".banner")
		})
	}
}

// A browser has six connections to a host. More tabs than that still hear everything and can act.
func TestMoreTabsThanConnections(t *testing.T) {
	w := newWorkspace(t)
	var tabs []*tab
	for _, name := range []string{"alice", "bob", "carol", "dave", "grace", "alice", "bob", "carol"} {
		tabs = append(tabs, w.open("#/"+name+"/C00GENERAL"))
	}
	w.say("C00GENERAL", "U00000DAVE", "can all of you hear me?", nil)
	for _, b := range tabs {
		b.shows(".msg", "can all of you hear me?")
	}
	tabs[len(tabs)-1].write("#composer", "yes\r")
	if got := w.waitCall("message"); got["user"] != "U0000CAROL" {
		t.Errorf("said %v", got)
	}
}

// A long channel is drawn in parts, and the place is kept while what is earlier comes.
func TestLongChannel(t *testing.T) {
	w := newWorkspace(t)
	for i := range 400 {
		w.add("C000RANDOM", object{"ts": fmt.Sprintf("17954%05d.000000", i*60), "user": "U000000BOB", "text": fmt.Sprintf("line %d", i), "blocks": []any{}})
	}
	b := w.open("#/alice/C000RANDOM")
	b.shows(".msg", "line 399")
	if n := b.count(".msg"); n > 150 {
		t.Errorf("%d messages drawn at once", n)
	}
	b.wait(`(() => { const s = document.querySelector("#main .list-frame > .scroll"); return s.scrollTop + s.clientHeight >= s.scrollHeight - 2; })()`)
	b.eval(`document.querySelector("#main .list-frame > .scroll").scrollTop = 0`)
	b.click(".earlier")
	b.shows(".msg", "line 200")
	w.say("C000RANDOM", "U0000CAROL", "meanwhile", nil)
	b.see(".newer:not([hidden])")
	b.click(".newer")
	b.wait(`(() => { const s = document.querySelector("#main .list-frame > .scroll"); return s.scrollTop + s.clientHeight >= s.scrollHeight - 2; })()`)
}
