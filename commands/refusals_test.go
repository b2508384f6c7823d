package commands

import (
	"strings"
	"testing"

	"fireboss/incidents"
)

func TestRefusals(t *testing.T) {
	const (
		refused, invalid = incidents.CodeRefused, incidents.CodeInvalid
		nobody           = "I know nobody called @zed here. Type @ and pick the person from the list."
	)
	for _, c := range []struct {
		before, said string
		code         incidents.Code
		says         string // stands in the answer
	}{
		{"", "open", invalid, "What is wrong? A few words are enough. Example: /incident open sev1 checkout is down"},
		{"", "open sev1 private --", invalid, "What is wrong?"},
		{"", "open \x00 \x07", invalid, "What is wrong?"},
		{"", "open " + strings.Repeat("x", 201), invalid, "The title has 201 characters, at most 200 fit."},
		{"", "open " + strings.Repeat("x", 10_000), invalid, "The title has 10000 characters"},
		{"", "open --severity 1 x", invalid, `"--severity" is not a flag of open`},
		{"", "open --started checkout is down", invalid, `"checkout" is not a time.`},
		{"", "open --started", invalid, "When? Write 14:02"},
		{"", "open --started 10x is slow", invalid, `"10x" is not a time. Write 14:02, yesterday 14:02,`},
		{"", `open --started "10m and more" x`, invalid, `"10m and more" is not a time.`},
		{"", "open --started 9w --resolved 10w x", invalid, "before it started"},
		{"", "open --started 25:00 x", invalid, `"25:00" is not a time of the day.`},
		{"", "open --started 2026-11-21 14:00 x", invalid, "cannot have started in the future"},
		{"", "open --resolved 2027-01-01 14:00 x", invalid, "cannot have been resolved in the future"},
		{"", "open --started 11:00 --resolved 10:00 x", invalid, "before it started"},
		{"", "drill " + strings.Repeat("x", 201), invalid, "at most 200 fit"},
		{"", "show 12", invalid, `"12" is not an incident; write it like INC-12.`},
		{"", "show INC-0", invalid, `"INC-0" is not an incident`},
		{"", "search", invalid, "What for? Example: /incident search certificate expired"},
		{"", "search " + strings.Repeat("x", 201), invalid, "A search has at most 200 characters; this has 201."},
		{"", "help me", invalid, `"me" is not a verb. All verbs: /incident help`},
		{"", "help resolv", invalid, `"resolv" is not a verb. Did you mean resolve?`},
		{"", "sev", invalid, "Which severity? There are sev1 (the worst) to sev5, and unset. Example: /incident sev 2 wider than thought"},
		{"", "sev 7", invalid, `"7" is not a severity.`},
		{"close", "sev 2", refused, "INC-1 is closed, so you cannot change the severity. Open it again first: /incident reopen WHY"},
		{"", "status", invalid, "Which status? There are triage, investigating,"},
		{"", "status monitorin x", invalid, `"monitorin" is not a status. Did you mean monitoring?`},
		{"resolve", "status identified", refused, "so you cannot change the status"},
		{"resolve", "ack", refused, "so you cannot acknowledge"},
		{"cancel", "resolve", refused, "so you cannot resolve"},
		{"cancel", "close", refused, "so you cannot close"},
		{"resolve", "cancel", refused, "so you cannot cancel"},
		{"", "reopen again", refused, "INC-1 is investigating already; there is nothing to reopen."},
		{"resolve", "reopen", invalid, "Why is it open again?"},
		{"close", "update x", refused, "so you cannot post an update"},
		{"close", "update --draft", refused, "so you cannot post an update"},
		{"", "update", invalid, "The update is missing."},
		{"", "update next 30m", invalid, "The update is missing."},
		{"", "update x next 31d", invalid, "within 30 days"},
		{"", "update x next 0m", invalid, "The next update cannot be due at once."},
		{"", "update " + strings.Repeat("x", incidents.MaxText+1), invalid, "at most 8000 fit"},
		{"", "redact", invalid, "Which event? Its number stands on the timeline (/incident timeline). Example: /incident redact 7 a password slipped out"},
		{"", "redact none", invalid, "Which event?"},
		{"", "redact 0", invalid, "Which event?"},
		{"", "redact 99", refused, "INC-1 has no event 99. See which there are: /incident timeline"},
		{"ack", "redact 2", refused, "Event 2 (acknowledged) says what was done, not what somebody wrote, so it stays."},
		{"", "redact 1", refused, "That is its title now."},
		{"rename other", "redact 2", refused, "That is its title now. Give it another one first: /incident rename checkout is down"},
		{"hold on", "redact 2", refused, "says what was done"},
		{"", "hold", invalid, "Place a legal hold or lift it? Example: /incident hold on the regulator asks"},
		{"", "hold maybe", invalid, "Place a legal hold or lift it?"},
		{"", "summary", invalid, "The summary is missing."},
		{"", "note", invalid, "The note is missing."},
		{"", "note at", invalid, "At what time, and what was it? Write 14:02"},
		{"", "note at 11:00", invalid, "The note is missing."},
		{"", "note at 26:00 x", invalid, "is not a time of the day"},
		{"", "note at 2026-11-21 14:00 x", invalid, "A note cannot be about the future"},
		{"", "note at 2026-11-20 x", invalid, `"2026-11-20" is not a time.`},
		{"", "decision", invalid, "The decision is missing."},
		{"", "lead", invalid, "Who leads? Example: /incident lead me"},
		{"", "lead @zed", invalid, nobody},
		{"", "lead @oncall", invalid, "@oncall is a group, and this goes to one person."},
		{"", "lead @bob @alice", invalid, `A role goes to one person; I did not understand "@alice".`},
		{"close", "lead me", refused, "so you cannot assign a role"},
		{"", "role", invalid, "Which role, and who? There are: commander, communications, scribe."},
		{"", "role scribe", invalid, "Which role, and who?"},
		{"", "role jester @bob", invalid, `"jester" is not a role. There are: commander, communications, scribe.`},
		{"lead me", "leave", refused, "bob is incident commander of INC-1. Hand that over first"},
		{"", "invite", invalid, "Whom? Example: /incident invite @alice @oncall"},
		{"", "invite @alice @zed", invalid, nobody},
		{"", "invite @empty", refused, "Nobody is in @empty."},
		{"close", "invite @alice", refused, "so you cannot bring somebody in"},
		{"", "handoff", invalid, "To whom? Example: /incident handoff @alice"},
		{"", "handoff @zed x", invalid, nobody},
		{"lead @alice", "handoff @alice", refused, "alice commands INC-1 already."},
		{"", "handoff @alice " + strings.Repeat("x", incidents.MaxText+1), invalid, "at most 8000 fit"},
		{"", "handoff me", refused, "You cannot offer command to yourself. To take it: /incident lead me"},
		{"", "ack 12", invalid, `I did not understand "12" behind ack, so nothing was done. Say just: /incident ack`},
		{"join", "leave @carol", invalid, `I did not understand "@carol" behind leave`},
		{"", "join @carol", invalid, `I did not understand "@carol" behind join`},
		{"", "timeline 50", invalid, `I did not understand "50" behind timeline`},
		{"", "roles of INC-1", invalid, `I did not understand "of INC-1" behind roles`},
		{"", "accept it", invalid, `I did not understand "it" behind accept`},
		{"", "accept", refused, "Command of INC-1 is not offered to you any more."},
		{"", "clock strat gdpr", invalid, `"strat" is nothing that can be done with a clock; there are start, mark, submitted and stop. Did you mean /incident clock start gdpr?`},
		{"", "clock gdpr", invalid, "Did you mean /incident clock start gdpr?"},
		{"", "clock start", invalid, "Which clock? There are: cra, cra_vulnerability, dora, gdpr,"},
		{"", "clock start gdpr at noon", invalid, `"noon" is not a time.`},
		{"", "clock start gdpr at 11:00 or so", invalid, `I did not understand "or so" behind the time. Example: /incident clock start gdpr at 14:02`},
		{"", "clock submitted gdpr notification", refused, "No clock of a regulation runs in INC-1. To start one: /incident clock start gdpr at 14:02"},
		{"clock start dora", "clock mark dora", invalid, "Which moment? There are: classified. Example: /incident clock mark dora classified at 14:02"},
		{"clock start dora", "clock submitted dora interim", invalid, `"interim" is no stage. There are: initial, intermediate, final.`},
		{"clock start dora", "clock stop gdpr", invalid, `"gdpr" is no clock that runs. There are: dora.`},
		{"clock start gdpr", "snooze 1h gdpr.notification", refused, "What a law wants cannot be put off."},
		{"", "task check the backups", invalid, `"check" is nothing that can be done with a task; there are add, take, done, reopen, drop, assign and list. Did you mean /incident task add check the backups?`},
		{"", "task ad look", invalid, "Did you mean /incident task add look?"},
		{"", "task 3 done", invalid, "Did you mean /incident task done 3?"},
		{"", "task add", invalid, "The task is missing."},
		{"", "task add @alice due 30m", invalid, "The task is missing."},
		{"", "task add look @zed", invalid, nobody},
		{"", "task add look @oncall", invalid, "@oncall is a group"},
		{"", "task add look due 25:00", invalid, "is not a time of the day"},
		{"", "task add look due 2026-11-19 10:00", invalid, "2026-11-19 10:00 UTC is past; it cannot be due then."},
		{"", "task done", invalid, "Which task? See them all: /incident task list"},
		{"", "task done x", invalid, `"x" is not the number of a task.`},
		{"", "task done -1", invalid, `"-1" is not the number of a task.`},
		{"task add x", "task done 1 2", invalid, `I did not understand "2" behind the number; name one task at a time. Example: /incident task done 1`},
		{"task add x", "task take 1 please", invalid, `I did not understand "please" behind the number`},
		{"task add x", "task assign 1 @alice @bob", invalid, `A task goes to one person; I did not understand "@bob".`},
		{"", "task assign @alice 1", invalid, `"@alice" is not the number of a task.`},
		{"", "task take 7", refused, "There is no task 7."},
		{"", "task assign 1", invalid, "Which task, and to whom? Example: /incident task assign 3 @alice"},
		{"", "task assign 1 @zed", invalid, nobody},
		{"close", "task add x", refused, "so you cannot work with tasks"},
		{"", "followup frobnicate", invalid, "Did you mean /incident followup add frobnicate?"},
		{"", "followup done 9", refused, "There is no follow-up 9."},
		{"", "link", invalid, "Which address? Example: /incident link https://status.example.com status page"},
		{"", "link example.com", invalid, `"example.com" is not an address that can be opened.`},
		{"", "link javascript:alert(1)", invalid, "is not an address that can be opened"},
		{"", "link https://example.com " + strings.Repeat("x", 81), invalid, "at most 80 characters"},
		{"", "service", invalid, "Add or remove? Example: /incident service add checkout"},
		{"", "service checkout", invalid, "Add or remove? Did you mean /incident service add checkout?"},
		{"", "service remvoe checkout", invalid, "Did you mean /incident service remove checkout?"},
		{"", "service add", invalid, "Which service?"},
		{"", "service remove checkout", refused, `"checkout" is not among the services of INC-1; it has none.`},
		{"service add mail", "service remove checkout", refused, `"checkout" is not among the services of INC-1; there are: mail.`},
		{"", "rename", invalid, "What is wrong? A few words are enough. Example: /incident rename checkout rejects all cards"},
		{"", "rename " + strings.Repeat("x", 201), invalid, "at most 200 fit"},
		{"", "type", invalid, "Which type? Example: /incident type security"},
		{"", "type two words", invalid, `"two words" is not a type: that is one word`},
		{"", "field region", invalid, "Which field, and what shall it be?"},
		{"", "field Ünï x", invalid, "A field's name is one word"},
		{"", "impact", invalid, "Say impact start TIME or impact end TIME."},
		{"", "impact begin 14:02", invalid, "Say impact start TIME or impact end TIME."},
		{"", "impact start", invalid, "When? Write 14:02"},
		{"", "impact start soon", invalid, `"soon" is not a time.`},
		{"", "impact start 11:00 or so", invalid, `I did not understand "or so" behind the time.`},
		{"", "impact end 2026-11-21 11:00", invalid, "2026-11-21 11:00 UTC is in the future; it must have happened. Example: /incident time impact_ended 14:02"},
		{"impact start 11:00", "impact end 10:00", refused, "The impact cannot end"},
		{"", "time", invalid, "Which time? There are: impact_started,"},
		{"", "time lunch 12:00", invalid, `"lunch" is not one of the times.`},
		{"", "time detected", invalid, "When?"},
		{"", "time resolved 11:00", refused, "INC-1 is not resolved. Resolve it first: /incident resolve"},
		{"", "time closed 11:00", refused, "INC-1 is not closed. Close it first: /incident close"},
		{"", "show INC-99", incidents.CodeNotFound, "INC-99 does not exist or is not open to you."},
	} {
		t.Run(brief(c.said, 40), func(t *testing.T) {
			w := newWorld(t)
			w.does("carol", "open sev1 checkout is down")
			w.here = 1
			if c.before != "" {
				w.does("bob", c.before)
			}
			was := w.incident(1)
			r := w.says("bob", c.said)
			if r.Refused != c.code || !strings.Contains(r.Text, c.says) {
				t.Errorf("%s\n got  %s: %s\n want %s: … %s …", c.said, r.Refused, r.Text, c.code, c.says)
			}
			if r.Fault != nil || r.Incident != nil || len(r.Events) > 0 {
				t.Errorf("a refusal carries %+v", r)
			}
			if in := w.incident(1); in.Version != was.Version || in.Seq != was.Seq || len(w.does("bob", "list all").Lines) != 1 {
				t.Error("a refusal changed something")
			}
		})
	}
}

