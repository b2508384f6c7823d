package bot

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// told writes a message and answers its ts.
func (b *bubble) told(who, channel, text string, more ...any) string {
	body := map[string]any{"user": who, "channel": channel, "text": text}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	ts, _ := b.call(http.MethodPost, "/sim/message", body)["ts"].(string)
	elapse(2 * time.Second)
	return ts
}

// acts lets somebody do something to a message, and what follows happen.
func (b *bubble) acts(what, who, channel, ts, text string) {
	b.call(http.MethodPost, "/sim/"+what, map[string]any{"user": who, "channel": channel, "ts": ts, "text": text, "name": text})
	elapse(2 * time.Second)
}

// line is an event as a story tells it: its kind, who, and its text.
func (b *bubble) story(n incidents.Number, kinds ...incidents.Kind) ([]string, error) {
	events, err := b.prog.store.Events(context.Background(), n, 0, 0)
	var list []string
	for _, e := range events {
		if slices.Contains(kinds, e.Kind) {
			text := e.Text
			if e.Redacted {
				text = "(removed)"
			}
			list = append(list, fmt.Sprintf("%s %s: %s", e.Kind, e.Actor.Name, text))
		}
	}
	return list, err
}

// expect checks that the events of these kinds tell this story.
func (b *bubble) expect(n incidents.Number, kinds string, want ...string) error {
	var list []incidents.Kind
	for k := range strings.FieldsSeq(kinds) {
		list = append(list, incidents.Kind(k))
	}
	got, err := b.story(n, list...)
	if err == nil && !slices.Equal(got, want) {
		err = fmt.Errorf("%s tells\n  %s\nwant\n  %s", n, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	return err
}

// first is the first event of a kind.
func (b *bubble) first(n incidents.Number, kind incidents.Kind) (incidents.Event, error) {
	events, err := b.prog.store.Events(context.Background(), n, 0, 0)
	for _, e := range events {
		if e.Kind == kind {
			return e, err
		}
	}
	return incidents.Event{}, errors.Join(err, fmt.Errorf("%s has no %s", n, kind))
}

// nowhere checks that a text is in none of the events, rows of files and words
// that the store has.
func (b *bubble) nowhere(secret string) error {
	ctx := context.Background()
	var copied bytes.Buffer
	err := b.prog.store.Backup(ctx, &copied)
	if bytes.Contains(copied.Bytes(), []byte(secret)) {
		err = errors.Join(err, fmt.Errorf("the store still has %q", secret))
	}
	found, err2 := b.prog.store.Search(ctx, []string{secret}, 0)
	if len(found) > 0 {
		err = errors.Join(err, fmt.Errorf("a search for %q finds %v", secret, found))
	}
	return errors.Join(err, err2)
}

const marks = "message_marked message_unmarked task_added followup_added acknowledged"

// What people do by a reaction happens once, for the moment of the message, however
// many do it and however often Slack tells of it.
func TestReactionsMeanSomething(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": ch})
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@carol", "channel": ch})
		ts := b.told("@bob", ch, "the disk of <@U0000ALICE> is full")
		reply := b.told("@carol", ch, "clean it up", "thread_ts", ts)
		for range 3 { // the events of a minute come twice
			b.acts("react", "@carol", ch, ts, "pushpin")
			b.acts("react", "@bob", ch, ts, "pushpin")
			b.acts("react", "@bob", ch, ts, "tada")
			b.acts("react", "@bob", ch, reply, "white_check_mark")
			b.acts("react", "@carol", ch, reply, "white_check_mark")
			b.acts("react", "@bob", ch, reply, "memo")
			b.acts("react", "@carol", ch, ts, "eyes")
			b.acts("react", "@bob", ch, ts, "eyes")
		}
		st, err := b.state()
		for _, m := range st.channel(ch).Messages {
			if m.kind() == "fireboss_card" {
				b.acts("react", "@bob", ch, m.TS, "white_check_mark") // says only that he has seen it
			}
		}
		b.acts("unreact", "@carol", ch, ts, "pushpin") // bob's is still there
		b.acts("unreact", "@carol", ch, reply, "white_check_mark")
		want := []string{
			"message_marked carol: Key event: bob: the disk of @alice is full", "task_added bob: Task 1: clean it up",
			"followup_added bob: Follow-up 1: clean it up", "acknowledged carol: Acknowledged by carol",
		}
		if err := b.expect(1, marks, want...); err != nil {
			return err
		}
		b.acts("unreact", "@bob", ch, ts, "pushpin")
		b.acts("react", "@carol", ch, ts, "pushpin")
		err = errors.Join(err, b.expect(1, marks, append(want, "message_unmarked bob: A message is no key event any more", want[0])...))
		said, err2 := b.first(1, incidents.MessagePosted)
		marked, err3 := b.first(1, incidents.MessageMarked)
		task, err4 := b.first(1, incidents.TaskAdded)
		if !marked.At.Equal(said.At) || !marked.RecordedAt.After(said.RecordedAt) || !task.At.Before(marked.RecordedAt) {
			err = errors.Join(err, fmt.Errorf("said at %s, marked for %s, a task for %s", said.At, marked.At, task.At))
		}
		return errors.Join(err, err2, err3, err4)
	})
}

