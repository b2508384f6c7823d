package incidents

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// lets lets time pass until a moment and reminds whenever something is due. It
// answers what was said, as "minutes-from-noon to rule".
func (h *history) lets(until time.Duration, r Remind) (said []string) {
	h.t.Helper()
	for range 1000 {
		var next time.Time
		for _, d := range h.in.Deadlines {
			if next.IsZero() || d.Due.Before(next) {
				next = d.Due
			}
		}
		if next.IsZero() || next.After(noon.Add(until)) {
			h.at = noon.Add(until)
			return said
		}
		h.at = later(next, h.at)
		c := h.does(Fireboss.Person(), r)
		if len(c.Events) == 0 && !c.State {
			h.t.Fatalf("at %s nothing was said of %+v", h.at, h.in.Deadlines)
		}
		for _, e := range c.Events {
			names := e.Field("rules")
			if names == "" {
				names = e.Field("rule")
			}
			to := e.Field("to")
			if who := e.Field("who_name"); who != "" {
				to = who
			}
			said = append(said, fmt.Sprintf("%d %s %s", int(h.at.Sub(noon).Minutes()), to, names))
		}
	}
	h.t.Fatal("there was no end of reminders")
	return nil
}

func TestWhoIsRemindedOfWhatWhereNobodyActs(t *testing.T) {
	for sev, want := range map[Severity][]string{
		1: {
			"3 channel commander", "8 channel acknowledge", "13 group commander", "18 group acknowledge", "23 group commander", "25 alice update", "28 group acknowledge",
			"30 channel update", "48 alice mitigate", "60 channel update", "60 alice mitigate", "90 channel update", "192 alice resolve", "240 alice resolve",
		},
		2: {
			"5 channel acknowledge commander", "15 group acknowledge commander", "25 group acknowledge commander", "55 alice update", "60 channel update",
			"120 channel update", "180 channel update", "192 alice mitigate", "240 alice mitigate",
		},
		3:     {"15 channel acknowledge", "25 group acknowledge", "35 group acknowledge", "235 alice update", "240 channel update"},
		4:     nil,
		5:     nil,
		Unset: {"10 alice severity", "25 channel severity"},
	} {
		h := begin(t, Open{Severity: sev})
		if got := h.lets(4*time.Hour, Remind{OnCall: []Person{bob}}); !slices.Equal(got, want) {
			t.Errorf("%s:\n got  %q\n want %q", sev, got, want)
		}
	}
}

func TestWhatIsSaidAndToWhom(t *testing.T) {
	h := begin(t, Open{Severity: 2})
	h.later(5 * time.Minute)
	c := h.does(Fireboss.Person(), Remind{})
	e := h.last()
	if len(c.Events) != 1 || e.Kind != ReminderSent || !e.Posted() || len(c.Messages) != 0 || e.Field("rule") != "acknowledge" ||
		e.Text != "Nobody has acknowledged INC-1 for 5 minutes: /incident ack INC-1 • Nobody has commanded INC-1 for 5 minutes: /incident lead INC-1 me" {
		t.Errorf("%+v", c.Events)
	}
	nothing(t, h.does(Fireboss.Person(), Remind{})) // once, whoever asks
	h.does(alice, AssignRole{Role: CommanderRole, To: bob})
	h.later(51 * time.Minute) // and so a minute late
	c = h.does(Fireboss.Person(), Remind{})
	if e := h.last(); e.Posted() || len(c.Messages) != 1 || c.Messages[0].To != bob || c.Messages[0].Kind != Reminder || e.Field("to") != "person" || e.Field("who") != bob.ID {
		t.Errorf("%+v %+v", c.Events, c.Messages)
	}
	h = begin(t, Open{Severity: 1}).later(15 * time.Minute)
	h.does(Fireboss.Person(), Remind{})
	h.later(10 * time.Minute)
	if c := h.does(Fireboss.Person(), Remind{OnCall: []Person{bob, carol}, Away: []string{carol.ID}}); len(c.Messages) != 3 { // the update's is alice's
		t.Errorf("%+v %+v", c.Events, c.Messages)
	}
}

