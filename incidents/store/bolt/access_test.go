package bolt

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// TestRestoreSignsEverybodyOut restores a backup that was made while somebody was
// signed in whose session was ended since.
func TestRestoreSignsEverybodyOut(t *testing.T) {
	ctx, path := t.Context(), filled(t)
	db := open(t, path, Options{})
	now := time.Now()
	must(t, db.PutSession(ctx, store.Session{ID: "a", Person: alice.Person(), Created: now, Expires: now.Add(time.Hour)}))
	must(t, db.PutSignInLink(ctx, store.SignInLink{ID: "l", Person: incidents.Person{ID: "slack:T1/U2"}, Created: now, Expires: now.Add(time.Hour)}))
	must(t, db.PutAPIToken(ctx, store.APIToken{Name: "ci", ID: "1f"}))
	copied := backup(t, db)
	must(t, db.Close())
	fresh := filepath.Join(t.TempDir(), "fireboss.db")
	if _, err := Restore(ctx, copied, fresh, false); err != nil {
		t.Fatal(err)
	}
	db = open(t, fresh, Options{})
	_, session := db.Session(ctx, "a")
	_, link := db.SignInLink(ctx, "l")
	if !errors.Is(session, store.ErrNotFound) || !errors.Is(link, store.ErrNotFound) {
		t.Errorf("the session: %v, the link: %v", session, link)
	}
	if _, err := db.APIToken(ctx, "1f"); err != nil {
		t.Errorf("the token: %v", err)
	}
}
