package web

import (
	"encoding/json"

	"fireboss/incidents"
)

// Event is an event in JSON.
type Event struct {
	Seq        uint64          `json:"seq"` // 1, 2, … without gaps within the incident
	ID         string          `json:"id"`  // INC-12:7
	Kind       string          `json:"kind"`
	At         Time            `json:"at"`          // when it happened
	RecordedAt Time            `json:"recorded_at"` // when it was written down
	Actor      Actor           `json:"actor"`
	Text       string          `json:"text"` // one readable line
	Data       json.RawMessage `json:"data"` // an object
	Redacted   bool            `json:"redacted,omitempty"`
	Hash       string          `json:"hash"`
	PrevHash   string          `json:"prev_hash"` // empty for the first
}

// Actor is who did something, with the name of that day.
type Actor struct {
	Kind string `json:"kind"` // user, system, integration
	ID   string `json:"id"`
	Name string `json:"name"`
}

// EventJSON is an event as the contract has it. A redacted one has no text and
// an empty object of data; its hashes stand.
func EventJSON(e incidents.Event) Event {
	data := e.Data
	if len(data) == 0 {
		data = json.RawMessage("{}")
	}
	return Event{
		Seq: e.Seq, ID: e.ID(), Kind: string(e.Kind), At: Time{e.At}, RecordedAt: Time{e.RecordedAt},
		Actor: Actor{Kind: string(e.Actor.Kind), ID: e.Actor.ID, Name: e.Actor.Name},
		Text:  e.Text, Data: data, Redacted: e.Redacted, Hash: e.Hash, PrevHash: e.PrevHash,
	}
}

func eventsJSON(list []incidents.Event) []Event {
	out := make([]Event, 0, len(list))
	for _, e := range list {
		out = append(out, EventJSON(e))
	}
	return out
}
