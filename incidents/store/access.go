package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"fireboss/incidents"
)

// ErrTaken is the answer for a name that something else has.
var ErrTaken = errors.New("store: the name is taken")

// NewSecret makes what somebody will have to present, behind a prefix by which
// people and scanners recognise what it is, and the id under which it is kept.
// It has 256 random bits.
func NewSecret(prefix string) (secret, id string) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	secret = prefix + base64.RawURLEncoding.EncodeToString(b[:])
	return secret, SecretID(secret)
}

// SecretID is the id of what is kept under a secret: its SHA-256, in hex. The
// secrets are random and long, so that a hash without salt tells nothing of them,
// and looking an id up takes no time that depends on the secret.
func SecretID(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// SignedInBy is how somebody has signed in.
type SignedInBy string

// The ways to sign in.
const (
	ByProvider SignedInBy = "provider" // at an OpenID Connect provider
	ByLink     SignedInBy = "link"     // with a link for one use
	ByDemo     SignedInBy = "demo"     // by a click, in a demo
)

// Session is a browser in which somebody is signed in.
type Session struct {
	ID     string           `json:"id"` // [SecretID] of what the browser presents
	Person incidents.Person `json:"person"`
	By     SignedInBy       `json:"by"`
	// Role is what the provider's groups made of them then; empty: a member.
	Role string `json:"role,omitempty"`
	// Outside says that they were a guest then: what holds while nobody can be asked.
	Outside bool      `json:"outside,omitempty"`
	Browser string    `json:"browser,omitempty"` // what it calls itself, in a few words
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`           // roughly; see [Access.TouchSession]
	Expires time.Time `json:"expires"`        // unless it is seen again before
	Ended   time.Time `json:"ended,omitzero"` // signed out, or revoked; zero: it was not
}

// Live reports whether who presents it is signed in.
func (s Session) Live(now time.Time) bool { return s.Ended.IsZero() && now.Before(s.Expires) }

// SignInLink lets one person sign in, once.
type SignInLink struct {
	ID      string           `json:"id"` // [SecretID] of what stands in the link
	Person  incidents.Person `json:"person"`
	Created time.Time        `json:"created"`
	Expires time.Time        `json:"expires"`
	Used    time.Time        `json:"used,omitzero"` // zero: it was not
}

// Serves reports whether somebody can still sign in with it.
func (l SignInLink) Serves(now time.Time) bool { return l.Used.IsZero() && now.Before(l.Expires) }

// APIToken is a program that may use the API.
type APIToken struct {
	Name    string           `json:"name"`  // stands in events as token:NAME; nobody else ever has it
	ID      string           `json:"id"`    // [SecretID] of what the program presents
	Scope   string           `json:"scope"` // in the API's words
	Created time.Time        `json:"created"`
	By      incidents.Person `json:"by"`               // who made it
	Used    time.Time        `json:"used,omitzero"`    // last, roughly; see [Access.TouchAPIToken]; zero: never
	Revoked time.Time        `json:"revoked,omitzero"` // zero: it serves
}

// Access keeps who may come in by themselves, not through a chat. Of what they
// present it keeps the hash alone, so that whoever reads the store, or a backup,
// cannot come in with what stands there.
type Access interface {
	// PutSession keeps a session.
	PutSession(ctx context.Context, s Session) error
	// Session is the one of that id, whether or not it is live, or ErrNotFound.
	Session(ctx context.Context, id string) (Session, error)
	// Sessions lists those of one person, or of everybody (person is empty), the
	// newest first, also those that have ended and were not forgotten yet.
	Sessions(ctx context.Context, person string) ([]Session, error)
	// TouchSession notes when a session was seen and until when it lives now. One
	// that was ended meanwhile, or forgotten, is ErrNotFound and stays so.
	TouchSession(ctx context.Context, id string, seen, expires time.Time) error
	// EndSessions ends those for which which holds, and answers how many it were.
	// One that had ended before keeps its time.
	EndSessions(ctx context.Context, at time.Time, which func(Session) bool) (int, error)

	// PutSignInLink keeps a link. Those that the person was given before serve no more.
	PutSignInLink(ctx context.Context, l SignInLink) error
	// SignInLink is the one of that id, whether or not it serves, or ErrNotFound.
	SignInLink(ctx context.Context, id string) (SignInLink, error)
	// UseSignInLink uses a link up and keeps the session that it opens, both or
	// neither. ErrNotFound where there is none that serves: of many who use it at
	// once one succeeds.
	UseSignInLink(ctx context.Context, id string, at time.Time, s Session) error

	// PutAPIToken keeps a new token. A name is given once for ever, for events name
	// the token by it: ErrTaken where it was given before, also where that token is
	// revoked.
	PutAPIToken(ctx context.Context, t APIToken) error
	// APIToken is the one of that id, also where it is revoked, or ErrNotFound.
	APIToken(ctx context.Context, id string) (APIToken, error)
	// APITokens lists all of them by name, those too that are revoked.
	APITokens(ctx context.Context) ([]APIToken, error)
	// TouchAPIToken notes that a token was used, unless less than every ago it was
	// noted already: then nothing is written.
	TouchAPIToken(ctx context.Context, id string, at time.Time, every time.Duration) error
	// RevokeAPIToken takes a token's right away, for ever. ErrNotFound where there is
	// none of that name; one that was revoked before keeps its time.
	RevokeAPIToken(ctx context.Context, name string, at time.Time) error

	// ForgetAccess drops sessions and links that ended or expired before a moment,
	// and answers how many. Tokens stay, for their names do.
	ForgetAccess(ctx context.Context, before time.Time) (int, error)
}
