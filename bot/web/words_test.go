package web

import (
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 59 * time.Second: "59 s", -59 * time.Second: "59 s", 90 * time.Second: "1 min", time.Hour: "1 h",
		64 * time.Minute: "1 h 4 min", 24 * time.Hour: "1 d", 50*time.Hour + 10*time.Minute: "2 d 2 h",
	} {
		if got := span(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestMomentsInWords(t *testing.T) {
	if got := since(noon, noon.Add(59*time.Second)); got != "just now" {
		t.Errorf("59 s ago is %q", got)
	}
	if got := since(noon, noon.Add(14*time.Minute)); got != "14 min ago" {
		t.Errorf("14 min ago is %q", got)
	}
	if got := short(noon, noon) + ", " + short(noon.AddDate(-1, 0, 0), noon); got != "20 Nov, 12:00, 20 Nov 2025, 12:00" {
		t.Errorf("short is %q", got)
	}
}

func TestDue(t *testing.T) {
	d := incidents.Deadline{Rule: "mitigate", Due: noon, For: "commander", AtRisk: noon.Add(-time.Hour)}
	for minutes, want := range map[int]due{
		-90: {"Mitigate", "commander", "in 1 h 30 min", noon, "pending"},
		-30: {"Mitigate", "commander", "in 30 min", noon, "at_risk"},
		0:   {"Mitigate", "commander", "0 s overdue", noon, "late"},
		5:   {"Mitigate", "commander", "5 min overdue", noon, "late"},
	} {
		if got := dueOf(d, noon.Add(time.Duration(minutes)*time.Minute)); got != want {
			t.Errorf("at %d: %+v, want %+v", minutes, got, want)
		}
	}
	if got := dueOf(incidents.Deadline{Rule: "gdpr", Due: noon}, noon).What; got != "gdpr" {
		t.Errorf("a rule without words is %q", got)
	}
}

func TestSlackInWords(t *testing.T) {
	in := incidents.Incident{Version: 3, Seq: 5}
	for _, c := range []struct {
		rec  store.Record
		want slackState
	}{
		{store.Record{Place: "C1", SyncedVersion: 3, CursorSeq: 5}, slackState{Text: "Slack shows it as it is here.", Word: "up to date"}},
		{store.Record{}, slackState{Text: "There is no Slack channel yet.", Word: "no channel yet", Behind: true}},
		{store.Record{Place: "C1", SyncedVersion: 2, CursorSeq: 5}, slackState{Text: "Slack is being brought up to date.", Word: "catching up", Behind: true}},
		{store.Record{Place: "C1", SyncedVersion: 3, CursorSeq: 4}, slackState{Text: "Slack is being brought up to date.", Word: "catching up", Behind: true}},
		{store.Record{LastError: "ratelimited", NextTry: noon.Add(time.Minute), BehindSince: noon.Add(-time.Hour)},
			slackState{Text: "Slack is behind since 20 Nov, 11:00; the next try is in 1 min.", Word: "1 h behind", Error: "ratelimited", Behind: true}},
		{store.Record{Place: "C1", LastError: "ratelimited", NextTry: noon.Add(time.Second), BehindSince: noon.Add(-patience + time.Second)},
			slackState{Text: "Slack is being brought up to date.", Word: "catching up", Behind: true}},
	} {
		if got := slackWords(in, c.rec, noon); got != c.want {
			t.Errorf("%+v: %+v, want %+v", c.rec, got, c.want)
		}
	}
}

func TestEntriesOfTheTimeline(t *testing.T) {
	late := entryOf(incidents.Event{Kind: incidents.NoteAdded, At: noon.Add(-26 * time.Hour), RecordedAt: noon})
	if late.Clock != "19 Nov 10:00" || late.Later != "written down 1 d 2 h later" || late.Class != "plain" || late.Word != "note added" {
		t.Errorf("a back-dated note: %+v", late)
	}
	if e := entryOf(incidents.Event{Kind: incidents.StatusChanged, At: noon, RecordedAt: noon}); e.Clock != "12:00:00" || e.Later != "" || e.Class != "key" {
		t.Errorf("a change of status: %+v", e)
	}
	if e := entryOf(incidents.Event{Kind: incidents.MessagePosted, At: noon, RecordedAt: noon}); e.Class != "talk" {
		t.Errorf("a message: %+v", e)
	}
}
