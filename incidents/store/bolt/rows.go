package bolt

import (
	"bytes"
	"encoding/json"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// rows are the rows of the file as one transaction sees them. What its methods
// return as bytes is valid only within the transaction.
type rows struct {
	tx   *bbolt.Tx
	path string
	read *readSilences
}

func (r rows) get(b bucket, k []byte) []byte { return r.tx.Bucket(b.name).Get(k) }

func (r rows) cursor(b bucket) *bbolt.Cursor { return r.tx.Bucket(b.name).Cursor() }

// prefix calls f with the keys that begin with prefix, in order, until f
// answers false.
func (r rows) prefix(b bucket, prefix []byte, f func(k, v []byte) bool) {
	c := r.cursor(b)
	for k, v := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if !f(k, v) {
			return
		}
	}
}

// unreadable is a row that is not what was written.
func (r rows) unreadable(what string, err error) error {
	return &DamageError{Path: r.path, What: what + " cannot be read", Err: err}
}

// incident reads an incident with its head; false where there is none.
func (r rows) incident(n incidents.Number) (in incidents.Incident, ok bool, err error) {
	k := key{}.number(n)
	row := r.get(states, k)
	if row == nil {
		return in, false, nil
	}
	if err := json.Unmarshal(row, &in); err != nil {
		return in, false, r.unreadable(n.String(), err)
	}
	in.Seq, in.Head = takeHead(r.get(heads, k))
	return in, true, nil
}

// event reads one event; false where there is none.
func (r rows) event(n incidents.Number, seq uint64) (e incidents.Event, ok bool, err error) {
	row := r.get(events, key{}.event(n, seq))
	if row == nil {
		return e, false, nil
	}
	if err := json.Unmarshal(row, &e); err != nil {
		return e, false, r.unreadable(fmt.Sprintf("%s:%d", n, seq), err)
	}
	return e, true, nil
}

// lastNumber is the last number that was given.
func (r rows) lastNumber() incidents.Number {
	v := r.get(meta, metaNumber)
	if v == nil {
		return 0
	}
	n, _ := takeNumber(v)
	return n
}

// mirrors are the names of the mirrors that are known.
func (r rows) mirrors() []string {
	var names []string
	r.prefix(meta, []byte(metaMirror), func(k, _ []byte) bool {
		names = append(names, string(k[len(metaMirror):]))
		return true
	})
	return names
}

// last is the last key of a bucket whose keys begin with a uint; 0 where it is empty.
func (r rows) last(b bucket) uint64 {
	k, _ := r.cursor(b).Last()
	if k == nil {
		return 0
	}
	v, _ := takeUint(k)
	return v
}
