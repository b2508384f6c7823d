package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// look is one look at a channel.
type look struct {
	*Gaps
	n       incidents.Number
	channel string
	known   []incidents.Event // of messages, before it was read
	began   time.Time
	oldest  string          // ts from which on everything is read
	reached string          // ts of the oldest message that was read
	seen    map[string]bool // ts of what is there
	threads map[string]bool // ts of the roots whose answers were read
}

func (g *Gaps) look(ctx context.Context, n incidents.Number, deep bool) error {
	rec, err := g.Intake.Store.Record(ctx, Door, n)
	if err != nil || rec.Place == "" || rec.IDs[idLost] != "" || readArchiving(rec).stage == archived {
		return err
	}
	mark, err := g.Intake.Store.Record(ctx, readMark, n)
	if err != nil {
		return err
	}
	l := &look{Gaps: g, n: n, channel: rec.Place, began: time.Now(), oldest: "0", seen: map[string]bool{}, threads: map[string]bool{}}
	if at := tsTime(mark.IDs[idRead]); !at.IsZero() {
		l.oldest = formatTS(at.Add(-overlapped))
	}
	err = l.history(ctx, mark, deep)
	if deep {
		err = errors.Join(err, l.removed(ctx))
	}
	return err
}

// history records what a channel's history has and was not heard of, and how far it was read.
func (l *look) history(ctx context.Context, mark store.Record, deep bool) (err error) {
	if l.known, err = l.lastMessages(ctx, l.n); err != nil {
		return err
	}
	list, err := l.read(ctx, deep || l.oldest == "0")
	if err != nil || len(list) == 0 {
		return err
	}
	if err := l.moves(ctx, list); err != nil {
		return err
	}
	for _, m := range list {
		if err := l.message(ctx, asEvent(l.channel, m)); err != nil {
			return err
		}
		if m.ReplyCount > 0 && m.LatestReply >= l.oldest && m.LatestReply != "" {
			if err := l.thread(ctx, m.Timestamp); err != nil {
				return err
			}
		}
	}
	if err := l.deletions(ctx); err != nil {
		return err
	}
	last := list[len(list)-1].Timestamp
	if last <= mark.IDs[idRead] {
		return nil
	}
	mark.IDs = map[string]string{idRead: last}
	return l.Intake.Store.PutRecord(ctx, mark)
}

// lastMessages are the events of the last messages that are recorded.
func (g *Gaps) lastMessages(ctx context.Context, n incidents.Number) ([]incidents.Event, error) {
	in, err := g.Intake.Store.Incident(ctx, n)
	if err != nil {
		return nil, err
	}
	list, err := g.Intake.Store.Events(ctx, n, in.Seq-min(in.Seq, 2*deepPages*200), 0)
	posted := map[string]bool{}
	for _, e := range list {
		if e.Kind == incidents.MessagePosted {
			posted[source(e)] = true
		}
	}
	return slices.DeleteFunc(list, func(e incidents.Event) bool {
		return source(e) == "" || e.Origin != Door || e.Kind != incidents.MessagePosted && posted[source(e)]
	}), err
}

// source is the id of the message that an event records, or has made a task of.
func source(e incidents.Event) string {
	switch e.Kind {
	case incidents.MessagePosted:
		return e.Field("id")
	case incidents.TaskAdded, incidents.FollowupAdded:
		return e.Field("message")
	}
	return ""
}

// read reads the channel, oldest first: all since the last look, and where it is
// a deep one further back, for what became of older messages.
func (l *look) read(ctx context.Context, deep bool) (list []slackgo.Message, err error) {
	from := l.oldest
	if deep {
		from = "0"
	}
	pages := 0
	err = l.Intake.Client.pages(putOff(ctx), l.channel, from, func(page []slackgo.Message) (more bool) {
		list = append(list, page...)
		pages++
		return pages < deepPages || len(page) > 0 && page[len(page)-1].Timestamp > l.oldest
	})
	slices.SortStableFunc(list, func(a, b slackgo.Message) int { return strings.Compare(a.Timestamp, b.Timestamp) })
	for _, m := range list {
		l.seen[m.Timestamp] = m.SubType != "tombstone"
	}
	if len(list) > 0 {
		l.reached = list[0].Timestamp
	}
	return list, err
}

// thread reads the answers to a message.
func (l *look) thread(ctx context.Context, root string) error {
	var list []slackgo.Message
	err := l.Intake.Client.replies(putOff(ctx), l.channel, root, l.oldest, "", func(m slackgo.Message) {
		if m.Timestamp != root {
			list = append(list, m)
		}
	})
	if errors.Is(err, errUnseen) || is(err, "thread_not_found") {
		return nil // it was taken back just now
	}
	if err != nil {
		return err
	}
	l.threads[root] = true
	for _, m := range list {
		l.seen[m.Timestamp] = true
		if err := l.message(ctx, asEvent(l.channel, m)); err != nil {
			return err
		}
	}
	return nil
}

