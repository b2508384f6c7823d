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
// the store's name. Where there is a file of that name force is needed to
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
	name, err := beside(path)
	if err != nil {
		return store.Audit{}, fmt.Errorf("the backup cannot be copied; make the store's folder writable: %w", err)
	}
	defer os.Remove(name)
	defer os.Remove(name + ".lock")
	if err := copyFile(ctx, backup, name); err != nil {
		return store.Audit{}, fmt.Errorf("the backup cannot be copied: %w", err)
	}
	audit, err := verify(ctx, name)
	if err != nil {
		return store.Audit{}, fmt.Errorf("the backup %s cannot be used, and %s was not touched: %w", backup, path, err)
	}
	return audit, install(name, path)
}

func copyFile(ctx context.Context, from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	dst, err := os.OpenFile(to, os.O_WRONLY, 0)
	if err != nil {
		return errors.Join(err, src.Close())
	}
	_, err = io.Copy(dst, &reader{ctx, src})
	return errors.Join(err, dst.Close(), src.Close())
}

// verify opens a copy as a store, which brings it up to date, and audits it.
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
		return 0, 0, fmt.Errorf("the store cannot be rewritten; make its folder writable: %w", err)
	}
	defer os.Remove(name)
	if err := copyRows(db.path, name); err != nil {
		return 0, 0, fmt.Errorf("the store could not be rewritten and was left as it is: %w", err)
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