// Whoever makes a task of a message where none can be added is told why.
func TestAReactionThatDoesNothingIsExplained(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		ts := b.told("@alice", ch, "clean it up")
		b.says("@alice", ch, "close")
		b.acts("react", "@alice", ch, ts, "white_check_mark")
		st, err := b.state()
		for _, m := range st.channel(ch).Messages {
			if m.EphemeralTo == "U0000ALICE" && strings.Contains(m.Text, "INC-1 is closed, so you cannot work with tasks.") {
				return err
			}
		}
		return errors.Join(err, errors.New("alice was not told"))
	})
}

// Where only marked messages are recorded, a mark has the message recorded as it
// is now, by who wrote it; and then it is followed like any other.
func TestOnlyWhatIsMarked(t *testing.T) {
	inBubbleWith(t, slacksim.Options{}, func(s *settings.Settings) { s.Record.Messages = settings.MessagesMarked }, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.call(http.MethodPost, "/sim/join", map[string]any{"user": "@bob", "channel": ch})
		ts := b.told("@bob", ch, "it began at noon")
		reply := b.told("@bob", ch, "says carol", "thread_ts", ts)
		b.told("@bob", ch, "hello everybody")
		b.acts("edit", "@bob", ch, ts, "it began at one")
		b.acts("react", "@alice", ch, ts, "pushpin")
		b.acts("edit", "@bob", ch, ts, "it began at two")
		b.acts("react", "@alice", ch, reply, "memo")
		st, err := b.state()
		for _, m := range st.channel(ch).Messages {
			if m.kind() == "fireboss_card" && !strings.Contains(m.words(), "is recorded what somebody puts :pushpin: or :white_check_mark: or :memo: on") {
				err = errors.Join(err, fmt.Errorf("the card says %s", m.words()))
			}
		}
		return errors.Join(err, b.expect(1, "message_posted message_edited "+marks,
			"message_posted bob: it began at one", "message_marked alice: Key event: bob: it began at one", "message_edited bob: it began at two",
			"message_posted bob: says carol", "followup_added alice: Follow-up 1: says carol"))
	})
}

// Where nothing is recorded, what people ask for by a reaction is done all the same.
func TestNothingIsRecorded(t *testing.T) {
	inBubbleWith(t, slacksim.Options{}, func(s *settings.Settings) { s.Record.Messages = settings.MessagesNone }, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		ts := b.told("@alice", ch, "clean it up")
		b.acts("react", "@alice", ch, ts, "pushpin")
		b.acts("react", "@alice", ch, ts, "white_check_mark")
		b.acts("edit", "@alice", ch, ts, "clean it up now")
		return b.expect(1, "message_posted message_edited message_deleted "+marks, "task_added alice: Task 1: clean it up")
	})
}

