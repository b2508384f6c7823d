package incidents

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// on is a message of the channel.
func on(id string) OutsideID { return OutsideID{Mirror: "slack", ID: "C1/" + id} }

// removed are the seqs whose text is gone.
func (h *history) removed() (seqs []uint64) {
	for _, e := range h.events {
		if e.Redacted {
			seqs = append(seqs, e.Seq)
		}
	}
	return seqs
}

// says reports whether any event that is left, or the incident as it stands, says so.
func (h *history) says(words string) bool {
	for _, e := range h.events {
		if strings.Contains(e.Text+string(e.Data), words) {
			return true
		}
	}
	in := h.in
	all := in.Title + in.Summary + in.Update.Text
	for _, t := range slices.Concat(in.Tasks, in.Followups) {
		all += t.Text
	}
	return strings.Contains(all, words)
}

func TestMarksAreStatedForTheMessagesOwnTime(t *testing.T) {
	h := begin(t, Open{})
	early := noon.Add(-time.Minute)
	nothing(t, h.does(bob, MarkMessage{ID: on("1")})) // nobody recorded it
	h.does(alice, RecordMessage{ID: on("1"), Text: "the disk\nis full", At: early})
	h.later(time.Minute).does(bob, MarkMessage{ID: on("1")})
	if e := h.last(); e.Kind != MessageMarked || !e.At.Equal(early) || e.Text != "Key event: alice: the disk is full" || e.Actor != bob.Actor() || e.Field("author") != alice.ID {
		t.Errorf("%+v", e)
	}
	nothing(t, h.does(carol, MarkMessage{ID: on("1")}))
	h.does(bob, UnmarkMessage{ID: on("1")})
	if e := h.last(); e.Kind != MessageUnmarked || !e.At.Equal(h.at) || strings.Contains(e.Text, "disk") {
		t.Errorf("%+v", e)
	}
	nothing(t, h.does(bob, UnmarkMessage{ID: on("1")}))
	h.does(bob, MarkMessage{ID: on("1")})
	h.does(alice, RecordEdit{ID: on("1"), Text: "the disk was full", At: h.at})
	if e := h.last(); e.Kind != MessageEdited || e.Text != "the disk was full" {
		t.Errorf("a mark hides an edit: %+v", e)
	}
	h.does(alice, RecordDeletion{ID: on("1"), At: h.at})
	if h.says("disk") {
		t.Error("a mark keeps the text of a message that was deleted")
	}
	nothing(t, h.does(bob, MarkMessage{ID: on("1")}))
	nothing(t, h.does(bob, TaskFrom{List: Tasks, ID: on("1"), Text: "the disk"}))
	h.does(alice, RecordMessage{ID: on("2"), Text: "oops", At: noon})
	h.does(alice, RecordDeletion{ID: on("2"), At: noon})
	nothing(t, h.does(bob, MarkMessage{ID: on("2")}))
}

func TestTasksFromMessages(t *testing.T) {
	h := begin(t, Open{})
	early := noon.Add(-time.Hour)
	h.does(alice, RecordMessage{ID: on("1"), Text: "somebody should\nlook at the disk", At: early})
	for _, list := range []List{Tasks, Followups} {
		h.does(bob, TaskFrom{List: list, ID: on("1"), Text: "not this"})
		if e := h.last(); e.Kind != list.kind("added") || !e.At.Equal(early) || e.Field("message") != on("1").ID || e.Field("text") != "somebody should\nlook at the disk" {
			t.Errorf("%+v", e)
		}
		nothing(t, h.does(carol, TaskFrom{List: list, ID: on("1")}))
	}
	h.does(bob, TaskFrom{List: Tasks, ID: on("2"), Text: strings.Repeat("x", 600), At: early})
	if n := len([]rune(h.in.Tasks[1].Text)); n != maxTaken {
		t.Errorf("the task has %d characters", n)
	}
	h.refuses(bob, TaskFrom{List: Tasks, ID: on("3"), Text: " "}, CodeInvalid, "The task is missing")
	h.does(bob, TaskFrom{List: Tasks, ID: on("4"), Text: "x", At: time.Time{}})
	if e := h.last(); !e.At.Equal(h.at) {
		t.Errorf("%+v", e)
	}
	h.does(bob, Resolve{})
	h.does(bob, Close{})
	h.refuses(bob, TaskFrom{List: Tasks, ID: on("5"), Text: "x"}, CodeRefused, "is closed")
}

