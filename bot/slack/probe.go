package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// sight is what is known of how an incident's outside stands.
type sight struct {
	settled bool      // nothing is in doubt
	wrote   bool      // something was posted since the look
	again   time.Time // when to look again; zero: not
}

// secondLook is after how long Slack has surely carried out, or dropped, what it
// was asked before. What was under way when the program last ended may be
// carried out after the first look, so that the same is said twice.
const secondLook = 5 * time.Second

var errSecondLook = errors.New("looking again whether a message was posted twice")

// probe looks how things stand outside: once after every start, after a poke,
// after an answer that left open whether a message was posted, and once more
// where anything was posted after such a look. A channel that was made just now
// needs no look.
func (p *pass) probe(ctx context.Context) error {
	if !p.m.mustLook(p.in.Number, p.fresh) {
		return nil
	}
	p.looked = true
	err := p.look(ctx)
	if err != nil {
		p.m.Poke(p.in.Number) // it was not seen: look again next time
	}
	return err
}

func (m *Mirror) mustLook(n incidents.Number, fresh bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sight == nil {
		m.sight = map[incidents.Number]*sight{}
	}
	s := m.sight[n]
	switch {
	case s == nil && fresh:
		m.sight[n] = &sight{settled: true}
	case s == nil, !s.again.IsZero() && !time.Now().Before(s.again):
		m.sight[n] = &sight{}
		return true
	}
	return false
}

// wrote notes that a message was posted for an incident.
func (m *Mirror) wrote(n incidents.Number) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.sight[n]; s != nil && !s.settled {
		s.wrote = true
	}
}

// unsure says after how long to look again, at the end of a pass that did all;
// 0 where there is no need to.
func (m *Mirror) unsure(n incidents.Number) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.sight[n]
	switch {
	case s == nil: // poked meanwhile
		return time.Millisecond
	case s.wrote && s.again.IsZero():
		s.again = time.Now().Add(secondLook)
	case s.again.IsZero():
		s.settled = true
		return 0
	}
	return max(time.Until(s.again), time.Millisecond)
}

func (p *pass) look(ctx context.Context) error {
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: p.rec.Place})
	})
	switch {
	case err == nil && info.IsArchived:
		err = slackgo.SlackErrorResponse{Err: "is_archived"}
	case err == nil && !info.IsMember:
		err = slackgo.SlackErrorResponse{Err: "not_in_channel"}
	}
	if lost(err) {
		p.lose(err)
		return nil
	}
	if err != nil {
		return explain("conversations.info", err)
	}
	p.regain()
	if secret := yesNo(info.IsPrivate); p.get(idSecret) == "" || p.in.Private {
		p.set(idSecret, secret)
	}
	p.rec.PlaceName = info.Name
	p.set(idTopic, info.Topic.Value)
	p.set(idPurpose, info.Purpose.Value)
	p.set(idCardSum, "")
	p.set(idAlertsSum, "")
	p.set(idPinned, "")
	return p.readBack(ctx)
}

// lookBack is how far a look goes back at least: a call that was under way when
// the program ended may be carried out while the next one is at work already.
const lookBack = 2 * time.Minute

// readBack reads our own messages in the channel since the last one known, and
// takes away what is there twice.
func (p *pass) readBack(ctx context.Context) error {
	oldest := p.get(idPosted)
	if oldest == "" {
		oldest = p.get(idCard)
	}
	if p.get(idCard) == "" {
		oldest = max(p.get(idCardWas), "0")
	}
	if p.get(idAlerts) == "" && p.in.Alerts.Total > 0 {
		oldest = min(oldest, max(p.get(idCard), "0")) // it may have been posted before any of the last messages
	}
	oldest = min(oldest, formatTS(time.Now().Add(-lookBack)))
	ones := map[string][]string{} // by mark those of which there is one, newest first
	events := map[uint64][]string{}
	take := func(m slackgo.Message) {
		if !p.ours(m) {
			return
		}
		switch m.Metadata.EventType {
		case cardMark, alertsMark:
			if of := m.Metadata.EventType; p.ourStore(m.Metadata) && !slices.Contains(ones[of], m.Timestamp) {
				ones[of] = append(ones[of], m.Timestamp)
			}
		case eventMark:
			seq, err := strconv.ParseUint(fmt.Sprint(m.Metadata.EventPayload["seq"]), 10, 64)
			if err == nil && !slices.Contains(events[seq], m.Timestamp) {
				events[seq] = append(events[seq], m.Timestamp)
			}
		}
	}
	if err := p.m.Client.history(ctx, p.rec.Place, oldest, take); err != nil {
		return err
	}
	if err := p.threads(ctx, oldest, take); err != nil {
		return err
	}
	for mark, key := range map[string]string{cardMark: idCard, alertsMark: idAlerts} {
		one, err := p.single(ctx, p.rec.Place, p.get(key), ones[mark])
		if err != nil {
			return err
		}
		p.set(key, one)
	}
	return p.singleEvents(ctx, events)
}

