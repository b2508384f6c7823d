package bot

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// post is a carrier that does with each attempt what the test says.
type post struct {
	attempt  func(n int) (string, error) // n counts from 1
	tried    []bool
	at       []time.Time
	together []int // how many messages went as one
}

func (c *post) Carries(to incidents.Person) bool { return to.ID != "token:ops" }

func (c *post) Deliver(_ context.Context, _ store.Message, _ incidents.Incident, _ incidents.Event, tried bool) (string, error) {
	c.tried, c.at = append(c.tried, tried), append(c.at, time.Now())
	return c.attempt(len(c.tried))
}

// DeliverTogether counts as one attempt.
func (c *post) DeliverTogether(_ context.Context, letters []store.Letter, tried bool) (string, error) {
	c.tried, c.at = append(c.tried, tried), append(c.at, time.Now())
	c.together = append(c.together, len(letters))
	return c.attempt(len(c.tried))
}

// offered is a store in which one person is to be told something.
func offered(t *testing.T, to string) *bolt.DB {
	t.Helper()
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/UALICE", Name: "alice"}
	out, err := db.Apply(t.Context(), incidents.Command{ID: "1", Actor: alice, Do: incidents.Open{Title: "checkout is down"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, act := range []incidents.Act{incidents.AssignRole{Role: incidents.CommanderRole, To: alice.Person()}, incidents.HandOff{To: incidents.Person{ID: to, Name: "bob"}}} {
		if _, err := db.Apply(t.Context(), incidents.Command{ID: fmt.Sprint(i, "act"), Actor: alice, Incident: out.Incident.Number, Do: act}); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// sent runs the outbox for some time and answers what is left to send.
func sent(t *testing.T, db *bolt.DB, c Carrier, d time.Duration) []store.Message {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		newOutbox(db, c, zerolog.Nop()).run(ctx)
	}()
	time.Sleep(d)
	cancel()
	<-done
	left, err := db.Outgoing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return left
}

func TestSomebodyIsToldAlthoughItFailedAtFirst(t *testing.T) {
	for name, failure := range map[string]error{"refused": errors.New("internal_error"), "a panic": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &post{attempt: func(n int) (string, error) {
					if n < 3 {
						if failure == nil {
							panic("a fault of the program")
						}
						return "", failure
					}
					return "D1/1.0", nil
				}}
				left := sent(t, offered(t, "slack:T/UBOB"), c, time.Hour)
				if len(c.tried) != 3 || len(left) != 0 {
					t.Errorf("%d attempts, %d messages left; want 3 and none", len(c.tried), len(left))
				}
				if len(c.tried) == 3 && (c.tried[0] || !c.tried[1] || !c.tried[2]) {
					t.Errorf("an attempt before is told as %v", c.tried)
				}
			})
		})
	}
}

func TestWhoCannotBeToldIsGivenUp(t *testing.T) {
	for _, tt := range []struct {
		name, to string
		attempts int
	}{
		{"never reached", "slack:T/UBOB", maxDeliveries},
		{"no door", "token:ops", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &post{attempt: func(int) (string, error) { return "", errors.New("user_disabled") }}
				left := sent(t, offered(t, tt.to), c, 24*time.Hour)
				if len(c.tried) != tt.attempts || len(left) != 0 {
					t.Errorf("%d attempts, %d messages left; want %d and none", len(c.tried), len(left), tt.attempts)
				}
			})
		})
	}
}

// later asks for some time.
type later time.Duration

func (l later) Error() string             { return "not now" }
func (l later) RetryAfter() time.Duration { return time.Duration(l) }

// Whatever else there is to send, and however often it is looked, what is to be
// tried later is tried then.
func TestNobodyIsTriedBeforeItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := offered(t, "slack:T/UBOB")
		c := &post{attempt: func(int) (string, error) { return "", later(time.Minute) }}
		o, start := newOutbox(db, c, zerolog.Nop()), time.Now()
		for range 150 {
			o.once(t.Context(), time.Now())
			time.Sleep(time.Second)
		}
		if n := len(c.at); n != 3 {
			t.Errorf("%d attempts in %s, want one a minute", n, time.Since(start))
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestADoorThatSaysLaterIsAskedThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &post{attempt: func(n int) (string, error) {
			if n == 1 {
				return "", fmt.Errorf("telling bob: %w", later(40*time.Second))
			}
			return "D1/1.0", nil
		}}
		sent(t, offered(t, "slack:T/UBOB"), c, time.Hour)
		if len(c.at) != 2 || c.at[1].Sub(c.at[0]).Round(time.Second) != 40*time.Second {
			t.Errorf("attempts at %v, want the second after 40 s", c.at)
		}
	})
}

