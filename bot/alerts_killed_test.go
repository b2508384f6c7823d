//go:build linux

package bot

import (
	"path/filepath"
	"strconv"
	"testing"

	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
	"fireboss/integrations"
)

// checkAnswered looks for every alert that was answered in the store that a process left: as an alert, or within a
// delivery that is still to be worked. Each answered request ends with a number and has so many.
func checkAnswered(t testing.TB, f *fleet, many int, answered []int64) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(f.dir, "fireboss.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	list, err := db.Alerts(t.Context(), store.AlertQuery{})
	if err != nil {
		t.Fatal(err)
	}
	there := map[int64]int{}
	for _, a := range list {
		n, err := strconv.ParseInt(a.Labels["n"], 10, 64)
		if err != nil || a.Count != 1 {
			t.Fatalf("an alert that was not sent, or that counts twice: %+v", a)
		}
		there[n]++
	}
	rows, err := db.Unfinished(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, n := range sentIn(t, row) {
			there[n]++
		}
	}
	missing := 0
	for _, last := range answered {
		for i := range int64(many) {
			if there[last-i] == 0 {
				missing++
			}
		}
	}
	if missing > 0 || len(answered) == 0 {
		t.Errorf("of %d requests that were answered %d alerts are missing", len(answered), missing)
	}
}

// sentIn are the numbers of the alerts in a delivery.
func sentIn(t testing.TB, row store.Delivery) (list []int64) {
	t.Helper()
	r, err := integrations.Unpack(row.Raw, row.At)
	if err != nil {
		t.Fatal(err)
	}
	all, err := integrations.ReadJSON(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all.List() {
		list = append(list, int64(a.At("labels", "n").Number()))
	}
	return list
}
