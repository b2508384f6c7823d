package incidents

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// moment reads a moment of a table, by the clock of a place.
func moment(t *testing.T, s, place string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation(place)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestWhenEachStageIsDue(t *testing.T) {
	for _, c := range []struct {
		name, place, law string
		said             string // what was said: start, a moment, or submitted STAGE, each with its time
		want             string // of each stage: "stage time", or "stage -" where it is not known yet
	}{
		{"three days", "UTC", "gdpr", "start 2026-11-20 12:00", "notification 2026-11-23 12:00"},
		{"over a month's end", "UTC", "gdpr", "start 2026-11-29 23:30", "notification 2026-12-02 23:30"},
		{"over a leap day", "UTC", "gdpr", "start 2028-02-27 09:00", "notification 2028-03-01 09:00"},
		{"without a leap day", "UTC", "gdpr", "start 2027-02-27 09:00", "notification 2027-03-02 09:00"},
		{"clocks go forward within", "Europe/Berlin", "gdpr", "start 2026-03-28 12:00", "notification 2026-03-31 13:00"},
		{"clocks go back within", "Europe/Berlin", "gdpr", "start 2026-10-24 12:00", "notification 2026-10-27 11:00"},
		{"a weekend and Christmas make it no longer", "Europe/Berlin", "gdpr", "start 2026-12-23 18:00", "notification 2026-12-26 18:00"},

		{"sixty days", "UTC", "hipaa", "start 2026-11-20 12:00", "notification 2027-01-19 12:00"},
		{"sixty days over a leap day", "UTC", "hipaa", "start 2028-01-15 12:00", "notification 2028-03-15 12:00"},
		{"sixty days, the same time after clocks went forward", "Europe/Berlin", "hipaa", "start 2026-02-10 09:00", "notification 2026-04-11 09:00"},
		{"into an hour that comes twice: the first", "Europe/Berlin", "hipaa", "start 2026-08-26 02:30", "notification 2026-10-25 02:30"},

		{"nis2", "UTC", "nis2", "start 2026-11-20 12:00", "early_warning 2026-11-21 12:00, notification 2026-11-23 12:00, final -"},
		{"nis2 submitted", "UTC", "nis2", "start 2026-11-20 12:00, submitted notification 2026-11-22 10:00", "early_warning 2026-11-21 12:00, notification 2026-11-23 12:00, final 2026-12-22 10:00"},
		{"a month from the 31st", "UTC", "nis2", "start 2027-01-30 12:00, submitted notification 2027-01-31 10:00", "early_warning 2027-01-31 12:00, notification 2027-02-02 12:00, final 2027-02-28 10:00"},
		{"a month from the 31st in a leap year", "UTC", "nis2", "start 2028-01-30 12:00, submitted notification 2028-01-31 10:00", "early_warning 2028-01-31 12:00, notification 2028-02-02 12:00, final 2028-02-29 10:00"},
		{"a month from a leap day", "UTC", "nis2", "start 2028-02-28 12:00, submitted notification 2028-02-29 10:00", "early_warning 2028-02-29 12:00, notification 2028-03-02 12:00, final 2028-03-29 10:00"},
		{"a month over the year's end", "UTC", "nis2", "start 2026-12-30 12:00, submitted notification 2026-12-31 10:00", "early_warning 2026-12-31 12:00, notification 2027-01-02 12:00, final 2027-01-31 10:00"},
		{"a month over which clocks go back", "Europe/Berlin", "nis2", "start 2026-10-09 12:00, submitted notification 2026-10-10 10:00", "early_warning 2026-10-10 12:00, notification 2026-10-12 12:00, final 2026-11-10 10:00"},
		{"a month by the day of the place", "America/New_York", "nis2", "start 2026-11-29 22:00, submitted notification 2026-11-30 22:00", "early_warning 2026-11-30 22:00, notification 2026-12-02 22:00, final 2026-12-30 22:00"},
		{"trust services", "UTC", "nis2_trust", "start 2026-11-20 12:00, submitted notification 2026-11-21 10:00", "early_warning 2026-11-21 12:00, notification 2026-11-21 12:00, final 2026-12-21 10:00"},

		{"dora, not classified", "UTC", "dora", "start 2026-11-20 12:00", "initial 2026-11-21 12:00, intermediate -, final -"},
		{"dora, classified at once", "UTC", "dora", "start 2026-11-20 12:00, classified 2026-11-20 13:00", "initial 2026-11-20 17:00, intermediate -, final -"},
		{"dora, classified in the last hours", "UTC", "dora", "start 2026-11-20 12:00, classified 2026-11-21 10:00", "initial 2026-11-21 12:00, intermediate -, final -"},
		{"dora, classified as the day ends", "UTC", "dora", "start 2026-11-20 12:00, classified 2026-11-21 12:00", "initial 2026-11-21 12:00, intermediate -, final -"},
		{"dora, classified a minute later", "UTC", "dora", "start 2026-11-20 12:00, classified 2026-11-21 12:01", "initial 2026-11-21 16:01, intermediate -, final -"},
		{"dora, classified on the third day", "UTC", "dora", "start 2026-11-20 12:00, classified 2026-11-23 09:00", "initial 2026-11-23 13:00, intermediate -, final -"},
		{"dora, from what was submitted", "UTC", "dora", "start 2026-11-20 12:00, classified 2026-11-20 13:00, submitted initial 2026-11-20 15:00", "initial 2026-11-20 17:00, intermediate 2026-11-23 15:00, final -"},
		{"dora, clocks go forward", "Europe/Berlin", "dora", "start 2026-03-27 12:00, submitted initial 2026-03-28 10:00", "initial 2026-03-28 12:00, intermediate 2026-03-31 11:00, final -"},
		{"dora, a month from the intermediate", "UTC", "dora", "start 2026-11-20 12:00, submitted initial 2026-11-20 15:00, submitted intermediate 2026-11-30 10:00", "initial 2026-11-21 12:00, intermediate 2026-11-23 15:00, final 2026-12-30 10:00"},
		{"dora, a month from the latest intermediate", "UTC", "dora", "start 2026-11-20 12:00, submitted initial 2026-11-20 15:00, submitted intermediate 2026-11-22 10:00, submitted intermediate 2027-01-31 08:00", "initial 2026-11-21 12:00, intermediate 2026-11-23 15:00, final 2027-02-28 08:00"},

		{"cra, an incident", "UTC", "cra", "start 2026-11-20 12:00, submitted notification 2026-11-23 09:00", "early_warning 2026-11-21 12:00, notification 2026-11-23 12:00, final 2026-12-23 09:00"},
		{"cra, no fix yet", "UTC", "cra_vulnerability", "start 2026-11-20 12:00, submitted notification 2026-11-23 09:00", "early_warning 2026-11-21 12:00, notification 2026-11-23 12:00, final -"},
		{"cra, a fix", "UTC", "cra_vulnerability", "start 2026-12-20 12:00, fix_available 2026-12-25 08:00", "early_warning 2026-12-21 12:00, notification 2026-12-23 12:00, final 2027-01-08 08:00"},
		{"cra, a fix over a leap day", "UTC", "cra_vulnerability", "start 2028-02-20 12:00, fix_available 2028-02-20 12:00", "early_warning 2028-02-21 12:00, notification 2028-02-23 12:00, final 2028-03-05 12:00"},
		{"cra, a fix before clocks go forward", "Europe/Berlin", "cra_vulnerability", "start 2026-03-20 12:00, fix_available 2026-03-21 08:00", "early_warning 2026-03-21 12:00, notification 2026-03-23 12:00, final 2026-04-04 08:00"},

		{"sec, on a Monday", "America/New_York", "sec", "start 2026-11-16 11:00", "filing 2026-11-20 17:30"},
		{"sec, over a weekend and Thanksgiving", "America/New_York", "sec", "start 2026-11-20 11:00", "filing 2026-11-27 17:30"},
		{"sec, on a Saturday the days begin on Monday", "America/New_York", "sec", "start 2026-10-17 11:00", "filing 2026-10-22 17:30"},
		{"sec, on a holiday too: Columbus Day", "America/New_York", "sec", "start 2026-10-12 11:00", "filing 2026-10-16 17:30"},
		{"sec, the evening is still that day", "America/New_York", "sec", "start 2026-11-16 23:30", "filing 2026-11-20 17:30"},
		{"sec, Independence Day on a Saturday is observed on Friday", "America/New_York", "sec", "start 2026-06-30 11:00", "filing 2026-07-07 17:30"},
		{"sec, Independence Day on a Sunday is observed on Monday", "America/New_York", "sec", "start 2027-07-01 11:00", "filing 2027-07-08 17:30"},
		{"sec, New Year on a Saturday is observed the year before", "America/New_York", "sec", "start 2027-12-29 11:00", "filing 2028-01-05 17:30"},
		{"sec, Christmas and New Year", "America/New_York", "sec", "start 2026-12-23 11:00", "filing 2026-12-30 17:30"},
		{"sec, Juneteenth", "America/New_York", "sec", "start 2026-06-17 11:00", "filing 2026-06-24 17:30"},
		{"sec, Martin Luther King and New Year", "America/New_York", "sec", "start 2026-01-14 11:00", "filing 2026-01-21 17:30"},
		{"sec, Washington's Birthday", "America/New_York", "sec", "start 2026-02-12 11:00", "filing 2026-02-19 17:30"},
		{"sec, Memorial Day", "America/New_York", "sec", "start 2026-05-21 11:00", "filing 2026-05-28 17:30"},
		{"sec, Labor Day", "America/New_York", "sec", "start 2026-09-03 11:00", "filing 2026-09-10 17:30"},
		{"sec, Veterans Day on a Wednesday", "America/New_York", "sec", "start 2026-11-09 11:00", "filing 2026-11-16 17:30"},
		{"sec, no other Monday in May", "America/New_York", "sec", "start 2026-05-14 11:00", "filing 2026-05-20 17:30"},
		{"sec, no other Monday in September", "America/New_York", "sec", "start 2026-09-10 11:00", "filing 2026-09-16 17:30"},
		{"sec, by the clocks of New York wherever one is", "Europe/Berlin", "sec", "start 2026-11-17 03:00", "filing 2026-11-20 23:30"},
		{"sec, clocks go forward", "America/New_York", "sec", "start 2026-03-05 11:00", "filing 2026-03-11 17:30"},
		{"sec, leap day", "America/New_York", "sec", "start 2028-02-24 11:00", "filing 2028-03-01 17:30"},
	} {
		r := policy()
		zone, err := time.LoadLocation(c.place)
		if err != nil {
			t.Fatal(err)
		}
		r.Clock.Office.Zone = zone
		law, known := r.Regulation(c.law)
		if !known {
			t.Fatalf("%s is not known", c.law)
		}
		run := LegalClock{Regulation: law, Marked: map[string]time.Time{}}
		for _, said := range strings.Split(c.said, ", ") {
			words := strings.Fields(said)
			n := len(words)
			at := moment(t, words[n-2]+" "+words[n-1], c.place)
			switch what := words[0]; what {
			case "start":
				run.Started = at
			case "submitted":
				run.Submitted = slices.DeleteFunc(run.Submitted, func(s Submission) bool { return s.Stage == words[1] })
				run.Submitted = append(run.Submitted, Submission{words[1], at, bob})
			default:
				run.Marked[what] = at
			}
		}
		var got []string
		for _, st := range r.Stages(run) {
			when := "-"
			if !st.Due.IsZero() {
				when = st.Due.In(zone).Format("2006-01-02 15:04")
			}
			got = append(got, st.Stage.Name+" "+when)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s (%s):\n got  %s\n want %s", c.name, c.law, s, c.want)
		}
	}
}

// The hours that a clock leaves out and shows twice.
func TestHoursThatAreNotThere(t *testing.T) {
	r := policy()
	r.Clock.Office.Zone, _ = time.LoadLocation("Europe/Berlin")
	oneOn := func(from string) string {
		return r.after(OfficeDays, month(FromStart), moment(t, from, "Europe/Berlin")).Format(time.RFC3339)
	}
	if got := oneOn("2026-09-25 02:30"); got != "2026-10-25T00:30:00Z" {
		t.Errorf("02:30 comes twice on 25 October, and the month ends at %s", got)
	}
	if got := oneOn("2026-02-28 02:30"); got != "2026-03-28T01:30:00Z" {
		t.Error(got)
	}
	if got := oneOn("2027-02-28 02:30"); got != "2027-03-28T01:30:00Z" {
		t.Errorf("02:30 is left out on 28 March, and the month ends at %s", got)
	}
}

func TestBusinessDaysOfTheOffice(t *testing.T) {
	r := policy()
	r.Clock.Office.Holidays = []Holiday{{0, time.December, 25}, {2026, time.November, 23}}
	from := noon // a Friday
	if got := r.after(OfficeDays, Term{FromStart, 2, BusinessDays}, from); !got.Equal(noon.AddDate(0, 0, 5)) {
		t.Errorf("%s", got)
	}
	r.Clock.Office = Calendar{}
	if got := r.after("", Term{FromStart, 1, BusinessDays}, from); !got.Equal(noon.AddDate(0, 0, 3)) {
		t.Errorf("%s", got)
	}
	for d := range 366 {
		r.Clock.Office.Holidays = append(r.Clock.Office.Holidays, Holiday{0, time.January, d})
		r.Clock.Office.Hours = []OfficeHours{}
	}
	r.Clock.Office.Hours = []OfficeHours{{9, 0, 1}} // no day of the week
	if got := r.after("", Term{FromStart, 3, BusinessDays}, from); !got.Equal(noon.AddDate(0, 0, 3)) {
		t.Errorf("where nobody ever works: %s", got)
	}
}

func TestEveryPresetIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, law := range Presets() {
		if wrong := wrongWith(law); wrong != "" || seen[law.Name] {
			t.Errorf("%s: %s", law.Name, wrong)
		}
		seen[law.Name] = true
		if _, err := time.Parse(time.DateOnly, law.AsOf); err != nil || !strings.HasPrefix(law.Source, "https://") {
			t.Errorf("%s says neither whence nor of when it is: %q %q", law.Name, law.Source, law.AsOf)
		}
		if _, reminded := ladders[law.Name]; reminded {
			t.Errorf("%s is the name of another rule", law.Name)
		}
	}
}

