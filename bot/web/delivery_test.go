package web

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"fireboss/incidents/store"
)

const down = `{"title":"checkout is down"}`

func TestSameKeySameAnswer(t *testing.T) {
	h := newHouse(t)
	first := h.call(Write, "POST", "/api/v1/incidents", down, "Idempotency-Key", "k1")
	first.wants(t, 201, "")
	h.say("INC-1", "rename something else") // a new answer would differ
	again := h.call(Write, "POST", "/api/v1/incidents", down, "Idempotency-Key", "k1")
	again.wants(t, 201, "")
	if again.body != first.body || again.Header.Get("Location") != first.Header.Get("Location") || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("first %s\nagain %s", first.body, again.body)
	}
	h.call(Write, "POST", "/api/v1/incidents", `{"title":"another"}`, "Idempotency-Key", "k1").wants(t, 409, "conflict")
	h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", `{"text":"ack"}`, "Idempotency-Key", "k1").wants(t, 409, "conflict")
	if got := ids(h.list(Admin, "")); got != "INC-1" {
		t.Fatalf("there are %q", got)
	}
	// A key is its token's own, and without one nothing is recognised.
	h.call(Admin, "POST", "/api/v1/incidents", down, "Idempotency-Key", "k1").wants(t, 201, "")
	h.call(Write, "POST", "/api/v1/incidents", down).wants(t, 201, "")
	h.call(Write, "POST", "/api/v1/incidents", down).wants(t, 201, "")
	if got := ids(h.list(Admin, "")); got != "INC-4 INC-3 INC-2 INC-1" {
		t.Errorf("there are %q", got)
	}
}

func TestSameKeySameCommand(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	path := "/api/v1/incidents/INC-1/commands"
	first := h.call(Write, "POST", path, `{"text":"note twice?"}`, "Idempotency-Key", "n")
	first.wants(t, 200, "")
	again := h.call(Write, "POST", path, `{"text":"note twice?"}`, "Idempotency-Key", "n")
	if again.body != first.body {
		t.Errorf("first %s\nagain %s", first.body, again.body)
	}
	if n := h.noted(); n != 1 {
		t.Errorf("noted %d times", n)
	}
	refused := h.call(Write, "POST", path, `{"text":"reopen it"}`, "Idempotency-Key", "r")
	refused.wants(t, 422, "refused")
	h.say("INC-1", "resolve")
	h.call(Write, "POST", path, `{"text":"reopen it"}`, "Idempotency-Key", "r").wants(t, 422, "refused")
}

// noted is how many notes INC-1 has.
func (h *house) noted() int {
	return strings.Count(h.call(Admin, "GET", "/api/v1/incidents/INC-1/events", "").body, `"note_added"`)
}

func TestKeysThatCannotBe(t *testing.T) {
	h := newHouse(t)
	for _, key := range []string{strings.Repeat("k", maxKey+1), "schlüssel", "tab\tbed"} {
		h.call(Write, "POST", "/api/v1/incidents", down, "Idempotency-Key", key).wants(t, 400, "invalid")
	}
	h.call(Write, "POST", "/api/v1/incidents", down, "Idempotency-Key", "a", "Idempotency-Key", "b").wants(t, 400, "invalid")
	h.call(Write, "POST", "/api/v1/incidents", down, "Idempotency-Key", strings.Repeat("k", maxKey)).wants(t, 201, "")
}

// A body that cannot be understood leaves no trace: the key is free still.
func TestInvalidBodyDoesNotUseTheKey(t *testing.T) {
	h := newHouse(t)
	h.call(Write, "POST", "/api/v1/incidents", `{"titel":"x"}`, "Idempotency-Key", "k").wants(t, 400, "invalid")
	h.call(Write, "POST", "/api/v1/incidents", down, "Idempotency-Key", "k").wants(t, 201, "")
}

