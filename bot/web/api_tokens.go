package web

import (
	"encoding/json"
	"net/http"

	"fireboss/incidents"
)

const makeExample = `{"name": "ci", "scope": "write"}`

// maker is a token as somebody who makes others.
func (c call) maker() incidents.Person { return c.token.actor().Person() }

// allTokens are those of the configuration, and those that were made here.
func (s *Site) allTokens(c call) (TokenList, error) {
	out := TokenList{Tokens: []TokenJSON{}}
	for _, k := range s.keys {
		out.Tokens = append(out.Tokens, TokenJSON{Name: k.token.Name, Scope: k.token.Scope, Configured: true})
	}
	list, err := s.store.APITokens(c.Context())
	for _, t := range list {
		out.Tokens = append(out.Tokens, TokenAsJSON(t))
	}
	return out, err
}

func (s *Site) listTokens(w http.ResponseWriter, c call) error {
	list, err := s.allTokens(c)
	if err != nil {
		return err
	}
	return reply(w, list)
}

// postToken makes a token. The answer is the one place where its secret stands, so
// it is not kept to be given again, as other answers are: who did not get it revokes
// the token and makes another one.
func (s *Site) postToken(w http.ResponseWriter, c call) error {
	body, err := readBody(w, c.Request)
	if err != nil {
		return err
	}
	var name, scope string
	if err := object(body, makeExample, field{"name", isString(&name)}, field{"scope", isString(&scope)}); err != nil {
		return err
	}
	t, secret, err := s.makeToken(c.Context(), name, Scope(scope), c.maker())
	if err != nil {
		return err
	}
	made, err := json.Marshal(NewTokenJSON{TokenAsJSON(t), secret})
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/api/v1/tokens/"+t.Name)
	send(w, http.StatusCreated, "application/json", made)
	return nil
}

func (s *Site) deleteToken(w http.ResponseWriter, c call) error {
	name := c.PathValue("name")
	if err := s.revokeToken(c.Context(), name, c.maker()); err != nil {
		return err
	}
	list, err := s.allTokens(c)
	if err != nil {
		return err
	}
	for _, t := range list.Tokens {
		if t.Name == name && !t.Configured {
			return reply(w, t)
		}
	}
	return problemf(notFound, "There is no token %s.", shorten(name, 40))
}