func TestWhatIsRecorded(t *testing.T) {
	file := File{ID: "F1", Name: "a.png\n", Type: "image/png", Size: 10, From: "https://files.example.com/a"}
	for name, tt := range map[string]struct {
		record Record
		acts   []Act
		kinds  string
		files  int // whose content is kept
	}{
		"all":                          {Record{Files: 10}, []Act{RecordMessage{ID: on("1"), Text: "x", Files: []File{file}}}, "message_posted", 1},
		"a file that is too large":     {Record{Files: 9}, []Act{RecordMessage{ID: on("1"), Files: []File{file}}}, "message_posted", 0},
		"no files":                     {Record{}, []Act{RecordMessage{ID: on("1"), Files: []File{file}}}, "message_posted", 0},
		"a file that cannot be had":    {Record{Files: 10}, []Act{RecordMessage{ID: on("1"), Files: []File{{ID: "F1", Name: "a", Size: 1}}}}, "message_posted", 0},
		"a file without an id":         {Record{Files: 10}, []Act{RecordMessage{ID: on("1"), Files: []File{{Name: "a", Size: 1, From: "x"}}}}, "message_posted", 0},
		"none":                         {Record{Messages: RecordNone}, []Act{RecordMessage{ID: on("1"), Text: "x", Marked: true}, RecordEdit{ID: on("1"), Text: "y"}, RecordDeletion{ID: on("1")}, MarkMessage{ID: on("1")}}, "", 0},
		"marked: one that is not":      {Record{Messages: RecordMarked}, []Act{RecordMessage{ID: on("1"), Text: "x"}, RecordEdit{ID: on("1"), Text: "y"}, RecordDeletion{ID: on("1")}}, "", 0},
		"marked: one that is":          {Record{Messages: RecordMarked, Files: 99}, []Act{RecordMessage{ID: on("1"), Text: "x", Marked: true, Files: []File{file}}, RecordEdit{ID: on("1"), Text: "y"}, MarkMessage{ID: on("1")}, RecordDeletion{ID: on("1")}}, "message_posted message_edited message_marked message_deleted", 1},
		"a task of what is not marked": {Record{Messages: RecordNone}, []Act{TaskFrom{List: Tasks, ID: on("1"), Text: "x"}, TaskFrom{List: Tasks, ID: on("1"), Text: "x"}}, "task_added", 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, Open{})
			h.rules.Record = tt.record
			before, files := len(h.events), 0
			for _, act := range tt.acts {
				c := h.does(bob, act)
				files += len(c.Files)
				for _, f := range c.Files {
					if f.File.Name != "a.png" || f.File.From == "" || strings.Contains(string(c.Events[f.Event].Data), "example.com") {
						t.Errorf("%+v of %s", f, c.Events[f.Event].Data)
					}
				}
			}
			var got []string
			for _, e := range h.events[before:] {
				got = append(got, string(e.Kind))
			}
			if strings.Join(got, " ") != tt.kinds || files != tt.files {
				t.Errorf("recorded are %v and %d files, want %s and %d", got, files, tt.kinds, tt.files)
			}
		})
	}
}

// Whoever keeps what was deleted, by policy or by a legal hold, keeps all of it.
func TestWhatIsDeletedCanBeKept(t *testing.T) {
	for name, arrange := range map[string]func(*history){
		"by policy": func(h *history) { h.rules.Record.KeepDeleted = true },
		"by a hold": func(h *history) { h.does(bob, SetHold{On: true}) },
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, Open{})
			arrange(h)
			h.does(alice, RecordMessage{ID: on("1"), Text: "hunter2", At: noon})
			h.does(alice, RecordDeletion{ID: on("1"), At: noon})
			if e := h.last(); e.Kind != MessageDeleted || !strings.HasSuffix(e.Text, "its text is kept") || len(h.removed()) > 0 {
				t.Errorf("%+v, removed are %v", e, h.removed())
			}
			nothing(t, h.does(alice, RecordEdit{ID: on("1"), Text: "late", At: noon}))
		})
	}
}

