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
		"nobody knows whose it is": {"canvases.sections.lookup", "ratelimit", "retry_after", 30},
		"it is edited, unheard":    {"canvases.edit", "drop_after"},
		"it is there all the same": {"conversations.canvases.create", "error", "error", "channel_canvas_already_exists"},
	} {
		for _, killed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, killed %v", name, killed), func(t *testing.T) {
				inWorld(t, slacksim.Options{}, func(w *world) {
					m := w.accounts()
					n, _ := w.publicIncident(m)
					w.publishes(n, "A disk was full.")
					if fault[0] == "canvases.sections.lookup" {
						w.fault("conversations.canvases.create", "drop_after", 1)
					}
					w.fault(fault[0].(string), fault[1].(string), 1, fault[2:]...)
					if killed {
						_ = w.pass(m, n, func(int) bool { return false })
						m = w.accounts()
					}
					w.sync(m, n)
					elapse(20 * time.Second)
					if rec := w.sync(m, n); fault[0] == "canvases.sections.lookup" && rec.IDs[idTrouble+stepCanvas] != "" {
						w.Errorf("it is said: %v", rec.IDs)
					}
					elapse(40 * time.Second)
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
