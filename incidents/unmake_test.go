package incidents

import (
	"slices"
	"testing"
)

// What was made of a message goes with it, and nothing that only says the same.
func TestWhatWasMadeOfADeletedMessageGoes(t *testing.T) {
	id := OutsideID{"slack", "C1/1"}
	for name, tt := range map[string]struct {
		record Record
		hold   bool
		posted bool // recorded as a message too
		want   []uint64
	}{
		"recorded":     {Record{Messages: RecordAll}, false, true, []uint64{2, 3, 4, 5}},
		"not recorded": {Record{Messages: RecordNone}, false, false, []uint64{2, 3, 4}},
		"kept":         {Record{Messages: RecordNone, KeepDeleted: true}, false, false, nil},
		"held":         {Record{Messages: RecordNone}, true, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, Open{})
			h.rules.Record = tt.record
			if tt.posted {
				h.does(alice, RecordMessage{ID: id, Text: "change hunter2", At: noon})
			}
			h.does(bob, TaskFrom{List: Tasks, ID: id, Text: "change hunter2", At: noon})
			h.does(bob, TaskFrom{List: Followups, ID: id, Text: "change hunter2", At: noon})
			h.does(carol, MoveTask{List: Tasks, Number: 1, To: TaskFinished})
			h.does(carol, AddTask{List: Tasks, Text: "change hunter2"})
			if tt.hold {
				h.does(carol, SetHold{On: true, Why: "the regulator asks"})
			}
			c := h.does(alice, RecordDeletion{ID: id, At: noon})
			got := slices.Sorted(slices.Values(c.Redact))
			if kinds(c) != "message_deleted" || !slices.Equal(got, tt.want) {
				t.Errorf("%s removes %v, want %v", kinds(c), got, tt.want)
			}
			text := "change hunter2"
			if tt.want != nil {
				text = RemovedText
			}
			if h.in.Tasks[0].Text != text || h.in.Followups[0].Text != text || h.in.Tasks[1].Text != "change hunter2" {
				t.Errorf("%+v %+v", h.in.Tasks, h.in.Followups)
			}
			nothing(t, h.does(alice, RecordDeletion{ID: id, At: noon}))
			nothing(t, h.does(alice, TaskFrom{List: Tasks, ID: id, Text: "change hunter2"}))
		})
	}
}

// A task that was made of what the bot said of a note stays when that is cleared
// away from the channel: the note does, too.
func TestWhatWasMadeOfOurOwnMessageStays(t *testing.T) {
	id := OutsideID{"slack", "C1/1"}
	h := begin(t, Open{})
	h.does(alice, AddNote{Text: "the disk is full"})
	h.behind[id] = append(h.behind[id], h.last())
	h.does(bob, TaskFrom{List: Tasks, ID: id, Text: "Note: the disk is full", At: noon})
	nothing(t, h.does(Fireboss.Person(), RecordDeletion{ID: id, At: noon}))
	if h.in.Tasks[0].Text != "the disk is full" {
		t.Errorf("%+v", h.in.Tasks)
	}
}

// A second reaction on a message that is not recorded means the message, not what
// the first has made of it.
func TestSecondReactionMeansTheMessage(t *testing.T) {
	id := OutsideID{"slack", "C1/1"}
	h := begin(t, Open{})
	h.rules.Record = Record{Messages: RecordNone}
	h.does(bob, TaskFrom{List: Tasks, ID: id, Text: "nothing recorded", At: noon})
	h.does(bob, TaskFrom{List: Followups, ID: id, Text: "nothing recorded", At: noon})
	if e := h.last(); e.Text != "Follow-up 1: nothing recorded" || h.in.Followups[0].Text != "nothing recorded" {
		t.Errorf("%q, %+v", e.Text, h.in.Followups)
	}
	nothing(t, h.does(bob, MarkMessage{ID: id}))
}
