package incidents

import (
	"fmt"
	"slices"
	"strings"
)

// Unanswered are, of these events of one incident in order, the messages that
// ask something and that nobody else has replied to in their thread: the last
// most of them, oldest first, with the text that they have now. It is a guess by
// the question mark at the end, for who takes over to look at.
func Unanswered(events []Event, most int) []Event {
	q := questions{asked: map[string]Event{}}
	for _, e := range events {
		q.hear(e)
	}
	list := make([]Event, 0, len(q.order))
	for _, seq := range q.order {
		if e, open := q.asked[seq]; open {
			list = append(list, e)
		}
	}
	return list[max(0, len(list)-most):]
}

// questions are those that are open while events are gone through.
type questions struct {
	asked map[string]Event // by the seq of the message
	order []string         // of their seqs
}

func (q *questions) hear(e Event) {
	switch e.Kind {
	case MessagePosted:
		seq, thread := fmt.Sprint(e.Seq), e.Field("thread_seq")
		if thread != "" && thread != seq {
			q.replied(thread, e)
		}
		if q.asks(e) {
			q.asked[seq], q.order = e, append(q.order, seq)
		}
	case MessageEdited:
		seq := e.Field("seq")
		was, open := q.asked[seq]
		if !open {
			return
		}
		if was.Text = e.Text; !q.asks(was) {
			delete(q.asked, seq)
			return
		}
		q.asked[seq] = was
	case MessageDeleted:
		delete(q.asked, e.Field("seq"))
	}
}

// replied closes what others have asked in the thread of a reply.
func (q *questions) replied(thread string, reply Event) {
	for _, seq := range slices.Clone(q.order) {
		e, open := q.asked[seq]
		if open && (seq == thread || e.Field("thread_seq") == thread) && e.Actor.ID != reply.Actor.ID {
			delete(q.asked, seq)
		}
	}
}

func (q *questions) asks(e Event) bool {
	return e.Actor.Kind == User && !e.Redacted && strings.HasSuffix(strings.TrimRight(e.Text, " \n!)\"'”’*_"), "?")
}