// regulationName is what regulations, moments and stages can be called. The words
// behind a dot in the name of a rule are the clock's own.
var regulationName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// wrongWith says what is wrong with a regulation, in one sentence; empty if nothing
// is. What the configuration says is checked there.
func wrongWith(law Regulation) string {
	moments := map[string]bool{FromStart: true}
	for _, m := range law.Moments {
		if !regulationName.MatchString(m.Name) || m.Title == "" || moments[m.Name] {
			return fmt.Sprintf("the moment %q has no name of its own like fix_available, or no words", m.Name)
		}
		moments[m.Name] = true
	}
	for _, s := range law.Stages { // a stage can count from the submission of any other
		moments[submitted+s.Name] = true
	}
	seen := map[string]bool{}
	for _, s := range law.Stages {
		if !regulationName.MatchString(s.Name) || seen[s.Name] || slices.Contains(early, "."+s.Name) {
			return fmt.Sprintf("the stage %q has no name of its own like early_warning", s.Name)
		}
		seen[s.Name] = true
		if len(s.Terms) == 0 {
			return fmt.Sprintf("the stage %s says nowhere when it is due, such as 72h from start", s.Name)
		}
		for _, t := range s.Terms {
			if !moments[t.From] || t.From == submitted+s.Name {
				return fmt.Sprintf("the stage %s counts from %q, which is neither start, nor one of its moments, nor another stage", s.Name, t.From)
			}
		}
	}
	switch {
	case !regulationName.MatchString(law.Name):
		return fmt.Sprintf("%q cannot be a name: that is a lower-case word like gdpr, with digits and _", law.Name)
	case law.Title == "" || law.Start == "":
		return "title and start say what it is and what starts it; neither can be empty"
	case len(law.Stages) == 0:
		return "it has no stages, so nothing is ever due"
	}
	return ""
}

