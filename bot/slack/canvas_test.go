package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// accounts is a mirror that shows what is published.
func (w *world) accounts() *Mirror {
	m := w.dashboard()
	m.Account = func(ctx context.Context, in incidents.Incident) (string, error) {
		doc, err := w.db.Postmortem(ctx, in.Number, in.Postmortem.PublishedVersion)
		text := "# " + doc.Title + "\n"
		for _, s := range doc.Sections {
			text += "\n## " + s.Title + "\n\n" + s.Text + "\n"
		}
		return text, err
	}
	return m
}

// publishes writes a postmortem and publishes it.
func (w *world) publishes(n incidents.Number, text string) {
	w.Helper()
	in, err := w.db.Incident(w.Context(), n)
	if err != nil {
		w.Fatal(err)
	}
	if in.Postmortem.Version == 0 {
		doc := incidents.Document{Incident: n, Title: n.String() + ": checkout is down", Seq: in.Seq, Sections: []incidents.Section{{Slot: "summary", Title: "Summary", Text: "?", Author: incidents.ByRecord}}}
		w.says(n, "draft "+text, incidents.DraftPostmortem{Document: doc})
		in.Postmortem.Version = 1
	}
	w.says(n, "edit "+text, incidents.EditPostmortem{Base: in.Postmortem.Version, Slot: "summary", Text: text})
	w.says(n, "approve "+text, incidents.ApprovePostmortem{})
	w.says(n, "publish "+text, incidents.PublishPostmortem{})
}

// canvases are the texts of the canvases of a channel.
func (w *world) canvases(channel string) (list []string) {
	w.Helper()
	for _, c := range w.state().Canvases {
		if c.Channel == channel {
			list = append(list, c.Markdown)
		}
	}
	return list
}

// shows checks that a channel's canvas is there, once, and says this.
func (w *world) shows(channel string, words ...string) {
	w.Helper()
	got := w.canvases(channel)
	if len(got) != 1 {
		w.Fatalf("there are %d canvases: %q\n%s", len(got), got, w.log.String())
	}
	for _, word := range words {
		if !strings.Contains(got[0], word) {
			w.Errorf("it does not say %q:\n%s", word, got[0])
		}
	}
}

// publicIncident is one that is shown and has no postmortem yet.
func (w *world) publicIncident(m *Mirror) (incidents.Number, store.Record) {
	w.Helper()
	n := w.busy().Number
	return n, w.rest(m, n)
}

// What is published stands in the channel's canvas; a newer version in the same one.
func TestAPostmortemIsShownInACanvas(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.accounts()
		n, rec := w.publicIncident(m)
		if got := w.canvases(rec.Place); len(got) > 0 {
			w.Fatalf("before: %q", got)
		}
		w.publishes(n, "A disk was full.")
		rec = w.rest(m, n)
		w.shows(rec.Place, "# INC-1: checkout is down\n\n[The postmortem's page](https://fireboss.example.com/incidents/INC-1/postmortem)", "This is version 2.", "A disk was full.", "Fireboss "+m.StoreID[:8]+" INC-1.")
		if c := w.state().Canvases[0]; c.Title != "Postmortem of INC-1" || c.ID != rec.IDs[idCanvas] {
			w.Errorf("%+v, and the record %v", c, rec.IDs)
		}
		before := w.calls()
		w.publishes(n, "A disk was full, and nobody looked.")
		rec = w.rest(m, n)
		w.shows(rec.Place, "and nobody looked", "This is version 3.")
		if calls := w.newCalls(before); calls["canvases.edit"] != 1 || calls["conversations.canvases.create"] != 0 {
			w.Errorf("%v", calls)
		}
		before = w.calls()
		w.note(n, "one more")
		w.rest(m, n)
		if calls := w.newCalls(before); calls["canvases.edit"]+calls["conversations.canvases.create"]+calls["canvases.sections.lookup"] > 0 {
			w.Errorf("though nothing has changed in it: %v", calls)
		}
	})
}