// message brings the record of one message up to what it is now.
func (l *look) message(ctx context.Context, m event) error {
	in := l.Intake
	switch m.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
	default:
		return nil
	}
	behind, err := in.behind(ctx, l.n, l.channel, m.TS)
	if err != nil {
		return err
	}
	if !in.bot(m) && !in.Silent {
		if len(behind) == 0 {
			if err := in.record(ctx, l.n, l.channel, m, false, l.delivery(m.TS, "posted")); err != nil {
				return err
			}
		}
		if m.Edited != nil && len(behind) > 0 {
			act := incidents.RecordEdit{ID: place(l.channel, m.TS), Text: in.said(ctx, m), At: l.edited(m.Edited.TS)}
			if err := in.apply(ctx, l.n, in.author(ctx, id(m.User)), l.delivery(m.TS, "edited "+m.Edited.TS+" "+textDigest(act.Text)), act); err != nil {
				return err
			}
		}
	}
	return l.reactions(ctx, m, behind)
}

// reactions does what is meant by the reactions on a message, where it was not done.
func (l *look) reactions(ctx context.Context, m event, behind []incidents.Event) error {
	in := l.Intake
	isKey := false
	for _, r := range m.Reactions {
		means := in.meaning(r.Name)
		if means == "" || r.Count == 0 || len(r.Users) == 0 {
			continue
		}
		isKey = isKey || means == MeansKey
		if l.meant(means, m, behind) {
			continue
		}
		who := in.author(ctx, r.Users[0])
		if _, err := in.mean(ctx, l.n, l.channel, means, who, &m, m.TS, l.delivery(m.TS, string(means)+" "+formatTS(time.Now()))); err != nil {
			return err
		}
	}
	if !isKey && incidents.Marked(behind) {
		return in.apply(ctx, l.n, incidents.Fireboss, l.delivery(m.TS, "unmarked "+formatTS(time.Now())), incidents.UnmarkMessage{ID: place(l.channel, m.TS)})
	}
	return nil
}

// meant reports whether what somebody meant by a reaction was done already. Who
// was on it long ago says nothing of an incident that was opened again since.
func (l *look) meant(means Meaning, m event, behind []incidents.Event) bool {
	has := func(k incidents.Kind) bool {
		return slices.ContainsFunc(behind, func(e incidents.Event) bool { return e.Kind == k })
	}
	switch means {
	case MeansKey:
		return incidents.Marked(behind)
	case MeansTask:
		return has(incidents.TaskAdded)
	case MeansFollowup:
		return has(incidents.FollowupAdded)
	}
	return m.TS < l.oldest
}

// deletions records that messages are not there any more, of those that were
// recorded, or made a task, before the channel was read.
func (l *look) deletions(ctx context.Context) error {
	for _, e := range l.known {
		channel, ts, _ := strings.Cut(source(e), "/")
		_, root, threaded := strings.Cut(e.Field("thread"), "/")
		there, tombstone := l.seen[ts]
		switch {
		case channel != l.channel, there, time.Since(tsTime(ts)) > missing, ts < l.reached:
			continue
		case threaded && !tombstone && (!l.threads[root] || ts < l.oldest):
			continue // its thread was not read so far back
		}
		who := e.Actor
		if e.Kind != incidents.MessagePosted { // by whoever reacted; and it may have been an answer in a thread
			_, err := l.Intake.lookAt(putOff(ctx), channel, ts)
			if !tombstone && err == nil {
				continue
			}
			if err != nil && !errors.Is(err, errUnseen) {
				return err
			}
			who = incidents.Fireboss
		}
		act := incidents.RecordDeletion{ID: place(l.channel, ts), At: time.Now()}
		if err := l.Intake.apply(ctx, l.n, who, l.delivery(ts, "deleted"), act); err != nil {
			return err
		}
	}
	return nil
}

// edited is when a text came to be that was read. Slack says it in whole seconds, and of several edits in one second it is
// the last that was read; but what was done after the look began is newer.
func (l *look) edited(ts string) time.Time {
	at := tsTime(ts)
	if at.Nanosecond() != 0 {
		return at
	}
	end := at.Add(time.Second - time.Millisecond)
	if end.Before(l.began) || at.After(l.began) {
		return end
	}
	return l.began.Add(-time.Millisecond) // as exactly as events are kept
}

// textDigest tells texts apart.
func textDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// gapID begins the ids of what a look has found.
const gapID = "slack:gap:"

// delivery stands for one that never came.
func (l *look) delivery(ts, what string) store.Delivery {
	return store.Delivery{ID: bounded(gapID + l.channel + "/" + ts + ":" + what), Door: Door, Key: l.channel, At: time.Now()}
}
