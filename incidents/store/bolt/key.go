package bolt

import (
	"encoding/binary"
	"time"

	"fireboss/incidents"
)

// key is a key being put together. Everything in it has either a fixed length
// or its length before it, except at the end, so that no two keys can be mixed
// up whatever names contain; and numbers and moments sort as they should.
type key []byte

func (k key) uint(v uint64) key                        { return binary.BigEndian.AppendUint64(k, v) }
func (k key) number(n incidents.Number) key            { return k.uint(uint64(n)) }
func (k key) raw(s string) key                         { return append(k, s...) }
func (k key) event(n incidents.Number, seq uint64) key { return k.number(n).uint(seq) }

// name appends a name behind its length.
func (k key) name(s string) key {
	return append(binary.BigEndian.AppendUint32(k, uint32(len(s))), s...)
}

// momentSize is the length of a moment in a key.
const momentSize = 12

// moment appends a time so that keys sort by it, whatever its year.
func (k key) moment(t time.Time) key {
	k = binary.BigEndian.AppendUint64(k, uint64(t.Unix())^1<<63)
	return binary.BigEndian.AppendUint32(k, uint32(t.Nanosecond()))
}

// The readers below take one part off the front of a key. A key that is too
// short makes them panic, which whoever reads the file takes for damage.

func takeUint(k []byte) (uint64, []byte) { return binary.BigEndian.Uint64(k), k[8:] }

func takeNumber(k []byte) (incidents.Number, []byte) {
	v, rest := takeUint(k)
	return incidents.Number(v), rest
}

func takeName(k []byte) (string, []byte) {
	n := binary.BigEndian.Uint32(k)
	return string(k[4 : 4+n]), k[4+n:]
}

func takeMoment(k []byte) (time.Time, []byte) {
	sec, nsec := binary.BigEndian.Uint64(k), binary.BigEndian.Uint32(k[8:])
	return time.Unix(int64(sec^1<<63), int64(nsec)).UTC(), k[momentSize:]
}
