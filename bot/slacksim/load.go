package slacksim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// open takes up the workspace that dir holds, or begins a fresh one there.
func (s *Server) open(dir string) error {
	if err := s.journal.openFile(dir); err != nil {
		return err
	}
	if err := guarded(func() error { return s.journal.db.View(s.world.load) }); err != nil {
		_ = s.journal.db.Close()
		return fmt.Errorf("%s/workspace.db does not hold a workspace: %w; move it away to begin with a fresh one", dir, err)
	}
	if len(s.world.channels) > 0 {
		for _, m := range s.world.scheduled {
			s.schedule(m)
		}
		return nil
	}
	s.world.seed()
	return s.journal.flush()
}

// load reads everything from the file.
func (w *world) load(tx *bbolt.Tx) error {
	var last string
	steps := []error{
		readRows(tx, bucketCounters, func(name string, n int64) { w.counters[name] = n }),
		readRows(tx, bucketChannels, func(id string, ch *channel) { w.byID[id] = ch }),
		readRows(tx, bucketMessages, func(key string, m *message) {
			id, ts, _ := strings.Cut(key, "/")
			if ch := w.byID[id]; ch != nil {
				ch.keep(m)
				last = max(last, ts)
			}
		}),
		readRows(tx, bucketViews, func(_ string, v *view) { w.views = append(w.views, v) }),
		readRows(tx, bucketHomes, func(user string, v *view) { w.homes[user] = v }),
		readRows(tx, bucketFiles, func(_ string, f *file) { w.files = append(w.files, f) }),
		readRows(tx, bucketCanvases, func(_ string, v *canvas) { w.canvases = append(w.canvases, v) }),
		readRows(tx, bucketScheduled, func(_ string, m *scheduledMessage) { w.scheduled = append(w.scheduled, m) }),
	}
	for _, err := range steps {
		if err != nil {
			return err
		}
	}
	for _, f := range w.files {
		f.bytes = append([]byte(nil), tx.Bucket([]byte(bucketBytes)).Get([]byte(f.ID))...)
	}
	w.lastStamp, _ = parseTS(last)
	w.orderChannels()
	return nil
}

// orderChannels puts the channels in the order in which they were made.
func (w *world) orderChannels() {
	for _, ch := range w.byID {
		w.channels = append(w.channels, ch)
	}
	slices.SortFunc(w.channels, func(a, b *channel) int { return cmp.Compare(a.Order, b.Order) })
}