func TestAReminderThatWasMissedComesOnceAndSaysSo(t *testing.T) {
	h := begin(t, Open{Severity: 1}).later(3 * time.Hour)
	c := h.does(Fireboss.Person(), Remind{})
	if len(c.Events) != 2 || kinds(c) != "reminder_sent reminder_sent" { // one for the channel, one for alice
		t.Errorf("%+v", c.Events)
	}
	for _, e := range c.Events {
		if e.Field("late") != "true" || !strings.Contains(e.Text, "This comes late") {
			t.Errorf("%s %s", e.Text, e.Data)
		}
	}
	nothing(t, h.later(time.Minute).does(Fireboss.Person(), Remind{}))
	h.does(bob, Resolve{})
	nothing(t, h.later(time.Hour).does(Fireboss.Person(), Remind{}))
}

func TestWhatPeopleDoStopsTheClock(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.later(time.Minute).does(bob, AssignRole{Role: CommanderRole, To: bob}) // which acknowledges
	if e := h.last(); e.Kind != ResponderJoined || !h.in.Times.Acknowledged.Equal(h.at) || h.events[1].Field("acknowledged") != "true" {
		t.Errorf("%+v", h.events)
	}
	h.later(time.Minute).does(bob, PostUpdate{Text: "we look", Next: 20 * time.Minute})
	if got := h.lets(25*time.Minute, Remind{}); !slices.Equal(got, []string{"17 bob update", "22 channel update"}) {
		t.Errorf("%q", got)
	}
	h.does(bob, ChangeSeverity{To: 3}) // everything is counted anew
	if got := h.lets(6*time.Hour, Remind{}); !slices.Equal(got, []string{"262 channel update"}) {
		t.Errorf("%q", got) // four hours after the word that came before
	}
	h.does(bob, AssignRole{Role: CommanderRole})
	h.does(bob, ChangeSeverity{To: 1})
	if got := h.lets(6*time.Hour+6*time.Minute, Remind{}); len(got) == 0 || got[len(got)-1] != "365 channel commander" {
		t.Errorf("%q", got)
	}
}

func TestNobodyWhoRestsIsDisturbedWhereItIsGrave(t *testing.T) {
	h := begin(t, Open{Severity: Unset})
	h.later(10 * time.Minute)
	h.does(Fireboss.Person(), Remind{Away: []string{alice.ID}})
	if h.last().Field("who") != alice.ID {
		t.Errorf("%s", h.last().Data) // it is not known to be grave
	}
	h = begin(t, Open{Severity: 1, Started: noon.Add(-48 * time.Minute)})
	h.does(bob, Acknowledge{})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(Fireboss.Person(), Remind{Away: []string{bob.ID}})
	if e := h.last(); e.Field("rule") != "mitigate" || e.Field("who") != bob.ID {
		t.Errorf("%s", e.Data) // there is nobody else for it
	}
}

func TestAtNightWhatIsNotUrgentWaits(t *testing.T) {
	h := begin(t, Open{Severity: 4})
	h.later(6*time.Hour).does(alice, ChangeSeverity{To: 3}) // it is evening, a Friday
	if got := h.lets(3*24*time.Hour, Remind{}); len(got) == 0 || !strings.HasPrefix(got[0], "4140 ") {
		t.Errorf("%q", got)
	}
	h = begin(t, Open{Severity: 4})
	h.does(bob, Resolve{})
	if got := h.lets(20*24*time.Hour, Remind{}); !slices.Equal(got, []string{"4140 alice close", "8460 channel close", "14220 channel close"}) {
		t.Errorf("%q", got) // Monday and Thursday at nine; the third day then is a Sunday
	}
}

func TestAChannelIsNotNagged(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.rules.Clock.FirstHour = 2
	h.does(bob, AddNote{Text: "the policy is another one"})
	got := h.lets(2*time.Hour, Remind{})
	first, last := 0, -10
	for _, line := range got {
		var at int
		var to, rule string
		if _, err := fmt.Sscanf(line, "%d %s %s", &at, &to, &rule); err != nil {
			t.Fatal(err)
		}
		if to != "channel" {
			continue
		}
		if at < 60 {
			first++
		}
		if at-last < 5 {
			t.Errorf("%d minutes after the one before: %q", at-last, got)
		}
		last = at
	}
	if first > 2 {
		t.Errorf("%d in the first hour: %q", first, got)
	}
}

