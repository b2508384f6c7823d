package bot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

func TestWhichTemplate(t *testing.T) {
	own := filepath.Join(t.TempDir(), "network.md")
	if err := os.WriteFile(own, []byte("What a network is asked.\n\n## Summary\n\n{{summary}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := drafting(settings.Postmortem{Names: true, Templates: settings.Templates{"default": settings.Template(own), "security": "security", "data": "full"}}, nil)
	if err != nil || !d.Names {
		t.Fatal(err)
	}
	for want, in := range map[string]incidents.Incident{
		"security":    {Type: "security", Severity: 1},
		"full":        {Type: "data", Severity: 1},
		own:           {Type: "network", Severity: 1},
		"lightweight": {Type: "security", Status: incidents.Canceled, EndedAs: incidents.EndedFalsePositive},
	} {
		if got := d.Template(in).Name; got != want {
			t.Errorf("%+v: %s, want %s", in, got, want)
		}
	}
	if got := d.Template(incidents.Incident{Type: "network", Severity: 1, Drill: true}).Name; got != "lightweight" {
		t.Errorf("a drill: %s", got)
	}
	none := settings.Template(filepath.Join(t.TempDir(), "none.md"))
	if _, err := drafting(settings.Postmortem{Templates: settings.Templates{"data": none}}, nil); err == nil || !strings.Contains(err.Error(), "postmortem.templates.data: ") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// What is wrong with a template is said in one line, for the configuration's.
func TestATemplateThatIsNone(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.md")
	if err := os.WriteFile(bad, []byte("# One\n\n## Two\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkTemplate(bad); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	if _, err := newProgram(settings.Settings{Store: settings.NewStore(filepath.Join(t.TempDir(), "f.db")), Postmortem: settings.Postmortem{Templates: settings.Templates{"data": settings.Template(bad)}}},
		newMemoryNet(), nil, zerolog.Nop()); err == nil || !strings.Contains(err.Error(), "postmortem.templates.data: ") {
		t.Errorf("%v", err)
	}
}

func TestThePlaceOfAMessage(t *testing.T) {
	client := &slack.Client{}
	place := permalink(client)
	if got := place("C1/17.5"); got != "" {
		t.Errorf("before anybody knows where: %s", got)
	}
	client.TeamURL = "https://fire.slack.com/"
	if got := place("C1/17.5") + place("nonsense"); got != "https://fire.slack.com/archives/C1/p175" {
		t.Error(got)
	}
}

// resolved is a store in which an incident has ended, so that its draft is wanted.
func resolved(t *testing.T) (*bolt.DB, store.Message) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ends(t, db, "1", incidents.Open{Title: "checkout is down"})
	ends(t, db, "2", incidents.Resolve{})
	rows, err := db.Outgoing(t.Context())
	if err != nil || len(rows) != 1 || rows[0].Kind != incidents.DraftWanted {
		t.Fatalf("%+v, %v", rows, err)
	}
	return db, rows[0]
}

func ends(t *testing.T, db *bolt.DB, id string, act incidents.Act) {
	t.Helper()
	alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/UALICE", Name: "alice"}
	if _, err := db.Apply(t.Context(), incidents.Command{ID: id, Actor: alice, Incident: 1, Do: act}); err != nil {
		t.Fatal(err)
	}
}

func TestADraftIsWrittenForARow(t *testing.T) {
	db, row := resolved(t)
	defer db.Close()
	d := drafter{store: db, desk: &commands.Desk{Store: db}, log: zerolog.Nop()}
	versions := func(want int) {
		t.Helper()
		if in, err := db.Incident(t.Context(), 1); err != nil || in.Postmortem.Version != want {
			t.Errorf("version %d, want %d: %v", in.Postmortem.Version, want, err)
		}
	}
	ends(t, db, "3", incidents.Reopen{Why: "it is back"})
	if err := d.do(t.Context(), row); err != nil {
		t.Error(err)
	}
	versions(0) // it goes on
	ends(t, db, "4", incidents.Resolve{})
	for range 3 {
		if err := d.do(t.Context(), row); err != nil {
			t.Error(err)
		}
	}
	versions(1)
	ends(t, db, "5", incidents.AddNote{Text: "and so on"})
	if err := d.do(t.Context(), row); err != nil { // the same row: it was drafted
		t.Error(err)
	}
	versions(1)
	row.Incident = 7
	if err := d.do(t.Context(), row); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of no incident: %v", err)
	}
}

// What the program is to do by itself is tried again until it is done, or given up.
func TestAnErrandIsTriedAgain(t *testing.T) {
	for name, failure := range map[string]error{"fails": errors.New("disk on fire"), "panics": nil} {
		for _, needs := range []int{3, maxDeliveries + 1} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					db, _ := resolved(t)
					tries := 0
					o := newOutbox(db, &post{}, zerolog.Nop())
					o.errands = map[string]errand{incidents.DraftWanted: func(ctx context.Context, m store.Message) error {
						if _, bounded := ctx.Deadline(); !bounded || m.State != store.Started || m.Attempts != tries+1 {
							t.Errorf("bounded is %v, %+v", bounded, m)
						}
						if tries++; tries >= needs {
							return nil
						}
						if failure == nil {
							panic("a fault of the program")
						}
						return failure
					}}
					ctx, cancel := context.WithCancel(t.Context())
					done := make(chan struct{})
					go func() {
						defer close(done)
						o.run(ctx)
					}()
					time.Sleep(24 * time.Hour)
					cancel()
					<-done
					left, err := db.Outgoing(t.Context())
					if err != nil || len(left) != 0 || tries != min(needs, maxDeliveries) {
						t.Errorf("%d tries, left are %+v: %v", tries, left, err)
					}
					if err := db.Close(); err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}
