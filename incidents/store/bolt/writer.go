package bolt

import (
	"runtime/debug"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// run is the writer: the goroutine that writes when more than one want to.
// While it waits for the disk others queue up, and then they all share the next
// transaction; so the busier it is the less each write costs.
func (db *DB) run() {
	defer close(db.stopped)
	for range db.queue.hand {
		for {
			db.queue.gather()
			if group := db.queue.take(); len(group) > 0 {
				db.serve(group)
			} else if db.queue.rest() {
				break
			}
		}
	}
}

// lead writes in the place of the writer, which sleeps: a caller who finds
// nobody writing need not wait for another goroutine to wake up, which takes a
// tenth of the time that a disk needs, and much more on a busy machine.
func (db *DB) lead() {
	defer func() {
		if !db.queue.rest() {
			db.queue.hand <- struct{}{} // whoever came meanwhile is the writer's
		}
	}()
	db.serve(db.queue.take())
}

// serve commits a group and answers all of it.
func (db *DB) serve(group []*request) {
	touched, err := db.commit(group)
	defer func() {
		for _, r := range group {
			if err != nil {
				// Also for those who were refused: they were refused on grounds of
				// what others wrote before them, and that is not there now.
				r.err = err
			}
			close(r.done)
		}
	}()
	if err == nil && len(touched) > 0 && db.options.Committed != nil {
		slices.Sort(touched)
		db.options.Committed(slices.Compact(touched))
	}
}

// commit executes a group in one transaction. The error is that of all; the
// errors of single requests are in them.
func (db *DB) commit(group []*request) (touched []incidents.Number, err error) {
	if db.broken != nil {
		return nil, db.broken
	}
	var tx *bbolt.Tx
	old := debug.SetPanicOnFault(true) // see guarded
	defer debug.SetPanicOnFault(old)
	defer func() {
		if v := recover(); v != nil {
			// Half of a transaction may be in bbolt's memory; it is not to be
			// trusted any more, and neither is the file.
			db.broken = damage(db.path, v)
			touched, err = nil, db.broken
			db.rollback(tx)
		}
	}()
	if tx, err = db.bolt.Begin(true); err != nil {
		return nil, closedOr(err)
	}
	size, wrote := 0, false
	for _, r := range group {
		for again := true; again; again = r.err == nil && r.more != nil && r.more() {
			p, err := db.one(tx, r)
			if err == nil && r.begun {
				err = r.err // half of what belongs together is not written
			}
			if err != nil {
				db.rollback(tx)
				return nil, err
			}
			if r.begun = r.more != nil; r.err == nil && len(p.writes) > 0 {
				size, wrote = size+p.size(), true
				touched = append(touched, p.touched...)
			}
		}
	}
	if !wrote {
		return nil, tx.Rollback()
	}
	err = db.sync(tx)
	if err != nil {
		db.refused = true
	} else if size >= ordinary {
		db.refused = false
	}
	return touched, err
}

// one executes what a request wants. The error is that of all; the request's own is
// in it.
func (db *DB) one(tx *bbolt.Tx, r *request) (p plan, err error) {
	p = plan{rows: rows{tx, db.path, &db.silences}, db: db}
	if r.err = r.ctx.Err(); r.err == nil {
		r.err = p.make(r.decide)
	}
	if r.err == nil {
		err = p.execute()
	}
	return p, err
}

// sync makes a transaction durable.
func (db *DB) sync(tx *bbolt.Tx) error {
	db.crash(pointBefore)
	if err := tx.Commit(); err != nil {
		db.rollback(tx)
		explained, certain := diskError(db.path, err)
		if !certain {
			db.broken = explained
		}
		return explained
	}
	db.crash(pointAfter)
	return nil
}

// rollback gives a transaction up, in whatever state it is.
func (db *DB) rollback(tx *bbolt.Tx) {
	if tx == nil {
		return
	}
	defer func() { _ = recover() }() // the file is damaged; that is said already
	_ = tx.Rollback()                // already rolled back: nothing to do
}

// Points are all places at which the process may end in a test; see [Options].
var Points = []string{pointBefore, pointAfter, pointPages, pointLean}

const (
	pointBefore = "before a commit"
	pointAfter  = "after a commit"
	pointPages  = "the pages of a backup are copied"
	pointLean   = "a backup is complete"
)

// crash is where a test may end the process.
func (db *DB) crash(point string) {
	if db.options.Crash != nil {
		db.options.Crash(point)
	}
}