// rulesOf lists the deadlines of a regulation as "rule date".
func rulesOf(in Incident, name string) string {
	var list []string
	for _, d := range in.Shown() {
		if strings.HasPrefix(d.Rule, name+".") {
			list = append(list, d.Rule+" "+d.By().Format("2006-01-02 15:04"))
		}
	}
	return strings.Join(list, ", ")
}

func TestARegulationFromStartToEnd(t *testing.T) {
	h := begin(t, Open{Severity: 3})
	h.later(2 * time.Hour)
	for _, step := range []struct {
		act  Act
		want string
		kind Kind
	}{
		{StartClock{Name: "DORA", At: noon}, "dora.initial 2026-11-21 12:00", ClockStarted},
		{StartClock{Name: "dora"}, "dora.initial 2026-11-21 12:00", ""},
		{MarkClock{Name: "dora", Moment: "classified", At: noon.Add(time.Hour)}, "dora.initial 2026-11-20 17:00", ClockMarked},
		{MarkClock{Name: "dora", Moment: "class"}, "dora.initial 2026-11-20 17:00", ""},
		{MarkClock{Name: "dora", Moment: "classified", At: noon.Add(90 * time.Minute)}, "dora.initial 2026-11-20 17:30", ClockMarked},
		{SubmitStage{Name: "dora", Stage: "Initial"}, "dora.intermediate 2026-11-23 14:00", ClockSubmitted},
		{SubmitStage{Name: "dora", Stage: "initial"}, "dora.intermediate 2026-11-23 14:00", ""},
		{SubmitStage{Name: "dora", Stage: "inter", At: noon.Add(110 * time.Minute)}, "dora.final 2026-12-20 13:50", ClockSubmitted},
		{SubmitStage{Name: "dora", Stage: "intermediate"}, "dora.final 2026-12-20 14:00", ClockSubmitted},
		{Close{}, "dora.final 2026-12-20 14:00", ""},
		{SubmitStage{Name: "dora", Stage: "final"}, "", ClockSubmitted},
		{StopClock{Name: "dora", Why: "all is submitted"}, "", ClockStopped},
	} {
		c := h.does(bob, step.act)
		if got := rulesOf(h.in, "dora"); got != step.want {
			t.Errorf("%#v:\n got  %s\n want %s", step.act, got, step.want)
		}
		if step.kind != "" && (len(c.Events) != 1 || c.Events[0].Kind != step.kind || c.Events[0].Posted() || c.Events[0].Field("name") != "dora") {
			t.Errorf("%#v: %+v", step.act, c.Events)
		}
		if _, closing := step.act.(Close); step.kind == "" && !closing {
			nothing(t, c)
		}
	}
	if len(h.in.Clocks) != 0 {
		t.Errorf("%+v", h.in.Clocks)
	}
}

