package slack

import (
	"context"
	"fmt"
	"strconv"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// probe looks how things stand outside, once after every start, after a poke
// and after an answer that left open whether a message was posted. A channel
// that was made just now needs no look.
func (p *pass) probe(ctx context.Context) error {
	p.m.mu.Lock()
	if p.m.probed == nil {
		p.m.probed = map[incidents.Number]bool{}
	}
	known := p.m.probed[p.in.Number]
	p.m.probed[p.in.Number] = true
	p.m.mu.Unlock()
	if known || p.fresh {
		return nil
	}
	err := p.look(ctx)
	if err != nil {
		p.m.Poke(p.in.Number) // it was not seen: look again next time
	}
	return err
}

func (p *pass) look(ctx context.Context) error {
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: p.rec.Place})
	})
	switch {
	case lost(err):
		return p.lose(ctx, err)
	case err != nil:
		return explain("conversations.info", err)
	case info.IsArchived:
		return p.lose(ctx, slackgo.SlackErrorResponse{Err: "is_archived"})
	case !info.IsMember:
		return p.lose(ctx, slackgo.SlackErrorResponse{Err: "not_in_channel"})
	}
	p.set(idLost, "")
	p.rec.PlaceName = info.Name
	p.set(idTopic, info.Topic.Value)
	p.set(idPurpose, info.Purpose.Value)
	p.set(idCardSum, "")
	p.set(idPinned, "")
	if p.get(idBookmark) == "" {
		if err := p.findBookmark(ctx); err != nil {
			return err
		}
	}
	return p.readBack(ctx)
}

// readBack reads our own messages in the channel since the last one known.
func (p *pass) readBack(ctx context.Context) error {
	oldest := p.get(idPosted)
	if p.get(idCard) == "" {
		oldest = "0"
	} else if oldest == "" {
		oldest = p.get(idCard)
	}
	return p.m.Client.history(ctx, p.rec.Place, oldest, func(m slackgo.Message) {
		if m.User != p.m.Client.UserID && m.BotID != p.m.Client.BotID {
			return
		}
		if fmt.Sprint(m.Metadata.EventPayload["incident"]) != p.in.Number.String() {
			return
		}
		switch m.Metadata.EventType {
		case cardMark:
			if p.get(idCard) == "" && p.ourStore(m.Metadata) {
				p.set(idCard, m.Timestamp)
			}
		case eventMark:
			if seq, err := strconv.ParseUint(fmt.Sprint(m.Metadata.EventPayload["seq"]), 10, 64); err == nil {
				p.found[seq] = m.Timestamp
			}
		}
	})
}

func (p *pass) ourStore(meta slackgo.SlackMetadata) bool {
	id := fmt.Sprint(meta.EventPayload["store"])
	return id == p.m.StoreID
}

// history reads a channel's messages since a moment, newest first.
func (c *Client) history(ctx context.Context, channel, oldest string, each func(slackgo.Message)) error {
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
		for _, m := range page.Messages {
			each(m)
		}
		if cursor = page.ResponseMetaData.NextCursor; cursor == "" {
			return nil
		}
	}
}