func TestAVerbThatNeedsAnIncident(t *testing.T) {
	w := newWorld(t)
	for _, v := range verbs {
		r := w.says("bob", v.Name)
		if !v.about {
			continue
		}
		if r.Refused != incidents.CodeInvalid || !strings.Contains(r.Text, "Example: /incident "+v.Name+" INC-12") || strings.Contains(r.Text, "INC-12 INC-12") {
			t.Errorf("%s: %s", v.Name, r.Text)
		}
	}
	if got := w.says("bob", "sev 2").Text; got != "Which incident? There is none in this place, so name it first. Example: /incident sev INC-12 2 wider than thought" {
		t.Error(got)
	}
}

func TestEveryVerbRefusesWhatDoesNotExist(t *testing.T) {
	w := newWorld(t)
	for _, v := range verbs {
		if !v.about || v.Name == "access" {
			continue
		}
		_, args := cut(v.Examples[0])
		if v.Name == "show" {
			args = ""
		}
		r := w.says("bob", v.Name+" INC-7 "+args)
		if r.Refused != incidents.CodeNotFound || r.Text != "INC-7 does not exist or is not open to you." || len(r.Choices) != 1 || r.Choices[0] != (Choice{Label: "Ask for access", Command: "access INC-7"}) {
			t.Errorf("%s: %+v", v.Name, r)
		}
	}
}