// An edit that is not published is not shown; what is blotted out goes from what is.
func TestWhatIsBlottedOutGoesFromTheCanvas(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.accounts()
		n, _ := w.publicIncident(m)
		w.publishes(n, "The password was hunter2.")
		w.rest(m, n)
		in, err := w.db.Incident(w.Context(), n)
		if err != nil {
			w.Fatal(err)
		}
		w.says(n, "edit", incidents.EditPostmortem{Base: in.Postmortem.Version, Slot: "summary", Text: "It was a password."})
		rec := w.rest(m, n)
		w.shows(rec.Place, "hunter2")
		events, err := w.db.Events(w.Context(), n, 0, 0)
		if err != nil {
			w.Fatal(err)
		}
		i := slices.IndexFunc(events, func(e incidents.Event) bool { return e.Kind == incidents.PostmortemEdited })
		w.says(n, "redact", incidents.Redact{Seq: events[i].Seq, Why: "a password"})
		rec = w.rest(m, n)
		w.shows(rec.Place, "## Summary")
		if got := w.canvases(rec.Place)[0]; strings.Contains(got, "hunter2") {
			w.Errorf("it still says %s", got)
		}
	})
}

// Whatever is not answered, and whenever we are killed: there is one canvas, and it
// shows what is published.
func TestACanvasIsMadeOnce(t *testing.T) {
	for name, fault := range map[string][]any{
		"it is made, unheard":      {"conversations.canvases.create", "drop_after"},
		"it is not made":           {"conversations.canvases.create", "drop_before"},
		"Slack stumbles":           {"conversations.canvases.create", "error", "error", "internal_error"},
		"nobody knows whose it is": {"canvases.sections.lookup", "error", "error", "internal_error"},
		"it is edited, unheard":    {"canvases.edit", "drop_after"},
		"it is there all the same": {"conversations.canvases.create", "error", "error", "channel_canvas_already_exists"},
	} {
		for _, killed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, killed %v", name, killed), func(t *testing.T) {
				inWorld(t, slacksim.Options{}, func(w *world) {
					m := w.accounts()
					n, _ := w.publicIncident(m)
					w.publishes(n, "A disk was full.")
					w.fault(fault[0].(string), fault[1].(string), 1, fault[2:]...)
					if killed {
						_ = w.pass(m, n, func(int) bool { return false })
						m = w.accounts()
					}
					w.sync(m, n)
					elapse(20 * time.Second)
					w.publishes(n, "A disk was full, and nobody looked.")
					rec := w.rest(m, n)
					w.shows(rec.Place, "and nobody looked")
					if rec.IDs[idCanvas] != w.state().Canvases[0].ID || rec.IDs[idTrouble+stepCanvas] != "" {
						w.Errorf("%v", rec.IDs)
					}
				})
			})
		}
	}
}

// Where somebody edits the canvas at this moment it is tried again in a moment.
func TestACanvasThatSomebodyEdits(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.accounts()
		n, _ := w.publicIncident(m)
		w.publishes(n, "A disk was full.")
		w.rest(m, n)
		w.publishes(n, "A disk was full, and nobody looked.")
		w.fault("canvases.edit", "error", 2, "error", "canvas_editing_locked")
		w.shows(w.sync(m, n).Place, "and nobody looked")
	})
}

// peoplesCanvas is one that somebody else made in a channel.
func (w *world) peoplesCanvas(channel, text string) string {
	w.Helper()
	id, err := w.client.api.CreateChannelCanvasContext(w.Context(), channel, slackgo.DocumentContent{Type: "markdown", Markdown: text})
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// A canvas that people made is left as it is, wherever the incident goes; an empty one
// is taken.
func TestWhoseCanvasIsTaken(t *testing.T) {
	for text, taken := range map[string]bool{"": true, "Who to call": false, "Fireboss 01234567 INC-1.": false, "of Fireboss": false} {
		t.Run(text, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				m := w.accounts()
				n, rec := w.publicIncident(m)
				id := w.peoplesCanvas(rec.Place, text)
				w.publishes(n, "A disk was full.")
				old := w.rest(m, n)
				got := w.canvases(old.Place)
				if len(got) != 1 || strings.Contains(got[0], "A disk was full.") != taken || (old.IDs[idCanvas] == id) != taken {
					w.Fatalf("%q, known is %q", got, old.IDs[idCanvas])
				}
				const said = "Slack does not let Fireboss show the postmortem in the channel's canvas: the channel has a canvas that people made"
				if list := sentences(old, nil, w.people.knownName); (len(list) == 0) != taken || !taken && !strings.Contains(list[0], said) {
					w.Errorf("it is said: %q", list)
				}
				w.says(n, "private", incidents.MakePrivate{})
				rec = w.rest(m, n)
				if got := w.canvases(old.Place); (len(got) == 0) != taken {
					w.Errorf("where it was there is %q", got)
				}
				w.shows(rec.Place, "A disk was full.")
				if list := sentences(rec, nil, w.people.knownName); len(list) > 0 {
					w.Errorf("it is still said: %q", list)
				}
			})
		})
	}
}