// A rule that says no time between two reminders has one.
func TestARuleWithoutARepetitionRemindsOnce(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.rules.Clock = Clock{Acknowledge: Nag{After: map[Severity]time.Duration{1: 5 * time.Minute}, Times: 3}}
	h.does(bob, AddNote{Text: "x"})
	if got := h.lets(24*time.Hour, Remind{}); !slices.Equal(got, []string{"5 channel acknowledge"}) {
		t.Errorf("%q", got)
	}
}

// A program that moves an incident along is nobody who is at it.
func TestAProgramAcknowledgesNothing(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	if _, err := h.try(ops, ChangeStatus{To: Identified}); err != nil || !h.in.Times.Acknowledged.IsZero() {
		t.Errorf("acknowledged at %s (%v)", h.in.Times.Acknowledged, err)
	}
	if h.does(bob, Resolve{}); !h.in.Times.Acknowledged.IsZero() {
		t.Error("its end acknowledges it")
	}
	h.does(alice, Reopen{Why: "it is back"})
	if h.does(bob, ChangeStatus{To: Identified}); !h.in.Times.Acknowledged.Equal(h.at) {
		t.Error("bob is at it, and nobody acknowledges")
	}
}

// What somebody has promised for a moment is asked for then, at night too, and as
// often as it was promised: not every few minutes.
func TestAPromisedUpdateIsAskedForWhenItWasPromised(t *testing.T) {
	h := begin(t, Open{Severity: 3})
	h.does(bob, Acknowledge{})
	h.later(6 * time.Hour) // it is evening, a Friday
	h.does(bob, PostUpdate{Text: "we wait for the disks", Next: 6 * time.Hour})
	if got := h.lets(31*time.Hour, Remind{}); !slices.Equal(got, []string{"715 alice update", "720 channel update", "1080 channel update", "1440 channel update"}) {
		t.Errorf("%q", got)
	}
}

// What is due anew is reminded of anew, as often as the first time.
func TestEachUpdateIsRemindedOfAsOften(t *testing.T) {
	h := begin(t, Open{Severity: 2})
	h.does(bob, Acknowledge{})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	updates := func(hours time.Duration) (n int) {
		for _, said := range h.lets(h.at.Sub(noon)+hours*time.Hour, Remind{}) {
			if strings.HasSuffix(said, "channel update") {
				n++
			}
		}
		return n
	}
	first := updates(6)
	h.does(bob, PostUpdate{Text: "still at it"})
	if second := updates(6); first != 3 || second != 3 {
		t.Errorf("of the first update people were reminded %d times, of the second %d times", first, second)
	}
}

// Whom a reminder reaches where it is grave, and where it is not.
func TestWhoIsToldWhereSomebodyRests(t *testing.T) {
	away := Remind{OnCall: []Person{bob, carol}, Away: []string{alice.ID, carol.ID}}
	for sev, want := range map[Severity]string{1: "channel", 2: "channel", 3: "person"} {
		h := begin(t, Open{Severity: sev})
		h.rules.Clock = Clock{Stale: map[Severity]time.Duration{sev: time.Hour}}
		h.does(alice, Acknowledge{})
		h.later(time.Hour)
		h.does(Fireboss.Person(), away)
		if e := h.last(); e.Field("rule") != "stale" || e.Field("to") != want {
			t.Errorf("%s: %s", sev, e.Data)
		}
	}
	for sev, want := range map[Severity]int{2: 2, 3: 1} {
		h := begin(t, Open{Severity: sev})
		h.rules.Clock = Clock{Acknowledge: Nag{After: map[Severity]time.Duration{sev: time.Minute}, Every: time.Minute, Times: 2}}
		h.does(alice, AddNote{Text: "x"})
		h.later(time.Minute).does(Fireboss.Person(), away)
		if c := h.later(time.Minute).does(Fireboss.Person(), away); h.last().Field("to") != "group" || len(c.Messages) != want {
			t.Errorf("%s: %s tells %d", sev, h.last().Data, len(c.Messages))
		}
		h = begin(t, Open{Severity: sev})
		h.rules.Clock = Clock{Acknowledge: Nag{After: map[Severity]time.Duration{sev: time.Minute}, Every: time.Minute, Times: 2}}
		h.does(alice, AddNote{Text: "x"})
		h.later(time.Minute).does(Fireboss.Person(), Remind{})
		if h.later(time.Minute).does(Fireboss.Person(), Remind{}); h.last().Field("to") != "channel" {
			t.Errorf("%s: where nobody is called it goes to %s", sev, h.last().Data)
		}
	}
	h := begin(t, Open{}) // and where nobody is responsible
	h.does(alice, Leave{})
	h.later(10*time.Minute).does(Fireboss.Person(), Remind{})
	if e := h.last(); e.Field("rule") != "severity" || e.Field("to") != "channel" || e.Field("who") != "" {
		t.Errorf("%s", e.Data)
	}
}