// fullDisk is a store that cannot write down how far a message has come.
type fullDisk struct{ store.Store }

func (fullDisk) PutMessage(context.Context, store.Message) error {
	return errors.New("no space left on device")
}

// What cannot be written down before is not sent: after a crash nobody would
// know that it may have arrived.
func TestWhatIsSentIsWrittenDownBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := offered(t, "slack:T/UBOB")
		state := func() store.MessageState {
			left, err := db.Outgoing(t.Context())
			if err != nil || len(left) != 1 {
				t.Fatalf("%d messages are left (%v)", len(left), err)
			}
			return left[0].State
		}
		c := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
		newOutbox(fullDisk{db}, c, zerolog.Nop()).once(t.Context(), time.Now())
		if len(c.tried) > 0 || state() != store.Intended {
			t.Errorf("%d attempts though nothing can be written, and the message is %s", len(c.tried), state())
		}
		c.attempt = func(int) (string, error) {
			if s := state(); s != store.Started {
				t.Errorf("while it is sent it is %s", s)
			}
			return "D1/1.0", nil
		}
		if left := sent(t, db, c, time.Minute); len(left) > 0 || len(c.tried) != 1 {
			t.Errorf("%d attempts, left are %v", len(c.tried), left)
		}
	})
}

// What arrives while the program stops counts as sent; what is cut off is tried
// by the next start, which looks first.
func TestWhatIsSentAtTheStopIsKnown(t *testing.T) {
	for name, cut := range map[string]bool{"it arrives": false, "it is cut off": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				db := offered(t, "slack:T/UBOB")
				ctx, cancel := context.WithCancel(t.Context())
				c := &post{attempt: func(int) (string, error) {
					cancel()
					if cut {
						return "", ctx.Err()
					}
					return "D1/1.0", nil
				}}
				newOutbox(db, c, zerolog.Nop()).run(ctx)
				next, start := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}, time.Now()
				if left := sent(t, db, next, time.Minute); len(left) > 0 {
					t.Errorf("left are %v", left)
				}
				if cut != (len(next.tried) == 1) || cut && (!next.tried[0] || !next.at[0].Equal(start)) {
					t.Errorf("the next start's attempts at %v: tried before %v", next.at, next.tried)
				}
			})
		})
	}
}

// Who follows no more by the time that an update would reach them does not get it.
func TestWhoFollowsNoMoreIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := offered(t, "slack:T/UBOB")
		apply := func(who string, act incidents.Act) {
			a := incidents.Actor{Kind: incidents.User, ID: "slack:T/U" + who, Name: who}
			if _, err := db.Apply(t.Context(), incidents.Command{ID: fmt.Sprintf("%s %T", who, act), Actor: a, Incident: 1, Do: act}); err != nil {
				t.Fatal(err)
			}
		}
		apply("CAROL", incidents.Follow{})
		apply("DAVE", incidents.Follow{})
		apply("BOB", incidents.PostUpdate{Text: "so far"})
		apply("DAVE", incidents.Unfollow{})
		c := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
		if left := sent(t, db, c, time.Hour); len(left) != 0 || len(c.tried) != 2 { // carol, and bob, who is offered command
			t.Errorf("%d were told, left are %+v", len(c.tried), left)
		}
	})
}

// What was to be told of a private incident is not told to whoever may not see it
// any more.
func TestWhoMaySeeItNoMoreIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := offered(t, "slack:T/UBOB")
		alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/UALICE", Name: "alice"}
		for i, act := range []incidents.Act{incidents.MakePrivate{}, incidents.HandOff{To: incidents.Person{ID: "slack:T/UCAROL", Name: "carol"}}} {
			if _, err := db.Apply(t.Context(), incidents.Command{ID: fmt.Sprint(i, "then"), Actor: alice, Incident: 1, Do: act}); err != nil {
				t.Fatal(err)
			}
		}
		c := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
		if left := sent(t, db, c, time.Hour); len(left) != 0 || len(c.tried) != 1 { // carol alone
			t.Errorf("%d were told, left are %+v", len(c.tried), left)
		}
	})
}
