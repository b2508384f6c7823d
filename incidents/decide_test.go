package incidents

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// copied is an independent copy of an incident that came from a store.
func copied(t testing.TB, in Incident) Incident {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out Incident
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	out.Seq, out.Head = in.Seq, in.Head
	return out
}

// roomy gives every list of an incident room behind its end, so that an
// append to it that should have gone to a copy leaves a trace there.
func roomy(in Incident) Incident {
	v := reflect.ValueOf(&in).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice {
			wide := reflect.MakeSlice(f.Type(), f.Len(), f.Len()+8)
			reflect.Copy(wide, f)
			f.Set(wide)
		}
	}
	return in
}

// untouched reports whether the room behind every list is still empty.
func untouched(in Incident) bool {
	v := reflect.ValueOf(in)
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() != reflect.Slice {
			continue
		}
		for j := f.Len(); j < f.Cap(); j++ {
			if !f.Slice(0, f.Cap()).Index(j).IsZero() {
				return false
			}
		}
	}
	return true
}

func TestDecideLeavesItsArgumentsAlone(t *testing.T) {
	for _, status := range Statuses {
		for _, act := range everyAct() {
			h := ready(t).into(status)
			if _, opening := act.(Open); opening {
				h.in = Incident{Number: 2}
			}
			in, before := roomy(h.in), copied(t, h.in)
			rules, facts := policy(), recall(Facts{Behind: map[OutsideID][]Event{}}, h.events, h.texts, act)
			texts := slices.Clone(h.texts)
			for id, events := range h.behind {
				facts.Behind[id] = slices.Clone(events)
			}
			cmd := Command{ID: "x", Actor: bob.Actor(), At: noon, Incident: 1, Do: act}
			change, _ := Decide(rules, in, facts, cmd, noon.Add(time.Hour))
			if got := copied(t, in); !reflect.DeepEqual(got, before) || !untouched(in) {
				t.Errorf("%s, %T changed the incident:\n was %+v\n is  %+v", status, act, before, got)
			}
			if !reflect.DeepEqual(rules, policy()) {
				t.Errorf("%s, %T changed the rules", status, act)
			}
			if !reflect.DeepEqual(facts.Behind, h.behind) || !reflect.DeepEqual(texts, h.texts) {
				t.Errorf("%s, %T changed the facts", status, act)
			}
			if !reflect.DeepEqual(cmd, Command{ID: "x", Actor: bob.Actor(), At: noon, Incident: 1, Do: act}) {
				t.Errorf("%s, %T changed the command", status, act)
			}
			spoil(&change.Incident)
			if got := copied(t, in); !reflect.DeepEqual(got, before) {
				t.Errorf("%s, %T: the incident shares memory with the change", status, act)
			}
		}
	}
}

// spoil writes over everything that a change could share with its arguments.
func spoil(in *Incident) {
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Slice:
			for j := range f.Len() {
				f.Index(j).SetZero()
			}
		case reflect.Map:
			f.Clear()
		case reflect.Pointer:
			if !f.IsNil() {
				f.Elem().SetZero()
			}
		}
	}
}

func TestAChangeDoesNotShareTheRules(t *testing.T) {
	yes, rules := true, policy()
	change, err := Decide(rules, Incident{Number: 1}, Facts{}, Command{ID: "x", Actor: bob.Actor(), Do: Open{Title: "x", Private: &yes}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	spoil(&change.Incident)
	if !reflect.DeepEqual(rules, policy()) {
		t.Errorf("%+v", rules)
	}
}

func TestAnAppendChangesNoState(t *testing.T) {
	for _, act := range []Act{
		AddNote{Text: "x"}, MakeDecision{Text: "x"}, RecordMessage{ID: OutsideID{"slack", "C1/9.9"}, Text: "x", At: noon},
		RecordEdit{ID: OutsideID{"slack", "C1/0.1"}, Text: "x", At: noon.Add(time.Hour)},
	} {
		h := ready(t)
		was := h.in
		was.Seq++
		if c := h.later(time.Minute).does(bob, act); c.State || len(c.Events) != 1 || !reflect.DeepEqual(h.in, was) {
			t.Errorf("%T: state %v, %d events", act, c.State, len(c.Events))
		}
	}
}

// TestWhatIsRemovedChangesState: what shows it outside is brought up to date until it does not, which goes by the version.
func TestWhatIsRemovedChangesState(t *testing.T) {
	for _, removes := range []func(note uint64) Act{
		func(uint64) Act { return RecordDeletion{ID: OutsideID{"slack", "C1/0.1"}, At: noon} }, func(note uint64) Act { return Redact{Seq: note, Why: "x"} },
	} {
		h := ready(t)
		h.does(bob, AddNote{Text: "a secret"})
		was, act := h.in.Version, removes(h.in.Seq)
		if c := h.later(time.Minute).does(bob, act); !c.State || h.in.Version != was+1 {
			t.Errorf("%T: state %v, version %d after %d", act, c.State, h.in.Version, was)
		}
	}
}

func TestANewPolicyIsSeenWithTheNextEvent(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.rules.Clock.Commander = Nag{After: map[Severity]time.Duration{1: time.Minute}}
	if c := h.does(bob, AddNote{Text: "x"}); !c.State || c.Incident.Version != 2 || !strings.Contains(due(h.in), "commander responders 1") {
		t.Errorf("%+v %s", c, due(h.in))
	}
}

func TestWhatDoesNotExist(t *testing.T) {
	for _, act := range everyAct() {
		if _, opening := act.(Open); opening {
			continue
		}
		_, err := Decide(policy(), Incident{}, Facts{}, Command{ID: "x", Actor: Fireboss, Incident: 7, Do: act}, noon)
		if r, ok := AsRefusal(err); !ok || *r != *gone(7) {
			t.Errorf("%T: %v", act, err)
		}
	}
}

func TestEventsAreOfNow(t *testing.T) {
	h := begin(t, Open{})
	h.at = time.Date(2026, 11, 20, 15, 0, 0, 123456789, time.FixedZone("CET", 3600))
	h.does(bob, Acknowledge{})
	const want = "2026-11-20T14:00:00.123Z"
	for _, e := range h.events[1:] {
		if e.At.Format(time.RFC3339Nano) != want || e.RecordedAt.Format(time.RFC3339Nano) != want {
			t.Errorf("%v, %v", e.At, e.RecordedAt)
		}
	}
}

func TestDataThatIsNoDataIsAMistakeOfOurs(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("nobody noticed")
		}
	}()
	(&decision{}).event(NoteAdded, "x", "f", func() {})
}
