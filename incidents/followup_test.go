package incidents

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhoIsRemindedOfFollowups(t *testing.T) {
	h := begin(t, Open{Severity: 3}) // on a Friday at noon
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	h.does(bob, AddTask{List: Followups, Text: "write an alert", Assignee: carol, Due: day(6)})    // Thursday
	h.does(bob, AddTask{List: Followups, Text: "train the people", Assignee: carol, Due: day(6)})  // the same
	h.does(bob, AddTask{List: Followups, Text: "buy disks", Due: day(8)})                          // Saturday, nobody's
	h.does(bob, AddTask{List: Followups, Text: "say sorry", Assignee: alice, Due: h.at.Add(1e11)}) // today
	h.does(bob, AddTask{List: Followups, Text: "no more", Due: day(4)})
	h.does(bob, MoveTask{List: Followups, Number: 5, To: TaskGone})
	h.does(bob, Close{})
	want := []string{ // mornings at nine: Monday is 4140 minutes from Friday noon
		"4140 alice followup", "7020 carol followup", "8460 carol followup", "9900 bob followup", "14220 bob followup", "14220 alice followup", "18540 carol followup",
	}
	if got := h.lets(14*24*time.Hour, Remind{}); !slices.Equal(got, want) {
		t.Errorf("\n got  %q\n want %q", got, want)
	}
	var texts []string
	for _, e := range h.events {
		if e.Kind == ReminderSent {
			texts = append(texts, e.Text)
		}
	}
	for i, want := range map[int]string{
		0: "Follow-up 4 of INC-1 was due on 2026-11-20: say sorry. Once it is done: /incident followup INC-1 done 4",
		1: "Follow-up 1 of INC-1 is due on 2026-11-26: write an alert. Once it is done: /incident followup INC-1 done 1\nFollow-up 2 of INC-1 is due on 2026-11-26: train the people. Once it is done: /incident followup INC-1 done 2",
		2: "Follow-up 1 of INC-1 is due today: write an alert. Once it is done: /incident followup INC-1 done 1\nFollow-up 2 of INC-1 is due today: train the people. Once it is done: /incident followup INC-1 done 2",
		3: "Follow-up 3 of INC-1 is due on 2026-11-28: buy disks (nobody's). Once it is done: /incident followup INC-1 done 3",
	} {
		if texts[i] != want {
			t.Errorf("%d:\n got  %s\n want %s", i, texts[i], want)
		}
	}
	for i := 1; i <= 4; i++ {
		h.does(carol, MoveTask{List: Followups, Number: i, To: TaskFinished})
	}
	if len(h.in.Deadlines) != 0 {
		t.Errorf("%+v", h.in.Deadlines)
	}
}

func TestFollowupsGetADateByTheirPriority(t *testing.T) {
	h := begin(t, Open{Severity: 3})
	h.does(bob, AddTask{List: Followups, Text: "soon", Priority: HighPriority})
	h.does(bob, AddTask{List: Followups, Text: "some day"})
	h.does(bob, AddTask{List: Followups, Text: "tomorrow", Priority: HighPriority, Due: noon.Add(24 * time.Hour)})
	h.does(bob, AddTask{List: Tasks, Text: "now", Priority: HighPriority})
	h.rules.Clock.FollowupNormal = 0
	h.does(bob, AddTask{List: Followups, Text: "whenever"})
	for i, want := range []time.Duration{7 * 24 * time.Hour, 30 * 24 * time.Hour, 24 * time.Hour} {
		if got := h.in.Followups[i].Due.Sub(noon); got != want {
			t.Errorf("%s: %v", h.in.Followups[i].Text, got)
		}
	}
	if f := h.in.Followups; f[0].Priority != HighPriority || f[1].Priority != "" || !f[3].Due.IsZero() || !h.in.Tasks[0].Due.IsZero() || h.in.Tasks[0].Priority != "" {
		t.Errorf("%+v %+v", f, h.in.Tasks)
	}
	if e := h.events[len(h.events)-5]; e.Field("priority") != "high" || e.Field("due") == "" {
		t.Errorf("%s", e.Data)
	}
}