func TestUnknownWords(t *testing.T) {
	for _, c := range []struct {
		here     incidents.Number
		said     string
		text     string
		commands []string
	}{
		{0, "lsit", `"lsit" is not a verb; did you mean /incident list? To open an incident: /incident open lsit`, []string{"list", "open lsit"}},
		{0, "checkout is down", `"checkout" is not a verb; /incident help lists them. To open an incident: /incident open checkout is down`, []string{"open checkout is down"}},
		{0, "phone bob", `"phone" is not a verb; /incident help lists them. To open an incident: /incident open phone bob`, []string{"open phone bob"}},
		{0, "INC-12", `"INC-12" is not a verb; did you mean /incident show INC-12? To open an incident: /incident open INC-12`, []string{"show INC-12", "open INC-12"}},
		{0, "INC-12 SEV 2 worse", `"INC-12" is not a verb; did you mean /incident sev INC-12 2 worse? To open an incident: /incident open INC-12 SEV 2 worse`, []string{"sev INC-12 2 worse", "open INC-12 SEV 2 worse"}},
		{0, "sev1 checkout is down", `"sev1" is not a verb; /incident help lists them. To open an incident: /incident open sev1 checkout is down`, []string{"open sev1 checkout is down"}},
		{1, "sev2 less than thought", `"sev2" is not a verb; did you mean /incident sev sev2 less than thought?`, []string{"sev sev2 less than thought"}},
		{1, "udpate all is well", `"udpate" is not a verb; did you mean /incident update all is well?`, []string{"update all is well"}},
		{1, "Identified a full disk", `"Identified" is not a verb; did you mean /incident status identified a full disk?`, []string{"status identified a full disk"}},
		{1, "mute 2h", `"mute" is not a verb; /incident help lists them.`, nil},
		{1, "checkout is down", `"checkout" is not a verb; /incident help lists them.`, nil},
	} {
		w := newWorld(t)
		w.does("bob", "open x")
		w.here = c.here
		r := w.says("bob", c.said)
		if r.Text != c.text || r.Refused != incidents.CodeInvalid {
			t.Errorf("%q:\n got  %s\n want %s", c.said, r.Text, c.text)
		}
		var commands []string
		for _, choice := range r.Choices {
			commands = append(commands, choice.Command)
		}
		if strings.Join(commands, "|") != strings.Join(c.commands, "|") {
			t.Errorf("%q offers %q, want %q", c.said, commands, c.commands)
		}
	}
}