func TestWhatAClockRefuses(t *testing.T) {
	h := begin(t, Open{Severity: 3}).later(time.Hour)
	h.refuses(bob, StartClock{Name: "gpdr"}, CodeInvalid, `"gpdr" is no clock. There are: cra, cra_vulnerability, dora, gdpr, hipaa, nis2, nis2_trust, sec. Example: /incident clock start gdpr at 14:02`)
	h.refuses(bob, StartClock{}, CodeInvalid, "Which clock? There are: ")
	h.refuses(bob, StartClock{Name: "gdpr", At: h.at.Add(time.Hour)}, CodeInvalid, "That is still to come")
	h.refuses(bob, StartClock{Name: "gdpr", At: time.Unix(-1, 0)}, CodeInvalid, "hardly meant")
	h.refuses(bob, MarkClock{Name: "dora", Moment: "classified"}, CodeRefused, "No clock of a regulation runs in INC-1. To start one: /incident clock start dora at 14:02")
	h.does(bob, StartClock{Name: "dora"})
	h.refuses(bob, MarkClock{Name: "gdpr", Moment: "classified"}, CodeInvalid, `"gdpr" is no clock that runs. There are: dora.`)
	h.refuses(bob, MarkClock{Name: "dora", Moment: "fixed"}, CodeInvalid, `"fixed" is no moment. There are: classified.`)
	h.refuses(bob, MarkClock{Name: "dora", Moment: "classified", At: noon}, CodeInvalid, "was started at")
	h.refuses(bob, SubmitStage{Name: "dora", Stage: "in"}, CodeInvalid, `"in" is no stage. There are: initial, intermediate, final.`)
	h.refuses(bob, SubmitStage{Name: "dora", Stage: "initial", At: noon}, CodeInvalid, "nothing can have been submitted")
	h.refuses(bob, StopClock{Name: "sec"}, CodeInvalid, "is no clock that runs")
	h.does(bob, StartClock{Name: "gdpr"})
	h.refuses(bob, MarkClock{Name: "gdpr", Moment: "classified"}, CodeRefused, "counts from its start alone")
	h.later(2*time.Hour).does(bob, MarkClock{Name: "dora", Moment: "classified", At: h.at.Add(-time.Hour)})
	h.refuses(bob, StartClock{Name: "dora", At: h.at}, CodeInvalid, "what was marked on it lies before that")
	h.does(bob, SubmitStage{Name: "gdpr", Stage: "n", At: h.at.Add(-time.Hour)})
	h.refuses(bob, StartClock{Name: "gdpr", At: h.at}, CodeInvalid, "its notification was submitted before that")
	h.refuses(bob, Snooze{For: time.Hour, Rule: "gdpr.notification"}, CodeRefused, "What a law wants cannot be put off")
	h.rules.Regulations = nil
	for i := range maxClocks {
		h.rules.Regulations = append(h.rules.Regulations, Regulation{Name: fmt.Sprintf("own_%d", i), Title: "Own", Start: "x", Stages: []Stage{stage("a", "A", hours(1, FromStart))}})
	}
	for i := range maxClocks - 2 {
		h.does(bob, StartClock{Name: fmt.Sprintf("own_%d", i)})
	}
	h.refuses(bob, StartClock{Name: "sec"}, CodeRefused, "has 20 clocks already")
}

