package bolt

import (
	"bytes"
	"encoding/json"
	"fmt"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// plan is what one write wants done. While it is made, the rows can be read
// (with what was written before it in the same transaction, but without what
// it wants itself) and nothing is touched; so a write that fails half-way has
// done nothing.
type plan struct {
	rows
	db     *DB
	writes []write
	err    error // the first row that cannot be written
	// touched are the incidents that change by it, each once.
	touched []incidents.Number
}

// write is a row to put or, where value is nil, to remove.
type write struct {
	in         bucket
	key, value []byte
}

// none is the value of rows that are all key.
var none = []byte{}

// maxRow bounds a row's length in bytes. No door lets so much in.
const maxRow = 256 << 20

func (p *plan) put(in bucket, k key, value []byte) {
	switch {
	case p.err != nil:
	case len(k) > bbolt.MaxKeySize:
		p.err = fmt.Errorf("an id of %d bytes is too long to be stored, at most %d fit", len(k), bbolt.MaxKeySize)
	case len(value) > maxRow:
		p.err = fmt.Errorf("a row of %d bytes is too long to be stored, at most %d fit", len(value), maxRow)
	default:
		p.writes = append(p.writes, write{in, k, value})
	}
}

// putJSON puts prefix and v in JSON.
func (p *plan) putJSON(in bucket, k key, prefix []byte, v any) {
	row, err := json.Marshal(v)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("this cannot be stored: %w", err)
	}
	p.put(in, k, append(prefix, row...))
}

func (p *plan) remove(in bucket, k key) { p.writes = append(p.writes, write{in: in, key: k}) }

// removeFound removes a row by a key that belongs to the transaction.
func (p *plan) removeFound(in bucket, k []byte) { p.remove(in, bytes.Clone(k)) }

// make asks decide what it wants. What panics there is an error of this plan
// alone: nothing was touched yet.
func (p *plan) make(decide func(*plan) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = damage(p.db.path, v)
		}
		err = p.db.note(err)
	}()
	if err := decide(p); err != nil {
		return err
	}
	return p.err
}

// size is about how many bytes are wanted.
func (p *plan) size() (sum int) {
	for _, w := range p.writes {
		sum += len(w.key) + len(w.value)
	}
	return sum
}

// execute does what is wanted.
func (p *plan) execute() error {
	for _, w := range p.writes {
		b := p.tx.Bucket(w.in.name)
		var err error
		if w.value == nil {
			err = b.Delete(w.key)
		} else {
			err = b.Put(w.key, w.value)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", w.in.name, err)
		}
	}
	return nil
}
