package slack

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestDeliveryIDs(t *testing.T) {
	for _, tt := range []struct{ name, raw, id, channel string }{
		{"slash", `{"envelope_id":"E","type":"slash_commands","payload":{"channel_id":"C1","user_id":"U1","trigger_id":"T1"}}`, "slack:trigger:T1", "C1"},
		{"event", `{"envelope_id":"E","type":"events_api","payload":{"event_id":"Ev1","event":{"type":"message","channel":"C1"}}}`, "slack:event:Ev1", "C1"},
		{"channel object", `{"envelope_id":"E","type":"events_api","payload":{"event_id":"Ev1","event":{"type":"channel_rename","channel":{"id":"C2"}}}}`, "slack:event:Ev1", "C2"},
		{"pin", `{"envelope_id":"E","type":"events_api","payload":{"event_id":"Ev1","event":{"type":"pin_removed","channel_id":"C3"}}}`, "slack:event:Ev1", "C3"},
		{"click", `{"envelope_id":"E","type":"interactive","payload":{"trigger_id":"T2","channel":{"id":"C1"},"user":{"id":"U1"}}}`, "slack:trigger:T2", "C1"},
		{"wrong types", `{"envelope_id":"E","type":"events_api","payload":{"event_id":7,"event":{"type":3,"channel":"C1"}}}`, "slack:envelope:E", "C1"},
		{"nothing", `{"envelope_id":"E","type":"events_api"}`, "slack:envelope:E", ""},
	} {
		var env envelope
		if err := lenient([]byte(tt.raw), &env); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		id, channel := env.deliveryID()
		if id != tt.id || channel != tt.channel {
			t.Errorf("%s: got %q, %q", tt.name, id, channel)
		}
	}
}

func TestTimestamps(t *testing.T) {
	want := time.Date(2020, 11, 20, 10, 53, 54, 400_000, time.UTC)
	if got := tsTime("1605869634.000400"); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := formatTS(want); got != "1605869634.000400" {
		t.Errorf("got %s", got)
	}
	if !tsTime("nonsense").IsZero() {
		t.Error("nonsense is a time")
	}
}

func FuzzEnvelope(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.json")
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds in testdata", err)
	}
	for _, name := range seeds {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var env envelope
		if lenient(raw, &env) != nil {
			return
		}
		if id, _ := env.deliveryID(); id == "" {
			t.Error("an envelope without an id")
		}
	})
}
