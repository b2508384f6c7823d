package page_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// openForm opens the sample form for Alice, as V1.
func (w *workspace) openForm() object {
	form := readJSON(w.t, "testdata/open-form.json")
	form["id"] = "V1"
	w.push("view", object{"view": form})
	return form
}

// A form is opened, filled, sent and closed without a mouse.
func TestFormByKeyboardAlone(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	b.write("#composer", "/incident open\r")
	if got := w.waitCall("slash"); got["command"] != "/incident" || got["text"] != "open" || got["channel"] != "C00GENERAL" {
		t.Errorf("said %v", got)
	}
	w.openForm()
	b.focusIs("dialog [data-action-id=title]")
	if name := b.eval(`document.activeElement.labels[0].innerText`); name != "Title" {
		t.Errorf("the field is called %q", name)
	}
	b.keys("checkout is down\t")
	b.focusIs("[data-action-id=severity] input")
	b.keys(kb.ArrowDown + kb.ArrowUp + "\r")
	b.wait(`document.activeElement.value.startsWith("SEV-1")`)
	b.keys("\t\t")
	b.focusIs("[data-action-id=services] input")
	b.keys("pay\rsea\r\t")
	b.see("[data-action-id=services] .chip[data-value=search]")
	b.focusIs("[data-action-id=summary]")
	b.keys("502s since the deploy\t")
	b.keys(" ")
	w.on("submit", func(object) any {
		w.push("view_closed", object{"id": "V1", "user": "U0000ALICE"})
		return object{"ok": true, "response": nil}
	})
	b.write("[data-action-id=title]", "\r")
	got := w.waitCall("submit")
	wanted := object{"title": "checkout is down", "severity": "sev1", "services": []any{"payments", "search"}, "summary": "502s since the deploy", "private": []any{"private"}}
	if fmt.Sprint(got["values"]) != fmt.Sprint(wanted) || got["view_id"] != "V1" || got["user"] != "U0000ALICE" {
		t.Errorf("sent %v, want %v", got, wanted)
	}
	b.gone("dialog")
	b.focusIs("#composer")
}

// Enter in a field of choices chooses or opens them, and never sends the form; choosing nothing keeps the focus.
func TestChoicesKeepTheForm(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	plain := func(s string) object { return object{"type": "plain_text", "text": s} }
	w.push("view", object{"view": object{"id": "V2", "user": "U0000ALICE", "type": "modal", "title": plain("Who"), "submit": plain("Send"), "blocks": []any{
		object{"type": "input", "block_id": "who", "optional": true, "label": plain("Commander"), "element": object{"type": "users_select", "action_id": "who"}},
	}}})
	b.focusIs("dialog [data-action-id=who] input")
	b.keys("zzz")
	b.shows(".choices", "Nothing matches")
	b.keys("\r")
	b.shows(".choices", "Nothing matches")
	b.eval(`document.querySelector("dialog [data-action-id=who] input").select()`)
	b.keys("bo")
	b.shows(".choices .choice", "Bob Fischer")
	b.keys("\r")
	b.gone(".choices")
	b.wait(`document.querySelector("dialog [data-action-id=who] input").value === "Bob Fischer"`)
	b.keys("\t")
	b.focusIs("[data-act=clear]")
	b.keys("\r")
	b.focusIs("dialog [data-action-id=who] input")
	b.wait(`document.querySelector("dialog [data-action-id=who] input").value === ""`)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		t.Errorf("said %s %v", c.path, c.body)
	}
}

func TestFormClosesWithEscape(t *testing.T) {
	w := newWorkspace(t)
	w.on("close", func(body object) any {
		w.push("view_closed", object{"id": body["view_id"], "user": "U0000ALICE"})
		return object{"ok": true}
	})
	b := w.open("#/alice/C00GENERAL")
	w.openForm()
	b.focusIs("[data-action-id=title]")
	b.click("[data-action-id=severity] input")
	b.see(".choices")
	b.keys(kb.Escape) // closes the list, not the form
	b.gone(".choices")
	b.see("dialog[data-view-id=V1]")
	b.keys(kb.Escape)
	if got := w.waitCall("close"); got["view_id"] != "V1" {
		t.Errorf("closed %v", got)
	}
	b.gone("dialog")
}

// What is wrong stands at its field, and the focus goes to the first.
func TestFormErrors(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	w.openForm()
	b.click("dialog [data-act=submit]")
	b.shows("[data-block-id=title] .field-error", "Please complete this required field.")
	b.focusIs("[data-action-id=title][aria-invalid=true]")
	if named := b.eval(`document.getElementById(document.activeElement.getAttribute("aria-describedby")).innerText`); named != "Please complete this required field." {
		t.Errorf("the field is described by %q", named)
	}
	w.on("submit", func(object) any {
		return object{"ok": true, "response": object{"response_action": "errors", "errors": object{"services": "search is not a service", "elsewhere": "Too many open incidents"}}}
	})
	b.write("[data-action-id=title]", "x")
	b.click("dialog [data-act=submit]")
	b.shows("[data-block-id=services] .field-error", "search is not a service")
	b.shows("dialog .form-error[role=alert]", "Too many open incidents")
	b.focusIs("[data-action-id=services] input")
	w.on("submit", func(object) any { return object{"ok": false, "error": "operation_timeout"} })
	b.click("dialog [data-act=submit]")
	b.shows("dialog .form-error", "did not answer within three seconds")
}