func TestSnooze(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.does(bob, Acknowledge{})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.later(20*time.Minute).does(bob, Snooze{For: 40 * time.Minute, Rule: "Update"})
	if e := h.last(); e.Kind != ReminderSnoozed || e.Text != "Reminders of update are put off for 40 minutes" || e.Posted() {
		t.Errorf("%+v", e)
	}
	for _, d := range h.in.Shown() {
		if (d.State(h.at) == "snoozed") != (d.Rule == "update") {
			t.Errorf("%+v is %s", d, d.State(h.at))
		}
	}
	if got := h.lets(61*time.Minute, Remind{}); !slices.Equal(got, []string{"48 bob mitigate", "60 bob update.before mitigate", "60 channel update"}) {
		t.Errorf("%q", got)
	}
	h.does(bob, Snooze{For: time.Hour})
	if got := h.lets(120*time.Minute, Remind{}); len(got) != 0 {
		t.Errorf("%q", got)
	}
	h.refuses(bob, Snooze{For: 5 * time.Hour}, CodeInvalid, "a minute at least, and for 4 hours at most")
	h.refuses(bob, Snooze{For: 0}, CodeInvalid, "a minute at least, and for 4 hours at most")
	h.refuses(bob, Snooze{For: time.Hour, Rule: "breakfast"}, CodeInvalid, `"breakfast" is no reminder. There are: acknowledge,`)
	h.refuses(bob, Snooze{For: time.Hour, Rule: "update.before"}, CodeInvalid, "is no reminder")
}

func TestStaleIsCountedFromWhatPeopleDo(t *testing.T) {
	h := begin(t, Open{Severity: 5})
	h.later(10*24*time.Hour).does(bob, RecordMessage{ID: OutsideID{"slack", "C1/1"}, Text: "any news?", At: h.at})
	version := h.in.Version
	h.later(time.Minute).does(bob, RecordMessage{ID: OutsideID{"slack", "C1/2"}, Text: "no", At: h.at})
	if h.in.Version != version {
		t.Error("each message changes the incident")
	}
	if got := h.lets(20*24*time.Hour, Remind{}); len(got) != 0 {
		t.Errorf("%q", got)
	}
	if got := h.lets(30*24*time.Hour, Remind{}); len(got) != 1 || !strings.HasSuffix(got[0], "alice stale") {
		t.Errorf("%q", got)
	}
}

func TestRecountFollowsThePolicy(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	nothing(t, h.does(Fireboss.Person(), Recount{}))
	h.rules.Clock.Acknowledge.After = nil
	c := h.does(Fireboss.Person(), Recount{})
	if !c.State || len(c.Events) != 0 || strings.Contains(due(h.in), "acknowledge") {
		t.Errorf("%+v %s", c, due(h.in))
	}
}

func TestSpans(t *testing.T) {
	for d, want := range map[time.Duration]string{
		20 * time.Second: "less than a minute", time.Minute: "1 minute", 90 * time.Minute: "1 hour 30 minutes", 24 * time.Hour: "1 day", 51 * time.Hour: "2 days 3 hours", 5 * time.Hour: "5 hours",
	} {
		if got := Span(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}
