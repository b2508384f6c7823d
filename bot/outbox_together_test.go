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

// owing is a store in which somebody is to be told of follow-ups of so many
// incidents; the clock has said so already.
func owing(t *testing.T, many int, to string) *bolt.DB {
	t.Helper()
	rules := func() incidents.Rules { return incidents.Rules{Clock: incidents.Clock{}} }
	db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	owe(t, db, many, to)
	return db
}

// owe adds incidents with a follow-up that is due, and lets the clock say so.
func owe(t *testing.T, db *bolt.DB, many int, to string) {
	t.Helper()
	alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/UALICE", Name: "alice"}
	apply := func(c incidents.Command) incidents.Outcome {
		t.Helper()
		out, err := db.Apply(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	var numbers []incidents.Number
	for range many {
		now := fmt.Sprint(time.Now().UnixNano(), len(numbers))
		n := apply(incidents.Command{ID: "open" + now, Actor: alice, Do: incidents.Open{Title: "checkout is down"}}).Incident.Number
		apply(incidents.Command{ID: "add" + now, Actor: alice, Incident: n, Do: incidents.AddTask{
			List: incidents.Followups, Text: "mend it", Assignee: incidents.Person{ID: to, Name: "bob"}, Due: time.Now().Add(24 * time.Hour),
		}})
		numbers = append(numbers, n)
	}
	time.Sleep(4 * 24 * time.Hour)
	for _, n := range numbers {
		out := apply(incidents.Command{ID: fmt.Sprint("remind", n, time.Now().UnixNano()), Actor: incidents.Fireboss, Incident: n, Do: incidents.Remind{}})
		if len(out.Events) != 1 || out.Events[0].Field("rule") != "followup" {
			t.Fatalf("%+v", out.Events)
		}
	}
}

func TestWhatIsSentTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &post{attempt: func(n int) (string, error) {
			if n < 3 {
				return "", errors.New("internal_error")
			}
			return "D1/1.0", nil
		}}
		left := sent(t, owing(t, 3, "slack:T/UBOB"), c, time.Hour)
		if len(left) != 0 || fmt.Sprint(c.together) != "[3 3 3]" || fmt.Sprint(c.tried) != "[false true true]" {
			t.Errorf("left are %v; %v at once, tried before: %v", left, c.together, c.tried)
		}
	})
}

// Of several things of which one became private meanwhile the others are told.
func TestWhatMayNotBeSeenIsNotToldTogether(t *testing.T) {
	for hidden, want := range map[int]string{1: "[2]", 3: "[]"} {
		synctest.Test(t, func(t *testing.T) {
			db := owing(t, 3, "slack:T/UBOB")
			alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/UALICE", Name: "alice"}
			for n := range hidden {
				if _, err := db.Apply(t.Context(), incidents.Command{ID: fmt.Sprint("private", n), Actor: alice, Incident: incidents.Number(n + 1), Do: incidents.MakePrivate{}}); err != nil {
					t.Fatal(err)
				}
			}
			c := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
			if left := sent(t, db, c, time.Hour); len(left) != 0 || fmt.Sprint(c.together) != want {
				t.Errorf("with %d of them private %v are told at once, left are %v", hidden, c.together, left)
			}
		})
	}
}

func TestWhoCannotBeToldTogetherIsGivenUp(t *testing.T) {
	for to, attempts := range map[string]int{"slack:T/UBOB": maxDeliveries, "token:ops": 0} {
		synctest.Test(t, func(t *testing.T) {
			c := &post{attempt: func(int) (string, error) {
				if len(to)%2 == 0 {
					panic("a fault of the program")
				}
				return "", errors.New("user_disabled")
			}}
			if left := sent(t, owing(t, 2, to), c, 24*time.Hour); len(left) != 0 || len(c.tried) != attempts {
				t.Errorf("%s: %d attempts, left are %v", to, len(c.tried), left)
			}
		})
	}
}

// What was under way at a stop goes with the same others again, and is looked for;
// what came meanwhile is a message of its own.
func TestWhatWasSentTogetherIsKnownAfterAStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := owing(t, 2, "slack:T/UBOB")
		ctx, cancel := context.WithCancel(t.Context())
		c := &post{attempt: func(int) (string, error) {
			cancel()
			return "", ctx.Err()
		}}
		newOutbox(db, c, zerolog.Nop()).run(ctx)
		owe(t, db, 1, "slack:T/UBOB")
		next := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
		left := sent(t, db, next, time.Minute)
		if len(left) != 0 || fmt.Sprint(c.together) != "[2]" || fmt.Sprint(next.together, next.tried) != "[2 1] [true false]" {
			t.Errorf("first %v, then %v, tried before %v; left are %v", c.together, next.together, next.tried, left)
		}
	})
}

// stuck is a store that can write down only so many rows.
type stuck struct {
	store.Store
	puts int
}

func (s *stuck) PutMessage(ctx context.Context, m store.Message) error {
	if s.puts--; s.puts < 0 {
		return errors.New("no space left on device")
	}
	return s.Store.PutMessage(ctx, m)
}

// As long as the first of them is not known to have been tried, nothing was sent,
// and they can go with others.
func TestWhatIsSentTogetherIsWrittenDownBefore(t *testing.T) {
	for puts := range 4 {
		synctest.Test(t, func(t *testing.T) {
			db := owing(t, 3, "slack:T/UBOB")
			c := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
			newOutbox(&stuck{db, puts}, c, zerolog.Nop()).once(t.Context(), time.Now())
			if (len(c.tried) == 1) != (puts == 3) {
				t.Errorf("with %d rows written there were %d attempts", puts, len(c.tried))
			}
			next := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
			left := sent(t, db, next, time.Minute)
			if len(left) != 0 || fmt.Sprint(next.together, next.tried) != fmt.Sprintf("[3] [%v]", puts == 3) {
				t.Errorf("with %d rows written: %v, tried before %v; left are %v", puts, next.together, next.tried, left)
			}
		})
	}
}

// As long as the clock has not said all of it there is nothing to send.
func TestTheOutboxWaitsForTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := owing(t, 1, "slack:T/UBOB")
		alice := incidents.Actor{Kind: incidents.User, ID: "slack:T/UALICE", Name: "alice"}
		for i, act := range []incidents.Act{
			incidents.AddTask{List: incidents.Followups, Text: "late", Assignee: incidents.Person{ID: "slack:T/UBOB", Name: "bob"}, Due: time.Now().Add(time.Hour)},
		} {
			if _, err := db.Apply(t.Context(), incidents.Command{ID: fmt.Sprint("late", i), Actor: alice, Incident: 1, Do: act}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(4 * 24 * time.Hour) // the clock is not running, so that more is due than was said
		c := &post{attempt: func(int) (string, error) { return "D1/1.0", nil }}
		if wait := newOutbox(db, c, zerolog.Nop()).once(t.Context(), time.Now()); wait != time.Second || len(c.tried) != 0 {
			t.Errorf("it waits %v after %d attempts", wait, len(c.tried))
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
