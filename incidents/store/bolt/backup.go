package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	bbolt "go.etcd.io/bbolt"
)

// Backup writes a consistent copy; see [store.Store]. The file is copied in one
// go to one beside it, which takes as long as the disk needs and not as long
// as the reader; then its rows are copied to another, so that nothing of what
// was removed is in the backup, and nothing that cannot be read; and only then
// it is streamed. For so long it needs up to twice the file's size on its disk.
func (db *DB) Backup(ctx context.Context, w io.Writer) error {
	pages, err := db.copyPages(ctx)
	if pages != "" {
		defer os.Remove(pages)
	}
	if err != nil {
		return notMade(err)
	}
	db.crash(pointPages)
	lean, err := beside(db.path)
	if err != nil {
		return notMade(err)
	}
	defer os.Remove(lean)
	if err := copyRows(pages, lean); err != nil {
		var damaged *DamageError
		if errors.As(err, &damaged) {
			damaged.Path = db.path // nobody knows its copy
		}
		return notMade(err)
	}
	db.crash(pointLean)
	f, err := os.Open(lean)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, &reader{ctx, f})
	return errors.Join(err, f.Close())
}

// CopyTo writes the copy to an empty file. It needs no room beside the store,
// so that one whose disk is full or cannot be written is backed up too; but a
// store that is being written is only copied by [DB.Backup].
func (db *DB) CopyTo(path string) error {
	if !db.options.readOnly {
		return errors.New("a store that is being written is copied by Backup")
	}
	if err := warm(db.path); err != nil {
		return notMade(err)
	}
	if err := copyRows(db.path, path); err != nil {
		return notMade(err)
	}
	return nil
}

func notMade(err error) error {
	var damaged *DamageError
	if errors.As(err, &damaged) {
		return fmt.Errorf("the backup could not be made: %w", err)
	}
	return cannotWrite("the backup could not be made", err)
}

// beside makes an empty file beside a store, which only its owner can read.
func beside(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+leftoverBackup)
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// copyPages copies the file as it is at one moment.
func (db *DB) copyPages(ctx context.Context) (name string, err error) {
	if name, err = beside(db.path); err != nil {
		return name, err
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return name, err
	}
	err = db.view(ctx, func(r rows) error {
		_, err := r.tx.WriteTo(f)
		return err
	})
	return name, errors.Join(err, f.Close())
}

// copySize is how many bytes of rows are copied in one transaction.
const copySize = 4 << 20

// copyRows copies what is in one file to another that is empty, without its
// free pages.
func copyRows(from, to string) error {
	src, err := openFile(from, &bbolt.Options{ReadOnly: true, Timeout: lockWait, NoStatistics: true})
	if err != nil {
		return err
	}
	// Nothing is synced here: a backup's copy is read and removed, and whoever
	// gives one a name syncs it first; see install.
	dst, err := bbolt.Open(to, 0o600, &bbolt.Options{NoSync: true, NoGrowSync: true, FreelistType: bbolt.FreelistArrayType, NoStatistics: true})
	if err != nil {
		return errors.Join(err, src.Close())
	}
	err = guarded(from, func() error { return bbolt.Compact(dst, src, copySize) })
	return errors.Join(err, dst.Close(), src.Close())
}

// reader stops with its context.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
