package slack

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// askedSoon is how long the first invitation waits, once there is a channel, for
// the answer to who is in the groups of the policy.
const askedSoon = 200 * time.Millisecond

// calls are the people whom the policy calls into an incident.
type calls struct {
	done    chan struct{} // closed when the rest is known
	users   []string
	unknown []string // names of which nobody knows whose they are
	err     error
}

// ask begins to find out whom the policy calls, while the channel is made.
func (p *pass) ask(ctx context.Context) {
	p.calls = calls{done: make(chan struct{})}
	if p.in.Status.Ended() || len(p.in.Calls) == 0 {
		close(p.calls.done)
		return
	}
	c := &p.calls
	p.asking.Go(func() {
		defer close(c.done)
		c.users, c.unknown, c.err = p.m.Directory.resolve(ctx, p.in.Calls)
	})
}

// invite brings in, with one call, everybody who belongs there and is not yet;
// those of the policy who are not known soon come after.
func (p *pass) invite(ctx context.Context) error {
	soon := time.NewTimer(askedSoon)
	defer soon.Stop()
	called := []string{}
	select {
	case <-p.calls.done:
		called = p.calls.users
	case <-soon.C:
	}
	return p.bringIn(ctx, append(p.responders(), called...))
}

// inviteCalled brings in those of the policy who were not known at first.
func (p *pass) inviteCalled(ctx context.Context) error {
	<-p.calls.done
	p.uncalled()
	return errors.Join(p.bringIn(ctx, p.calls.users), p.calls.err)
}

// uncalled notes of whom of the policy nobody knows who they are.
func (p *pass) uncalled() {
	for key := range p.record().IDs {
		if ref, ok := strings.CutPrefix(key, idTrouble+stepCall); ok && !slices.Contains(p.calls.unknown, ref) && p.calls.err == nil {
			p.fine(stepCall + ref)
		}
	}
	for _, ref := range p.calls.unknown {
		p.trouble(stepCall+ref, "unknown_name")
	}
}

// bringIn invites those of these who were not invited before.
func (p *pass) bringIn(ctx context.Context, users []string) error {
	known := append(strings.Fields(p.get(idInvited)), strings.Fields(p.get(idGone))...)
	var fresh []string
	for _, user := range users {
		if user != p.m.Client.UserID && !slices.Contains(known, user) && !slices.Contains(fresh, user) {
			fresh = append(fresh, user)
		}
	}
	for part := range slices.Chunk(fresh, 100) { // Slack takes 100 in a call
		for _, user := range part {
			p.fine(stepInvite + user)
		}
		if err := p.inviteAll(ctx, part); err != nil {
			return err
		}
		p.note(idInvited, slices.DeleteFunc(part, func(user string) bool { return p.get(idTrouble+stepInvite+user) != "" })...)
	}
	return nil
}

// responders are the Slack ids of those who respond, the declarer first.
func (p *pass) responders() []string {
	var list []string
	for _, r := range p.in.Responders {
		if user, ok := p.m.Client.member(r.ID); ok {
			list = append(list, user)
		}
	}
	return list
}

// comings takes from the events who has left, so that they can be invited again
// but the policy does not call them back, and who has come back.
func (p *pass) comings() {
	var seen []string // in the channel that the incident had then
	for _, e := range p.events {
		if e.Kind == incidents.VisibilityChanged {
			for _, user := range seen {
				p.drop(idInvited, user)
			}
			continue
		}
		user, ok := p.m.Client.member(e.Field("who"))
		switch {
		case !ok:
		case e.Kind == incidents.ResponderJoined:
			p.drop(idGone, user)
			p.drop(idOut, user)
			p.fine(stepRemove + user)
			if e.Field("there") != "" { // else they have only acted, perhaps from outside
				p.note(idInvited, user)
				seen = append(seen, user)
				p.fine(stepInvite + user)
			}
		case e.Kind == incidents.ResponderLeft:
			p.drop(idInvited, user)
			p.fine(stepInvite + user)
			p.note(idGone, user)
			if p.in.Private {
				p.note(idOut, user)
			}
		}
	}
}

// note and drop keep a list of ids in the record.
func (p *pass) note(key string, users ...string) {
	list := strings.Fields(p.get(key))
	for _, user := range users {
		if !slices.Contains(list, user) {
			list = append(list, user)
		}
	}
	p.set(key, strings.Join(list, " "))
}

func (p *pass) drop(key, user string) {
	list := slices.DeleteFunc(strings.Fields(p.get(key)), func(s string) bool { return s == user })
	p.set(key, strings.Join(list, " "))
}

// inviteAll invites, without those whom Slack names as not to be invited, and
// where it names none each for himself.
func (p *pass) inviteAll(ctx context.Context, users []string) error {
	_, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return p.m.Client.api.InviteUsersToConversationContext(ctx, p.rec.Place, users...)
	})
	if err == nil {
		return nil
	}
	if code(err) == "" || lost(err) || unauthorized(err) {
		return err
	}
	if able := p.able(err, users); len(able) < len(users) {
		if len(able) == 0 {
			return nil
		}
		return p.inviteAll(ctx, able)
	}
	if len(users) == 1 {
		if temporary(err) {
			return err
		}
		p.uninvited(users[0], code(err))
		return nil
	}
	for _, user := range users {
		if err := p.inviteAll(ctx, []string{user}); err != nil {
			return err
		}
	}
	return nil
}

// able are those of the users whom Slack's answer does not name.
func (p *pass) able(err error, users []string) []string {
	var answer slackgo.SlackErrorResponse
	errors.As(err, &answer)
	able := slices.Clone(users)
	for _, e := range answer.Errors {
		named := e.ConversationsInviteResponseError
		if named == nil || named.Ok || !slices.Contains(able, named.User) {
			continue
		}
		able = slices.DeleteFunc(able, func(s string) bool { return s == named.User })
		p.uninvited(named.User, named.Error)
	}
	return able
}

// uninvited notes who could not be invited, unless they were there.
func (p *pass) uninvited(user, why string) {
	if why != "already_in_channel" && why != "cant_invite_self" {
		p.trouble(stepInvite+user, why)
	}
}

// remove takes those out of a private channel who have left the incident.
func (p *pass) remove(ctx context.Context) error {
	for _, user := range strings.Fields(p.get(idOut)) {
		err := p.kick(ctx, p.rec.Place, user)
		if refused(err) {
			p.trouble(stepRemove+user, code(err))
			continue
		}
		if err != nil {
			return err
		}
		p.fine(stepRemove + user)
		p.drop(idOut, user)
	}
	return nil
}

// kick takes somebody out of a channel, if they are there.
func (p *pass) kick(ctx context.Context, channel, user string) error {
	_, err := again(ctx, true, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.m.Client.api.KickUserFromConversationContext(ctx, channel, user)
	})
	if is(err, "not_in_channel", "user_not_found", "user_not_in_channel") {
		return nil
	}
	return err
}
