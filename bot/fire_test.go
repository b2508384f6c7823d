package bot

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fireboss/bot/slacksim"
)

// inWorkspace is a client whose requests go to the bubble's workspace.
type inWorkspace struct{ b *bubble }

func (w inWorkspace) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	w.b.sim.Handler().ServeHTTP(rec, r)
	return rec.Result(), r.Context().Err()
}

// stand is what the page is told of the story.
type stand struct {
	OK, Running           bool
	Acting, Channel, Note string
	Cast, Taken           []string
	Error, Message        string
}

// fireplace is a world with a story in it.
type fireplace struct {
	*bubble
	t    *testing.T
	fire *fire
}

func playing(t *testing.T, tell func(p *fireplace)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b, err := newBubble(slacksim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.start(t.Context()); err != nil {
			t.Fatal(err)
		}
		p := &fireplace{bubble: b, t: t, fire: newFire(bubbleAddress)}
		p.fire.client = &http.Client{Transport: inWorkspace{b}}
		tell(p)
		p.fire.end()
		if err := b.end(); err != nil {
			t.Error(err)
		}
	})
}

// ask asks the story's address through its wrap.
func (p *fireplace) ask(method, body string) stand {
	p.t.Helper()
	rec := httptest.NewRecorder()
	p.fire.wrap(p.sim.Handler()).ServeHTTP(rec, httptest.NewRequestWithContext(p.t.Context(), method, "/sim/story", strings.NewReader(body)))
	var s stand
	if err := json.Unmarshal(rec.Body.Bytes(), &s); err != nil {
		p.t.Fatalf("%s %s: %s", method, body, rec.Body)
	}
	return s
}

func (p *fireplace) stand() stand { return p.ask(http.MethodGet, "") }

// until lets time pass until the story stands so, for two minutes at most.
func (p *fireplace) until(what string, holds func(stand) bool) stand {
	p.t.Helper()
	for range 1200 {
		if s := p.stand(); holds(s) {
			return s
		}
		time.Sleep(100 * time.Millisecond) // of virtual time
	}
	p.t.Fatalf("waited in vain until %s: %+v", what, p.stand())
	return stand{}
}

func (p *fireplace) over() stand {
	p.t.Helper()
	return p.until("the story is over", func(s stand) bool { return !s.Running })
}

// rooms are the incidents' channels.
func (p *fireplace) rooms() []simChannel {
	p.t.Helper()
	st, err := p.state()
	if err != nil {
		p.t.Fatal(err)
	}
	return slices.DeleteFunc(st.Channels, func(c simChannel) bool { return !strings.HasPrefix(c.Name, "inc-") })
}

// heard are all the texts of a channel.
func heard(c simChannel) string {
	var all strings.Builder
	for _, m := range c.Messages {
		all.WriteString(words(m.Blocks) + m.Text + "\n")
	}
	return all.String()
}

func (p *fireplace) says(who, channel, text string) {
	p.t.Helper()
	body, path := map[string]any{"user": who, "channel": channel, "text": text}, "/sim/message"
	if rest, ok := strings.CutPrefix(text, "/incident "); ok {
		body["command"], body["text"], path = "/incident", rest, "/sim/slash"
	}
	if out := p.call(http.MethodPost, path, body); out["ok"] != true {
		p.t.Fatalf("%s says %q: %v", who, text, out)
	}
}

func expect(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in:\n%s", w, text)
		}
	}
}

// Left alone, the story runs an incident from the first complaint to resolved,
// in about 90 seconds, and can be played again.
func TestFirePlaysToItsEndTwice(t *testing.T) {
	playing(t, func(p *fireplace) {
		for n := 1; n <= 2; n++ {
			start := time.Now()
			if s := p.ask(http.MethodPost, "{}"); !s.Running {
				t.Fatalf("not begun: %+v", s)
			}
			p.ask(http.MethodPost, "{}") // pressing it while it plays begins no second one
			s := p.over()
			if took := time.Since(start); took < 75*time.Second || took > 105*time.Second {
				t.Errorf("it took %s", took)
			}
			expect(t, s.Note, "resolved")
			if err := p.settle(); err != nil {
				t.Fatal(err)
			}
			rooms := p.rooms()
			if len(rooms) != n || rooms[n-1].ID != s.Channel {
				t.Fatalf("%d incidents after %d stories; followed %s", len(rooms), n, s.Channel)
			}
			expect(t, heard(rooms[n-1]), "Acknowledged by bob", "Incident commander is now bob", "I would roll back", "breaks invoices", "About half of all payments fail",
				"We roll back 2241 now", "Watching.", "to resolved: payments work again")
		}
	})
}

