package bot

import (
	"context"
	"errors"
	"sync/atomic"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/bot/web"
	"fireboss/incidents"
)

// visitors are the people of the workspace, for the pages, which answer before
// Slack has said which workspace it is. Until then nothing is known of anybody; it
// is not that nobody is there, which would sign everybody out.
type visitors struct {
	*slack.Directory
	connected atomic.Bool
}

var errNotConnected = errors.New("Slack has not said yet which workspace this is")

// Person is the directory's.
func (v *visitors) Person(ctx context.Context, name string) (incidents.Person, error) {
	if !v.connected.Load() {
		return incidents.Person{}, errNotConnected
	}
	return v.Directory.Person(ctx, name)
}

// Actor is the directory's.
func (v *visitors) Actor(ctx context.Context, id string) (incidents.Actor, error) {
	if !v.connected.Load() {
		return incidents.Actor{}, errNotConnected
	}
	return v.Directory.Actor(ctx, id)
}

// ByEmail is the directory's.
func (v *visitors) ByEmail(ctx context.Context, address string) (incidents.Person, error) {
	if !v.connected.Load() {
		return incidents.Person{}, errNotConnected
	}
	return v.Directory.ByEmail(ctx, address)
}

// signIn is the provider of the settings; nil where there is none.
func signIn(s settings.SignIn) *web.SignIn {
	if !s.On() {
		return nil
	}
	o := &web.SignIn{
		Issuer: string(s.Issuer), ClientID: string(s.ClientID), ClientSecret: s.ClientSecret.Reveal(), Name: string(s.Name), Scopes: s.Scopes, GroupsClaim: s.GroupsClaim,
		Roles: map[string]web.Role{}, AllowedGroups: s.AllowedGroups, LinkByEmail: s.LinkByEmail && !s.Slack(), RequireMFA: s.RequireMFA, ACR: s.ACR,
	}
	for group, role := range s.Roles {
		o.Roles[group] = web.Role(role)
	}
	for _, d := range s.AllowedDomains {
		o.AllowedDomains = append(o.AllowedDomains, string(d))
	}
	return o
}