// Whoever is given something hears of it again the next morning at the earliest.
func TestAFollowupThatIsGivenToAnother(t *testing.T) {
	h := begin(t, Open{Severity: 4})
	h.does(bob, AddTask{List: Followups, Text: "write", Assignee: carol, Due: noon.AddDate(0, 0, 3)}) // Monday
	h.lets(3*24*time.Hour-time.Hour, Remind{})
	h.does(bob, AssignTask{List: Followups, Number: 1, To: alice})
	if got := h.lets(4*24*time.Hour, Remind{}); !slices.Equal(got, []string{"5580 alice followup"}) {
		t.Errorf("%q", got)
	}
	h.later(0).does(bob, Snooze{For: 4 * time.Hour, Rule: "followup"})
	if d := h.in.Deadlines; !strings.Contains(h.last().Text, "Reminders of followup are put off") || len(d) == 0 {
		t.Errorf("%+v", d)
	}
}

// The deadline is that of the first; and what comes late says so, and goes to its owner.
func TestTheFirstFollowupIsShown(t *testing.T) {
	h := begin(t, Open{Severity: 4})
	for _, days := range []int{9, 5, 7} {
		h.does(bob, AddTask{List: Followups, Text: "write", Assignee: carol, Due: noon.AddDate(0, 0, days)})
	}
	shown := slices.DeleteFunc(h.in.Shown(), func(d Deadline) bool { return d.Rule != ruleFollowup })
	if len(shown) != 1 || !shown[0].By().Equal(noon.AddDate(0, 0, 5)) || shown[0].Title != "follow-up 2" {
		t.Errorf("%+v", shown)
	}
	c := h.later(5*24*time.Hour).does(Fireboss.Person(), Remind{})
	if len(c.Messages) != 1 || c.Messages[0] != (Message{Kind: FollowupReminder, Event: 0, To: carol}) || !strings.HasSuffix(h.last().Text, comesLate) {
		t.Errorf("%+v %+v", c.Messages, h.last())
	}
}

// Where nobody is responsible the channel hears of what nobody has taken.
func TestAFollowupOfNobody(t *testing.T) {
	h := begin(t, Open{Severity: 4})
	h.does(bob, AddTask{List: Followups, Text: "write", Due: noon.AddDate(0, 0, 3)})
	h.does(alice, Leave{})
	got := h.lets(4*24*time.Hour, Remind{})
	if !slices.Equal(got, []string{"4140 channel followup"}) || !h.last().Posted() {
		t.Errorf("%q %s", got, h.last().Data)
	}
}

func TestMornings(t *testing.T) {
	c := DefaultClock().Office
	c.Holidays = []Holiday{{2026, time.November, 24}}
	for at, want := range map[string]string{
		"2026-11-20 08:00": "2026-11-20 09:00", "2026-11-20 09:00": "2026-11-20 09:00", "2026-11-20 09:01": "2026-11-23 09:00", "2026-11-23 12:00": "2026-11-25 09:00",
	} {
		if got := c.Morning(moment(t, at, "UTC")).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	if got := (Calendar{}).Morning(noon); !got.Equal(noon.AddDate(0, 0, 3).Add(-3 * time.Hour)) {
		t.Errorf("%s", got)
	}
	split := Calendar{Hours: []OfficeHours{{time.Monday, 13 * 60, 17 * 60}, {time.Monday, 8 * 60, 12 * 60}, {time.Tuesday, 7 * 60, 12 * 60}}}
	if got := split.Morning(noon); !got.Equal(noon.AddDate(0, 0, 3).Add(-4 * time.Hour)) { // Monday at eight
		t.Errorf("%s", got)
	}
	never := Calendar{Hours: []OfficeHours{{9, 0, 1}}}
	if got := never.Morning(noon); !got.Equal(noon) {
		t.Errorf("%s", got)
	}
}