// A canvas that people deleted is made again when there is something new to show.
func TestACanvasThatWasDeleted(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		m := w.accounts()
		n, _ := w.publicIncident(m)
		w.publishes(n, "A disk was full.")
		rec := w.rest(m, n)
		if err := w.client.api.DeleteCanvasContext(w.Context(), rec.IDs[idCanvas]); err != nil {
			w.Fatal(err)
		}
		w.note(n, "one more")
		if w.rest(m, n); len(w.canvases(rec.Place)) > 0 {
			w.Error("it is made again, though nothing is new")
		}
		w.publishes(n, "A disk was full, and nobody looked.")
		w.shows(w.rest(m, n).Place, "and nobody looked")
	})
}

// The canvas moves with its incident, whether people changed it or not, and also where
// its deletion takes several tries; one that arrives late is taken away, too.
func TestACanvasMovesWithItsIncident(t *testing.T) {
	for name, meanwhile := range map[string]func(w *world, id string){
		"as it was": func(*world, string) {},
		"people changed it": func(w *world, id string) {
			err := w.client.api.EditCanvasContext(w.Context(), slackgo.EditCanvasParams{CanvasID: id, Changes: []slackgo.CanvasChange{{Operation: "replace", DocumentContent: slackgo.DocumentContent{Type: "markdown", Markdown: "ours"}}}})
			if err != nil {
				w.Fatal(err)
			}
		},
		"Slack stumbles":    func(w *world, _ string) { w.fault("canvases.delete", "error", 9, "error", "internal_error") },
		"Slack says no":     func(w *world, _ string) { w.fault("canvases.delete", "error", 1, "error", "restricted_action") },
		"deleted, unheard":  func(w *world, _ string) { w.fault("canvases.delete", "drop_after", 1) },
		"nothing is looked": func(w *world, _ string) { w.fault("canvases.sections.lookup", "error", 5, "error", "internal_error") },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				m := w.accounts()
				n, _ := w.publicIncident(m)
				w.publishes(n, "A disk was full.")
				public := w.rest(m, n)
				meanwhile(w, public.IDs[idCanvas])
				w.says(n, "private", incidents.MakePrivate{})
				w.sync(m, n)
				elapse(time.Second)
				if name == "as it was" {
					w.peoplesCanvas(public.Place, "late. "+m.mark(incidents.Incident{Number: n}))
				}
				for range 20 {
					elapse(20 * time.Second)
					w.sync(m, n)
				}
				private := w.rest(m, n)
				if got := w.canvases(public.Place); private.Place == public.Place || len(got) > 0 {
					w.Errorf("in %s there is %q", public.Place, got)
				}
				w.shows(private.Place, "A disk was full.")
				w.says(n, "public", incidents.MakePublic{})
				rec := w.rest(m, n)
				if got := w.canvases(private.Place); len(got) > 0 {
					w.Errorf("in the private channel there is %q", got)
				}
				w.shows(rec.Place, "A disk was full.")
			})
		})
	}
}

