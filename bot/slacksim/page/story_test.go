package page_test

import (
	"maps"
	"slices"
	"testing"
)

// playhouse is a workspace in which a story can be played; it stands as the test says.
type playhouse struct {
	*workspace
	story object
}

func newPlayhouse(t *testing.T) *playhouse {
	t.Helper()
	p := &playhouse{workspace: newWorkspace(t), story: object{
		"ok": true, "available": true, "running": false, "title": "People run an incident", "try": "/incident open sev1 checkout is down",
		"cast": []string{"@dave", "@alice", "@bob"}, "taken": []string{}, "acting": "", "place": "general", "note": "",
	}}
	p.on("story?", func(object) any {
		p.mu.Lock()
		defer p.mu.Unlock()
		return maps.Clone(p.story)
	})
	p.on("story", func(body object) any {
		who, _ := body["takeover"].(string)
		switch {
		case body["stop"] != nil:
			p.stands(object{"running": false, "acting": ""})
		case who != "":
			p.mu.Lock()
			taken, _ := p.story["taken"].([]string)
			p.mu.Unlock()
			p.stands(object{"taken": append(slices.Clone(taken), who)})
		default:
			p.stands(object{"running": true, "acting": "@dave", "taken": []string{}, "note": "", "place": "general"})
		}
		return object{"ok": true}
	})
	return p
}

// stands changes how the story stands.
func (p *playhouse) stands(change object) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.Copy(p.story, change)
}

// A story is started, followed to its incident's channel, and stopped.
func TestStory(t *testing.T) {
	p := newPlayhouse(t)
	b := p.open("#/alice/C000RANDOM")
	b.click("[data-act=story]")
	p.waitCall("story")
	b.wait(`location.hash === "#/alice/C00GENERAL"`) // it begins there
	b.shows(".banner.story", "A story is playing. Dave Silva is next.")
	b.shows("#live", "A story is playing.")
	p.stands(object{"place": "C0000INC01", "acting": "@bob"})
	b.shows(".banner.story", "Bob Fischer is next.")
	b.shows(".banner.story [data-act=story-place]", "Go to #inc-1-checkout-is-down")
	b.click("[data-act=story-place]")
	b.gone("[data-act=story-place]")
	b.click("[data-act=stop-story]")
	b.see("[data-act=story]")
	b.gone(".banner")
}

// Somebody is taken over by the button, by what is written and by what is pressed; who is not in the story is not.
func TestStoryTakenOver(t *testing.T) {
	p := newPlayhouse(t)
	p.stands(object{"running": true, "acting": "@dave"})
	alice, bob, carol := p.open("#/alice/C0000INC01"), p.open("#/bob/C0000INC01"), p.open("#/carol/C0000INC01")
	alice.click("[data-act=take-over]")
	if got := p.waitCall("story"); got["takeover"] != "@alice" {
		t.Errorf("said %v", got)
	}
	alice.shows(".banner.story", "Alice Martin is yours.")
	alice.gone("[data-act=take-over]")
	bob.see("[data-act=take-over]")
	bob.click("#main [data-key] .block-actions button")
	if got := p.waitCall("story"); got["takeover"] != "@bob" {
		t.Errorf("said %v", got)
	}
	bob.shows(".banner.story", "Bob Fischer is yours.")
	carol.shows(".banner.story", "Dave Silva is next.")
	if carol.count("[data-act=take-over]") != 0 {
		t.Error("Carol, who is not in the story, can be taken over")
	}
	carol.write("#composer", "hello\r")
	p.waitCall("message")
	alice.write("#composer", "mine already\r")
	p.waitCall("message")
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.path == "story" {
			t.Errorf("said %v once more", c.body)
		}
	}
}

// What the story waits for, and how it ended, is said until it is dismissed.
func TestStorySaysWhatItWaitsFor(t *testing.T) {
	p := newPlayhouse(t)
	p.stands(object{"running": true, "note": "It waits for an incident: open one, as @alice or anybody."})
	b := p.open("#/dave/C00GENERAL")
	b.shows(".banner.story", "It waits for an incident: open one, as Alice Martin or anybody.")
	b.shows("#live", "It waits for an incident")
	b.click(".banner [data-act=try]")
	b.focusIs("#composer")
	b.wait(`document.querySelector("#composer").value === "/incident open sev1 checkout is down"`)
	p.stands(object{"running": false, "note": "The story is over."})
	b.shows(".banner.story", "The story is over.")
	b.see("[data-act=story]")
	b.click("[data-act=dismiss-story]")
	b.gone(".banner")
}

// A tab that did not start the story learns of it from what happens, and does not show the end of one it never saw.
func TestStoryInAnotherTab(t *testing.T) {
	p := newPlayhouse(t)
	p.stands(object{"note": "The story is over."})
	b := p.open("#/bob/C00GENERAL")
	b.see("[data-act=story]")
	if b.count(".banner") != 0 {
		t.Error("the end of a story from before")
	}
	p.stands(object{"running": true, "acting": "@alice", "note": ""})
	p.say("C00GENERAL", "U00000DAVE", "Is anybody else seeing errors?", nil)
	b.shows(".banner.story", "Alice Martin is next.")
}

// Somebody who has just come is told what to do, and can begin with one press; a draft is not written over.
func TestFirstSteps(t *testing.T) {
	p := newPlayhouse(t)
	b := p.open("#/alice/C00GENERAL")
	b.shows(".first-steps", "/incident open sev1 checkout is down")
	b.click(".first-steps [data-act=try]")
	b.focusIs("#composer")
	b.keys("\r")
	if got := p.waitCall("slash"); got["command"] != "/incident" || got["text"] != "open sev1 checkout is down" {
		t.Errorf("said %v", got)
	}
	b.write("#composer", "a draft")
	b.click(".first-steps [data-act=try]")
	b.wait(`document.querySelector("#composer").value === "a draft"`)
}

// Without somebody who plays stories there is no button, and the first steps name the command.
func TestNoStory(t *testing.T) {
	b := newWorkspace(t).open("#/alice/C00GENERAL")
	b.shows(".first-steps", "Type /incident")
	if b.count(".fire") != 0 {
		t.Error("a button that can do nothing")
	}
}