func TestWhatIsDeletedStaysWhereItIsToBeKept(t *testing.T) {
	inBubbleWith(t, slacksim.Options{}, func(s *settings.Settings) { s.Record.OnDelete = settings.DeleteKeeps }, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		ts := b.told("@alice", ch, "it was me")
		b.acts("delete", "@alice", ch, ts, "")
		return b.expect(1, "message_posted message_deleted", "message_posted alice: it was me", "message_deleted alice: A message was deleted by its author; its text is kept")
	})
}

// content reads a file out of the store.
func (b *bubble) content(f store.File) ([]byte, error) {
	var all []byte
	for i := range f.Pieces {
		piece, err := b.prog.store.Piece(context.Background(), f, i)
		if err != nil {
			return nil, err
		}
		all = append(all, piece...)
	}
	return all, nil
}

// Files are kept up to the size that is configured, byte for byte, also where the
// first tries fail and the bot is stopped meanwhile; and they go with their message.
func TestFilesAreKept(t *testing.T) {
	inBubbleWith(t, slacksim.Options{}, func(s *settings.Settings) { s.Record.Files = 600_000 }, func(b *bubble) error {
		ctx := context.Background()
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		picture := bytes.Repeat([]byte("\x89PNG\x00 picture "), 35_000)
		file := func(name string, content []byte) map[string]any {
			return map[string]any{"name": name, "base64": base64.StdEncoding.EncodeToString(content), "mimetype": "image/png"}
		}
		ts := b.told("@alice", ch, "look", "files", []any{file("graph.png", picture), file("huge.png", make([]byte, 600_001))})
		b.told("@alice", ch, "", "files", []any{file("alone.png", []byte("small"))})
		if err := b.expect(1, "message_posted", "message_posted alice: look", "message_posted alice: Shared alone.png"); err != nil {
			return err
		}
		e, err := b.first(1, incidents.MessagePosted)
		if want := fmt.Sprintf(`"name":"graph.png","type":"image/png","size":%d`, len(picture)); err != nil || !strings.Contains(string(e.Data), want) || !strings.Contains(string(e.Data), "huge.png") || strings.Contains(string(e.Data), "http") {
			return fmt.Errorf("the event has %s, want %s: %w", e.Data, want, err)
		}
		list, err := b.prog.store.FilesOf(ctx, 1)
		if err != nil || len(list) != 2 || list[0].State != store.FileKept || list[0].Pieces != 2 || list[1].Name != "alone.png" {
			return fmt.Errorf("files are %+v, %w", list, err)
		}
		if got, err := b.content(list[0]); err != nil || !bytes.Equal(got, picture) {
			return fmt.Errorf("%d bytes of %d were kept, %w", len(got), len(picture), err)
		}
		b.acts("delete", "@alice", ch, ts, "")
		list, err = b.prog.store.FilesOf(ctx, 1)
		if err != nil || len(list) != 1 || list[0].Name != "alone.png" {
			return fmt.Errorf("after the message was deleted, files are %+v, %w", list, err)
		}
		return b.nowhere("\x89PNG\x00 picture")
	})
}

// Who says by a reaction that they are on it, and was only looking on, is brought
// into the channel.
func TestWhoReactsIsBroughtIn(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 checkout is down")
		ch := b.place(1)
		b.acts("react", "@dave", ch, b.told("@alice", ch, "who looks?"), "eyes")
		elapse(time.Minute)
		st, err := b.state()
		if !slices.Contains(st.channel(ch).Members, "U00000DAVE") {
			err = errors.Join(err, errors.New("dave is not in the channel"))
		}
		return errors.Join(err, b.expect(1, "acknowledged", "acknowledged dave: Acknowledged by dave"))
	})
}
