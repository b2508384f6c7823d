package storetest

import (
	"fmt"
	"time"

	"fireboss/incidents"
)

var _ = holds(promise{"changes of services are listed by time and forgotten by age", serviceChanges})

func serviceChanges(w *world) {
	put := func(id, service string, ago time.Duration) {
		w.Helper()
		c := incidents.ServiceChange{ID: id, Service: service, Title: "deployed " + id, At: w.now().Add(-ago), By: "ops"}
		if err := w.Store.PutServiceChange(w.ctx, c); err != nil {
			w.Fatal(err)
		}
	}
	list := func(since time.Duration, limit int, where func(incidents.ServiceChange) bool) (ids string) {
		w.Helper()
		found, err := w.Store.ServiceChanges(w.ctx, w.now().Add(-since), w.now(), limit, where)
		if err != nil {
			w.Fatal(err)
		}
		for _, c := range found {
			ids += c.ID
		}
		return ids
	}
	put("a", "search", 40*24*time.Hour)
	put("b", "checkout", 3*time.Hour)
	put("c", "checkout", time.Hour)
	put("d", "search", time.Hour)
	put("c", "checkout", time.Hour) // told twice
	w.again()
	search := func(c incidents.ServiceChange) bool { return c.Service == "search" }
	for _, c := range []struct {
		got, want string
	}{
		{list(2*time.Hour, 0, nil), "dc"}, {list(3*time.Hour, 0, nil), "dcb"}, {list(3*time.Hour, 2, nil), "dc"},
		{list(50*24*time.Hour, 0, search), "da"}, {list(50*24*time.Hour, 1, search), "d"},
	} {
		if c.got != c.want {
			w.Errorf("listed %q, want %q", c.got, c.want)
		}
	}
	if n, err := w.Store.ForgetServiceChanges(w.ctx, w.now().Add(-3*time.Hour)); err != nil || n != 1 {
		w.Errorf("%d forgotten: %v", n, err)
	}
	if got := list(50*24*time.Hour, 0, nil); got != "dcb" {
		w.Errorf("after forgetting: %s", fmt.Sprint(got))
	}
}
