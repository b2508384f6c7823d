package slacksim

import "slices"

// conversationsHistory lists a channel's messages, newest first, without the replies in threads.
// https://docs.slack.dev/reference/methods/conversations.history
func conversationsHistory(c *call) (object, error) {
	ch, err := c.joined("channel")
	if err != nil {
		return nil, err
	}
	span, err := c.span()
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, m := range slices.Backward(ch.messages) {
		reply := m.ThreadTS != "" && m.ThreadTS != m.TS && !m.Broadcast
		if m.EphemeralTo == "" && !reply && span.covers(m.TS) {
			found = append(found, m)
		}
	}
	answer, err := c.pageOfMessages(ch, found, true)
	if err != nil {
		return nil, err
	}
	return with(answer, object{"pin_count": len(ch.Pins), "channel_actions_ts": nil, "channel_actions_count": 0}), nil
}

// conversationsReplies lists a thread, its root first.
// https://docs.slack.dev/reference/methods/conversations.replies
func conversationsReplies(c *call) (object, error) {
	ch, err := c.joined("channel")
	if err != nil {
		return nil, err
	}
	span, err := c.span()
	if err != nil {
		return nil, err
	}
	root := ch.lasting(c.args["ts"])
	if root != nil && root.ThreadTS != "" {
		root = ch.lasting(root.ThreadTS)
	}
	if root == nil {
		return nil, refuse("thread_not_found")
	}
	found := []*message{root}
	for _, m := range ch.threads[root.TS] {
		if span.covers(m.TS) {
			found = append(found, m)
		}
	}
	return c.pageOfMessages(ch, found, false)
}

// span is the time that oldest, latest and inclusive ask for.
type span struct {
	oldest, latest int64 // microseconds; 0: open
	inclusive      bool
}

func (c *call) span() (span, error) {
	s := span{inclusive: c.args.boolean("inclusive")}
	for name, bound := range map[string]*int64{"oldest": &s.oldest, "latest": &s.latest} {
		if c.args[name] == "" {
			continue
		}
		micros, ok := parseTS(c.args[name])
		if !ok {
			return s, c.badArgument(name, "invalid_ts_"+name)
		}
		*bound = micros
	}
	return s, nil
}

func (s span) covers(ts string) bool {
	at, _ := parseTS(ts)
	if s.inclusive && (at == s.oldest || at == s.latest) {
		return true
	}
	return at > s.oldest && (s.latest == 0 || at < s.latest)
}

// pageOfMessages is a page of messages that are in the order of time, or with newestFirst in the other.
func (c *call) pageOfMessages(ch *channel, found []*message, newestFirst bool) (object, error) {
	if limit, _ := c.args.integer("limit", 0); limit > maxHistoryPage {
		c.args["limit"] = "999"
	}
	page, next, err := c.pageAfter(len(found), func(i int) string { return found[i].TS }, func(last string, _ int) int {
		i := slices.IndexFunc(found, func(m *message) bool { return m.TS != last && m.TS < last == newestFirst })
		if i < 0 {
			return len(found)
		}
		return i
	})
	if err != nil {
		return nil, err
	}
	messages := []object{}
	for _, i := range page {
		messages = append(messages, c.listedMessage(ch, found[i], c.args.boolean("include_all_metadata")))
	}
	answer := object{"messages": messages, "has_more": next["next_cursor"] != ""}
	if next["next_cursor"] != "" {
		answer["response_metadata"] = next
	}
	return answer, nil
}