// Where the workspace has no canvases that is said once, on the card, and nothing is
// behind for it; where a person can mend it, it is tried again.
func TestAWorkspaceWithoutCanvases(t *testing.T) {
	for code, why := range map[string]string{
		"team_tier_cannot_create_channel_canvases": noCanvases, "canvas_disabled_user_team": noCanvases,
		"missing_scope": "the app lacks a scope", "restricted_action": "the workspace's settings do not allow",
		"channel_canvas_creation_failed": "read it on the incident's page, or ask a workspace admin",
	} {
		t.Run(code, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				m := w.accounts()
				n, _ := w.publicIncident(m)
				w.fault("conversations.canvases.create", "error", 3, "error", code)
				w.publishes(n, "A disk was full.")
				rec := w.sync(m, n)
				card := w.channel(rec.Place).Messages[slices.IndexFunc(w.channel(rec.Place).Messages, func(m worldMessage) bool { return m.TS == rec.IDs[idCard] })]
				if !strings.Contains(string(card.Blocks), "show the postmortem in the channel's canvas: "+why) {
					w.Errorf("the card says %s", card.Blocks)
				}
				if got := w.outside(n, rec.Place); !strings.HasPrefix(got, "1 cards, 1 pins, 1 bookmarks, 1 announcements") {
					w.Errorf("there are %s", got)
				}
				in, err := w.db.Incident(w.Context(), n)
				if behind := rec.SyncedVersion != in.Version; err != nil || behind == slices.Contains(lasting, code) {
					w.Errorf("it is behind: %v (%v)", behind, err)
				}
				for i := range 3 {
					w.note(n, fmt.Sprint("later ", i))
					elapse(time.Hour)
					rec = w.sync(m, n)
				}
				w.shows(w.rest(m, n).Place, "A disk was full.")
				if list := sentences(rec, nil, w.people.knownName); len(list) > 0 {
					w.Errorf("it is still said: %q", list)
				}
			})
		})
	}
}

// In a channel that is archived no canvas is made; one that is there is brought up to
// date, or whoever leads hears, once, that Slack does not let us.
func TestTheCanvasOfAnArchivedChannel(t *testing.T) {
	for name, fault := range map[string]string{"Slack lets us": "", "Slack does not": "restricted_action", "nor so": "is_archived", "it is gone": "canvas_not_found"} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				m := w.accounts()
				n, _ := w.publicIncident(m)
				w.publishes(n, "A disk was full.")
				w.says(n, "close", incidents.Close{})
				w.rest(m, n)
				m.ArchiveAfter = time.Hour
				elapse(2 * time.Hour)
				w.note(n, "the end")
				rec := w.rest(m, n)
				if !w.channel(rec.Place).IsArchived {
					w.Fatal("it is not archived")
				}
				if fault != "" {
					w.fault("canvases.edit", "error", 100, "error", fault)
				}
				w.publishes(n, "A disk was full, and nobody looked.")
				w.rest(m, n)
				w.note(n, "one more")
				rec = w.rest(m, n)
				w.shows(rec.Place, map[bool]string{true: "and nobody looked", false: "A disk was full."}[fault == ""])
				told := w.whispers("alice", "the canvas of its channel shows the postmortem as it was")
				if want := map[string]int{"restricted_action": 1, "is_archived": 1}[fault]; told != want {
					w.Errorf("alice is told %d times, want %d", told, want)
				}
			})
		})
	}
}

// whispers counts what somebody was told directly.
func (w *world) whispers(name, words string) (n int) {
	w.Helper()
	ch, _, _, err := w.client.api.OpenConversationContext(w.Context(), &slackgo.OpenConversationParameters{Users: []string{w.user(name)}})
	if err != nil {
		w.Fatal(err)
	}
	for _, text := range w.ours(ch.ID) {
		if strings.Contains(text, words) {
			n++
		}
	}
	return n
}

// What retention takes from the record stays in Slack, for as long as the channel does.
func TestRetentionLeavesTheCanvas(t *testing.T) {
	p := &pass{m: &Mirror{StoreID: "s1", Account: func(context.Context, incidents.Incident) (string, error) { return "# INC-1", nil }}}
	p.in.Postmortem.PublishedVersion = 1
	for emptied, want := range map[uint64]bool{0: true, 9: false} {
		p.in.Emptied = emptied
		if content, _, err := p.account(t.Context()); err != nil || (content.Markdown != "") != want {
			t.Errorf("emptied up to %d it shows %q (%v)", emptied, content.Markdown, err)
		}
	}
}
