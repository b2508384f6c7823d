package web

import (
	"context"
	"errors"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Of tokens that are made here.
const (
	tokenPrefix  = "fireboss_" // by which people, and scanners of code, see what it is
	maxTokenName = 64
	usedEvery    = time.Hour // so exactly is known when a token was used last
)

// NewToken makes a token, which is yet to be kept, and what the program has to
// present. A name or scope that cannot be is a refusal.
func NewToken(name string, scope Scope, by incidents.Person, now time.Time) (t store.APIToken, secret string, err error) {
	switch {
	case name == "":
		return t, "", incidents.Missing("name", "Give the token a name: what the program is called in the timeline, such as ci.")
	case len(name) > maxTokenName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "":
		return t, "", incidents.About("name", incidents.Invalid("%q is no name for a token. It may have letters, digits, and - _ . only, at most %d.", shorten(incidents.Tidy(name), 40), maxTokenName))
	case scope.rank() == 0:
		return t, "", incidents.About("scope", incidents.Invalid("%q is no scope. There are read, write and admin.", shorten(incidents.Tidy(string(scope)), 40)))
	}
	secret, id := store.NewSecret(tokenPrefix)
	return store.APIToken{Name: name, ID: id, Scope: string(scope), Created: now, By: by}, secret, nil
}

// TokenTaken is the refusal of a name that a token has or had.
func TokenTaken(name string) error {
	return incidents.Refused("%s is, or was, the name of a token already. Names are given once, because the timeline says by them who did what. Choose another one.", name)
}

// makeToken makes and keeps a token.
func (s *Site) makeToken(ctx context.Context, name string, scope Scope, by incidents.Person) (t store.APIToken, secret string, err error) {
	t, secret, err = NewToken(name, scope, by, s.now())
	if err != nil {
		return t, "", err
	}
	if s.keys.named(name) {
		return t, "", TokenTaken(name)
	}
	if err = s.store.PutAPIToken(ctx, t); errors.Is(err, store.ErrTaken) {
		err = TokenTaken(name)
	}
	if err != nil {
		return t, "", err
	}
	s.log.Info().Str("token", name).Str("scope", t.Scope).Str("by", by.ID).Msg("an API token was made")
	return t, secret, nil
}

// revokeToken takes a token's right away.
func (s *Site) revokeToken(ctx context.Context, name string, by incidents.Person) error {
	if s.keys.named(name) {
		return incidents.Refused("The token %s stands in the configuration under api_tokens. Take it out there, and start Fireboss again.", name)
	}
	err := s.store.RevokeAPIToken(ctx, name, s.now())
	if errors.Is(err, store.ErrNotFound) {
		return problemf(notFound, "There is no token %s.", shorten(name, 40))
	}
	if err == nil {
		s.log.Info().Str("token", name).Str("by", by.ID).Msg("an API token was revoked")
	}
	return err
}

// token finds who presents a secret: one of the configuration, or one that was made
// here. Of a name that both have the configuration's counts.
func (s *Site) token(ctx context.Context, secret string) (Token, bool, error) {
	if t, ok := s.keys.find(secret); ok {
		return t, true, nil
	}
	t, err := s.store.APIToken(ctx, store.SecretID(secret))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Token{}, false, nil
	case err != nil:
		return Token{}, false, err
	case !t.Revoked.IsZero() || s.keys.named(t.Name):
		return Token{}, false, nil
	}
	if now := s.now(); now.Sub(t.Used) >= usedEvery {
		if err := s.store.TouchAPIToken(ctx, t.ID, now, usedEvery); err != nil { // a full disk is no reason to shut anybody out
			s.log.Error().Err(err).Str("token", t.Name).Msg("it could not be noted that a token was used")
		}
	}
	return Token{Name: t.Name, Scope: Scope(t.Scope)}, true, nil
}

// TokenJSON is a token as the API shows it.
type TokenJSON struct {
	Name       string  `json:"name"`
	Scope      Scope   `json:"scope"`
	Configured bool    `json:"configured"` // it stands in the configuration
	Created    *Time   `json:"created,omitempty"`
	By         *Person `json:"by,omitempty"`
	LastUsed   *Time   `json:"last_used,omitempty"` // to the hour
	Revoked    *Time   `json:"revoked,omitempty"`
}

// TokenList is what GET /api/v1/tokens answers.
type TokenList struct {
	Tokens []TokenJSON `json:"tokens"`
}

// NewTokenJSON is a token that was just made, with what the program has to present:
// it is shown this once.
type NewTokenJSON struct {
	TokenJSON
	Secret string `json:"secret"`
}

// TokenAsJSON is a token that was made here.
func TokenAsJSON(t store.APIToken) TokenJSON {
	by := Person(t.By)
	return TokenJSON{Name: t.Name, Scope: Scope(t.Scope), Created: moment(t.Created), By: &by, LastUsed: moment(t.Used), Revoked: moment(t.Revoked)}
}
