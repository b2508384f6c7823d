package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"fireboss/incidents/store"
)

var _ = holds(
	promise{"a session lives until it ends", sessions},
	promise{"a sign-in link is used once", signInLinks},
	promise{"a token's name is given once", apiTokens},
	promise{"who was signed in is forgotten by age", accessForgotten},
)

// session is one of Alice's that lives for an hour.
func (w *world) session(id string) store.Session {
	now := w.now()
	return store.Session{ID: id, Person: alice.Person(), By: store.ByProvider, Role: "admin", Outside: true, Browser: "Firefox on Linux", Created: now, Seen: now, Expires: now.Add(time.Hour)}
}

// signedIn is a session as it stands.
func (w *world) signedIn(id string) store.Session {
	w.Helper()
	s, err := w.Store.Session(w.ctx, id)
	w.ok(err)
	return s
}

func ids(list []store.Session) (out string) {
	for _, s := range list {
		out += s.ID
	}
	return out
}

func sessions(w *world) {
	a := w.session("a")
	w.ok(w.Store.PutSession(w.ctx, a))
	w.later(time.Minute)
	b := w.session("b")
	w.ok(w.Store.PutSession(w.ctx, b))
	c := w.session("c")
	c.Person = bob.Person()
	w.ok(w.Store.PutSession(w.ctx, c))
	w.again()
	same(w, "a session", w.signedIn("a"), a)
	_, err := w.Store.Session(w.ctx, "x")
	w.missing(err)
	for person, want := range map[string]string{alice.ID: "ba", bob.ID: "c", "": "bca", "slack:T1/U9": ""} {
		list, err := w.Store.Sessions(w.ctx, person)
		if w.ok(err); ids(list) != want {
			w.Errorf("the sessions of %q are %q, want %q", person, ids(list), want)
		}
	}
	w.later(time.Minute)
	w.ok(w.Store.TouchSession(w.ctx, "a", w.now(), w.now().Add(time.Hour)))
	a.Seen, a.Expires = w.now(), w.now().Add(time.Hour)
	same(w, "a session that was seen", w.signedIn("a"), a)
	w.missing(w.Store.TouchSession(w.ctx, "x", w.now(), w.now()))

	end := func(want int, which func(store.Session) bool) {
		w.Helper()
		if n, err := w.Store.EndSessions(w.ctx, w.now(), which); err != nil || n != want {
			w.Errorf("%d ended (%v), want %d", n, err, want)
		}
	}
	end(2, func(s store.Session) bool { return s.Person.ID == alice.ID })
	ended := w.now()
	w.later(time.Minute)
	end(1, func(store.Session) bool { return true })
	end(0, func(store.Session) bool { return true })
	w.again()
	if s := w.signedIn("a"); !s.Ended.Equal(ended) || s.Live(w.now()) {
		w.Errorf("a session that ended: %+v", s)
	}
	w.missing(w.Store.TouchSession(w.ctx, "a", w.now(), w.now().Add(time.Hour)))
	if w.signedIn("a").Live(w.now()) {
		w.Error("a session that ended lives again")
	}
}

func (w *world) link(id string) store.SignInLink {
	return store.SignInLink{ID: id, Person: alice.Person(), Created: w.now(), Expires: w.now().Add(10 * time.Minute)}
}

func signInLinks(w *world) {
	first := w.link("first")
	w.ok(w.Store.PutSignInLink(w.ctx, first))
	of := w.link("bob's")
	of.Person = bob.Person()
	w.ok(w.Store.PutSignInLink(w.ctx, of))
	w.again()
	got, err := w.Store.SignInLink(w.ctx, "first")
	w.ok(err)
	same(w, "a link", got, first)
	_, err = w.Store.SignInLink(w.ctx, "x")
	w.missing(err)
	w.missing(w.Store.UseSignInLink(w.ctx, "x", w.now(), w.session("x")))

	w.later(time.Second)
	w.ok(w.Store.PutSignInLink(w.ctx, w.link("second")))
	w.missing(w.Store.UseSignInLink(w.ctx, "first", w.now(), w.session("of first")))
	var opened atomic.Int64
	w.many(20, func(i int) {
		err := w.Store.UseSignInLink(w.ctx, "second", w.now(), w.session(fmt.Sprint("s", i)))
		if err == nil {
			opened.Add(1)
		} else if !errors.Is(err, store.ErrNotFound) {
			w.Error(err)
		}
	})
	list, err := w.Store.Sessions(w.ctx, "")
	if w.ok(err); opened.Load() != 1 || len(list) != 1 {
		w.Errorf("a link was used %d times, and opened %q", opened.Load(), ids(list))
	}
	w.again()
	w.missing(w.Store.UseSignInLink(w.ctx, "second", w.now(), w.session("again")))
	w.later(10*time.Minute - time.Second)
	w.missing(w.Store.UseSignInLink(w.ctx, "bob's", w.now(), w.session("late"))) // at the very moment
}