func TestTheButtonThatOpens(t *testing.T) {
	w := newWorld(t)
	long := "database " + strings.Repeat("é", 100)
	r := w.says("bob", long)
	if len(r.Choices) != 1 || len([]rune(r.Choices[0].Label)) != 75 || !strings.HasPrefix(r.Choices[0].Label, "Open an incident: database é") || r.Choices[0].Command != "open "+long || !r.Choices[0].Primary {
		t.Errorf("%+v", r.Choices)
	}
	if r := w.says("bob", strings.Repeat("x ", 5000)); len(r.Choices) != 0 {
		t.Error("a button carries more than a button can")
	}
}

func TestSlips(t *testing.T) {
	for pair, want := range map[[2]string]int{
		{"", ""}: 0, {"list", "list"}: 0, {"lsit", "list"}: 1, {"lst", "list"}: 1, {"liist", "list"}: 1, {"lost", "list"}: 1, {"", "abc"}: 3, {"page", "list"}: 4, {"ca", "abc"}: 3,
	} {
		if got := slips(pair[0], pair[1]); got != want {
			t.Errorf("%q: %d, want %d", pair, got, want)
		}
	}
}

// What a refusal proposes is typed where it was read, which may be another
// incident's channel.
func TestWhatARefusalProposesIsRightWhereItIsRead(t *testing.T) {
	for _, c := range []struct {
		here incidents.Number
		said string
		says string
	}{
		{1, "ack", "INC-1 is closed, so you cannot acknowledge. Open it again first: /incident reopen WHY"},
		{1, "ack INC-1", "INC-1 is closed, so you cannot acknowledge. Open it again first: /incident reopen WHY"},
		{2, "ack INC-1", "INC-1 is closed, so you cannot acknowledge. Open it again first: /incident reopen INC-1 WHY"},
		{0, "ack INC-1", "INC-1 is closed, so you cannot acknowledge. Open it again first: /incident reopen INC-1 WHY"},
		{0, "reopen INC-1", "Why is it open again? Example: /incident reopen INC-1 errors are back in eu-west"},
		{1, "time INC-2 resolved 11:00", "INC-2 is not resolved. Resolve it first: /incident resolve INC-2"},
		{0, "followup INC-1 done 3", "There is no follow-up 3. See them all: /incident followup INC-1 list"},
		{2, "open", "What is wrong? A few words are enough. Example: /incident open sev1 checkout is down"},
		{2, "leave INC-1 now", `I did not understand "now" behind leave, so nothing was done. Say just: /incident leave INC-1`},
	} {
		w := newWorld(t)
		w.does("bob", "open checkout is down")
		w.does("bob", "open search is slow")
		w.does("bob", "close INC-1")
		w.here = c.here
		if r := w.says("bob", c.said); r.Text != c.says {
			t.Errorf("%q in %s:\n got  %s\n want %s", c.said, c.here, r.Text, c.says)
		}
	}
}

