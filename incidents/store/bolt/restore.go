package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"fireboss/incidents/store"
)

// Restore puts a backup in the place of a store. It copies it beside the store
// first, opens the copy, and audits all of it; only what is found whole gets
// the store's name. Nobody is signed in there, whoever was in the backup. Where there is a file of that name force is needed to
// replace it; where a process uses it there is an [InUseError] in any case.
func Restore(ctx context.Context, backup, path string, force bool) (store.Audit, error) {
	path, err := resolve(path)
	if err != nil {
		return store.Audit{}, err
	}
	l, err := acquire(path, false)
	if err != nil {
		return store.Audit{}, err
	}
	audit, err := restore(ctx, backup, path, force)
	return audit, errors.Join(err, l.release())
}

func restore(ctx context.Context, backup, path string, force bool) (store.Audit, error) {
	if _, err := os.Stat(path); err == nil && !force {
		return store.Audit{}, fmt.Errorf("%s exists and was not touched; to replace it by the backup add --force", path)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return store.Audit{}, err
	}
	if err := removeLeftovers(path); err != nil {
		return store.Audit{}, err
	}
	src, err := openBackup(backup)
	if err != nil {
		return store.Audit{}, err
	}
	defer src.Close()
	name, err := beside(path)
	if err != nil {
		return store.Audit{}, cannotWrite("the backup cannot be copied beside the store", err)
	}
	defer os.Remove(name)
	defer os.Remove(name + ".lock")
	if err := copyTo(ctx, src, name); err != nil {
		return store.Audit{}, cannotWrite("the backup cannot be copied beside the store", err)
	}
	audit, err := verify(ctx, name)
	if err != nil {
		return store.Audit{}, fmt.Errorf("the backup %s cannot be used, and %s was not touched: %w", backup, path, ofBackup(err))
	}
	return audit, install(name, path)
}

// openBackup opens a backup. It looks first, because opening a pipe would wait.
func openBackup(path string) (*os.File, error) {
	st, err := os.Stat(path)
	if err == nil && !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file; name one that fireboss backup has written", path)
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(path)
	}
	if err != nil {
		return nil, fmt.Errorf("the backup cannot be read; name a file that fireboss backup has written: %w", err)
	}
	return f, nil
}

// ofBackup says of a backup what an error says of its copy, which nobody knows
// and for which another advice holds.
func ofBackup(err error) error {
	var damaged *DamageError
	var newer *newerError
	switch {
	case errors.As(err, &damaged):
		return fmt.Errorf("it is damaged, or is none of a store of Fireboss (%s); use an earlier one", damaged.what())
	case errors.As(err, &newer):
		return fmt.Errorf("a newer Fireboss wrote it (schema %d, this one knows %d); use that version", newer.has, newer.can)
	}
	return err
}

func copyTo(ctx context.Context, src io.Reader, to string) error {
	dst, err := os.OpenFile(to, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, &reader{ctx, src})
	return errors.Join(err, dst.Close())
}

// verify opens a copy as a store, which brings it up to date, audits it, and signs
// everybody out.
func verify(ctx context.Context, path string) (store.Audit, error) {
	if err := checkPages(path); err != nil {
		return store.Audit{}, err
	}
	db, err := Open(path, Options{})
	if err != nil {
		return store.Audit{}, err
	}
	audit, err := db.Audit(ctx)
	if err == nil && audit.Wrong != "" {
		err = errors.New(audit.Wrong)
	}
	if err == nil {
		err = db.signOut(ctx)
	}
	return audit, errors.Join(err, db.Close())
}

// Compact rewrites a stopped store's file without its free pages; before and
// after are its sizes in bytes. It needs the new size on the disk meanwhile.
func Compact(path string) (before, after int64, err error) {
	path, err = resolve(path)
	if err != nil {
		return 0, 0, err
	}
	db, err := prepare(path, Options{readOnly: true}.withDefaults())
	if err != nil {
		return 0, 0, err
	}
	before, after, err = db.compact()
	return before, after, errors.Join(err, db.release())
}

func (db *DB) compact() (before, after int64, err error) {
	if err := db.load(); err != nil {
		return 0, 0, err
	}
	if err := db.bolt.Close(); err != nil { // it was whole; the lock stays ours
		return 0, 0, err
	}
	db.bolt = nil
	if err := warm(db.path); err != nil {
		return 0, 0, err
	}
	name, err := beside(db.path)
	if err != nil {
		return 0, 0, cannotWrite("the store cannot be rewritten", err)
	}
	defer os.Remove(name)
	if err := copyRows(db.path, name); err != nil {
		return 0, 0, cannotWrite("the store could not be rewritten and was left as it is", err)
	}
	if before, err = size(db.path); err != nil {
		return 0, 0, err
	}
	if after, err = size(name); err != nil {
		return 0, 0, err
	}
	return before, after, install(name, db.path)
}

func size(path string) (int64, error) {
	st, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}