// singleEvents keeps one message of each event.
func (p *pass) singleEvents(ctx context.Context, events map[uint64][]string) (err error) {
	for seq, list := range events {
		slices.Sort(list) // a thread is read from its beginning
		slices.Reverse(list)
		if p.found[seq], err = p.single(ctx, p.rec.Place, "", list); err != nil {
			return err
		}
	}
	return nil
}

// ours reports whether we posted a message, and for this incident.
func (p *pass) ours(m slackgo.Message) bool {
	return (m.User == p.m.Client.UserID || m.BotID == p.m.Client.BotID) &&
		fmt.Sprint(m.Metadata.EventPayload["incident"]) == p.in.Number.String()
}

// single deletes all but one of the messages that say the same, given newest
// first. The one to keep is the known one, or else the oldest.
func (p *pass) single(ctx context.Context, channel, keep string, list []string) (string, error) {
	if keep == "" && len(list) > 0 {
		keep = list[len(list)-1]
	}
	for _, ts := range list {
		if ts != keep {
			p.note(idDoubles, channel+"/"+ts)
		}
	}
	return keep, p.undouble(ctx)
}

// undouble deletes the messages that are there twice.
func (p *pass) undouble(ctx context.Context) error {
	for _, double := range strings.Fields(p.get(idDoubles)) {
		channel, ts, _ := strings.Cut(double, "/")
		_, err := again(ctx, true, func(ctx context.Context) (string, error) {
			_, _, err := p.m.Client.api.DeleteMessageContext(ctx, channel, ts)
			return "", err
		})
		switch {
		case err == nil, is(err, "message_not_found"), lost(err) && channel != p.rec.Place:
			p.drop(idDoubles, double)
		case refused(err):
			p.trouble(stepDouble, code(err))
			return nil
		default:
			return err
		}
	}
	p.fine(stepDouble)
	return nil
}

func (p *pass) ourStore(meta slackgo.SlackMetadata) bool {
	id := fmt.Sprint(meta.EventPayload["store"])
	return id == p.m.StoreID
}

// replies reads a thread, or one message of it, between two moments: the root
// comes first in any case, also where the message is in no thread.
func (c *Client) replies(ctx context.Context, channel, ts, oldest, latest string, each func(slackgo.Message)) error {
	type page struct {
		list []slackgo.Message
		next string
	}
	for cursor := ""; ; {
		got, err := again(ctx, true, func(ctx context.Context) (page, error) {
			list, _, next, err := c.api.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: ts, Oldest: oldest, Latest: latest, Inclusive: true, Limit: 200, Cursor: cursor, IncludeAllMetadata: true,
			})
			return page{list, next}, err
		})
		if err != nil {
			return fmt.Errorf("reading a thread of #%s: %w", channel, err)
		}
		for _, m := range got.list {
			each(m)
		}
		if cursor = got.next; cursor == "" {
			return nil
		}
	}
}

// history reads a channel's messages since a moment, newest first.
func (c *Client) history(ctx context.Context, channel, oldest string, each func(slackgo.Message)) error {
	return c.pages(ctx, channel, oldest, func(page []slackgo.Message) bool {
		for _, m := range page {
			each(m)
		}
		return true
	})
}

// pages is history in pages, as long as more are wanted.
func (c *Client) pages(ctx context.Context, channel, oldest string, each func([]slackgo.Message) (more bool)) error {
	cursor := ""
	for {
		page, err := again(ctx, true, func(ctx context.Context) (*slackgo.GetConversationHistoryResponse, error) {
			return c.api.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{
				ChannelID: channel, Oldest: oldest, Inclusive: true, Limit: 200, Cursor: cursor, IncludeAllMetadata: true,
			})
		})
		if err != nil {
			return fmt.Errorf("reading back #%s: %w", channel, err)
		}
		if cursor = page.ResponseMetaData.NextCursor; !each(page.Messages) || cursor == "" {
			return nil
		}
	}
}