// The crash window: applied, but the answer was not kept. The caller comes back.
func TestAppliedAndNotFinished(t *testing.T) {
	for _, c := range []struct{ path, body string }{
		{"/api/v1/incidents", `{"title":"once"}`},
		{"/api/v1/incidents/INC-1/commands", `{"text":"note once"}`},
	} {
		h := newHouse(t)
		h.open(Write, down)
		h.store.finish = errDisk
		h.call(Write, "POST", c.path, c.body, "Idempotency-Key", "k").wants(t, 500, "internal")
		h.store.finish = nil
		h.call(Write, "POST", c.path, `{"title":"other","text":"other"}`, "Idempotency-Key", "k")
		g := h.call(Write, "POST", c.path, c.body, "Idempotency-Key", "k")
		if g.StatusCode >= 300 || g.Header.Get("Idempotency-Replayed") != "" {
			t.Errorf("%s: %d %s", c.path, g.StatusCode, g.body)
		}
		if strings.Contains(c.path, "commands") {
			if n := h.noted(); n != 1 {
				t.Errorf("noted %d times", n)
			}
		} else if got := ids(h.list(Admin, "")); got != "INC-2 INC-1" {
			t.Errorf("there are %q", got)
		}
	}
}

// The crash window again, and nobody comes back: the next start finishes it.
func TestRework(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	h.store.finish = errDisk
	h.call(Write, "POST", "/api/v1/incidents", `{"title":"once"}`, "Idempotency-Key", "k").wants(t, 500, "internal")
	h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", `{"text":"note once"}`, "Idempotency-Key", "n").wants(t, 500, "internal")
	h.store.apply = errDisk // nothing was done of this one
	h.call(Write, "POST", "/api/v1/incidents", `{"title":"late"}`, "Idempotency-Key", "l").wants(t, 500, "internal")
	h.store.finish, h.store.apply = nil, nil

	left := h.unfinished(3)
	for range 2 { // the second time finds nothing to do
		for _, d := range left {
			if err := h.site.Rework(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.unfinished(0)
	if got := ids(h.list(Admin, "")); got != "INC-3 INC-2 INC-1" {
		t.Errorf("there are %q", got)
	}
	if n := h.noted(); n != 1 {
		t.Errorf("noted %d times", n)
	}
	g := h.call(Write, "POST", "/api/v1/incidents", `{"title":"late"}`, "Idempotency-Key", "l")
	g.wants(t, 201, "")
	if g.Header.Get("Idempotency-Replayed") != "true" || decode[Incident](t, g).ID != "INC-3" || decode[Incident](t, g).DeclaredBy.ID != "token:writer" {
		t.Errorf("the caller who comes back: %s", g.body)
	}
}

func (h *house) unfinished(want int) []store.Delivery {
	h.t.Helper()
	left, err := h.store.Unfinished(h.t.Context())
	if err != nil || len(left) != want {
		h.t.Fatalf("%d deliveries are unfinished, %v; want %d", len(left), err, want)
	}
	return left
}

func TestReworkGivesUp(t *testing.T) {
	h := newHouse(t)
	h.open(Write, down)
	h.store.finish = errDisk
	h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", `{"text":"note once"}`, "Idempotency-Key", "n").wants(t, 500, "internal")
	left := h.unfinished(1)
	for i := range maxAttempts {
		if err := h.site.Rework(t.Context(), left[0]); err == nil {
			t.Fatalf("attempt %d finished, though nothing can be", i+1)
		}
	}
	h.store.finish = nil
	before := h.desk.calls.Load()
	if err := h.site.Rework(t.Context(), left[0]); err == nil || !strings.Contains(err.Error(), "given up") {
		t.Errorf("one attempt too many: %v", err)
	}
	h.unfinished(0)
	h.call(Write, "POST", "/api/v1/incidents/INC-1/commands", `{"text":"note once"}`, "Idempotency-Key", "n").wants(t, 500, "internal")
	if h.desk.calls.Load() != before {
		t.Error("what was given up was worked again")
	}
}

func TestReworkOfWhatIsNotOurs(t *testing.T) {
	h := newHouse(t)
	if err := h.site.Rework(t.Context(), store.Delivery{ID: "slack:1", Door: "slack"}); err == nil {
		t.Error("reworked a delivery of Slack's")
	}
	d := store.Delivery{ID: "api:writer:broken", Door: Door, At: noon, Raw: []byte("{")}
	if _, _, err := h.store.Receive(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := h.site.Rework(t.Context(), d); err == nil {
		t.Error("worked what cannot be read")
	}
	h.unfinished(0)
}

// What failed is told as a failure, and not done behind the caller's back; the
// same key does it.
func TestAFailureIsNotTheLastWord(t *testing.T) {
	for name, fail := range map[string]func(h *house, on bool){
		"fault": func(h *house, on bool) { h.desk.fault = on },
		"panic": func(h *house, on bool) { h.desk.panic = on },
	} {
		h := newHouse(t)
		h.open(Write, down)
		path, body := "/api/v1/incidents/INC-1/commands", `{"text":"note once"}`
		fail(h, true)
		h.call(Write, "POST", path, body, "Idempotency-Key", "k").wants(t, 500, "internal")
		h.unfinished(0)
		h.call(Write, "POST", path, body, "Idempotency-Key", "k").wants(t, 500, "internal")
		fail(h, false)
		h.call(Write, "POST", path, `{"text":"note other"}`, "Idempotency-Key", "k").wants(t, 409, "conflict")
		first := h.call(Write, "POST", path, body, "Idempotency-Key", "k")
		first.wants(t, 200, "")
		again := h.call(Write, "POST", path, body, "Idempotency-Key", "k")
		if again.body != first.body || h.noted() != 1 {
			t.Errorf("%s: noted %d times, answered %s and %s", name, h.noted(), first.body, again.body)
		}
	}
}

func TestALoweredScopeDoesNotReadOldAnswers(t *testing.T) {
	h := newHouse(t)
	secret := `{"title":"leaked keys","private":true}`
	h.call(Admin, "POST", "/api/v1/incidents", secret, "Idempotency-Key", "k").wants(t, 201, "")
	h.site.keys = newKeyring([]Token{{"ops", secrets[Admin], Write}})
	g := h.call(Admin, "POST", "/api/v1/incidents", secret, "Idempotency-Key", "k")
	g.wants(t, 403, "forbidden")
	if strings.Contains(g.body, "leaked") {
		t.Errorf("told %s", g.body)
	}
}

func TestTheSameKeyAtOnce(t *testing.T) {
	h := newHouse(t)
	var wg sync.WaitGroup
	bodies := make([]string, 8)
	for i := range bodies {
		wg.Go(func() {
			r := request("POST", "/api/v1/incidents", down, "Idempotency-Key", "k", "Authorization", "Bearer "+secrets[Write])
			w := httptest.NewRecorder()
			h.site.ServeHTTP(w, r)
			bodies[i] = w.Body.String()
		})
	}
	wg.Wait()
	for _, b := range bodies {
		if b != bodies[0] || !strings.Contains(b, "INC-1") {
			t.Errorf("answers differ: %s and %s", bodies[0], b)
		}
	}
	if got := ids(h.list(Admin, "")); got != "INC-1" {
		t.Errorf("there are %q", got)
	}
}

func TestFlightsHonourTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := flights{busy: map[string]chan struct{}{}}
		leave, err := f.enter(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		gave := make(chan error, 1)
		go func() {
			_, err := f.enter(ctx, "a")
			gave <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-gave; !errors.Is(err, context.Canceled) {
			t.Errorf("waited on: %v", err)
		}
		leave()
		leave, err = f.enter(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		leave()
		if len(f.busy) != 0 {
			t.Errorf("%d are left", len(f.busy))
		}
	})
}

// The caller hangs up in the middle; what was accepted is done all the same.
func TestACallerWhoHangsUp(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	h.store.received = cancel
	r := request("POST", "/api/v1/incidents", down, "Idempotency-Key", "k", "Authorization", "Bearer "+secrets[Write]).WithContext(ctx)
	h.site.ServeHTTP(httptest.NewRecorder(), r)
	h.store.received = nil
	h.unfinished(0)
	if got := ids(h.list(Admin, "")); got != "INC-1" {
		t.Errorf("there are %q", got)
	}
}
