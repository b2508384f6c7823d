package storetest

import (
	"time"

	"fireboss/incidents/store"
)

var _ = holds(promise{"a timer is kept", timers})

// timers keeps the rows of recurring work apart, over a restart.
func timers(w *world) {
	get := func(name string) store.Timer {
		w.Helper()
		t, err := w.Store.Timer(w.ctx, name)
		w.ok(err)
		return t
	}
	same(w, "a timer that was never set", get("daily"), store.Timer{Name: "daily"})
	daily := store.Timer{Name: "daily", Spec: "0 9 * * *", Next: noon.Add(time.Hour)}
	weekly := store.Timer{Name: "weekly", Spec: "0 9 * * 1", Next: noon.Add(2 * time.Hour), Came: noon}
	w.ok(w.Store.PutTimer(w.ctx, daily))
	w.ok(w.Store.PutTimer(w.ctx, weekly))
	w.again()
	same(w, "daily", get("daily"), daily)
	same(w, "weekly", get("weekly"), weekly)
	weekly.Came = time.Time{}
	w.ok(w.Store.PutTimer(w.ctx, weekly))
	same(w, "weekly", get("weekly"), weekly)
	same(w, "daily", get("daily"), daily)
}
