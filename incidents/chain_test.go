package incidents

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// sample is an event of which every part that stands in the hash is set.
func sample() Event {
	return Event{
		Incident: 12, Kind: NoteAdded, At: noon.Add(-time.Hour), RecordedAt: noon.Add(1234 * time.Millisecond),
		Actor: Actor{Kind: User, ID: "slack:T1/UA", Name: "Alice Ölund"}, Text: "traffic moved 🔥", Data: json.RawMessage(`{"a":1}`),
		Origin: "slack", Command: "slack:Ev1",
	}
}

func salts() []byte {
	b := make([]byte, 2*SaltSize)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func sampleSeal() Seal {
	return Seal{At: noon, Heads: []Head{{12, 41, "aa"}, {13, 1, "bb"}}}
}

// A chain that was written once has to hold for ever, so what is hashed, and
// how, is written down here and never made anew.
func TestTheCanonicalHash(t *testing.T) {
	e := sample().Chain(7, "c0ffee", salts())
	s := sampleSeal().Chain(3, "5ea1")
	empty := Event{}.Chain(1, "", make([]byte, 2*SaltSize))
	golden(t, "chain.golden", fmt.Sprintf("event %s\ntext %x\ndata %x\nempty event %s\nseal %s\n", e.Hash, e.TextHash, e.DataHash, empty.Hash, s.Hash))
}

// chain is a few events in a row.
func chain() []Event {
	var list []Event
	prev := ""
	for i := range 5 {
		e := sample()
		e.Text = fmt.Sprint("event ", i)
		e = e.Chain(uint64(i+1), prev, salts())
		list, prev = append(list, e), e.Hash
	}
	return list
}

// verify is what is wrong with a chain of INC-12.
func verify(list []Event) error {
	prev := ""
	for i, e := range list {
		if err := e.Verify(12, uint64(i+1), prev); err != nil {
			return err
		}
		prev = e.Hash
	}
	return nil
}

func TestAChainHolds(t *testing.T) {
	if err := verify(chain()); err != nil {
		t.Error(err)
	}
}

func TestAChainSurvivesJSON(t *testing.T) {
	var back []Event
	raw, err := json.Marshal(chain())
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if err := verify(back); err != nil {
		t.Error(err)
	}
}

func TestRedactionKeepsTheChain(t *testing.T) {
	list := chain()
	list[2] = list[2].Redact()
	if e := list[2]; !e.Redacted || e.Text != "" || e.Data != nil || e.TextSalt != nil || e.DataSalt != nil || e.Field("a") != "" {
		t.Errorf("%+v", e)
	}
	if err := verify(list); err != nil {
		t.Error(err)
	}
	raw, _ := json.Marshal(list[2])
	if bytes.Contains(raw, []byte("salt")) || bytes.Contains(raw, []byte("event 2")) {
		t.Errorf("%s", raw)
	}
}

func TestAChainShowsWhatWasDoneToIt(t *testing.T) {
	for what, c := range map[string]struct {
		do    func(*Event)
		wrong string
	}{
		"text":              {func(e *Event) { e.Text += "!" }, "the text of INC-12:3 was changed"},
		"no text":           {func(e *Event) { e.Text = "" }, "the text of INC-12:3 was changed"},
		"data":              {func(e *Event) { e.Data = json.RawMessage(`{"a":2}`) }, "the data of INC-12:3 was changed"},
		"no data":           {func(e *Event) { e.Data = nil }, "the data of INC-12:3 was changed"},
		"salt":              {func(e *Event) { e.TextSalt = make([]byte, SaltSize) }, "the text of INC-12:3 was changed"},
		"text, rehashed":    {func(e *Event) { e.Text = "x"; e.TextHash = commit(e.TextSalt, []byte("x")) }, "INC-12:3 was changed"},
		"data, rehashed":    {func(e *Event) { e.Data = nil; e.DataHash = commit(e.DataSalt, nil) }, "INC-12:3 was changed"},
		"kind":              {func(e *Event) { e.Kind = DecisionMade }, "INC-12:3 was changed"},
		"at":                {func(e *Event) { e.At = e.At.Add(time.Millisecond) }, "INC-12:3 was changed"},
		"recorded at":       {func(e *Event) { e.RecordedAt = e.At }, "INC-12:3 was changed"},
		"actor":             {func(e *Event) { e.Actor.ID = bob.ID }, "INC-12:3 was changed"},
		"actor's name":      {func(e *Event) { e.Actor.Name = "bob" }, "INC-12:3 was changed"},
		"actor's kind":      {func(e *Event) { e.Actor.Kind = System }, "INC-12:3 was changed"},
		"origin":            {func(e *Event) { e.Origin = "" }, "INC-12:3 was changed"},
		"command":           {func(e *Event) { e.Command = "" }, "INC-12:3 was changed"},
		"hash":              {func(e *Event) { e.Hash = strings.Repeat("0", 64) }, "INC-12:3 was changed"},
		"hash, rehashed":    {func(e *Event) { e.Actor.ID = bob.ID; e.Hash = e.digest() }, "INC-12:4 does not follow"},
		"seq":               {func(e *Event) { e.Seq = 9 }, "INC-12:3 is missing; INC-12:9 stands in its place"},
		"incident":          {func(e *Event) { e.Incident = 13 }, "INC-12:3 is missing; INC-13:3 stands in its place"},
		"previous":          {func(e *Event) { e.PrevHash = "" }, "INC-12:3 does not follow"},
		"redacted for show": {func(e *Event) { e.Redacted = true }, "INC-12:3 is redacted and yet has text"},
		"shifted parts":     {func(e *Event) { e.Origin, e.Command = "slacks", "lack:Ev1" }, "INC-12:3 was changed"},
	} {
		list := chain()
		c.do(&list[2])
		if err := verify(list); err == nil || !strings.HasPrefix(err.Error(), c.wrong) {
			t.Errorf("%s: %v, want %s", what, err, c.wrong)
		}
	}
	list := chain()
	if err := verify(append(list[:2], list[3:]...)); err == nil || err.Error() != "INC-12:3 is missing; INC-12:4 stands in its place" {
		t.Error(err)
	}
	list = chain()
	list[1], list[2] = list[2], list[1]
	if verify(list) == nil {
		t.Error("a swap went unnoticed")
	}
}

func TestTheSameTextHasAnotherHashEachTime(t *testing.T) {
	a, other := sample().Chain(1, "", salts()), salts()
	other[0]++
	b := sample().Chain(1, "", other)
	if bytes.Equal(a.TextHash, b.TextHash) || !bytes.Equal(a.DataHash, b.DataHash) {
		t.Error("salts do not count, each for its own")
	}
}

func TestChainLeavesTheEventAlone(t *testing.T) {
	e := sample()
	_ = e.Chain(7, "x", salts())
	if e.Seq != 0 || e.Hash != "" || e.TextSalt != nil {
		t.Errorf("%+v", e)
	}
	done := e.Chain(7, "x", salts())
	if _ = append(done.TextSalt, 0xff); done.DataSalt[0] != SaltSize {
		t.Error("one salt runs into the other")
	}
}

func TestSeals(t *testing.T) {
	good := sampleSeal().Chain(1, "")
	next := sampleSeal().Chain(2, good.Hash)
	if err := good.Verify(1, ""); err != nil {
		t.Error(err)
	}
	if err := next.Verify(2, good.Hash); err != nil {
		t.Error(err)
	}
	for what, c := range map[string]struct {
		do    func(*Seal)
		wrong string
	}{
		"seq":      {func(s *Seal) { s.Seq = 3 }, "seal 2 is missing"},
		"previous": {func(s *Seal) { s.PrevHash = "" }, "seal 2 does not follow"},
		"at":       {func(s *Seal) { s.At = s.At.Add(time.Hour) }, "seal 2 was changed"},
		"a head":   {func(s *Seal) { s.Heads[0].Hash = "cc" }, "seal 2 was changed"},
		"a seq":    {func(s *Seal) { s.Heads[0].Seq = 40 }, "seal 2 was changed"},
		"a number": {func(s *Seal) { s.Heads[0].Incident = 11 }, "seal 2 was changed"},
		"one less": {func(s *Seal) { s.Heads = s.Heads[:1] }, "seal 2 was changed"},
	} {
		s := sampleSeal().Chain(2, good.Hash)
		c.do(&s)
		if err := s.Verify(2, good.Hash); err == nil || !strings.HasPrefix(err.Error(), c.wrong) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := good.Heads[0].String(); got != "INC-12:41:aa" {
		t.Error(got)
	}
}

func TestFieldsOfData(t *testing.T) {
	e := Event{Data: json.RawMessage(`{"s":"x","n":7,"b":true,"l":["a"],"z":null}`)}
	for name, want := range map[string]string{"s": "x", "n": "7", "b": "true", "l": "[a]", "z": "", "gone": ""} {
		if got := e.Field(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if (Event{Data: json.RawMessage(`[`)}).Field("s") != "" {
		t.Error("something came of nothing")
	}
}

func TestPostedKinds(t *testing.T) {
	// The posted kinds of the contract.
	want := "severity_changed status_changed role_assigned role_cleared acknowledged update_posted note_added decision_made task_added task_done handoff_accepted impact_changed visibility_changed merged postmortem_published"
	for _, k := range strings.Fields(want) {
		if !(Event{Kind: Kind(k)}).Posted() {
			t.Errorf("%s is not posted", k)
		}
	}
	if n := len(strings.Fields(want)); n != len(posted) {
		t.Errorf("%d kinds are posted, %d should be", len(posted), n)
	}
	for to, want := range map[string]bool{"channel": true, "person": false, "": false} {
		e := Event{Kind: ReminderSent, Data: json.RawMessage(`{"to":"` + to + `"}`)}
		if e.Posted() != want {
			t.Errorf("a reminder to %q: %v", to, !want)
		}
	}
}
