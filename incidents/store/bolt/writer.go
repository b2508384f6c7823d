package bolt

import (
	"runtime/debug"
	"slices"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// run is the writer: the one goroutine that writes. While it waits for the
// disk others queue up, and then they all share the next transaction; so the
// busier it is the less each write costs, and a lone write waits for nobody.
func (db *DB) run() {
	defer close(db.stopped)
	debug.SetPanicOnFault(true) // see guarded
	for {
		group := db.queue.next()
		if group == nil {
			return
		}
		touched, err := db.commit(group)
		if err == nil && len(touched) > 0 && db.options.Committed != nil {
			slices.Sort(touched)
			db.options.Committed(slices.Compact(touched))
		}
		for _, r := range group {
			if err != nil {
				// Also for those who were refused: they were refused on grounds of
				// what others wrote before them, and that is not there now.
				r.err = err
			}
			close(r.done)
		}
	}
}

// commit executes a group in one transaction. The error is that of all; the
// errors of single requests are in them.
func (db *DB) commit(group []*request) (touched []incidents.Number, err error) {
	if db.broken != nil {
		return nil, db.broken
	}
	var tx *bbolt.Tx
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
	wrote := false
	for _, r := range group {
		p := plan{rows: rows{tx, db.path}, db: db}
		if r.err = r.ctx.Err(); r.err == nil {
			r.err = p.make(r.decide)
		}
		if r.err != nil || len(p.writes) == 0 {
			continue
		}
		if err := p.execute(); err != nil {
			db.rollback(tx)
			return nil, err
		}
		wrote = true
		if p.touched != 0 {
			touched = append(touched, p.touched)
		}
	}
	if !wrote {
		return nil, tx.Rollback()
	}
	return touched, db.sync(tx)
}

// sync makes a transaction durable.
func (db *DB) sync(tx *bbolt.Tx) error {
	db.crash("before commit")
	if err := tx.Commit(); err != nil {
		db.rollback(tx)
		explained, certain := diskError(db.path, err)
		if !certain {
			db.broken = explained
		}
		return explained
	}
	db.crash("after commit")
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

// crash is where a test may end the process.
func (db *DB) crash(point string) {
	if db.options.Crash != nil {
		db.options.Crash(point)
	}
}
