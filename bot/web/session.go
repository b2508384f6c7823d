package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// People knows who is who in the workspace; slack.Directory does.
type People interface {
	commands.Directory
	// Actor is somebody as they act now, with what the policy asks of them. The
	// answer is commands.ErrUnknown where they are not, or no more, in the workspace.
	Actor(ctx context.Context, id string) (incidents.Actor, error)
	// ByEmail finds the member with an address, or answers commands.ErrUnknown.
	ByEmail(ctx context.Context, address string) (incidents.Person, error)
}

// Role is what somebody may do on the pages, beyond what they may in Slack.
type Role string

// The roles.
const (
	RoleMember Role = "member" // what any member may in Slack
	RoleAdmin  Role = "admin"  // also API tokens, and everybody's sessions
	RoleGuest  Role = "guest"  // sees what they are in, as guests do in Slack
)

// Bounds of sessions.
const (
	seenEvery  = 5 * time.Minute         // so exactly is known when a session was seen last
	lookUpIn   = 1500 * time.Millisecond // what is asked of the workspace on the way; without it things go on
	believed   = 30 * time.Second        // so long is somebody's standing not asked again
	mostKnown  = 10_000                  // standings that are kept
	sessionKey = "fireboss"              // the cookie's name
)

// visitor is who is signed in.
type visitor struct {
	incidents.Actor
	Administers bool // may see the tokens, and everybody's sessions
	session     store.Session
	csrf        string
}

// CSRF is what a form has to carry to be theirs.
func (v *visitor) CSRF() string { return v.csrf }

// visiting is the key of a request's visitor.
type visiting struct{}

// visitorOf is who is signed in; nil: nobody.
func visitorOf(r *http.Request) *visitor {
	v, _ := r.Context().Value(visiting{}).(*visitor)
	return v
}

// viewer is who looks at a page. One without an id is nobody in particular, and
// sees what every member does.
func (s *Site) viewer(r *http.Request) incidents.Actor {
	if v := visitorOf(r); v != nil {
		return v.Actor
	}
	return incidents.Actor{Kind: incidents.User}
}

// stillIn reports whether who looks may go on looking: for what stays open long
// after it was let in.
func (s *Site) stillIn(r *http.Request) bool {
	_, ok := s.viewerNow(r)
	return ok
}

// viewerNow is who looks, with what they may see by now; false where they may look
// no more.
func (s *Site) viewerNow(r *http.Request) (incidents.Actor, bool) {
	was := visitorOf(r)
	if was == nil {
		return s.viewer(r), true
	}
	v, err := s.recognise(r)
	if err != nil || v == nil || v.ID != was.ID {
		return incidents.Actor{}, false
	}
	return v.Actor, true
}

// cookie is the name of a cookie of ours. Where browsers come over TLS it has the
// prefix by which they let no other host and no plain connection set it
// (draft-ietf-httpbis-rfc6265bis, section 4.1.3).
func (s *Site) cookie(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Site) secure() bool { return s.public.Scheme == "https" }

