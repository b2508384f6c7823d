package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
)

// texts are all versions of an incident's postmortem, whole.
func (b *bubble) texts(n incidents.Number) (list []incidents.Document, err error) {
	heads, err := b.prog.store.PostmortemVersions(context.Background(), n)
	for _, head := range heads {
		doc, err := b.prog.store.Postmortem(context.Background(), n, head.Version)
		if err != nil {
			return nil, err
		}
		list = append(list, doc)
	}
	return list, err
}

// section is what stands in the newest text.
func (b *bubble) section(n incidents.Number, slot string) string {
	list, err := b.texts(n)
	if err != nil || len(list) == 0 {
		return ""
	}
	for _, s := range list[len(list)-1].Sections {
		if s.Slot == slot {
			return s.Text
		}
	}
	return ""
}

// drafts are how often the record has drafted the postmortem of an incident.
func (b *bubble) drafts(n incidents.Number) int {
	list, _ := b.recorded(n, incidents.PostmortemDrafted)
	return len(list)
}

// From the end of the incident to a text that the channel hears of: drafted by the
// record, written by people in Slack, reviewed and published, once over restarts.
func TestAPostmortemIsWrittenInSlack(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": ch})
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@carol", "channel": ch})
		b.says("@bob", ch, "lead me")
		b.says("@bob", ch, "note a disk was full")
		if got := b.answers("@alice", ch, "postmortem"); !strings.Contains(got, "The postmortem of INC-1 is not drafted yet, which is done once the incident is resolved; nobody owns it.") {
			return errors.New(got)
		}
		b.says("@bob", ch, "resolve the disk is clean")
		elapse(5 * time.Second)
		if in := b.incident(1).Postmortem; in.State != incidents.Drafted || in.Version != 1 || b.drafts(1) != 1 || !strings.Contains(b.section(1, "timeline"), "a disk was full") {
			return fmt.Errorf("%+v: %s\n%s", in, b.section(1, "timeline"), b.log.String())
		}
		if got := b.answers("@alice", ch, "postmortem show"); !strings.Contains(got, "TIMELINE") || !strings.Contains(got, "a disk was full") {
			return errors.New(got)
		}
		b.fills("@alice", ch, "postmortem edit summary", "Edit the postmortem", map[string]any{"text_summary": "Nobody could pay, for the disk was full."})
		b.says("@carol", ch, "note at 00:00 the alarm was late")
		b.says("@carol", ch, "postmortem draft")
		if !strings.Contains(b.section(1, "timeline"), "the alarm was late") || b.section(1, "summary") != "Nobody could pay, for the disk was full." {
			return fmt.Errorf("%q %q", b.section(1, "timeline"), b.section(1, "summary"))
		}
		b.says("@alice", ch, "postmortem owner @bob")
		b.says("@alice", ch, "postmortem review @carol")
		elapse(5 * time.Second)
		carol := b.member("carol")
		if err := errors.Join(b.wantsSaid(1, bobID, "alice gave you the postmortem of"), b.wantsSaid(1, carol, "alice asks you to review the postmortem of")); err != nil {
			return err
		}
		if got := b.answers("@alice", ch, "postmortem publish"); !strings.Contains(got, "is in review; it can be published once it is approved by carol") {
			return errors.New(got)
		}
		if err := b.presses("carol", "asks you to review", "Approve"); err != nil {
			return err
		}
		elapse(5 * time.Second)
		if err := b.presses("bob", "is approved (version 3), and can be published", "Publish"); err != nil {
			return err
		}
		if err := errors.Join(b.crash(), b.start(context.Background())); err != nil {
			return err
		}
		elapse(time.Minute)
		if err := b.wantsSaid(1, ch, "Postmortem published (version 3)"); err != nil {
			return err
		}
		if p := b.incident(1).Postmortem; p.State != incidents.Published || p.PublishedVersion != 3 || p.Owner.ID[strings.LastIndexByte(p.Owner.ID, '/')+1:] != bobID {
			return fmt.Errorf("%+v", p)
		}
		if got := b.answers("@alice", ch, "postmortem edit summary All of Europe."); !strings.Contains(got, "no draft writes over it. It is in review, for carol to approve.") {
			return errors.New(got)
		}
		return all(map[string]bool{
			"what was changed is in review again": b.incident(1).Postmortem.State == incidents.InReview,
			"nobody was told twice":               len(b.shows(carol, "asks you to review")) == 1 && len(b.shows(bobID, "gave you the postmortem")) == 1,
		})
	})
}

