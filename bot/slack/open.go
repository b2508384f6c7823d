package slack

import (
	"context"
	"slices"
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
	for attempt := 1; attempt <= maxSuffix; attempt++ {
		name := channelName(p.in, attempt)
		ch, err := p.create(ctx, name)
		if is(err, "name_taken") {
			if ch, err = p.adopt(ctx, name); err == nil && ch == nil {
				continue // somebody else's: try the next name
			}
		} else if err == nil {
			p.fresh = true
			p.m.crash("created")
		}
		if err != nil {
			return explain("conversations.create", err)
		}
		p.rec.Place, p.rec.PlaceName = ch.ID, name
		p.rec.IDs[idName] = p.in.Title
		if attempt > 1 {
			p.rec.IDs[idTaken] = channelName(p.in, 1)
			p.m.Log.Info().Str("incident", p.in.Number.String()).Str("channel", name).Msg("the natural name was taken; the channel has a suffix")
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

// adopt finds the channel of that name and answers it if it is this incident's:
// we made it, after the declaration, as private as it must be, it is alive, and
// no other store has marked it. Otherwise it answers nil.
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
	return ch.Creator == p.m.Client.UserID && !ch.IsArchived && ch.IsPrivate == p.in.Private &&
		!ch.Created.Time().Before(p.in.DeclaredAt.Add(-skew).Truncate(time.Second)) &&
		(!marked || strings.Contains(ch.Purpose.Value, mark))
}

// mark is what tells our channel for this incident from any other.
func (m *Mirror) mark(in incidents.Incident) string {
	return "Fireboss " + m.StoreID[:min(8, len(m.StoreID))] + " " + in.Number.String() + "."
}

// invite brings in, with one call, everybody who belongs there and is not yet.
func (p *pass) invite(ctx context.Context) error {
	want := p.wanted(ctx)
	known := strings.Fields(p.get(idInvited))
	var fresh []string
	for _, user := range want {
		if !slices.Contains(known, user) {
			fresh = append(fresh, user)
		}
	}
	for part := range slices.Chunk(fresh, 100) { // Slack takes 100 in a call
		if err := p.inviteAll(ctx, part); err != nil {
			return err
		}
	}
	p.m.crash("invited")
	slices.Sort(want)
	p.set(idInvited, strings.Join(want, " "))
	return nil
}

// wanted are the Slack ids of those who belong in the channel, the declarer first.
func (p *pass) wanted(ctx context.Context) []string {
	var list []string
	add := func(user string) {
		if user != "" && user != p.m.Client.UserID && !slices.Contains(list, user) {
			list = append(list, user)
		}
	}
	for _, r := range append([]incidents.Person{}, p.in.Responders...) {
		user, _ := p.m.Client.member(r.ID)
		add(user)
	}
	if p.in.Status.Ended() {
		return append(list, missing(list, strings.Fields(p.get(idInvited)))...)
	}
	called, unknown := p.m.Directory.resolve(ctx, p.in.Calls)
	for _, user := range called {
		add(user)
	}
	if len(unknown) > 0 {
		p.m.Log.Warn().Strs("unknown", unknown).Str("incident", p.in.Number.String()).Msg("open.invite names people or groups that Slack does not know")
	}
	return list
}

// missing are those of more that are not in list.
func missing(list, more []string) []string {
	var out []string
	for _, s := range more {
		if !slices.Contains(list, s) {
			out = append(out, s)
		}
	}
	return out
}

// inviteAll invites, and where one of them spoils the call, each for himself.
func (p *pass) inviteAll(ctx context.Context, users []string) error {
	_, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.InviteUsersToConversationContext(ctx, p.rec.Place, users...)
	})
	switch {
	case err == nil, is(err, "already_in_channel", "cant_invite_self") && len(users) == 1:
		return nil
	case code(err) == "" || lost(err) || len(users) == 1 && temporary(err):
		return err
	case len(users) == 1:
		p.m.Log.Warn().Err(err).Str("user", users[0]).Str("incident", p.in.Number.String()).Msg("somebody could not be invited")
		return nil
	}
	for _, user := range users {
		if err := p.inviteAll(ctx, []string{user}); err != nil {
			return err
		}
	}
	return nil
}

// kick removes from a private channel those who have left the incident.
func (p *pass) kick(ctx context.Context) error {
	if !p.in.Private {
		return nil
	}
	for _, e := range p.events {
		if e.Kind != incidents.ResponderLeft || p.in.IsResponder(e.Field("who")) {
			continue
		}
		user, ok := p.m.Client.member(e.Field("who"))
		if !ok {
			continue
		}
		_, err := again(ctx, true, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, p.m.Client.api.KickUserFromConversationContext(ctx, p.rec.Place, user)
		})
		if err != nil && !is(err, "not_in_channel", "user_not_found", "cant_kick_self", "restricted_action", "user_not_in_channel") {
			return err
		}
	}
	return nil
}
