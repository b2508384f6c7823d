package bolt

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	bbolt "go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"fireboss/incidents"
)

// DB is a store in one file.
type DB struct {
	path     string
	options  Options
	bolt     *bbolt.DB
	lock     *lock
	identity string

	queue   *queue        // nil where the file was opened for reading only
	stopped chan struct{} // closed when the writer has ended
	noticed atomic.Pointer[DamageError]

	silences readSilences

	// The following belong to whoever writes.
	order   uint64 // the last one given; see nextOrder
	broken  error  // why nothing can be written any more
	refused bool   // the disk had no room for a write, and for none of ordinary size since
}

// Open opens the store in a file and makes the file where there is none. One
// process at a time has it; another gets an [InUseError]. A file that was
// written by an older version is brought up to date.
func Open(path string, o Options) (*DB, error) {
	db, err := prepare(path, o.withDefaults())
	if err != nil {
		return nil, err
	}
	if err := db.start(); err != nil {
		return nil, errors.Join(err, db.release())
	}
	go db.run()
	return db, nil
}

// OpenReadOnly opens a store's file to read it while no bot is running.
// Methods that write answer with an error.
func OpenReadOnly(path string) (*DB, error) {
	db, err := prepare(path, Options{readOnly: true}.withDefaults())
	if err != nil {
		return nil, err
	}
	if err := db.load(); err != nil {
		return nil, errors.Join(err, db.release())
	}
	return db, nil
}

// prepare finds the file and takes the lock.
func prepare(path string, o Options) (*DB, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	l, err := acquire(path, o.readOnly)
	if err != nil {
		return nil, err
	}
	return &DB{path: path, options: o, lock: l, stopped: make(chan struct{})}, nil
}

// resolve is the one name of a file, whichever links lead to it, so that two
// processes mean the same lock.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if st, e := os.Stat(dir); e == nil && !st.IsDir() {
		err = fmt.Errorf("%s is not a folder", dir)
	}
	if err != nil {
		return "", fmt.Errorf("the folder of the store %s cannot be used; make it, or correct store in the configuration: %w", path, err)
	}
	path = filepath.Join(dir, filepath.Base(path))
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	return target, err
}

// start opens the file for reading and writing.
func (db *DB) start() error {
	if err := removeLeftovers(db.path); err != nil {
		return err
	}
	if _, err := os.Stat(db.path); errors.Is(err, fs.ErrNotExist) {
		if err := create(db.path, db.options); err != nil {
			return err
		}
	}
	if err := db.load(); err != nil {
		return err
	}
	db.queue = newQueue()
	return db.view(context.Background(), func(r rows) error {
		if err := r.inWork(); err != nil {
			return err
		}
		db.order = max(r.last(unfinished), r.last(outgoing))
		for _, mirror := range r.mirrors() {
			db.order = max(db.order, r.lastOrder(mirror))
		}
		return nil
	})
}

// load opens the file that is there and looks whether it is whole.
func (db *DB) load() error {
	if err := db.inspect(); err != nil {
		return err
	}
	b, err := openFile(db.path, db.options.bboltOptions())
	if err != nil {
		return err
	}
	db.bolt = b
	if !db.options.readOnly {
		err := guarded(db.path, func() error { return migrate(b, db.path, migrations, schemaVersion) })
		if err != nil {
			return err
		}
	}
	return db.view(context.Background(), func(r rows) error {
		if err := r.examine(); err != nil {
			return err
		}
		db.identity = string(r.get(meta, metaIdentity))
		return nil
	})
}

// inspect looks at the file from outside. Only its owner may read it: it holds
// private incidents.
func (db *DB) inspect() error {
	st, err := os.Stat(db.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no store at %s; correct store in the configuration, or start Fireboss once to make it", db.path)
	case err != nil:
		return fmt.Errorf("the store cannot be opened: %w", err)
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s is not a file; correct store in the configuration", db.path)
	case st.Size() == 0:
		return &DamageError{Path: db.path, What: "it is empty"}
	case st.Mode().Perm()&0o077 == 0:
		return nil
	}
	if err := os.Chmod(db.path, 0o600); err != nil && !db.options.readOnly { // reading it makes it no less private
		return fmt.Errorf("others on this machine can read %s and it holds private incidents; make it yours alone (chmod 600): %w", db.path, err)
	}
	return nil
}

