package bolt

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents/store"
)

// readRow reads a row of JSON; false where there is none. What says what it is, for
// an error.
func readRow[T any](r rows, in bucket, k, what string) (v T, ok bool, err error) {
	raw := r.get(in, []byte(k))
	if raw == nil {
		return v, false, nil
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, false, r.unreadable(what, err)
	}
	return v, true, nil
}

// readAll reads every row of a kind.
func readAll[T any](r rows, in bucket, what string) (list []T, err error) {
	c := r.cursor(in)
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, r.unreadable(what, err)
		}
		list = append(list, v)
	}
	return list, nil
}

// readOne reads a row that has to be there.
func readOne[T any](ctx context.Context, db *DB, in bucket, k, what string) (v T, err error) {
	err = db.view(ctx, func(r rows) error {
		var ok bool
		if v, ok, err = readRow[T](r, in, k, what); err == nil && !ok {
			err = store.ErrNotFound
		}
		return err
	})
	return v, err
}

func (p *plan) putSession(s store.Session) { p.putJSON(sessions, key(s.ID), nil, s) }

func (p *plan) putLink(l store.SignInLink) { p.putJSON(links, key(l.ID), nil, l) }

// PutSession keeps a session; see [store.Access].
func (db *DB) PutSession(ctx context.Context, s store.Session) error {
	return db.write(ctx, func(p *plan) error {
		p.putSession(s)
		return nil
	})
}

// Session is one session; see [store.Access].
func (db *DB) Session(ctx context.Context, id string) (store.Session, error) {
	return readOne[store.Session](ctx, db, sessions, id, "a session")
}

// Sessions lists sessions; see [store.Access].
func (db *DB) Sessions(ctx context.Context, person string) (list []store.Session, err error) {
	err = db.view(ctx, func(r rows) error {
		list, err = readAll[store.Session](r, sessions, "a session")
		return err
	})
	list = slices.DeleteFunc(list, func(s store.Session) bool { return person != "" && s.Person.ID != person })
	slices.SortStableFunc(list, func(a, b store.Session) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID)) })
	return list, err
}

// TouchSession notes when a session was seen; see [store.Access].
func (db *DB) TouchSession(ctx context.Context, id string, seen, expires time.Time) error {
	return db.write(ctx, func(p *plan) error {
		s, ok, err := readRow[store.Session](p.rows, sessions, id, "a session")
		if err != nil {
			return err
		}
		if !ok || !s.Ended.IsZero() {
			return fmt.Errorf("this session: %w", store.ErrNotFound)
		}
		s.Seen, s.Expires = seen, expires
		p.putSession(s)
		return nil
	})
}

// EndSessions ends sessions; see [store.Access].
func (db *DB) EndSessions(ctx context.Context, at time.Time, which func(store.Session) bool) (int, error) {
	return writing(ctx, db, func(p *plan) (int, error) {
		list, err := readAll[store.Session](p.rows, sessions, "a session")
		n := 0
		for _, s := range list {
			if !s.Ended.IsZero() || !which(s) {
				continue
			}
			s.Ended = at
			p.putSession(s)
			n++
		}
		return n, err
	})
}

// PutSignInLink keeps a link; see [store.Access].
func (db *DB) PutSignInLink(ctx context.Context, l store.SignInLink) error {
	return db.write(ctx, func(p *plan) error {
		earlier, err := readAll[store.SignInLink](p.rows, links, "a sign-in link")
		for _, e := range earlier {
			if e.Person.ID == l.Person.ID && e.Serves(l.Created) {
				e.Expires = l.Created
				p.putLink(e)
			}
		}
		p.putLink(l)
		return err
	})
}

// SignInLink is one link; see [store.Access].
func (db *DB) SignInLink(ctx context.Context, id string) (store.SignInLink, error) {
	return readOne[store.SignInLink](ctx, db, links, id, "a sign-in link")
}