// Of two edits the one that was made last counts, however close they are and whichever
// is heard of first.
func TestEditsOutOfOrder(t *testing.T) {
	h := begin(t, Open{})
	h.does(alice, RecordMessage{ID: on("1"), Text: "first", At: noon})
	h.does(alice, RecordEdit{ID: on("1"), Text: "third", At: noon.Add(time.Second + 3*time.Microsecond)})
	nothing(t, h.does(alice, RecordEdit{ID: on("1"), Text: "second", At: noon.Add(time.Second + 2*time.Microsecond)}))
	h.does(alice, RecordEdit{ID: on("1"), Text: "fourth", At: noon.Add(time.Second + 4*time.Microsecond)})
	if e := h.last(); e.Kind != MessageEdited || e.Text != "fourth" {
		t.Errorf("%+v", e)
	}
}

func TestHold(t *testing.T) {
	h := begin(t, Open{})
	nothing(t, h.does(bob, SetHold{On: false}))
	h.does(bob, SetHold{On: true, Why: "the  regulator asks"})
	if e := h.last(); e.Kind != HoldChanged || e.Text != "Legal hold: nothing of this is deleted: the regulator asks" || e.Field("to") != "on" || !h.in.Hold.On() || h.in.Hold.By != bob {
		t.Errorf("%+v %+v", e, h.in.Hold)
	}
	nothing(t, h.does(carol, SetHold{On: true}))
	h.does(bob, AddNote{Text: "a secret"})
	h.refuses(bob, Redact{Seq: 3}, CodeRefused, "is under a legal hold")
	h.rules.Retention.Messages = time.Minute
	h.does(bob, RecordMessage{ID: on("1"), Text: "x", At: noon})
	h.later(time.Hour)
	nothing(t, h.does(bob, Expire{}))
	if first, over := h.rules.Retention.First(h.in, h.events, h.at); first != 0 || !over {
		t.Errorf("event %d is to go", first)
	}
	h.does(bob, SetHold{Why: "it is over"})
	if e := h.last(); e.Text != "Legal hold lifted: it is over" || e.Field("to") != "off" || h.in.Hold.On() {
		t.Errorf("%+v", e)
	}
	h.does(bob, Redact{Seq: 3})
}

// What is blotted out is nowhere any more, wherever it was said again.
func TestRedact(t *testing.T) {
	const secret = "the password is hunter2"
	for name, tt := range map[string]struct {
		acts []Act
		seq  uint64 // of what is blotted out
		gone []uint64
	}{
		"a note":               {[]Act{AddNote{Text: secret}, AddNote{Text: "another"}}, 2, []uint64{2}},
		"a note of few words":  {[]Act{AddNote{Text: "hunter2"}, AddNote{Text: "no hunter2"}}, 2, []uint64{2}},
		"an update":            {[]Act{PostUpdate{Text: secret}}, 2, []uint64{2}},
		"an update of before":  {[]Act{PostUpdate{Text: secret}, PostUpdate{Text: "better"}}, 2, []uint64{2}},
		"a summary":            {[]Act{SetSummary{Text: secret}}, 2, []uint64{2}},
		"a summary of before":  {[]Act{SetSummary{Text: secret}, SetSummary{Text: "better"}}, 2, []uint64{2, 3}},
		"a task":               {[]Act{AddTask{List: Tasks, Text: secret}, MoveTask{List: Tasks, Number: 1, To: TaskFinished}, AddTask{List: Tasks, Text: "other"}}, 2, []uint64{2, 3}},
		"a short follow-up":    {[]Act{AddTask{List: Followups, Text: "pw"}, AssignTask{List: Followups, Number: 1, To: bob}, AddTask{List: Tasks, Text: "other"}}, 2, []uint64{2, 3}},
		"a link":               {[]Act{AddLink{URL: "https://example.com/hunter2"}}, 2, []uint64{2}},
		"a field":              {[]Act{SetField{Name: "region", Value: secret}}, 2, []uint64{2}},
		"a handoff":            {[]Act{HandOff{To: carol, Text: secret}}, 2, []uint64{2}},
		"a reason":             {[]Act{ChangeStatus{To: Identified, Why: secret}}, 2, []uint64{2}},
		"a title of before":    {[]Act{Rename{Title: secret}, Rename{Title: "better"}}, 2, []uint64{2, 3}},
		"a message":            {[]Act{RecordMessage{ID: on("1"), Text: secret}, RecordMessage{ID: on("2"), Text: "x"}}, 2, []uint64{2}},
		"all of a message":     {[]Act{RecordMessage{ID: on("1"), Text: secret}, RecordEdit{ID: on("1"), Text: secret + "!", At: noon.Add(1e9)}, MarkMessage{ID: on("1")}, TaskFrom{List: Tasks, ID: on("1")}, MoveTask{List: Tasks, Number: 1, To: TaskFinished}}, 2, []uint64{2, 3, 4, 5, 6}},
		"by its mark":          {[]Act{RecordMessage{ID: on("1"), Text: secret}, MarkMessage{ID: on("1")}}, 3, []uint64{2, 3}},
		"a message, by a task": {[]Act{RecordMessage{ID: on("1"), Text: secret}, TaskFrom{List: Tasks, ID: on("1")}}, 3, []uint64{2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, Open{})
			for _, act := range tt.acts {
				h.does(alice, act)
			}
			h.does(alice, Redact{Seq: tt.seq, Why: "it slipped out"})
			if got := h.removed(); !slices.Equal(got, tt.gone) {
				t.Errorf("removed are %v, want %v", got, tt.gone)
			}
			if h.says(secret) || name == "a link" && len(h.in.Links) > 0 || name == "a field" && len(h.in.Fields) > 0 || h.in.Handoff != nil && h.in.Handoff.Text != "" {
				t.Errorf("it is still said: %+v", h.in)
			}
			if e := h.last(); e.Kind != Redacted || !strings.Contains(e.Text, "was removed: it slipped out") || e.Field("why") != "it slipped out" {
				t.Errorf("%+v", e)
			}
			nothing(t, h.does(alice, Redact{Seq: tt.seq}))
		})
	}
}

