package slack

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
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
		{"white space", " { \"type\" : \"interactive\" ,\n\"envelope_id\":\"E\",\t\"payload\":{ \"trigger_id\" : \"T2\" , \"channel\" : { \"id\" : \"C1\" } } } ", "slack:trigger:T2", "C1"},
		{"escapes", `{"envelope_id":"E","type":"slash_commands","payload":{"text":"say \"hi\\","channel_id":"C\u0031","tri\u0067ger_id":"T1"}}`, "slack:trigger:T1", "C1"},
		{"the last of two", `{"envelope_id":"D","envelope_id":"E","type":"slash_commands","payload":{"trigger_id":"T0","Trigger_ID":"T1","channel_id":"C1"}}`, "slack:trigger:T1", "C1"},
	} {
		env, err := readEnvelope([]byte(tt.raw))
		if err != nil || env.ID != "E" {
			t.Fatalf("%s: %q, %v", tt.name, env.ID, err)
		}
		id, channel := env.deliveryID()
		if id != tt.id || channel != tt.channel {
			t.Errorf("%s: got %q, %q", tt.name, id, channel)
		}
	}
}

func TestWhatHasNoEndIsNotRead(t *testing.T) {
	whole := `{"envelope_id":"E\\","type":"slash_commands","payload":{"a":[1,{"b":"c\""}],"channel_id":"C1","ok":true}}`
	if env, err := readEnvelope([]byte(whole)); err != nil || env.ID != `E\` {
		t.Fatalf("%q, %v", env.ID, err)
	}
	for n := range len(whole) {
		if env, err := readEnvelope([]byte(whole[:n])); err == nil {
			t.Errorf("%q is read as %q", whole[:n], env.ID)
		}
	}
}

func TestAClickIsReadWithoutTheMessagesBlocks(t *testing.T) {
	raw, err := os.ReadFile("testdata/envelope.interactive.block_actions.message.json")
	if err != nil {
		t.Fatal(err)
	}
	env, err := readEnvelope(raw)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readInteraction(env.Payload)
	var want interaction
	if err := json.Unmarshal(env.Payload, &want); err != nil {
		t.Fatal(err)
	}
	if err != nil || !reflect.DeepEqual(got, want) || got.Message.TS == "" || len(got.Actions) == 0 {
		t.Errorf("got  %+v (%v)\nwant %+v", got, err, want)
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
		env, err := readEnvelope(raw)
		if err != nil {
			return
		}
		id, channel := env.deliveryID()
		if id == "" {
			t.Error("an envelope without an id")
		}
		if !json.Valid(raw) {
			return // nobody can say what it should be
		}
		// What is picked out is what encoding/json finds.
		var whole envelope
		if err := lenient(raw, &whole); err != nil || env.ID != whole.ID || env.Type != whole.Type {
			t.Errorf("it is %q of type %q; decoded it is %q of type %q (%v)", env.ID, env.Type, whole.ID, whole.Type, err)
		}
		own, where := whole.decodedMarks()
		if channel != where || own != "" && !strings.HasSuffix(id, ":"+own) {
			t.Errorf("it is %s in %q; decoded it is %q in %q", id, channel, own, where)
		}
	})
}
