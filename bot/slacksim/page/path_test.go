package page_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// says types a line into a channel and sends it.
func (b *tab) says(line string) {
	b.t.Helper()
	b.write("#composer", line)
	b.keys("\r")
}

// choose picks, in a field of choices of the open form, what the typed letters find.
func (b *tab) choose(field, letters string) {
	b.t.Helper()
	input := "dialog [data-action-id=" + field + "] input"
	b.click(input)
	b.eval(`document.querySelector(` + quoted(input) + `).select()`)
	b.keys(letters)
	b.see(".choices .choice")
	b.keys("\r")
	b.gone(".choices")
}

// reacts puts an emoji on the message that shows a text, by its toolbar.
func (b *tab) reacts(text, emoji string) {
	b.t.Helper()
	b.shows("#main [data-ts]", text)
	b.eval(`[...document.querySelectorAll("#main .msg")].find((e) => e.innerText.includes(` + quoted(text) + `)).focus()`)
	b.click("#main .msg:focus-within [data-act=react]")
	b.see(".emoji-picker")
	b.keys(emoji)
	b.see(`.emoji-choice[data-emoji="` + emoji + `"]`)
	b.click(`.emoji-choice[data-emoji="` + emoji + `"]`)
	b.gone(".emoji-picker")
}

// presses clicks the newest button with this label.
func (b *tab) presses(label string) {
	b.t.Helper()
	b.wait(`[...document.querySelectorAll("#main button")].some((e) => e.innerText.trim() === ` + quoted(label) + `)`)
	b.eval(`[...document.querySelectorAll("#main button")].filter((e) => e.innerText.trim() === ` + quoted(label) + `).pop().click()`)
}

// mail goes to what the app has told this person alone.
func (b *tab) mail() {
	b.t.Helper()
	b.wait(`[...document.querySelectorAll("a[data-channel], a")].some((e) => e.innerText.startsWith("Fireboss"))`)
	b.eval(`[...document.querySelectorAll("a")].find((e) => e.innerText.startsWith("Fireboss")).click()`)
	b.wait(`[...document.querySelectorAll("main button, main a, main [role=tab]")].some((e) => e.innerText.startsWith("Messages"))`)
	b.eval(`[...document.querySelectorAll("main button, main a, main [role=tab]")].find((e) => e.innerText.startsWith("Messages")).click()`)
}

// answers clicks a button of the open dialog.
func (b *tab) answers(label string) {
	b.t.Helper()
	b.eval(`[...document.querySelectorAll("dialog button")].find((e) => e.innerText.trim() === ` + quoted(label) + `).click()`)
}

// One person after another goes the whole path by forms, buttons and reactions
// alone: declare, take command, mark messages, hand over, ask for access to a private
// incident, resolve, reopen.
func TestTheWholePathByClicking(t *testing.T) {
	url, _ := startDemo(t)
	w := &workspace{t: t, url: url}
	alice := w.open("#/alice/C00GENERAL")
	alice.says("/incident")
	alice.see("dialog [data-action-id=title]")
	alice.write("dialog [data-action-id=title]", "customer mails leak")
	alice.choose("severity", "sev2")
	alice.choose("type", "security")
	alice.shows("dialog", "Only those who are brought in can see it")
	alice.click("dialog [data-act=submit]")
	alice.shows("dialog", "Opened INC-1. It is private")
	alice.keys(kb.Escape)
	alice.gone("dialog")
	alice.enter("inc-1-customer-mails-leak")
	alice.shows("[data-ts]", "This channel is recorded")
	alice.presses("Take command")
	alice.shows("[data-ts]", "Incident commander is now alice")

	alice.says("The export job mailed the wrong list.")
	alice.reacts("wrong list", "pushpin")
	alice.says("Tell legal before noon")
	alice.reacts("Tell legal", "white_check_mark")
	alice.shows("[data-ts]", "Task 4: Tell legal before noon")
	alice.says("Check every export job once a quarter")
	alice.reacts("once a quarter", "memo")

	bob := w.open("#/bob/C00GENERAL")
	bob.says("/incident show INC-1")
	bob.shows("[data-ts]", "INC-1 does not exist or is not open to you.")
	bob.presses("Ask for access")
	bob.shows("[data-ts]", "INC-1 does not exist or is not open to you")
	alice.mail()
	alice.shows("[data-ts]", "bob")
	alice.presses("Approve")
	bob.enter("inc-1-customer-mails-leak")
	bob.shows("[data-ts]", "This channel is recorded")

	alice.enter("inc-1-customer-mails-leak")
	alice.says("/incident handoff")
	alice.see("dialog")
	alice.choose("to", "bob")
	alice.click("dialog [data-act=submit]")
	alice.gone("dialog")
	bob.mail()
	bob.shows("[data-ts]", "command")
	bob.presses("Accept")
	alice.shows("[data-ts]", "bob took command")

	bob.enter("inc-1-customer-mails-leak")
	bob.presses("Resolve")
	bob.shows("dialog", "Resolve INC-1?")
	bob.answers("Resolve")
	alice.shows("[data-ts]", "Status changed from investigating to resolved")
	bob.says("/incident reopen")
	bob.shows("dialog", "Reopen INC-1")
	bob.write("dialog textarea, dialog input", "a second list was mailed")
	bob.click("dialog [data-act=submit]")
	alice.shows("[data-ts]", "a second list was mailed")
	bob.says("/incident timeline")
	bob.shows("[data-ts]", "The export job mailed the wrong list.")
}

// The same by typing alone.
func TestTheWholePathByTyping(t *testing.T) {
	url, _ := startDemo(t)
	w := &workspace{t: t, url: url}
	alice := w.open("#/alice/C00GENERAL")
	alice.says("/incident open sev2 private customer mails leak")
	alice.shows("[data-ts]", "Opened INC-1. It is private")
	alice.enter("inc-1-customer-mails-leak")
	alice.shows("[data-ts]", "This channel is recorded")
	alice.says("/incident lead me")
	alice.shows("[data-ts]", "Incident commander is now alice")
	alice.says("/incident note the export job mailed the wrong list")
	alice.shows("[data-ts]", "mailed the wrong list")
	alice.says("/incident task add tell legal before noon")
	alice.shows("[data-ts]", "Task 1: tell legal before noon")
	alice.says("/incident followup add check every export job once a quarter")

	bob := w.open("#/bob/C00GENERAL")
	bob.says("/incident show INC-1")
	bob.shows("[data-ts]", "INC-1 does not exist or is not open to you.")
	bob.says("/incident access INC-1")
	bob.shows("[data-ts]", "those who run it have been asked")
	alice.says("/incident access INC-1 approve @bob")
	bob.enter("inc-1-customer-mails-leak")
	bob.shows("[data-ts]", "mailed the wrong list")

	alice.says("/incident handoff @bob two lists were mailed, legal waits for the second")
	bob.says("/incident accept")
	alice.shows("[data-ts]", "bob took command")
	bob.says("/incident resolve the job is stopped and legal knows")
	alice.shows("[data-ts]", "to resolved: the job is stopped and legal knows")
	bob.says("/incident reopen a third list was mailed")
	alice.shows("[data-ts]", "a third list was mailed")
	bob.says("/incident timeline")
	bob.shows("[data-ts]", "tell legal before noon")
}