// What is said once more is nothing new; what is corrected is.
func TestAMomentOfAClockIsSaidOnce(t *testing.T) {
	h := begin(t, Open{Severity: 3}).later(3 * time.Hour)
	early, late := noon.Add(time.Hour), noon.Add(2*time.Hour)
	for _, act := range []Act{
		StartClock{Name: "dora", At: early}, MarkClock{Name: "dora", Moment: "classified", At: late}, SubmitStage{Name: "dora", Stage: "initial", At: late},
		StartClock{Name: "dora", At: noon}, MarkClock{Name: "dora", Moment: "classified", At: early}, SubmitStage{Name: "dora", Stage: "initial", At: early},
	} {
		if c := h.does(bob, act); len(c.Events) != 1 {
			t.Errorf("%#v: %s", act, kinds(c))
		}
		nothing(t, h.does(carol, act))
	}
	h.refuses(bob, SubmitStage{Name: "dora", Stage: "final"}, CodeRefused, "of which nothing is noted. Note that first: /incident clock submitted dora intermediate at 14:02")
	if got := len(h.in.Clocks[0].Submitted); got != 1 {
		t.Errorf("%d submissions are noted", got)
	}
}

// Whoever corrects when a clock began is reminded of the new date anew; and the
// channel is not nagged by laws either.
func TestALawWhoseClockIsCorrected(t *testing.T) {
	h := begin(t, Open{Severity: 4})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(bob, StartClock{Name: "gdpr", At: noon.Add(-60 * time.Hour)})
	first := h.lets(13*time.Hour, Remind{OnCall: []Person{carol}})
	h.does(bob, StartClock{Name: "gdpr", At: noon})
	second := h.lets(73*time.Hour, Remind{OnCall: []Person{carol}})
	want := []string{"0 bob gdpr.notification", "720 bob gdpr.notification", "780 channel gdpr.notification"}
	if !slices.Equal(first, want) {
		t.Errorf("\n got  %q\n want %q", first, want)
	}
	if want = []string{"3240 bob gdpr.notification", "4320 bob gdpr.notification", "4380 channel gdpr.notification"}; !slices.Equal(second, want) {
		t.Errorf("\n got  %q\n want %q", second, want)
	}
	h = begin(t, Open{Severity: 4})
	h.rules.Clock.Gap = 2 * time.Hour
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(bob, StartClock{Name: "gdpr"})
	h.does(bob, StartClock{Name: "hipaa"})
	h.in.Watch.ChannelLast = noon.Add(72 * time.Hour)
	if got := h.lets(75*time.Hour, Remind{}); !slices.Equal(got, []string{"3240 bob gdpr.notification", "4320 bob gdpr.notification", "4440 channel gdpr.notification"}) {
		t.Errorf("%q", got)
	}
}

