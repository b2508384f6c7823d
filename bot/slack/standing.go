package slack

import (
	"context"
	"errors"
	"slices"
	"strings"

	"fireboss/commands"
	"fireboss/incidents"
)

// actor is a person as somebody who acts, with what the policy asks of them. A
// look-up that fails costs the name, not the command: fallback is what the payload
// called them.
func (d *Directory) actor(ctx context.Context, id, fallback string) (incidents.Actor, member) {
	m, err := d.member(ctx, id)
	if err != nil && fallback != "" {
		m.name = incidents.Tidy(fallback)
	}
	a := d.person(m).Actor()
	if d.Rules != nil {
		rules := d.Rules()
		a.Standing = d.standing(ctx, m, rules.Refs())
		a.Admin = rules.SeesPrivate(a.Standing)
	}
	a.Standing.Outside = m.outside
	return a, m
}

// standing finds out which of these people and groups of the policy somebody is,
// or is in. A display name does not count: everybody can call themselves anything.
// Of whom nothing is known, because Slack cannot be asked, it is not known whether
// they are a guest either; they count as none, so that an incident can be opened
// while Slack stumbles.
func (d *Directory) standing(ctx context.Context, m member, refs []string) incidents.Standing {
	var named, unsure []string
	for _, ref := range refs {
		if ref == m.id || m.login != "" && fold(ref) == m.login {
			named = append(named, ref)
			continue
		}
		switch members, err := d.groupMembers(ctx, handle(ref)); {
		case err == nil && slices.Contains(members, m.id):
			named = append(named, ref)
		case err != nil && !errors.Is(err, commands.ErrUnknown) && !refused(err):
			unsure = append(unsure, ref)
		}
	}
	return incidents.Standing{Named: strings.Join(named, " "), Unsure: strings.Join(unsure, " ")}
}
