package bolt

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"fireboss/incidents"
)

// settled makes an event what it will be when it is read again: JSON knows
// only valid UTF-8 and has its own spelling of data, and the hash must be over
// what is stored.
func settled(e incidents.Event) (incidents.Event, error) {
	for _, s := range []*string{&e.Text, &e.Origin, &e.Command, &e.Actor.ID, &e.Actor.Name} {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
	if len(e.Data) == 0 {
		e.Data = nil
		return e, nil
	}
	data, err := json.Marshal(e.Data)
	if err != nil {
		return e, fmt.Errorf("the data of a %s event cannot be stored: %w", e.Kind, err)
	}
	e.Data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	return e, nil
}

// putEvent plans an event with its words.
func (p *plan) putEvent(e incidents.Event) {
	p.putJSON(events, key{}.event(e.Incident, e.Seq), nil, e)
	for _, w := range wordsOf(e) {
		p.put(words, wordKey(w, e.Incident, e.Seq), none)
	}
}

// redactAll plans that the texts of events go, and out of the alerts and the postmortem too.
func (p *plan) redactAll(in incidents.Incident, change incidents.Change) error {
	gone := make([]incidents.Event, 0, len(change.Redact))
	for _, seq := range change.Redact {
		e, err := p.redact(in.Number, seq)
		if err != nil {
			return err
		}
		gone = append(gone, e)
	}
	if err := p.redactAlerts(in, change, gone); err != nil {
		return err
	}
	return p.redactDocuments(in, change, gone)
}

// redact plans that the text of an event goes, with its words and its files. It
// answers the event as it was.
func (p *plan) redact(n incidents.Number, seq uint64) (incidents.Event, error) {
	e, ok, err := p.event(n, seq)
	if err != nil {
		return e, err
	}
	if !ok {
		return e, fmt.Errorf("%s:%d does not exist and cannot be redacted", n, seq)
	}
	for _, w := range wordsOf(e) {
		p.remove(words, wordKey(w, n, seq))
	}
	p.putJSON(events, key{}.event(n, seq), nil, e.Redact())
	return e, p.removeFiles(n, seq)
}

// headRow is the row in heads: seq, then the hash.
func headRow(in incidents.Incident) []byte {
	hash, err := hex.DecodeString(in.Head)
	if err != nil { // hashes are made by incidents.Event.Chain
		panic("bolt: the hash of " + in.Number.String() + " is not hexadecimal")
	}
	return append(key{}.uint(in.Seq), hash...)
}

func takeHead(row []byte) (seq uint64, hash string) {
	seq, rest := takeUint(row)
	return seq, hex.EncodeToString(rest)
}
