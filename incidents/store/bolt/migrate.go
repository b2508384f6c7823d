package bolt

import (
	"fmt"

	bbolt "go.etcd.io/bbolt"
)

// schemaVersion is the version of the rows that this program reads and writes.
const schemaVersion = 8

// migration makes the rows of the next version out of those of the one before.
type migration func(*bbolt.Tx) error

// migrations are the steps from older versions, by the version they start from.
// Version 1 is the first; versions 2, 3, 5, 6 and 7 keep more kinds of rows; version 4 has
// figures in a form of their own, with the load of people beside; version 8 finds
// incidents by their traits.
var migrations = map[uint64]migration{1: addBuckets, 2: addBuckets, 3: refigure, 4: addBuckets, 5: addBuckets, 6: addBuckets, 7: addTraits}

// addBuckets makes room for kinds of rows that the version before did not have.
func addBuckets(tx *bbolt.Tx) error {
	for _, b := range buckets {
		if _, err := tx.CreateBucketIfNotExists(b.name); err != nil {
			return err
		}
	}
	return nil
}

// begin writes what a new file holds.
func begin(tx *bbolt.Tx, identity string) error {
	for _, b := range buckets {
		if _, err := tx.CreateBucket(b.name); err != nil {
			return err
		}
	}
	if err := tx.Bucket(meta.name).Put(metaIdentity, []byte(identity)); err != nil {
		return err
	}
	return setSchema(tx, schemaVersion)
}

func setSchema(tx *bbolt.Tx, version uint64) error {
	return tx.Bucket(meta.name).Put(metaSchema, key{}.uint(version))
}

// schema is the version of the rows in a file.
func schema(tx *bbolt.Tx, path string) (uint64, error) {
	b := tx.Bucket(meta.name)
	if b == nil {
		return 0, &DamageError{Path: path, What: "it has none of Fireboss's rows"}
	}
	row := b.Get(metaSchema)
	if len(row) != 8 {
		return 0, &DamageError{Path: path, What: "it does not say which version wrote it"}
	}
	v, _ := takeUint(row)
	return v, nil
}

// checkSchema refuses rows of any version but this one.
func checkSchema(tx *bbolt.Tx, path string, want uint64) error {
	v, err := schema(tx, path)
	switch {
	case err != nil:
		return err
	case v > want:
		return &newerError{path, v, want}
	case v < want:
		return fmt.Errorf("%s was written by an older Fireboss (schema %d, this one has %d); start Fireboss with it once, or use the version that wrote it", path, v, want)
	}
	return nil
}

// newerError says that a later version wrote a file.
type newerError struct {
	path     string
	has, can uint64 // schemas
}

func (e *newerError) Error() string {
	return fmt.Sprintf("%s was written by a newer Fireboss (schema %d, this one knows %d); use that version again, or restore a backup from before: fireboss restore BACKUP --force", e.path, e.has, e.can)
}

// migrate brings a file up to date, all steps in one transaction: either all
// is as the new version wants it or nothing was touched.
func migrate(b *bbolt.DB, path string, steps map[uint64]migration, want uint64) error {
	var v uint64
	err := b.View(func(tx *bbolt.Tx) (err error) {
		v, err = schema(tx, path)
		return err
	})
	switch {
	case err != nil || v == want:
		return err
	case v > want:
		return &newerError{path, v, want}
	}
	return b.Update(func(tx *bbolt.Tx) error {
		for ; v < want; v++ {
			step, ok := steps[v]
			if !ok {
				return fmt.Errorf("%s was written by a Fireboss so old (schema %d) that this one cannot read it; start the versions between once each", path, v)
			}
			if err := step(tx); err != nil {
				return fmt.Errorf("%s could not be brought from schema %d to %d, and was left as it is; use the version that wrote it: %w", path, v, v+1, err)
			}
		}
		return setSchema(tx, want)
	})
}
