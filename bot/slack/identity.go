package slack

import (
	"context"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// Actor is somebody as they act now, with what the policy asks of them, as if they
// typed in the workspace. The answer is commands.ErrUnknown where the id is not of
// a person of this workspace, or of one who was deactivated. Any other error says
// that nothing is known of them, and Slack could not be asked.
func (d *Directory) Actor(ctx context.Context, id string) (incidents.Actor, error) {
	user, ours := d.client.member(id)
	if !ours {
		return incidents.Actor{}, commands.ErrUnknown
	}
	m, err := d.member(ctx, user)
	switch {
	case is(err, "user_not_found", "users_not_found", "user_not_visible"), err == nil && (m.deleted || m.bot):
		return incidents.Actor{}, commands.ErrUnknown
	case err != nil:
		return incidents.Actor{}, err
	}
	a, _ := d.actor(ctx, user, "")
	return a, nil
}

// ByEmail finds the person of the workspace who has an address, or answers
// commands.ErrUnknown. It needs the scope users:read.email.
func (d *Directory) ByEmail(ctx context.Context, address string) (incidents.Person, error) {
	u, err := again(ctx, true, func(ctx context.Context) (*slackgo.User, error) {
		return d.client.api.GetUserByEmailContext(ctx, address)
	})
	if is(err, "users_not_found", "user_not_found") {
		return incidents.Person{}, commands.ErrUnknown
	}
	if err != nil {
		return incidents.Person{}, explain("users.lookupByEmail", err)
	}
	m := d.learn(*u)
	if m.deleted || m.bot {
		return incidents.Person{}, commands.ErrUnknown
	}
	return d.person(m), nil
}
