package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

func TestListChooses(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open sev1 checkout is down")
	w.does("alice", "open sev2 search is slow")
	w.does("alice", "drill the database is gone")
	w.does("alice", "open private sev1 a laptop was stolen")
	w.does("alice", "open sev1 mail is late")
	w.does("alice", "resolve INC-5")
	w.does("alice", "lead INC-1 me")
	w.does("alice", "service INC-2 add warehouse")
	for _, c := range []struct{ who, said, text, rows string }{
		{"bob", "list", "3 open incidents.", "3 2 1"},
		{"alice", "list", "4 open incidents.", "4 3 2 1"},
		{"bob", "list all", "4 incidents.", "5 3 2 1"},
		{"bob", "LIST OPEN SEV-1", "1 open incident of severity sev1.", "1"},
		{"bob", "list sev1 all", "2 incidents of severity sev1.", "5 1"},
		{"bob", "list unset", "1 open incident of severity unset.", "3"},
		{"bob", "list all LATE", `1 incident with "LATE" in title, type or services.`, "5"},
		{"bob", "list warehouse", `1 open incident with "warehouse" in title, type or services.`, "2"},
		{"bob", "list all mai LA", `1 incident with "mai LA" in title, type or services.`, "5"},
		{"bob", "list all ail", `There is no incident with "ail" in title, type or services. Open one: /incident open sev1 checkout is down`, ""},
		{"bob", "list all ??", `There is no incident with "??" in title, type or services. Open one: /incident open sev1 checkout is down`, ""},
		{"bob", "list 100%s", `There is no open incident with "100%s" in title, type or services. Open one: /incident open sev1 checkout is down`, ""},
		{"bob", "list all laptop", `There is no incident with "laptop" in title, type or services. Open one: /incident open sev1 checkout is down`, ""},
		{"bob", "search checkout DOWN", `1 incident with "checkout DOWN".`, "1"},
		{"bob", "search laptop", `There is no incident with "laptop". Fewer words find more; a word also finds those that begin with it.`, ""},
		{"alice", "search laptop", `1 incident with "laptop".`, "4"},
	} {
		r := w.does(c.who, c.said)
		var rows []string
		for _, l := range r.Lines {
			rows = append(rows, fmt.Sprint(uint64(l.Incident)))
		}
		if r.Text != c.text || strings.Join(rows, " ") != c.rows {
			t.Errorf("%s: %s\n got  %s %q\n want %s %q", c.who, c.said, r.Text, rows, c.text, c.rows)
		}
	}
	if r := w.says("alice", "list all "+strings.Repeat("a ", 100)); !strings.HasPrefix(r.Text, "A list is chosen by at most 200 characters; this has 20") {
		t.Error(r.Text)
	}
	if got := w.does("alice", "list all").Lines; got[1].Text != "INC-4 a laptop was stolen (sev1, investigating, private)" || got[2].Text != "INC-3 the database is gone (unset, investigating, drill)" || got[4].Text != "INC-1 checkout is down (sev1, investigating, led by alice)" {
		t.Errorf("%+v", got)
	}
}

func TestTimelineShowsTheLast(t *testing.T) {
	w := play(t, nil)
	for i := range 40 {
		w.does("bob", fmt.Sprintf("note number %d\nand more", i))
	}
	r := w.does("bob", "timeline")
	if r.Text != "INC-1 has 41 events; these are the last 30. All of them: http://127.0.0.1:8080/incidents/INC-1" || len(r.Lines) != 30 {
		t.Error(r.Text, len(r.Lines))
	}
	if l := r.Lines[29]; l.Seq != 41 || l.Text != "bob: number 39 and more" || !l.At.Equal(w.at) {
		t.Errorf("%+v", l)
	}
	message := incidents.OutsideID{Mirror: "slack", ID: "C1/1.1"}
	for i, act := range []incidents.Act{incidents.RecordMessage{ID: message, Text: "a password", At: w.at}, incidents.RecordDeletion{ID: message, At: w.at}} {
		if _, err := w.store.Apply(t.Context(), incidents.Command{ID: fmt.Sprint("slack:message:", i), Actor: inhabitants["bob"].Actor(), At: w.at, Incident: 1, Do: act}); err != nil {
			t.Fatal(err)
		}
	}
	if l := w.does("bob", "timeline").Lines[28]; l.Text != "bob: (removed: message_posted)" {
		t.Errorf("%+v", l)
	}
}

