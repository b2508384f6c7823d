package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/slacksim"
	"fireboss/bot/web"
	"fireboss/incidents/store"
)

// slowStart is a store that takes long to tell what is left.
type slowStart struct{ store.Store }

func (s slowStart) Unfinished(ctx context.Context) ([]store.Delivery, error) {
	time.Sleep(10 * time.Second)
	return s.Store.Unfinished(ctx)
}

// What was left is in line before anything new can arrive, so that what was said
// first is worked first.
func TestWhatIsLeftIsTakenUpBeforeAnythingArrives(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.stop(); err != nil {
			return err
		}
		p, err := newProgram(b.settings(), newMemoryNet(), b.slack.dial, zerolog.Nop())
		if err != nil {
			return err
		}
		p.store.Store = slowStart{p.store.Store}
		started := make(chan error, 1)
		go func() { started <- p.start(context.Background()) }()
		time.Sleep(5 * time.Second)
		st, err := b.state()
		if n := len(st.Sockets); n > 0 {
			err = errors.Join(err, fmt.Errorf("%d sockets are open, and what is left is not in line", n))
		}
		b.prog = p
		return errors.Join(err, <-started)
	})
}

// What came through the API and was not finished is finished by the next start.
func TestACallThatWasCutOffIsFinishedByTheNextStart(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		raw := []byte(`{"token":"pager","scope":"write","body":"{\"title\":\"checkout is down\"}"}`)
		if _, _, err := b.prog.store.Receive(context.Background(), store.Delivery{ID: "api:pager:k", Door: web.Door, At: time.Now(), Raw: raw}); err != nil {
			return err
		}
		if err := errors.Join(b.stop(), b.start(context.Background())); err != nil {
			return err
		}
		in, err := b.prog.store.Incident(context.Background(), 1)
		if err == nil && in.Title != "checkout is down" {
			err = fmt.Errorf("INC-1 is %q", in.Title)
		}
		return err
	})
}

// A stop lets what was taken come to its end: a command is answered, and what it
// opened has its channel, while the connections are there still.
func TestAStopFinishesWhatWasTaken(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.stop(); err != nil {
			return err
		}
		b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "users.list", "kind": "error", "error": "internal_error", "times": 1000}) // so that everybody is asked about
		if err := b.start(context.Background()); err != nil {
			return err
		}
		for _, slow := range []string{"users.info", "conversations.create"} {
			b.call(http.MethodPost, "/sim/faults", map[string]any{"method": slow, "kind": "latency", "ms": 1000, "times": 1})
		}
		answered := make(chan map[string]any, 1)
		go func() {
			answered <- b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": "open sev1 checkout is down"})
		}()
		time.Sleep(100 * time.Millisecond)
		start := time.Now()
		if err := b.stop(); err != nil {
			return err
		}
		if took := time.Since(start); took > 10*time.Second {
			return fmt.Errorf("the stop took %s", took)
		}
		out := <-answered
		st, err := b.state()
		if response, _ := out["response"].(map[string]any); !strings.Contains(words(response), "INC-1") {
			err = errors.Join(err, fmt.Errorf("the command ended as %v", out))
		}
		if !slices.ContainsFunc(st.Channels, func(c simChannel) bool {
			return strings.HasPrefix(c.Name, "inc-1-") && len(c.Members) == 3 && len(c.Pins) == 1
		}) {
			err = errors.Join(err, fmt.Errorf("the incident was not shown before the end; the calls were\n%s", b.calls()))
		}
		return errors.Join(err, b.start(context.Background()))
	})
}

// noDisk is a store that cannot be written.
type noDisk struct{ store.Store }

func (noDisk) Writable(context.Context) error { return errors.New("no space left on device") }

func TestWhoCannotWriteIsNotReady(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		full := &program{store: &timedStore{Store: noDisk{b.prog.store.Store}, metrics: b.prog.metrics}, sockets: b.prog.sockets, client: b.prog.client}
		err := full.ready(context.Background())
		if err == nil || !strings.Contains(err.Error(), "no space") {
			return fmt.Errorf("it says that it is ready: %w", err)
		}
		return nil
	})
}

// What changes is sealed within the hour; what was worked is known for 48 hours,
// and then forgotten.
func TestEveryHour(t *testing.T) {
	t.Parallel()
	inBubble(t, idle(), func(b *bubble) error {
		b.says("@alice", "#general", "open sev2 checkout is down")
		ctx, d := context.Background(), store.Delivery{ID: "slack:event:Ev1", Door: "slack", At: time.Now()}
		_, _, err := b.prog.store.Receive(ctx, d)
		if err := errors.Join(err, b.prog.store.Finish(ctx, d.ID, nil)); err != nil {
			return err
		}
		time.Sleep(61 * time.Minute)
		if a, err := b.prog.store.Audit(ctx); err != nil || a.Seals != 1 {
			return fmt.Errorf("after an hour there are %d seals (%w)", a.Seals, err)
		}
		time.Sleep(46 * time.Hour)
		if _, fresh, err := b.prog.store.Receive(ctx, d); fresh || err != nil {
			return fmt.Errorf("after 47 hours a delivery is known: %v (%w)", !fresh, err)
		}
		time.Sleep(3 * time.Hour)
		if _, fresh, err := b.prog.store.Receive(ctx, d); !fresh || err != nil {
			return fmt.Errorf("after 50 hours a delivery is forgotten: %v (%w)", fresh, err)
		}
		synctest.Wait()
		return b.prog.store.Finish(ctx, d.ID, nil)
	})
}
