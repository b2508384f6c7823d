package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fireboss/incidents"
)

// Scope is how much a token may do.
type Scope string

// The scopes; each may do what the one before it may.
const (
	Nobody Scope = ""      // no token
	Read   Scope = "read"  // GET what any member sees
	Write  Scope = "write" // also POST
	Admin  Scope = "admin" // also private incidents, the audit and the backup
)

func (s Scope) rank() int {
	switch s {
	case Read:
		return 1
	case Write:
		return 2
	case Admin:
		return 3
	}
	return 0
}

// allows reports whether a token of this scope may use what needs another.
func (s Scope) allows(needs Scope) bool { return s.rank() >= needs.rank() }

// Token is one who may use the API.
type Token struct {
	Name   string // stands in events as token:NAME
	Secret string
	Scope  Scope
}

// actor is the token as somebody who does things. It is a program, so it does
// not become a responder of what it declares.
func (t Token) actor() incidents.Actor {
	return incidents.Actor{Kind: incidents.Integration, ID: "token:" + t.Name, Name: t.Name, Admin: t.Scope == Admin}
}

// keyring finds a token by its secret, of which it keeps only the hash.
type keyring []key

type key struct {
	hash  [sha256.Size]byte
	token Token
}

func newKeyring(tokens []Token) keyring {
	var k keyring
	for _, t := range tokens {
		if t.Secret != "" {
			k = append(k, key{sha256.Sum256([]byte(t.Secret)), Token{Name: t.Name, Scope: t.Scope}})
		}
	}
	return k
}

// find compares with every token, always, and in constant time: how long it
// takes says nothing about any secret.
func (k keyring) find(secret string) (Token, bool) {
	hash := sha256.Sum256([]byte(secret))
	found := -1
	for i := range k {
		same := subtle.ConstantTimeCompare(hash[:], k[i].hash[:])
		found = subtle.ConstantTimeSelect(same, i, found)
	}
	if found < 0 {
		return Token{}, false
	}
	return k[found].token, true
}

// named reports whether the configuration has a token of that name.
func (k keyring) named(name string) bool {
	return slices.ContainsFunc(k, func(o key) bool { return o.token.Name == name })
}

// call is a request of the API whose sender is known, and whose query has no
// names but those of its route.
type call struct {
	*http.Request
	token Token
	query *query
}

// endpoint lets a call in and answers it.
func (s *Site) endpoint(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := s.enter(w, req, r); err != nil {
			s.fail(w, req, err)
		}
	})
}

func (s *Site) enter(w http.ResponseWriter, req *http.Request, r route) error {
	token, err := s.admit(req, r.Needs)
	if err != nil {
		return err
	}
	q := readQuery(req.URL.RawQuery, r.Params...)
	if q.err != nil {
		return q.err
	}
	return r.do(w, call{req, token, q})
}

// admit finds out who calls, and whether they may. The scheme's name is
// case-insensitive (RFC 9110, section 11.1); the form of the rest is RFC 6750's.
func (s *Site) admit(r *http.Request, needs Scope) (Token, error) {
	if needs == Nobody {
		return Token{}, nil
	}
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return Token{}, s.unknown(r, "This needs an API token. Send it as: Authorization: Bearer TOKEN")
	}
	token, known, err := s.token(r.Context(), strings.TrimSpace(secret))
	switch {
	case err != nil:
		return Token{}, err
	case !known:
		return Token{}, s.unknown(r, "Nobody has this API token, or it was revoked. Tokens are made on the page /tokens, with fireboss token create, or in the configuration under api_tokens.")
	}
	if wait := s.calls.take(token.Name, s.now()); wait > 0 {
		return Token{}, tooOften(wait, fmt.Sprintf("The token %q is used more than %v times a second.", token.Name, s.calls.limit.PerSecond))
	}
	if !token.Scope.allows(needs) {
		return Token{}, problemf(forbidden, "The token %q may only %s; this needs one with scope %s.", token.Name, token.Scope, needs)
	}
	return token, nil
}

// unknown is the answer to who presents no token, or one that nobody has. Whoever
// does it very often has to wait.
func (s *Site) unknown(r *http.Request, why string) error {
	if wait := s.wrong.take(s.from(r), s.now()); wait > 0 {
		return tooOften(wait, "Too many calls without a token that somebody has come from where you are.")
	}
	return problemf(unauthorized, "%s", why)
}
