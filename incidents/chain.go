package incidents

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"time"
)

// SaltSize is the length of a salt in bytes. 16 random bytes make it hopeless
// to find a redacted text by trying candidates against its hash.
const SaltSize = 16

// Chain completes an event: its place, its commitments and its hash. salts are
// 2×[SaltSize] random bytes.
//
// The canonical encoding is, each part preceded by its length as 8 bytes big
// endian: "fireboss event 1", the previous hash, incident, seq, kind, at and
// recorded at (milliseconds since 1970, decimal), actor kind, id and name,
// origin, command, the hash of the text and the hash of the data. The hash is
// SHA-256 of that. Text and data stand in it only as SHA-256(salt ‖ text), so
// that both can be taken away, with their salts, and the chain still holds.
func (e Event) Chain(seq uint64, prev string, salts []byte) Event {
	e.Seq, e.PrevHash = seq, prev
	e.TextSalt, e.DataSalt = salts[:SaltSize:SaltSize], salts[SaltSize:2*SaltSize:2*SaltSize]
	e.TextHash, e.DataHash = commit(e.TextSalt, []byte(e.Text)), commit(e.DataSalt, e.Data)
	e.Hash = e.digest()
	return e
}

// Redact takes the text and the data away for good. The hash stays as it was.
func (e Event) Redact() Event {
	e.Text, e.Data, e.TextSalt, e.DataSalt, e.Redacted = "", nil, nil, nil, true
	return e
}

// Verify reports what is wrong with an event that should stand at this place
// after prev; nil if all of it holds.
func (e Event) Verify(n Number, seq uint64, prev string) error {
	switch {
	case e.Incident != n || e.Seq != seq:
		return fmt.Errorf("%s:%d is missing; %s stands in its place", n, seq, e.ID())
	case e.PrevHash != prev:
		return fmt.Errorf("%s does not follow from the event before it", e.ID())
	case e.Hash != e.digest():
		return fmt.Errorf("%s was changed after it was written", e.ID())
	case e.Redacted && (e.Text != "" || len(e.Data) > 0):
		return fmt.Errorf("%s is redacted and yet has text", e.ID())
	case !e.Redacted && !bytes.Equal(commit(e.TextSalt, []byte(e.Text)), e.TextHash):
		return fmt.Errorf("the text of %s was changed after it was written", e.ID())
	case !e.Redacted && !bytes.Equal(commit(e.DataSalt, e.Data), e.DataHash):
		return fmt.Errorf("the data of %s was changed after it was written", e.ID())
	}
	return nil
}

func (e Event) digest() string {
	h := sha256.New()
	part(h, "fireboss event 1")
	part(h, e.PrevHash)
	part(h, fmt.Sprint(uint64(e.Incident)))
	part(h, fmt.Sprint(e.Seq))
	part(h, string(e.Kind))
	part(h, millis(e.At))
	part(h, millis(e.RecordedAt))
	part(h, string(e.Actor.Kind))
	part(h, e.Actor.ID)
	part(h, e.Actor.Name)
	part(h, e.Origin)
	part(h, e.Command)
	part(h, string(e.TextHash))
	part(h, string(e.DataHash))
	return hex.EncodeToString(h.Sum(nil))
}

func millis(t time.Time) string { return fmt.Sprint(t.UnixMilli()) }

func commit(salt, text []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(text)
	return h.Sum(nil)
}

func part(h hash.Hash, s string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(s)))
	h.Write(n[:])
	h.Write([]byte(s))
}

// Seal holds the heads of the incidents that changed since the seal before it,
// so that a cut tail or a missing incident shows. Seals are a chain of their
// own over the whole store.
type Seal struct {
	Seq      uint64    `json:"seq"`
	At       time.Time `json:"at"`
	Heads    []Head    `json:"heads"` // by number
	PrevHash string    `json:"prev_hash"`
	Hash     string    `json:"hash"`
}

// Head is the last event of an incident at some moment.
type Head struct {
	Incident Number `json:"incident"`
	Seq      uint64 `json:"seq"`
	Hash     string `json:"hash"`
}

// String is how a head is written down elsewhere: INC-12:41:HASH.
func (h Head) String() string { return fmt.Sprintf("%s:%d:%s", h.Incident, h.Seq, h.Hash) }

// Chain completes a seal: its place and its hash, SHA-256 over "fireboss seal
// 1", the previous hash, seq, at, and of each head incident, seq and hash, each
// part preceded by its length as 8 bytes big endian.
func (s Seal) Chain(seq uint64, prev string) Seal {
	s.Seq, s.PrevHash = seq, prev
	s.Hash = s.digest()
	return s
}

// Verify reports what is wrong with a seal that should stand at this place.
func (s Seal) Verify(seq uint64, prev string) error {
	switch {
	case s.Seq != seq:
		return fmt.Errorf("seal %d is missing", seq)
	case s.PrevHash != prev:
		return fmt.Errorf("seal %d does not follow from the seal before it", seq)
	case s.Hash != s.digest():
		return fmt.Errorf("seal %d was changed after it was written", seq)
	}
	return nil
}

func (s Seal) digest() string {
	h := sha256.New()
	part(h, "fireboss seal 1")
	part(h, s.PrevHash)
	part(h, fmt.Sprint(s.Seq))
	part(h, millis(s.At))
	for _, head := range s.Heads {
		part(h, fmt.Sprint(uint64(head.Incident)))
		part(h, fmt.Sprint(head.Seq))
		part(h, head.Hash)
	}
	return hex.EncodeToString(h.Sum(nil))
}
