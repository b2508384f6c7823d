package slack

import (
	"context"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// maxSuffix bounds the search for a free name.
const maxSuffix = 50

// skew is by how much our clock and Slack's may differ: a channel that was made
// so long before its incident was declared may still be its channel.
const skew = 2 * time.Minute

// channel makes sure that the incident has a channel. Its name is the natural
// key: whoever finds it taken looks whether we made it for this incident.
func (p *pass) channel(ctx context.Context) error {
	if p.rec.Place != "" {
		return nil
	}
	for attempt := 1 + len(shutChannels(p.record())); attempt <= maxSuffix; attempt++ {
		name := channelName(p.in, attempt)
		ch, err := p.create(ctx, name)
		if is(err, "name_taken") {
			if ch, err = p.adopt(ctx, name); err == nil && ch == nil {
				continue // somebody else's: try the next name
			}
		} else if err == nil {
			p.fresh = true
		}
		if err != nil {
			return explain("conversations.create", err)
		}
		p.rec.Place, p.rec.PlaceName = ch.ID, name
		p.rec.IDs[idName] = p.in.Title
		p.set(idSecret, yesNo(p.in.Private))
		p.set(idMade, time.Now().UTC().Format(time.RFC3339))
		p.set(idLost, "")
		p.fine(stepChannel)
		p.set(idTold+stepChannel, "")
		if attempt > 1 && len(p.past()) == 0 {
			p.rec.IDs[idTaken] = channelName(p.in, 1)
			p.m.Log.Info().Str("incident", p.in.Number.String()).Int("suffix", attempt).Msg("the natural name was taken; the channel has a suffix")
		}
		return p.keep()
	}
	return explain("conversations.create", slackgo.SlackErrorResponse{Err: "name_taken"})
}

func (p *pass) create(ctx context.Context, name string) (*slackgo.Channel, error) {
	return again(ctx, false, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.CreateConversationContext(ctx, slackgo.CreateConversationParams{ChannelName: name, IsPrivate: p.in.Private})
	})
}

// adopt finds the channel of that name among the living and answers it if it is
// this incident's: we made it, after the declaration, as private as it must be,
// have not left it, and no other store has marked it. Otherwise it answers nil.
func (p *pass) adopt(ctx context.Context, name string) (*slackgo.Channel, error) {
	cursor := ""
	for {
		type page struct {
			list []slackgo.Channel
			next string
		}
		got, err := again(ctx, true, func(ctx context.Context) (page, error) {
			list, next, err := p.m.Client.api.GetConversationsForUserContext(ctx, &slackgo.GetConversationsForUserParameters{
				UserID: p.m.Client.UserID, Cursor: cursor, Limit: 200, ExcludeArchived: true, Types: []string{"public_channel", "private_channel"},
			})
			return page{list, next}, err
		})
		if err != nil {
			return nil, err
		}
		for _, ch := range got.list {
			if ch.Name == name {
				if p.mine(ch) {
					return &ch, nil
				}
				return nil, nil
			}
		}
		if cursor = got.next; cursor == "" {
			return nil, nil
		}
	}
}

func (p *pass) mine(ch slackgo.Channel) bool {
	mark := p.m.mark(p.in)
	marked := strings.Contains(ch.Purpose.Value, "Fireboss ")
	return p.get(idLeft+ch.ID) == "" && ch.Creator == p.m.Client.UserID && ch.IsPrivate == p.in.Private &&
		!ch.Created.Time().Before(p.in.DeclaredAt.Add(-skew).Truncate(time.Second)) &&
		(!marked || strings.Contains(ch.Purpose.Value, mark))
}

// mark is what tells our channel for this incident from any other.
func (m *Mirror) mark(in incidents.Incident) string {
	return "Fireboss " + m.StoreID[:min(8, len(m.StoreID))] + " " + in.Number.String() + "."
}