// openFile opens bbolt on a file that must be there. What makes bbolt panic is
// an error, and leaves neither lock nor descriptor behind.
func openFile(path string, o *bbolt.Options) (b *bbolt.DB, err error) {
	var file *os.File
	o.OpenFile = func(name string, flag int, perm os.FileMode) (f *os.File, err error) {
		file, err = os.OpenFile(name, flag&^os.O_CREATE, perm)
		return file, err
	}
	err = guarded(path, func() error {
		b, err = bbolt.Open(path, 0o600, o)
		return err
	})
	var system *fs.PathError
	switch {
	case err == nil:
		return b, nil
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, &InUseError{Path: path}
	case errors.As(err, &system):
		return nil, fmt.Errorf("the store cannot be opened: %w", err)
	}
	if file != nil { // bbolt closed it, unless it panicked
		unlock(file)
		_ = file.Close()
	}
	var damaged *DamageError
	if errors.As(err, &damaged) {
		return nil, err
	}
	return nil, &DamageError{Path: path, What: err.Error()}
}

// examine looks whether the file has all its parts: that it is as long as it
// says, and that the first and the last row of each kind can be read. It is
// quick whatever the file's size; the audit looks at every row.
func (r rows) examine() error {
	st, err := os.Stat(r.path)
	if err != nil {
		return err
	}
	if st.Size() < r.tx.Size() {
		return &DamageError{Path: r.path, What: fmt.Sprintf("it has %d bytes and should have at least %d", st.Size(), r.tx.Size())}
	}
	if err := checkSchema(r.tx, r.path, schemaVersion); err != nil {
		return err
	}
	for _, b := range buckets {
		in := r.tx.Bucket(b.name)
		if in == nil {
			return &DamageError{Path: r.path, What: fmt.Sprintf("the rows %q are missing", b.name)}
		}
		c := in.Cursor()
		c.First()
		c.Last()
	}
	last := uint64(r.lastNumber())
	if r.last(states) != last || r.last(heads) != last || r.last(events) != last {
		return &DamageError{Path: r.path, What: fmt.Sprintf("INC-%d is not whole", last)}
	}
	return nil
}

// looked is how many of the incidents that are open are looked at by a start.
const looked = 100

// inWork looks whether what people work on can be read: the newest incident and
// those that are open, with their last events. A page that was torn while it
// was written is most likely among theirs.
func (r rows) inWork() error {
	if err := r.endsWell(r.lastNumber()); err != nil {
		return err
	}
	c := r.cursor(openings)
	k, _ := c.Last()
	for range looked {
		if k == nil {
			break
		}
		n, _ := takeNumber(k)
		if err := r.endsWell(n); err != nil {
			return err
		}
		k, _ = c.Prev()
	}
	_, err := r.lastSeal()
	return err
}

// endsWell looks at an incident and its last event; 0 is none.
func (r rows) endsWell(n incidents.Number) error {
	if n == 0 {
		return nil
	}
	in, ok, err := r.incident(n)
	if err != nil {
		return err
	}
	e, there, err := r.event(n, in.Seq)
	switch {
	case err != nil:
		return err
	case !ok || !there || e.Hash != in.Head || e.Verify(n, in.Seq, e.PrevHash) != nil:
		return &DamageError{Path: r.path, What: n.String() + " is not whole"}
	}
	return nil
}

// create makes a new file. It gets its name only when it is complete, so that a
// crash leaves nothing that looks like a damaged store.
func create(path string, o Options) error {
	fresh, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+leftoverNew)
	if err != nil {
		return cannotWrite("the store cannot be made", err)
	}
	name := fresh.Name()
	defer os.Remove(name)
	if err := fresh.Close(); err != nil {
		return err
	}
	identity := make([]byte, 16)
	if _, err := io.ReadFull(o.Rand, identity); err != nil {
		return fmt.Errorf("the system gave no random bytes: %w", err)
	}
	b, err := bbolt.Open(name, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistArrayType})
	if err != nil {
		return cannotWrite("the store cannot be made", err)
	}
	err = b.Update(func(tx *bbolt.Tx) error { return begin(tx, hex.EncodeToString(identity)) })
	if err := errors.Join(err, b.Close()); err != nil {
		return cannotWrite("the store cannot be made", err)
	}
	return install(name, path)
}

// Identity is the store's own random name; see [store.Store].
func (db *DB) Identity() string { return db.identity }

// nextOrder numbers what is kept in the order in which it came. Only
// who writes calls it. A number that was not used is no loss.
func (db *DB) nextOrder() uint64 {
	db.order++
	return db.order
}

// Close finishes what waits to be written, waits for readers and closes the
// file. Closing twice is harmless.
func (db *DB) Close() error {
	if db.queue != nil {
		db.queue.close()
		<-db.stopped
	}
	return db.release()
}

func (db *DB) release() error {
	var err error
	if db.bolt != nil {
		err = guarded(db.path, db.bolt.Close)
	}
	return errors.Join(err, db.lock.release())
}