func TestWhoIsRemindedOfALaw(t *testing.T) {
	h := begin(t, Open{Severity: 4})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(bob, StartClock{Name: "gdpr"})
	h.does(bob, Snooze{For: 4 * time.Hour}) // which puts off no law
	h.does(bob, Close{})
	got := h.lets(12*24*time.Hour, Remind{OnCall: []Person{carol}})
	want := []string{ // on a weekend too; 54 hours are three quarters of 72
		"3240 bob gdpr.notification", "4320 bob gdpr.notification", "4380 channel gdpr.notification", "4440 group gdpr.notification", "14520 bob gdpr.notification",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got  %q\n want %q", got, want)
	}
	var texts []string
	for _, e := range h.events {
		if e.Kind == ReminderSent {
			texts = append(texts, e.Text)
			if e.Field("rule") != "gdpr.notification" || e.Field("late") != "" {
				t.Errorf("%s", e.Data)
			}
		}
	}
	for i, want := range []string{
		"GDPR Art. 33: notification of the supervisory authority of INC-1 is due in 18 hours, at 2026-11-23 12:00 UTC: 72 hours from awareness of the breach at 2026-11-20 12:00 UTC. Once it is submitted: /incident clock INC-1 submitted gdpr notification",
		"GDPR Art. 33: notification of the supervisory authority of INC-1 is due now: 72 hours from",
		"GDPR Art. 33: notification of the supervisory authority of INC-1 was due 1 hour ago, at 2026-11-23 12:00 UTC: 72 hours from",
	} {
		if !strings.HasPrefix(texts[i], want) {
			t.Errorf("\n got  %s\n want %s", texts[i], want)
		}
	}
	if d, ok := h.in.Next(); !ok || d.Rule != "gdpr.notification" || !d.By().Equal(noon.Add(72*time.Hour)) || d.State(h.at) != "at_risk" {
		t.Errorf("%+v", d) // it stays until somebody says that it was submitted
	}
	h.does(bob, SubmitStage{Name: "gdpr", Stage: "notification"})
	if got := h.lets(40*24*time.Hour, Remind{}); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// Whoever commands rests: a law does not wait for them.
func TestALawPassesWhoRests(t *testing.T) {
	h := begin(t, Open{Severity: 4})
	h.does(bob, AssignRole{Role: CommanderRole, To: bob})
	h.does(bob, StartClock{Name: "gdpr"})
	h.lets(71*time.Hour, Remind{})
	h.later(time.Hour).does(Fireboss.Person(), Remind{Away: []string{bob.ID}})
	if e := h.last(); e.Field("to") != "channel" || e.Field("rule") != "gdpr.notification" {
		t.Errorf("%s", e.Data)
	}
}

// What began days ago and is told today is not late by any fault of the clock.
func TestAClockThatIsStartedAfterTheFact(t *testing.T) {
	h := begin(t, Open{Severity: 1}).later(90 * time.Hour)
	h.does(bob, Resolve{})
	h.does(bob, StartClock{Name: "gdpr", At: noon})
	h.does(Fireboss.Person(), Remind{})
	if e := h.last(); e.Kind != ReminderSent || e.Field("rule") != "gdpr.notification" || e.Field("rules") != "" || e.Field("late") != "" || !strings.Contains(e.Text, "was due 18 hours ago") {
		t.Errorf("%s %s", e.Text, e.Data)
	}
}

// A regulation that went from the configuration holds where it was started, and
// one that was changed there counts anew.
func TestARegulationOfOnesOwn(t *testing.T) {
	h := begin(t, Open{Severity: 3})
	own := Regulation{Name: "contract", Title: "The contract with Big Customer", Start: "the outage", Stages: []Stage{stage("call", "call", hours(2, FromStart))}}
	h.rules.Regulations = []Regulation{own}
	h.does(bob, StartClock{Name: "contract"})
	if got := rulesOf(h.in, "contract"); got != "contract.call 2026-11-20 14:00" {
		t.Error(got)
	}
	h.rules.Regulations = nil
	h.does(Fireboss.Person(), Recount{})
	if got := rulesOf(h.in, "contract"); got != "contract.call 2026-11-20 14:00" {
		t.Error(got)
	}
	own.Stages = []Stage{stage("call", "call", hours(1, FromStart))}
	h.rules.Regulations = []Regulation{own}
	h.does(Fireboss.Person(), Recount{})
	if got := rulesOf(h.in, "contract"); got != "contract.call 2026-11-20 13:00" {
		t.Error(got)
	}
}

func TestWhyAStageIsDue(t *testing.T) {
	r := policy()
	law, _ := r.Regulation("dora")
	c := LegalClock{Regulation: law, Started: noon}
	want := func(why ...string) {
		t.Helper()
		for i, st := range r.Stages(c) {
			if st.Why != why[i] {
				t.Errorf("%s: %s", st.Rule, st.Why)
			}
		}
	}
	want("24 hours from awareness of the incident, or 4 hours from classification as a major incident where that is earlier",
		"72 hours from submission of the initial notification", "1 month from submission of the intermediate report")
	c.Marked = map[string]time.Time{"classified": noon.Add(time.Hour)}
	want("4 hours from classification as a major incident", "72 hours from submission of the initial notification", "1 month from submission of the intermediate report")
	raw, err := json.Marshal(Incident{})
	if err != nil || strings.Contains(string(raw), "clocks") {
		t.Errorf("%s %v", raw, err)
	}
}