// Somebody who is taken over says no more, what answers them is left out, and
// the others go on.
func TestFireTakenOverInTheMiddle(t *testing.T) {
	playing(t, func(p *fireplace) {
		p.ask(http.MethodPost, "{}")
		p.until("there is an incident, and carol is next", func(s stand) bool { return s.Channel != "" && s.Acting == "@carol" })
		if s := p.ask(http.MethodPost, `{"takeover":"bob"}`); !slices.Equal(s.Taken, []string{"@bob"}) {
			t.Errorf("taken: %v", s.Taken)
		}
		if s := p.ask(http.MethodPost, `{"takeover":"@grace"}`); len(s.Taken) != 1 {
			t.Errorf("somebody who is not in the story was taken over: %v", s.Taken)
		}
		s := p.over()
		expect(t, s.Note, "yours to do")
		said := heard(p.rooms()[0])
		expect(t, said, "Incident commander is now bob", "breaks invoices")
		for _, not := range []string{"We roll back 2241 now", "Watching.", "to resolved"} {
			if strings.Contains(said, not) {
				t.Errorf("%q was said although bob was taken over", not)
			}
		}
		if s := p.ask(http.MethodPost, "{}"); len(s.Taken) != 0 || s.Note != "" {
			t.Errorf("a new story begins with %+v", s)
		}
	})
}

// Where the one who opens the incident is taken over, the story says so, waits
// for somebody to open one, and follows that.
func TestFireWaitsForAnIncident(t *testing.T) {
	t.Parallel()
	playing(t, func(p *fireplace) {
		p.says("@carol", "#general", "/incident open sev4 an older one")
		p.ask(http.MethodPost, "{}")
		p.ask(http.MethodPost, `{"takeover":"@alice"}`)
		p.until("it waits", func(s stand) bool { return strings.Contains(s.Note, "waits for an incident") })
		p.says("@alice", "#general", "/incident open private not for everybody")
		time.Sleep(of(time.Hour, 5*time.Minute))
		if s := p.stand(); !s.Running || s.Channel != "" {
			t.Fatalf("it does not wait: %+v", s)
		}
		p.says("@dave", "#general", "/incident open sev2 the shop is closed")
		s := p.until("it follows", func(s stand) bool { return s.Channel != "" })
		if s.Note != "" {
			t.Errorf("it still says %q", s.Note)
		}
		s = p.over()
		expect(t, s.Note, "resolved")
		for _, c := range p.rooms() {
			if c.ID == s.Channel {
				expect(t, c.Name, "the-shop-is-closed")
				expect(t, heard(c), "Incident commander is now bob", "breaks invoices", "to resolved: payments work again")
			}
		}
	})
}

// An incident that somebody opens before the story's own is the story's.
func TestFireFollowsAnIncidentThatIsThere(t *testing.T) {
	playing(t, func(p *fireplace) {
		p.ask(http.MethodPost, "{}")
		p.says("@dave", "#general", "/incident open sev2 I saw it first")
		s := p.over()
		if rooms := p.rooms(); len(rooms) != 1 || rooms[0].ID != s.Channel {
			t.Errorf("%d incidents; followed %s", len(rooms), s.Channel)
		}
	})
}

// Where everybody is taken over there is nothing left to play, before and
// after there is an incident.
func TestFireWithoutAnybody(t *testing.T) {
	playing(t, func(p *fireplace) {
		p.ask(http.MethodPost, "{}")
		p.ask(http.MethodPost, `{"takeover":"@alice"}`)
		p.until("it waits", func(s stand) bool { return s.Note != "" })
		for _, who := range []string{"@bob", "@carol", "@dave"} {
			p.ask(http.MethodPost, `{"takeover":"`+who+`"}`)
		}
		expect(t, p.over().Note, "everybody in it is yours")
	})
}

// It can be stopped at any moment, also while it waits, and begun again.
func TestFireStops(t *testing.T) {
	playing(t, func(p *fireplace) {
		for _, after := range []time.Duration{0, 3 * time.Second, 30 * time.Second} {
			p.ask(http.MethodPost, "{}")
			p.ask(http.MethodPost, `{"takeover":"@alice"}`)
			time.Sleep(after)
			if s := p.ask(http.MethodPost, `{"stop":true}`); s.Running || s.Note != "" {
				t.Errorf("after %s and a stop: %+v", after, s)
			}
		}
		if s := p.ask(http.MethodPost, `{"stop":true}`); s.Running {
			t.Errorf("stopped twice: %+v", s)
		}
	})
}

// Where the bot is away the story says so and ends.
func TestFireWithoutTheBot(t *testing.T) {
	playing(t, func(p *fireplace) {
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		p.ask(http.MethodPost, "{}")
		expect(t, p.over().Note, "dispatch_failed", "Is it connected?")
	})
}

// What cannot be understood is refused in words, and everything else is the
// workspace's.
func TestFireRefuses(t *testing.T) {
	playing(t, func(p *fireplace) {
		for _, c := range []struct{ method, body string }{{http.MethodPost, "fire!"}, {http.MethodPost, `{"takeover":7}`}, {http.MethodDelete, ""}} {
			if s := p.ask(c.method, c.body); s.OK || s.Message == "" {
				t.Errorf("%s %s: %+v", c.method, c.body, s)
			}
		}
		rec := httptest.NewRecorder()
		p.fire.wrap(p.sim.Handler()).ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sim/state", http.NoBody))
		expect(t, rec.Body.String(), `"channels"`)
	})
}

// Every line is somebody's of the cast, and answers a part that is said before.
func TestFireStoryHolds(t *testing.T) {
	said := map[string]bool{}
	for _, a := range fireStory {
		if !slices.Contains(fireCast, a.who) {
			t.Errorf("%s is not of the cast", a.who)
		}
		if a.after != "" && !said[a.after] {
			t.Errorf("%q answers %s, which nobody said before", a.text, a.after)
		}
		said[a.part] = true
	}
}