// setCookie gives the browser a cookie for a while; an empty value takes it away.
func (s *Site) setCookie(w http.ResponseWriter, name, value string, lasts time.Duration) {
	c := &http.Cookie{Name: s.cookie(name), Value: value, Path: "/", HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode, MaxAge: int(lasts.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// given is the value of a cookie of ours. Where somebody sends it twice they get
// neither: one of the two is not ours.
func (s *Site) given(r *http.Request, name string) string {
	if list := r.CookiesNamed(s.cookie(name)); len(list) == 1 {
		return list[0].Value
	}
	return ""
}

// recognise finds out who is signed in; nil: nobody.
func (s *Site) recognise(r *http.Request) (*visitor, error) {
	secret := s.given(r, sessionKey)
	if secret == "" {
		return nil, nil //nolint:nilnil // nobody is signed in, and that is no error
	}
	sess, err := s.session(r.Context(), store.SecretID(secret))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil //nolint:nilnil // the session is over
	}
	if err != nil {
		return nil, err
	}
	a, err := s.standing(r.Context(), sess)
	if err != nil {
		s.log.Info().Str("person", sess.Person.ID).Msg("somebody who has left the workspace was signed out")
		_, err = s.store.EndSessions(r.Context(), s.now(), func(o store.Session) bool { return o.Person.ID == sess.Person.ID })
		return nil, err
	}
	administers := !a.Standing.Outside && (Role(sess.Role) == RoleAdmin || s.rules().Administers(a.Standing))
	a.Standing.Administers = administers
	return &visitor{Actor: a, Administers: administers, session: sess, csrf: formToken(secret)}, nil
}

// session is a session that is live, and notes that it was seen.
func (s *Site) session(ctx context.Context, id string) (store.Session, error) {
	sess, err := s.store.Session(ctx, id)
	if err != nil {
		return sess, err
	}
	now := s.now()
	if !sess.Live(now) || now.Sub(sess.Created) >= s.sessions.Max {
		return sess, store.ErrNotFound
	}
	if now.Sub(sess.Seen) < seenEvery {
		return sess, nil
	}
	err = s.store.TouchSession(ctx, id, now, s.sessions.until(sess.Created, now))
	if err != nil && !errors.Is(err, store.ErrNotFound) { // a full disk is no reason to shut anybody out
		s.log.Error().Err(err).Msg("it could not be noted that a session was seen")
		err = nil
	}
	return sess, err
}

// Sessions bound how long somebody stays signed in.
type Sessions struct {
	Idle time.Duration // after the last look
	Max  time.Duration // in all
}

// until is when a session ends that is seen now.
func (b Sessions) until(created, now time.Time) time.Time {
	if end := created.Add(b.Max); end.Before(now.Add(b.Idle)) {
		return end
	}
	return now.Add(b.Idle)
}

// standing is a session's person as they act now. The only error is that they are
// gone. Where the workspace cannot be asked, what was known when they signed in
// holds, and whatever the policy keeps for some they may not.
func (s *Site) standing(ctx context.Context, sess store.Session) (incidents.Actor, error) {
	a := sess.Person.Actor()
	if s.people != nil && strings.HasPrefix(sess.Person.ID, "slack:") {
		now, err := s.known.ask(ctx, s.people, sess.Person.ID, s.now())
		switch {
		case errors.Is(err, commands.ErrUnknown):
			return a, err
		case err == nil:
			a = now
		default:
			a.Standing = incidents.Standing{Outside: sess.Outside, Unsure: strings.Join(s.rules().Refs(), " ")}
		}
	}
	if Role(sess.Role) == RoleGuest {
		a.Standing.Outside = true
	}
	return a, nil
}

// acquaintances are those of whom it was asked lately how they stand, so that a
// page need not wait for the workspace, nor each page for one that does not answer.
type acquaintances struct {
	mu   sync.Mutex
	list map[string]acquaintance
}

type acquaintance struct {
	actor incidents.Actor
	err   error
	at    time.Time
}

func (k *acquaintances) ask(ctx context.Context, people People, id string, now time.Time) (incidents.Actor, error) {
	k.mu.Lock()
	got, ok := k.list[id]
	k.mu.Unlock()
	if ok && now.Sub(got.at).Abs() < believed {
		return got.actor, got.err
	}
	look, cancel := context.WithTimeout(ctx, lookUpIn)
	defer cancel()
	got = acquaintance{at: now}
	got.actor, got.err = people.Actor(look, id)
	if ctx.Err() != nil {
		return got.actor, got.err // they went away; that says nothing of them
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list == nil || len(k.list) >= mostKnown {
		k.list = map[string]acquaintance{}
	}
	k.list[id] = got
	return got.actor, got.err
}

// formToken is what the forms of a browser have to carry. It is made from the
// secret in the browser's cookie, which no other site can read, and does not tell it.
func formToken(secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("fireboss form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