// UseSignInLink uses a link up; see [store.Access].
func (db *DB) UseSignInLink(ctx context.Context, id string, at time.Time, s store.Session) error {
	return db.write(ctx, func(p *plan) error {
		l, ok, err := readRow[store.SignInLink](p.rows, links, id, "a sign-in link")
		if err != nil {
			return err
		}
		if !ok || !l.Serves(at) {
			return fmt.Errorf("this sign-in link: %w", store.ErrNotFound)
		}
		l.Used = at
		p.putLink(l)
		p.putSession(s)
		return nil
	})
}

// token reads the token of an id.
func (r rows) token(id string) (t store.APIToken, err error) {
	name := r.get(tokenIDs, []byte(id))
	if name == nil {
		return t, fmt.Errorf("this API token: %w", store.ErrNotFound)
	}
	t, ok, err := readRow[store.APIToken](r, tokens, string(name), "an API token")
	if err == nil && (!ok || t.ID != id) {
		err = r.unreadable("an API token", nil)
	}
	return t, err
}

// PutAPIToken keeps a new token; see [store.Access].
func (db *DB) PutAPIToken(ctx context.Context, t store.APIToken) error {
	return db.write(ctx, func(p *plan) error {
		if p.get(tokens, []byte(t.Name)) != nil {
			return fmt.Errorf("the API token %q: %w", t.Name, store.ErrTaken)
		}
		p.putJSON(tokens, key(t.Name), nil, t)
		p.put(tokenIDs, key(t.ID), []byte(t.Name))
		return nil
	})
}

// APIToken is one token; see [store.Access].
func (db *DB) APIToken(ctx context.Context, id string) (t store.APIToken, err error) {
	err = db.view(ctx, func(r rows) error {
		t, err = r.token(id)
		return err
	})
	return t, err
}

// APITokens lists all tokens; see [store.Access].
func (db *DB) APITokens(ctx context.Context) (list []store.APIToken, err error) {
	err = db.view(ctx, func(r rows) error {
		list, err = readAll[store.APIToken](r, tokens, "an API token")
		return err
	})
	return list, err
}

// TouchAPIToken notes that a token was used; see [store.Access].
func (db *DB) TouchAPIToken(ctx context.Context, id string, at time.Time, every time.Duration) error {
	return db.write(ctx, func(p *plan) error {
		t, err := p.token(id)
		if err != nil || at.Sub(t.Used) < every {
			return err
		}
		t.Used = at
		p.putJSON(tokens, key(t.Name), nil, t)
		return nil
	})
}

// RevokeAPIToken takes a token's right away; see [store.Access].
func (db *DB) RevokeAPIToken(ctx context.Context, name string, at time.Time) error {
	return db.write(ctx, func(p *plan) error {
		t, ok, err := readRow[store.APIToken](p.rows, tokens, name, "an API token")
		switch {
		case err != nil:
			return err
		case !ok:
			return fmt.Errorf("the API token %q: %w", name, store.ErrNotFound)
		case t.Revoked.IsZero():
			t.Revoked = at
			p.putJSON(tokens, key(name), nil, t)
		}
		return nil
	})
}

// ForgetAccess drops sessions and links of the past; see [store.Access].
func (db *DB) ForgetAccess(ctx context.Context, before time.Time) (int, error) {
	return writing(ctx, db, func(p *plan) (int, error) {
		signedIn, err := readAll[store.Session](p.rows, sessions, "a session")
		if err != nil {
			return 0, err
		}
		given, err := readAll[store.SignInLink](p.rows, links, "a sign-in link")
		if err != nil {
			return 0, err
		}
		n := 0
		for _, s := range signedIn {
			if s.Expires.Before(before) || !s.Ended.IsZero() && s.Ended.Before(before) {
				p.remove(sessions, key(s.ID))
				n++
			}
		}
		for _, l := range given {
			if l.Expires.Before(before) {
				p.remove(links, key(l.ID))
				n++
			}
		}
		return n, nil
	})
}

// signOut drops all sessions and links: what was ended since a backup was made
// must not come back with it.
func (db *DB) signOut(ctx context.Context) error {
	return db.write(ctx, func(p *plan) error {
		for _, b := range []bucket{sessions, links} {
			p.prefix(b, nil, func(k, _ []byte) bool {
				p.removeFound(b, k)
				return true
			})
		}
		return nil
	})
}