func TestWhoMayRedact(t *testing.T) {
	h := begin(t, Open{})
	h.does(bob, AddNote{Text: "a secret"})
	h.refuses(carol, Redact{Seq: 2}, CodeRefused, "Only bob, who wrote event 2, and whoever commands")
	h.does(carol, AssignRole{Role: CommanderRole, To: carol})
	h.refuses(alice, Redact{Seq: 2}, CodeRefused, "Only bob, who wrote event 2, and carol, who commands")
	h.refuses(alice, Redact{Seq: 1}, CodeRefused, "That is its title now")
	h.refuses(bob, Redact{Seq: 3}, CodeRefused, "says what was done")
	h.refuses(bob, Redact{Seq: 99}, CodeRefused, "has no event 99")
	h.refuses(bob, Redact{Seq: 0}, CodeRefused, "has no event 0")
	for _, who := range []Actor{carol.Actor(), {Kind: Integration, ID: "token:root", Name: "root", Admin: true}, Fireboss} {
		h.does(bob, AddNote{Text: "another secret"})
		if c, err := h.try(who, Redact{Seq: h.last().Seq}); err != nil || kinds(c) != "redacted" {
			t.Errorf("%s may not: %v", who.Name, err)
		}
	}
	h.does(bob, AddNote{Text: "of a program's no business"})
	h.refusesActor(ops, Redact{Seq: h.last().Seq}, CodeRefused, "Only bob, who wrote event")
	h.does(carol, Redact{Seq: 2})
	h.does(carol, Rename{Title: "a secret"})
	h.refuses(carol, Redact{Seq: h.last().Seq}, CodeRefused, "That is its title now")
	h.does(bob, RecordMessage{ID: on("1"), Text: "mine"})
	h.does(carol, MarkMessage{ID: on("1")})
	h.does(carol, AssignRole{Role: CommanderRole, To: alice})
	h.does(bob, Redact{Seq: h.last().Seq - 1}) // whose words they are
	if h.says("mine") {
		t.Error("who wrote a message cannot have it removed by its mark")
	}
}