// What was back-dated stands where it happened, and says when it was written.
func TestTimelineIsInTheOrderOfWhatHappened(t *testing.T) {
	w := play(t, nil)
	w.at = noon.Add(time.Hour)
	w.does("bob", "note at 12:40 the disk filled up")
	w.does("bob", "note at 12:20 the first customer called")
	w.does("bob", "note just now")
	var got []string
	for _, l := range w.does("carol", "timeline").Lines[1:] {
		got = append(got, fmt.Sprint(l.Seq, " ", l.Text))
	}
	want := []string{"3 bob: the first customer called (written down at 13:00 UTC)", "2 bob: the disk filled up (written down at 13:00 UTC)", "4 bob: just now"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestTaskListShowsWhatIsOpenFirst(t *testing.T) {
	w := play(t, nil)
	for _, said := range []string{"task add one", "task add two @alice due 30m", "task add three", "task done 1"} {
		w.does("bob", said)
	}
	var rows []string
	for _, l := range w.does("bob", "task list").Lines {
		rows = append(rows, l.Text)
	}
	if got := strings.Join(rows, "|"); got != "2. two (alice, due 12:30 UTC)|3. three|1. one (done)" {
		t.Error(got)
	}
	for range 60 {
		w.does("bob", "task add more")
	}
	r := w.does("bob", "task list")
	if len(r.Lines) != maxTasks || r.Text != "INC-1 has 63 tasks, 62 of them open. 13 are not shown." {
		t.Error(r.Text)
	}
}

func TestRolesAreListed(t *testing.T) {
	w := play(t, []line{{"bob", "lead me", "You are now incident commander of INC-1."}})
	rows := w.does("bob", "roles").Lines
	if len(rows) != 3 || !strings.HasPrefix(rows[0].Text, "Incident commander: bob (commander: ") || !strings.HasPrefix(rows[2].Text, "Scribe: nobody (") {
		t.Errorf("%+v", rows)
	}
}

func TestHelp(t *testing.T) {
	w := newWorld(t)
	r := w.does("bob", "help")
	var all []string
	for _, l := range r.Lines {
		all = append(all, l.Text)
	}
	if len(r.Lines) != len(groups) || !strings.Contains(strings.Join(all, "\n"), "Open and find: open, drill, list, show, search") {
		t.Errorf("%q", all)
	}
	for _, v := range verbs {
		text := strings.Join(all, "\n")
		if listed := strings.Contains(text, " "+v.Name+",") || strings.Contains(text, " "+v.Name+"\n") || strings.HasSuffix(text, " "+v.Name); listed == v.hidden {
			t.Errorf("%s: listed is %v", v.Name, listed)
		}
		for _, said := range []string{v.Name + " help", strings.ToUpper(v.Name) + " HELP", v.Name + " --help", "help " + v.Name, v.Name + " INC-99 help"} {
			if !v.about && strings.Contains(said, "INC-99") {
				continue
			}
			r := w.does("bob", said)
			want := len(v.Usage) + len(v.Examples)
			if !strings.HasPrefix(r.Text, v.Name+" ") || len(r.Lines) < want || len(r.Lines) > want && v.more == nil || r.Lines[0].Text != "/incident "+v.Usage[0] {
				t.Errorf("%q: %+v", said, r)
			}
		}
	}
	if r := w.does("bob", "help declare"); r.Text != "open – opens an incident, or records one that is over. Also: declare, new." {
		t.Error(r.Text)
	}
}

func TestHelpMarkdown(t *testing.T) {
	table := HelpMarkdown()
	if n := strings.Count(table, "\n"); n != len(Verbs())+2 {
		t.Errorf("%d lines for %d verbs", n, len(Verbs()))
	}
	for _, row := range strings.Split(strings.TrimSpace(table), "\n") {
		if n := strings.Count(strings.ReplaceAll(row, `\|`, ""), "|"); n != 4 {
			t.Errorf("%d columns: %s", n-1, row)
		}
	}
	if strings.Contains(table, "access") || !strings.Contains(table, `role ROLE @user\|me\|none`) {
		t.Error(table)
	}
}

func TestWelcome(t *testing.T) {
	w := newWorld(t)
	r := w.does("bob", " \n\t ")
	if r.Text != "Type what is wrong, and I open a room for it. Example: /incident open sev1 checkout is down" || len(r.Lines) != 3 || r.Card {
		t.Errorf("%+v", r)
	}
	w.does("bob", "open x")
	w.here = 1
	for _, c := range []struct{ before, first string }{
		{"sev 1", "All of this can be typed as well: /incident help"}, {"resolve", "Not now: severity"}, {"close", "Not now: take command"},
	} {
		w.does("bob", c.before)
		if r := w.does("bob", ""); !r.Card || !strings.HasPrefix(r.Lines[0].Text, c.first) {
			t.Errorf("after %s: %+v", c.before, r.Lines)
		}
	}
}

func TestListSaysHowManyMore(t *testing.T) {
	w := newWorld(t)
	for range 25 {
		w.does("bob", "open sev2 checkout is down")
		w.at = w.at.Add(time.Second)
	}
	r := w.does("bob", "list")
	if r.Text != "25 open incidents; these are the newest 20, 5 more are not shown. All of them: http://127.0.0.1:8080/incidents" || len(r.Lines) != 20 || r.Lines[0].Incident != 25 {
		t.Error(r.Text, len(r.Lines))
	}
	if r.Lines[0].Text != "INC-25 checkout is down (sev2, investigating)" || !r.Lines[0].At.Equal(noon.Add(24*time.Second)) {
		t.Errorf("%+v", r.Lines[0])
	}
	for said, want := range map[string]string{
		"list all":              "More than 20 incidents; these are the newest 20. All of them: http://127.0.0.1:8080/incidents",
		"list all sev2 down":    `More than 20 incidents of severity sev2 with "down" in title, type or services; these are the newest 20. All of them: http://127.0.0.1:8080/incidents`,
		"search checkout is do": `More than 20 incidents with "checkout is do"; these are the newest 20. All of them: http://127.0.0.1:8080/incidents`,
	} {
		if r := w.does("bob", said); r.Text != want || len(r.Lines) != 20 || r.Lines[19].Incident != 6 {
			t.Errorf("%s: %s, %d rows", said, r.Text, len(r.Lines))
		}
	}
}

func TestSearchLooksBehindWhatTheCallerMayNotSee(t *testing.T) {
	w := newWorld(t)
	w.does("bob", "open checkout is down")
	for range 60 { // more than it asks for at first
		w.does("alice", "open private checkout is down")
	}
	if r := w.does("bob", "search checkout"); r.Text != `1 incident with "checkout".` || r.Lines[0].Incident != 1 {
		t.Error(r.Text)
	}
	if r := w.does("alice", "search checkout"); r.Lines[19].Incident != 42 {
		t.Error(r.Text)
	}
}

func TestTheTimelineNamesNobodyTwice(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open checkout is down")
	w.here = 1
	w.does("bob", "ack")
	w.does("bob", "sev 2")
	w.does("bob", "handoff @carol")
	var got []string
	for _, l := range w.does("bob", "timeline").Lines {
		got = append(got, l.Text)
	}
	want := "alice: Declared incident: checkout is down|Acknowledged by bob|bob joined|bob: Severity changed from unset to sev2|bob offered command to carol"
	if strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
}