// What is drafted by itself, and by which template: what ended, each time that it
// does, but not what was called off, merged, or over before it was recorded.
func TestWhatIsDraftedByItself(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		for _, said := range []string{
			"open sev2 checkout is down", "open sev3 search is slow", "open sev3 mail is late", "drill the power fails", "open sev3 the same as mail",
			"open sev3 --started 00:00 --resolved 00:00 it was over", "open public security a key was seen", "open sev2 the network is slow",
		} {
			b.says("@alice", "#general", said)
			elapse(time.Minute)
		}
		for _, said := range []string{
			"resolve INC-1 it is back", "reopen INC-1 it is not", "note INC-1 a cable was loose", "close INC-1", "cancel INC-2 it was none", "cancel INC-3 false-positive a probe",
			"resolve INC-4", "merge INC-5 INC-8", "type INC-7 security", "resolve INC-7", "open sev3 that which goes on",
		} {
			b.says("@alice", "#general", said)
			elapse(time.Minute)
		}
		for n, want := range map[incidents.Number]string{
			1: "full full", 2: "", 3: "lightweight", 4: "lightweight", 5: "", 6: "", 7: "security", 8: "", 9: "",
		} {
			texts, err := b.texts(n)
			if err != nil {
				return err
			}
			var templates []string
			for _, doc := range texts {
				templates = append(templates, doc.Template)
			}
			if got := strings.Join(templates, " "); got != want {
				return fmt.Errorf("%s is drafted by %q, want %q", n, got, want)
			}
		}
		if !strings.Contains(b.section(1, "timeline"), "a cable was loose") {
			return errors.New("the second draft does not know what came after the first")
		}
		if got := b.answers("@alice", "#general", "postmortem INC-5 draft"); !strings.Contains(got, "INC-5 was merged into INC-8, and what happened is told there: /incident postmortem INC-8 draft") {
			return errors.New(got)
		}
		if got := b.answers("@alice", "#general", "postmortem INC-4"); !strings.Contains(got, "Drill: The postmortem of INC-4 is a draft") {
			return errors.New(got)
		}
		b.says("@alice", "#general", "close INC-4")
		b.says("@alice", "#general", "close INC-7")
		return nil
	})
}

// The bot is killed between the end of an incident and its draft, at whatever
// moment: there is one draft.
func TestTheDraftIsThereOnceOverCrashes(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		for i := range 12 {
			b.says("@alice", "#general", fmt.Sprintf("open sev4 thing %d", i))
			b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": fmt.Sprintf("resolve INC-%d", i+1)})
			elapse(time.Duration(i) * time.Millisecond)
			for range i % 3 {
				if err := errors.Join(b.crash(), b.start(context.Background())); err != nil {
					return err
				}
			}
			elapse(time.Minute)
			b.says("@alice", "#general", fmt.Sprintf("resolve INC-%d", i+1)) // where it was not acknowledged
			elapse(time.Minute)
			if n := b.drafts(incidents.Number(i + 1)); n != 1 {
				return fmt.Errorf("INC-%d is drafted %d times", i+1, n)
			}
		}
		return nil
	})
}

// Three business days after the end the owner hears that nobody reviews the draft,
// once, over restarts; and nobody does any more from then on that it is in review.
func TestThePostmortemIsDue(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.skips(12 * time.Hour); err != nil { // it is Saturday noon
			return err
		}
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		b.says("@alice", ch, "resolve it is back")
		b.says("@alice", ch, "postmortem owner @bob")
		b.says("@alice", ch, "close")
		elapse(time.Minute)
		if got := b.answers("@alice", ch, "clock"); !strings.Contains(got, "postmortem, of the owner: due 2000-01-05 13:00 CET") {
			return errors.New(got)
		}
		const due = "The postmortem of INC-1 was to be in review by 2000-01-05, and is a draft"
		if err := b.skips(3*24*time.Hour + 23*time.Hour + 50*time.Minute); err != nil { // Wednesday, shortly before noon
			return err
		}
		if err := b.wantsSaid(0, bobID, due); err != nil {
			return err
		}
		for range 30 { // the bot ends and comes back all the time
			if err := errors.Join(b.crash(), b.start(context.Background())); err != nil {
				return err
			}
			elapse(time.Minute)
		}
		if err := errors.Join(b.wantsSaid(1, bobID, due), b.wantsSaid(0, ch, due)); err != nil {
			return err
		}
		b.says("@bob", "#general", "postmortem INC-1 review @carol")
		if err := b.skips(20 * 24 * time.Hour); err != nil {
			return err
		}
		elapse(time.Minute)
		return errors.Join(b.wantsSaid(1, bobID, due), b.wantsSaid(0, ch, due))
	})
}