func TestRetention(t *testing.T) {
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		keep  Retention
		drill bool
		end   []Act
		later time.Duration
		want  string // rule and seqs
	}{
		"messages, in time":            {Retention{Messages: 10 * day}, false, nil, 10*day - 1, ""},
		"messages":                     {Retention{Messages: 10 * day}, false, nil, 10 * day, "retention.messages 3 4 5"},
		"messages of what is over":     {Retention{Messages: 10 * day}, false, []Act{Resolve{}, Close{}}, 10 * day, "retention.messages 3 4 5"},
		"for ever":                     {Retention{}, false, []Act{Resolve{}, Close{}}, 9999 * day, ""},
		"a drill that goes on":         {Retention{Drills: day}, true, nil, 10 * day, ""},
		"a drill that is resolved":     {Retention{Drills: day}, true, []Act{Resolve{}}, 10 * day, ""},
		"a drill, in time":             {Retention{Drills: day}, true, []Act{Resolve{}, Close{}}, day - 1, ""},
		"a drill":                      {Retention{Drills: day}, true, []Act{Resolve{}, Close{}}, day, "retention.drills 1 2 3 4 5 6 7"},
		"a drill that was called off":  {Retention{Drills: day}, true, []Act{Cancel{}}, day, "retention.drills 1 2 3 4 5 6"},
		"no drill":                     {Retention{Drills: day}, false, []Act{Resolve{}, Close{}}, 10 * day, ""},
		"an incident":                  {Retention{Incidents: day, Messages: 99 * day}, false, []Act{Resolve{}, Close{}}, day, "retention.incidents 1 2 3 4 5 6 7"},
		"an incident that is not over": {Retention{Incidents: day, Messages: 10 * day}, false, nil, 10 * day, "retention.messages 3 4 5"},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, Open{Drill: tt.drill})
			h.rules.Retention = tt.keep
			h.does(alice, AddNote{Text: "a note"})
			h.does(alice, RecordMessage{ID: on("1"), Text: "said", At: noon})
			h.does(alice, RecordEdit{ID: on("1"), Text: "meant", At: noon.Add(1e9)})
			h.does(alice, MarkMessage{ID: on("1")})
			for _, act := range tt.end {
				h.does(alice, act)
			}
			h.later(tt.later)
			first, over := tt.keep.First(h.in, h.events, h.at)
			got := ""
			if c := h.does(Fireboss.Person(), Expire{After: max(first, 1) - 1}); len(c.Events) > 0 {
				got = h.last().Field("rule")
				for _, seq := range h.removed() {
					got += " " + string(rune('0'+seq))
				}
			}
			if got != tt.want || (first == 0) != (tt.want == "") || first > 0 && over {
				t.Errorf("%s went (the first is %d), want %s", got, first, tt.want)
			}
			if whole := strings.Contains(tt.want, "drills") || strings.Contains(tt.want, "incidents"); whole != (h.in.Title == RemovedText) {
				t.Errorf("the title is %q", h.in.Title)
			}
			nothing(t, h.does(Fireboss.Person(), Expire{After: tt.keep.Done(h.in, h.at)}))
		})
	}
}

// Whoever keeps messages for a while and incidents for longer loses all in the end.
func TestWhatIsLeftOfAnIncidentGoesToo(t *testing.T) {
	h := begin(t, Open{})
	h.rules.Retention = Retention{Messages: time.Hour, Incidents: 2 * time.Hour}
	h.does(alice, AddNote{Text: "a note"})
	h.does(alice, RecordMessage{ID: on("1"), Text: "said", At: noon})
	h.does(alice, PostUpdate{Text: "an update"})
	h.does(alice, AddTask{List: Tasks, Text: "a task"})
	h.does(alice, Close{})
	h.later(time.Hour).does(Fireboss.Person(), Expire{After: 2})
	if got := h.removed(); !slices.Equal(got, []uint64{3}) || h.rules.Retention.Done(h.in, h.at) != uint64(len(h.events)-1) {
		t.Errorf("after an hour %v are gone, looked at is all to %d of %d", got, h.in.Swept, len(h.events))
	}
	h.later(time.Hour)
	if done := h.rules.Retention.Done(h.in, h.at); done != 0 {
		t.Errorf("after two hours it begins behind %d", done)
	}
	h.does(Fireboss.Person(), Expire{})
	if h.says("note") || h.says("said") || h.says("checkout") || h.says("an update") || h.says("a task") {
		t.Error("something is left")
	}
}

// When an incident ended is what people say; how long it is kept counts from no
// earlier than its declaration.
func TestWhatEndedLongAgoIsKeptSinceItWasRecorded(t *testing.T) {
	h := begin(t, Open{Started: noon.AddDate(0, 0, -99), Resolved: noon.AddDate(0, 0, -98)})
	h.rules.Retention.Incidents = 24 * time.Hour
	h.does(alice, Close{})
	h.in.Times.Closed = noon.AddDate(0, 0, -98) // which people can correct
	nothing(t, h.later(23*time.Hour).does(Fireboss.Person(), Expire{}))
	if h.later(time.Hour).does(Fireboss.Person(), Expire{}); h.in.Title != RemovedText {
		t.Errorf("it is still there: %s", h.in.Title)
	}
}