// What is copied out of an answer can be given back: Slack is kept from formatting an example by what nobody sees.
func TestAnExampleCanBePastedBack(t *testing.T) {
	w := newWorld(t)
	shown := strings.NewReplacer("*", "\u200b*\u200b", "~", "\u200b~\u200b")
	r := w.says("bob", "\ufeff"+shown.Replace(`silence service=~"shop-.*" 2h a try`))
	if s, err := w.desk.Store.Silence(t.Context(), 1); err != nil || s.Matcher.String() != `service=~"shop-.*"` {
		t.Errorf("%q, %+v, %v", r.Text, s, err)
	}
	values := map[string][]string{"matcher": {shown.Replace(`service=~"cart-.*"`)}, "for": {"4h"}, "why": {"👩\u200d🚒 می\u200cخواهم"}}
	r = w.desk.Handle(t.Context(), Request{ID: "form", Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/UA", Name: "alice"}, At: noon, Text: "silence", Values: values})
	if s, err := w.desk.Store.Silence(t.Context(), 2); err != nil || s.Matcher.String() != `service=~"cart-.*"` || s.Why != "👩\u200d🚒 می\u200cخواهم" {
		t.Errorf("%q, %+v, %v", r.Text, s, err)
	}
	if values["matcher"][0] != shown.Replace(`service=~"cart-.*"`) {
		t.Error("what was asked is changed")
	}
}

// Who can be woken is said by what is configured.
func TestWhomTheFormOfAPageNames(t *testing.T) {
	one, genie := incidents.Paging{Rest: true}, incidents.Paging{Named: []string{incidents.WhomTeam, incidents.WhomEscalation, incidents.WhomSchedule, incidents.WhomPerson}}
	for want, all := range map[string][]incidents.Paging{"A service": {one}, "A service, team:NAME, escalation:NAME, schedule:NAME or somebody's e-mail address": {one, genie}} {
		if got := whomHint(all); got != want {
			t.Errorf("%+v: %s", all, got)
		}
	}
}