func apiTokens(w *world) {
	ci := store.APIToken{Name: "ci", ID: "1f", Scope: "write", Created: w.now(), By: alice.Person()}
	w.ok(w.Store.PutAPIToken(w.ctx, ci))
	w.ok(w.Store.PutAPIToken(w.ctx, store.APIToken{Name: "backup", ID: "2f", Scope: "admin", Created: w.now(), By: bob.Person()}))
	if err := w.Store.PutAPIToken(w.ctx, store.APIToken{Name: "ci", ID: "3f", Scope: "admin"}); !errors.Is(err, store.ErrTaken) {
		w.Errorf("a name was given twice: %v", err)
	}
	w.again()
	get := func(id string) store.APIToken {
		w.Helper()
		t, err := w.Store.APIToken(w.ctx, id)
		w.ok(err)
		return t
	}
	same(w, "a token", get("1f"), ci)
	_, err := w.Store.APIToken(w.ctx, "3f")
	w.missing(err)

	touch := func(want time.Time) {
		w.Helper()
		w.ok(w.Store.TouchAPIToken(w.ctx, "1f", w.now(), time.Hour))
		if used := get("1f").Used; !used.Equal(want) {
			w.Errorf("last used %v, want %v", used, want)
		}
	}
	touch(noon)
	w.later(59 * time.Minute)
	touch(noon)
	w.later(time.Minute)
	touch(w.now())
	w.missing(w.Store.TouchAPIToken(w.ctx, "3f", w.now(), 0))

	w.ok(w.Store.RevokeAPIToken(w.ctx, "ci", w.now()))
	revoked := w.now()
	w.later(time.Minute)
	w.ok(w.Store.RevokeAPIToken(w.ctx, "ci", w.now()))
	w.missing(w.Store.RevokeAPIToken(w.ctx, "none", w.now()))
	w.again()
	if at := get("1f").Revoked; !at.Equal(revoked) {
		w.Errorf("revoked at %v, want %v", at, revoked)
	}
	if err := w.Store.PutAPIToken(w.ctx, store.APIToken{Name: "ci", ID: "3f"}); !errors.Is(err, store.ErrTaken) {
		w.Errorf("the name of a revoked token was given again: %v", err)
	}
	list, err := w.Store.APITokens(w.ctx)
	if w.ok(err); len(list) != 2 || list[0].Name != "backup" || list[1].Name != "ci" {
		w.Errorf("the tokens: %+v", list)
	}
}

func accessForgotten(w *world) {
	w.ok(w.Store.PutSession(w.ctx, w.session("expires")))
	stays := w.session("stays")
	stays.Expires = w.now().Add(48 * time.Hour)
	w.ok(w.Store.PutSession(w.ctx, stays))
	ends := stays
	ends.ID = "ends"
	w.ok(w.Store.PutSession(w.ctx, ends))
	w.ok(w.Store.PutSignInLink(w.ctx, w.link("old")))
	w.ok(w.Store.PutAPIToken(w.ctx, store.APIToken{Name: "ci", ID: "1f", Created: w.now(), Revoked: w.now()}))
	_, err := w.Store.EndSessions(w.ctx, w.now(), func(s store.Session) bool { return s.ID == "ends" })
	w.ok(err)
	w.later(time.Hour)
	forget := func(want int) {
		w.Helper()
		if n, err := w.Store.ForgetAccess(w.ctx, w.now()); err != nil || n != want {
			w.Errorf("%d forgotten (%v), want %d", n, err, want)
		}
	}
	forget(2) // the link and the one that was ended; the other one expires at this moment
	w.later(time.Second)
	forget(1)
	forget(0)
	w.again()
	list, err := w.Store.Sessions(w.ctx, "")
	if w.ok(err); ids(list) != "stays" {
		w.Errorf("left: %q", ids(list))
	}
	_, err = w.Store.SignInLink(w.ctx, "old")
	w.missing(err)
	if _, err := w.Store.APIToken(w.ctx, "1f"); err != nil {
		w.Errorf("a token was forgotten: %v", err)
	}
}