// A redaction takes what it is about, and no neighbour with it.
func TestARedactionLeavesTheOthers(t *testing.T) {
	h := begin(t, Open{})
	for _, act := range []Act{
		AddTask{List: Tasks, Text: "pw"}, AddTask{List: Tasks, Text: "change the pw"}, AddTask{List: Followups, Text: "write to the vendor"},
		AddLink{URL: "https://example.com/a", Name: "one"}, AddLink{URL: "https://example.com/a", Name: "two"}, AddLink{URL: "https://example.com/b", Name: "one"},
		SetField{Name: "region", Value: "eu"}, SetField{Name: "vendor", Value: "x"}, HandOff{To: carol, Text: "all is well"},
		RecordMessage{ID: on("1"), Text: "no"}, TaskFrom{List: Tasks, ID: on("1")}, RecordMessage{ID: on("2"), Text: "yes"}, TaskFrom{List: Tasks, ID: on("2")},
	} {
		h.does(alice, act)
	}
	for _, seq := range []uint64{2, 5, 8, 11} {
		h.does(alice, Redact{Seq: seq})
	}
	var texts []string
	for _, task := range slices.Concat(h.in.Tasks, h.in.Followups) {
		texts = append(texts, task.Text)
	}
	if want := []string{RemovedText, "change the pw", RemovedText, "yes", "write to the vendor"}; !slices.Equal(texts, want) {
		t.Errorf("%q", texts)
	}
	if len(h.in.Links) != 2 || h.in.Links[0].Name != "two" || h.in.Links[1].URL != "https://example.com/b" || h.in.Fields["vendor"] != "x" || len(h.in.Fields) != 1 || h.in.Handoff.Text != "all is well" {
		t.Errorf("%+v %+v %+v", h.in.Links, h.in.Fields, h.in.Handoff)
	}
	if got := h.removed(); !slices.Equal(got, []uint64{2, 5, 8, 11, 12}) {
		t.Errorf("removed are %v", got)
	}
}

// A reminder of a follow-up says what somebody wrote. What the clock says afterwards
// does not, and stays: nothing is removed again and again.
func TestWhatRemindersSaidOfAnIncidentGoesToo(t *testing.T) {
	h := begin(t, Open{})
	h.rules.Retention = Retention{Incidents: 10 * 24 * time.Hour}
	h.does(alice, AddTask{List: Followups, Text: "ask Mrs Miller", Due: noon.AddDate(0, 0, 4)})
	h.does(alice, Close{})
	if h.lets(10*24*time.Hour, Remind{}); !h.says("Follow-up 1 of INC-1 is due today: ask Mrs Miller") {
		t.Fatal("nobody was reminded")
	}
	h.later(time.Hour).does(Fireboss.Person(), Expire{})
	if h.says("Miller") || !h.says("Declared") && len(h.removed()) == 0 {
		t.Errorf("after ten days %v are gone", h.removed())
	}
	if said := h.lets(40*24*time.Hour, Remind{}); len(said) == 0 {
		t.Error("it is not said any more that there is a follow-up")
	}
	nothing(t, h.does(Fireboss.Person(), Expire{After: h.rules.Retention.Done(h.in, h.at)}))
}

// Many events go in pieces, and none is looked at twice.
func TestRetentionGoesOnWhereItStopped(t *testing.T) {
	h := begin(t, Open{})
	h.rules.Retention.Messages = time.Hour
	for i := range 2*MaxExpire + 10 {
		h.does(alice, RecordMessage{ID: on(string(rune('a' + i))), Text: "said", At: noon})
	}
	h.later(time.Hour)
	rounds := 0
	for {
		first, over := h.rules.Retention.First(h.in, h.events[h.rules.Retention.Done(h.in, h.at):], h.at)
		if first == 0 {
			if !over {
				t.Error("it does not say that there is no more")
			}
			break
		}
		h.does(Fireboss.Person(), Expire{After: first - 1})
		rounds++
	}
	if len(h.removed()) != 2*MaxExpire+10 || rounds != 3 || h.last().Text != "The text of 10 messages, from event 1002 to 1011, was removed: it is kept for 1h0m0s" {
		t.Errorf("%d went in %d rounds: %s", len(h.removed()), rounds, h.last().Text)
	}
}