// What went wrong in a form is said within it: outside an open dialog nothing can be pressed or heard.
func TestNoticesAboveForms(t *testing.T) {
	w := newWorkspace(t)
	w.on("click", func(object) any { return object{"ok": false, "error": "dispatch_failed"} })
	b := w.open("#/alice/C00GENERAL")
	w.push("view", object{"view": object{"id": "V3", "user": "U0000ALICE", "type": "modal", "title": object{"type": "plain_text", "text": "Press"}, "blocks": []any{
		object{"type": "actions", "block_id": "a", "elements": []any{object{"type": "button", "action_id": "go", "text": object{"type": "plain_text", "text": "Go"}}}},
	}}})
	b.click("dialog [data-action-id=go]")
	b.shows("dialog #notices:popover-open .notice[role=alert]", "The app is not connected.")
	b.click(".notice [aria-label=Dismiss]")
	b.gone("#notices")
	b.see("dialog[data-view-id=V3]")
}

// A form that the app changes keeps what was entered, and a form pushed on top comes back to it.
func TestFormsUpdateAndStack(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/C00GENERAL")
	form := w.openForm()
	b.write("[data-action-id=title]", "checkout")
	form["title"] = object{"type": "plain_text", "text": "Open it now"}
	w.push("view", object{"view": form})
	b.shows("dialog h2", "Open it now")
	b.focusIs("[data-action-id=title]")
	b.wait(`document.activeElement.value === "checkout"`)
	w.push("view", object{"view": object{"id": "V2", "user": "U0000ALICE", "type": "modal", "title": object{"type": "plain_text", "text": "Sure?"}, "blocks": []any{object{"type": "section", "block_id": "s", "text": object{"type": "mrkdwn", "text": "*Really*"}}}}})
	b.shows("dialog[data-view-id=V2]", "Really")
	if n := b.count("dialog"); n != 1 {
		t.Errorf("%d dialogs at once", n)
	}
	b.click("dialog [data-act=back]")
	if got := w.waitCall("close"); got["view_id"] != "V2" || got["all"] != nil {
		t.Errorf("closed %v", got)
	}
	w.push("view_closed", object{"id": "V2", "user": "U0000ALICE"})
	b.see("dialog[data-view-id=V1]")
	if kept := b.eval(`document.querySelector("[data-action-id=title]").value`); kept != "checkout" {
		t.Errorf("the form below came back with %q", kept)
	}
}

// Fields that share an action id are told apart by their blocks.
func TestFieldsThatShareAnActionID(t *testing.T) {
	w := newWorkspace(t)
	view := samples(t)["java-sdk-view4"]
	view["id"], view["user"] = "V4", "U0000ALICE"
	b := w.open("#/alice/C00GENERAL")
	w.push("view", object{"view": view})
	b.write("[data-block-id=b1] input", "inci\r")
	b.write("[data-block-id=b2] input", "alerts\r")
	b.click("dialog [data-act=submit]")
	first, second := w.waitCall("click"), w.waitCall("click")
	if first["block_id"] != "b1" || first["value"] != "CINCIDENTS" || second["block_id"] != "b2" || second["value"] != "C000ALERTS" {
		t.Errorf("said %v and %v", first, second)
	}
	if got := w.waitCall("submit"); fmt.Sprint(got["values"]) != "map[]" {
		t.Errorf("sent %v", got)
	}
}

// Forms belong to one person: nobody else sees them.
func TestFormsBelongToOnePerson(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/bob/C00GENERAL")
	w.openForm()
	b.wait(`document.querySelector('[data-person="alice"]').getAttribute("aria-label").includes("form open")`)
	if b.count("dialog") != 0 {
		t.Error("Bob sees Alice's form")
	}
	b.click(`[data-person="alice"]`)
	b.see("dialog[data-view-id=V1]")
}

func TestAppHome(t *testing.T) {
	w := newWorkspace(t)
	b := w.open("#/alice/app")
	if got := w.waitCall("home"); got["user"] != "U0000ALICE" {
		t.Errorf("said %v", got)
	}
	b.shows("[data-view-id=VHOME1] .block-header", "Your fires")
	b.click("[data-action-id=declare]")
	if got := w.waitCall("click"); got["view_id"] != "VHOME1" || got["action_id"] != "declare" {
		t.Errorf("said %v", got)
	}
	w.push("home", object{"user": "U0000ALICE", "view": object{"id": "VHOME1", "type": "home", "blocks": []any{object{"type": "header", "block_id": "h", "text": object{"type": "plain_text", "text": "All is quiet"}}}}})
	b.shows(".home .block-header", "All is quiet")
	b.click("[data-tab=messages]")
	b.shows("#main .msg", "You are on call this week.")
	b.write("#composer", "hello\r")
	if got := w.waitCall("message"); got["channel"] != "D0000ALICE" || got["text"] != "hello" {
		t.Errorf("said %v", got)
	}
}
