//go:build linux

package bot

import (
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
	"fireboss/integrations"
)

// Every alert that was answered is there after kill -9, whenever that comes, and is decided about once.
func TestAnsweredAlertsOutliveAKill(t *testing.T) {
	t.Parallel()
	const many = 2
	f := newFleet(t, alertsConfig)
	first := f.start(t)
	s, err := newSender(first.hook(), many)
	if err != nil {
		t.Fatal(err)
	}
	var sending sync.WaitGroup
	sending.Go(func() { s.send(1 << 30) }) // until it is killed
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for began := time.Now(); s.requests.Load() < 20*senders && time.Since(began) < time.Minute; {
		<-look.C
	}
	first.kill()
	sending.Wait()
	answered := s.answered
	if len(answered) < senders {
		t.Fatalf("only %d requests were answered: %v", len(answered), s.err)
	}
	if left := checkAnswered(t, f, many, answered); left == 0 {
		t.Log("all was decided about before the kill")
	}
	second := f.start(t)
	second.drain(t)
	second.stop(t)
	if left := checkAnswered(t, f, many, answered); left > 0 {
		t.Errorf("%d deliveries are not decided about", left)
	}
}

// checkAnswered looks for every alert that was answered in the store that a process left: as an alert, or within a
// delivery that is still to be worked; it answers how many of these there are. No alert may have been heard twice. Each
// answered request has so many alerts and ends with a number.
func checkAnswered(t testing.TB, f *fleet, many int, answered []int64) (left int) {
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
	return len(rows)
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
