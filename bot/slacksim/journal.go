package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// The buckets of workspace.db: a row a thing, its JSON under its id (messages: channel/ts).
const (
	bucketCounters  = "counters"
	bucketChannels  = "channels"
	bucketMessages  = "messages"
	bucketViews     = "views"
	bucketHomes     = "homes"
	bucketFiles     = "files"
	bucketBytes     = "bytes"
	bucketCanvases  = "canvases"
	bucketScheduled = "scheduled"
)

var allBuckets = []string{
	bucketCounters, bucketChannels, bucketMessages, bucketViews, bucketHomes, bucketFiles, bucketBytes,
	bucketCanvases, bucketScheduled,
}

type rowKey struct{ bucket, key string }

// journal writes changed rows to the file. Rows are handed over under the world's lock and written after it, so
// that callers who wait at the same time share one transaction. Without a file it does nothing.
type journal struct {
	db *bbolt.DB

	mu      sync.Mutex
	pending map[rowKey][]byte // nil: to be deleted

	flushing sync.Mutex // held while writing
	failed   error      // the first write that failed; nothing is written after it
}

func newJournal() *journal { return &journal{pending: map[rowKey][]byte{}} }

// openFile opens workspace.db in dir, making both where they are missing.
func (j *journal) openFile(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the workspace cannot be kept in %s: %w", dir, err)
	}
	path := filepath.Join(dir, "workspace.db")
	err := guarded(func() (err error) {
		if j.db, err = bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second}); err != nil {
			return err
		}
		return j.db.Update(makeBuckets)
	})
	if errors.Is(err, bbolterrors.ErrTimeout) {
		return fmt.Errorf("%s is in use by another process; stop that one or choose another folder", path)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be opened: %w; move it away to begin with a fresh workspace", path, err)
	}
	return nil
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range allBuckets {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// guarded makes an error of what bbolt does with a damaged file: it trusts its pages, so garbage in one panics, and
// one behind the end of a file that was cut is a fault of memory.
func guarded(f func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(old)
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("it is damaged (%v)", v)
		}
	}()
	return f()
}

// put keeps v, encoded now, under key.
func (j *journal) put(bucket, key string, v any) {
	if j.db == nil {
		return
	}
	j.putBytes(bucket, key, mustJSON(v))
}

func (j *journal) putBytes(bucket, key string, value []byte) {
	if j.db == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.pending[rowKey{bucket, key}] = value
}

// drop deletes what is under key.
func (j *journal) drop(bucket, key string) { j.putBytes(bucket, key, nil) }

// flush makes durable all that was put before the call.
func (j *journal) flush() error {
	if j.db == nil {
		return nil
	}
	j.flushing.Lock()
	defer j.flushing.Unlock()
	j.mu.Lock()
	rows := j.pending
	j.pending = map[rowKey][]byte{}
	j.mu.Unlock()
	if len(rows) == 0 || j.failed != nil {
		return j.failed
	}
	j.failed = guarded(func() error {
		return j.db.Update(func(tx *bbolt.Tx) error {
			for row, value := range rows {
				if err := writeRow(tx.Bucket([]byte(row.bucket)), row.key, value); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return j.failed
}

func writeRow(b *bbolt.Bucket, key string, value []byte) error {
	if value == nil {
		return b.Delete([]byte(key))
	}
	return b.Put([]byte(key), value)
}

func (j *journal) close() error {
	if j.db == nil {
		return nil
	}
	return errors.Join(j.flush(), j.db.Close())
}

// readRows calls f with every row of a bucket, decoded, in the order of their keys.
func readRows[T any](tx *bbolt.Tx, bucket string, f func(key string, v T)) error {
	return tx.Bucket([]byte(bucket)).ForEach(func(k, raw []byte) error {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return fmt.Errorf("%s %s: %w", bucket, k, err)
		}
		f(string(k), v)
		return nil
	})
}
