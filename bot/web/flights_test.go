package web

import (
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
)

// Of two calls with one key that come at once the second waits for the first and
// gets its answer. Worked side by side they could be answered differently: what
// is refused is judged anew.
func TestTheSameKeyAtOnceIsWorkedOnce(t *testing.T) {
	const path, body = "/api/v1/incidents/INC-1/commands", `{"text":"note once"}`
	call := func(h *house) func() {
		return func() {
			r := request("POST", path, body, "Idempotency-Key", "k", "Authorization", "Bearer "+secrets[Write])
			w := httptest.NewRecorder()
			if h.site.ServeHTTP(w, r); w.Code != 200 {
				h.t.Errorf("answered %d %s", w.Code, w.Body)
			}
		}
	}
	rework := func(h *house) func() { // of a start, while the caller comes back
		left := h.unfinished(1)
		return func() {
			if err := h.site.Rework(h.t.Context(), left[0]); err != nil {
				h.t.Error(err)
			}
		}
	}
	for name, first := range map[string]func(h *house) func(){"two calls": call, "a start and a call": rework} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.open(Write, down)
				h.store.apply, h.store.finish = errDisk, errDisk // so that a delivery is left
				h.call(Write, "POST", path, body, "Idempotency-Key", "k").wants(t, 500, "internal")
				h.store.apply, h.store.finish = nil, nil
				h.desk.calls.Store(0)
				gate := make(chan struct{})
				h.store.received = sync.OnceFunc(func() { <-gate })
				var all sync.WaitGroup
				all.Go(first(h))
				synctest.Wait()
				h.store.received = nil
				all.Go(call(h))
				synctest.Wait()
				close(gate)
				all.Wait()
				if h.desk.calls.Load() != 1 {
					t.Errorf("worked %d times", h.desk.calls.Load())
				}
			})
		})
	}
}
