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
)

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
