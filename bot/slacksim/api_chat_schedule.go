package slacksim

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// scheduledMessage is a message that is to be posted later.
type scheduledMessage struct {
	ID, Channel string
	PostAt      int64 // Unix seconds
	Created     int64
	Message     *message
}

// chatScheduleMessage posts later. A scheduled message with metadata is never posted: a fault that Slack
// documents. https://docs.slack.dev/reference/methods/chat.scheduleMessage
func chatScheduleMessage(c *call) (object, error) {
	ch, err := c.destination()
	if err != nil {
		return nil, err
	}
	postAt, ok := c.args.integer("post_at", 0)
	if !ok {
		return nil, refuse("invalid_time")
	}
	if err := c.maySchedule(ch, int64(postAt)); err != nil {
		return nil, err
	}
	k, err := c.content()
	if err != nil {
		return nil, err
	}
	if k.empty() {
		return nil, refuse("no_text")
	}
	m := k.message()
	if err := c.thread(ch, m); err != nil {
		return nil, err
	}
	later := &scheduledMessage{ID: c.nextID("Q"), Channel: ch.ID, PostAt: int64(postAt), Created: c.unix(), Message: m}
	c.scheduled = append(c.scheduled, later)
	c.journal.put(bucketScheduled, later.ID, later)
	c.server.schedule(later)
	shown := c.messageJSON(ch, m)
	delete(shown, "ts")
	shown["type"] = "delayed_message"
	return object{"channel": ch.ID, "scheduled_message_id": later.ID, "post_at": later.PostAt, "message": shown}, nil
}

func (c *call) maySchedule(ch *channel, postAt int64) error {
	slot := func(unix int64) int64 { return unix / int64(scheduleSlot.Seconds()) }
	same := 0
	for _, other := range c.scheduled {
		if other.Channel == ch.ID && slot(other.PostAt) == slot(postAt) {
			same++
		}
	}
	switch {
	case postAt <= c.unix():
		return refuse("time_in_past")
	case postAt > c.unix()+int64(scheduleAhead.Seconds()):
		return refuse("time_too_far")
	case same >= schedulePerSlot:
		return refuse("restricted_too_many")
	}
	return nil
}

// chatDeleteScheduledMessage takes one back.
// https://docs.slack.dev/reference/methods/chat.deleteScheduledMessage
func chatDeleteScheduledMessage(c *call) (object, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	later := c.scheduledMessage(c.args["scheduled_message_id"])
	if later == nil || later.Channel != ch.ID {
		return nil, refuse("invalid_scheduled_message_id")
	}
	c.unschedule(later)
	return nil, nil
}

// chatScheduledMessagesList lists them, the next first.
// https://docs.slack.dev/reference/methods/chat.scheduledMessages.list
func chatScheduledMessagesList(c *call) (object, error) {
	span, err := c.span()
	if err != nil {
		return nil, err
	}
	if id := c.args["channel"]; id != "" && (c.byID[id] == nil || !c.visible(c.byID[id], botUserID)) {
		return nil, refuse("invalid_channel")
	}
	var found []*scheduledMessage
	for _, m := range c.scheduled {
		if (c.args["channel"] == "" || m.Channel == c.args["channel"]) && span.covers(strconv.FormatInt(m.PostAt, 10)) {
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, func(a, b *scheduledMessage) int { return int(a.PostAt - b.PostAt) })
	page, next, err := c.page(len(found), func(i int) string { return found[i].ID })
	if err != nil {
		return nil, err
	}
	shown := []object{}
	for _, i := range page {
		m := found[i]
		shown = append(shown, object{
			"id": m.ID, "channel_id": m.Channel, "post_at": m.PostAt, "date_created": m.Created, "text": m.Message.Text,
		})
	}
	return object{"scheduled_messages": shown, "response_metadata": next}, nil
}

func (w *world) scheduledMessage(id string) *scheduledMessage {
	i := slices.IndexFunc(w.scheduled, func(m *scheduledMessage) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return w.scheduled[i]
}

func (w *world) unschedule(m *scheduledMessage) {
	w.scheduled = slices.DeleteFunc(w.scheduled, func(other *scheduledMessage) bool { return other == m })
	w.journal.drop(bucketScheduled, m.ID)
}

// schedule posts m when its time has come, unless it was taken back.
func (s *Server) schedule(m *scheduledMessage) {
	delay := time.Unix(m.PostAt, 0).Sub(s.opt.Now())
	s.life.run(func(ctx context.Context) {
		if !wait(ctx, delay) {
			return
		}
		// A file that fails tells the next caller.
		_ = s.update(func(w *world) {
			if w.scheduledMessage(m.ID) == nil {
				return
			}
			w.unschedule(m)
			if ch := w.byID[m.Channel]; m.Message.Metadata == nil && !ch.Archived {
				w.post(ch, m.Message)
			}
		})
	})
}