// Nobody who is not in a private incident learns anything by its postmortem.
func TestAPrivatePostmortemStaysPrivate(t *testing.T) {
	tokens := func(s *settings.Settings) {
		s.APITokens = []settings.APIToken{{Name: "reader", Token: settings.NewSecret("reads"), Scope: "read"}, {Name: "admin", Token: settings.NewSecret("rules"), Scope: "admin"}}
	}
	inBubbleWith(t, slacksim.Options{}, tokens, func(b *bubble) error {
		b.says("@alice", "#general", "open private sev1 quokka on the loose")
		ch := b.room(1).ID
		b.says("@alice", ch, "postmortem owner @dave")
		b.says("@alice", ch, "resolve quokka is caught")
		b.says("@alice", ch, "postmortem edit summary quokka was seen")
		elapse(time.Minute)
		if got := b.answers("@alice", ch, "postmortem review @dave"); !strings.Contains(got, "INC-1 is private and not open to dave, so they cannot review its postmortem. Bring them in first: /incident invite @dave") {
			return errors.New(got)
		}
		for _, said := range []string{"", " show", " draft", " owner me", " review me", " approve", " publish", " edit summary x", " edit"} {
			if got := b.answered("@dave", "#general", "postmortem INC-1"+said); !strings.Contains(got, "INC-1 does not exist or is not open to you.") || strings.Contains(got, quokka) {
				return fmt.Errorf("dave says %q: %s", said, got)
			}
		}
		const path = "/api/v1/incidents/INC-1/postmortem"
		hidden, open := b.answersTo(path, "reads"), b.answersTo(path, "rules")
		return errors.Join(b.wantsSaid(0, b.member("dave"), "postmortem"), all(map[string]bool{
			"a reader is told of nothing":      strings.HasPrefix(hidden, "404") && !strings.Contains(hidden, quokka),
			"an admin reads it":                strings.HasPrefix(open, "200") && strings.Contains(open, "quokka was seen"),
			"nobody owns it, for dave may not": b.incident(1).Postmortem.Owner == nil,
		}))
	})
}

// What is blotted out is in no version of the postmortem, nor anywhere in the store;
// and retention takes all of it.
func TestWhatIsBlottedOutIsInNoPostmortem(t *testing.T) {
	change := func(s *settings.Settings) { s.Retention.Incidents = settings.Duration(48 * time.Hour) }
	inBubbleWith(t, idle(), change, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": ch})
		b.says("@alice", ch, "note the password is swordfish")
		b.says("@alice", ch, "resolve it was cinnabar")
		elapse(time.Minute)
		b.says("@bob", ch, "postmortem edit summary we saw that the password is swordfish")
		b.says("@bob", ch, "postmortem edit summary a key of turquoise slipped out")
		b.says("@bob", ch, "postmortem edit summary a key slipped out")
		if texts, err := b.texts(1); err != nil || len(texts) != 4 || !strings.Contains(fmt.Sprint(texts), "turquoise") || !strings.Contains(fmt.Sprint(texts), "swordfish") {
			return fmt.Errorf("%+v, %w", texts, err)
		}
		note, err := b.first(1, incidents.NoteAdded)
		if err != nil {
			return err
		}
		events, err := b.prog.store.Events(context.Background(), 1, 0, 0)
		if err != nil {
			return err
		}
		b.says("@alice", ch, fmt.Sprint("redact ", note.Seq))
		for _, e := range events {
			if e.Kind == incidents.PostmortemEdited && e.Field("version") == "3" {
				b.says("@bob", ch, fmt.Sprint("redact ", e.Seq))
			}
		}
		if err := errors.Join(b.nowhere("swordfish"), b.nowhere("turquoise")); err != nil {
			return err
		}
		if got := b.section(1, "summary"); got != "a key slipped out" {
			return fmt.Errorf("the summary says %q", got)
		}
		b.says("@alice", ch, "close")
		elapse(4 * 24 * time.Hour)
		texts, err := b.texts(1)
		if strings.Contains(fmt.Sprint(texts), "slipped out") || len(texts) != 4 {
			err = errors.Join(err, fmt.Errorf("left is %+v", texts))
		}
		return errors.Join(err, b.nowhere("cinnabar"))
	})
}
