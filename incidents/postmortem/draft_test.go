package postmortem

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// drafted is a section of a play's draft by the full template.
func drafted(t *testing.T, p *play, slot string) string {
	t.Helper()
	for _, tmpl := range []string{FullTemplate, SecurityTemplate} {
		for _, s := range Draft(Builtin()[tmpl], p.record()).Sections {
			if s.Slot == slot {
				return s.Text
			}
		}
	}
	t.Fatalf("there is no section %s", slot)
	return ""
}

// says checks that a text has these pieces, in this order.
func says(t *testing.T, text string, pieces ...string) {
	t.Helper()
	rest := text
	for _, p := range pieces {
		i := strings.Index(rest, p)
		if i < 0 {
			t.Errorf("%q is not there, or not in its place, in\n%s", p, text)
			return
		}
		rest = rest[i+len(p):]
	}
}

func saysNot(t *testing.T, text string, pieces ...string) {
	t.Helper()
	for _, p := range pieces {
		if strings.Contains(text, p) {
			t.Errorf("%q is there, in\n%s", p, text)
		}
	}
}

func TestHeadOfADraft(t *testing.T) {
	p := outage(t)
	r := p.record()
	r.By = incidents.Actor{Kind: incidents.User, ID: "slack:T1/UB", Name: "bob"}
	doc := Draft(Builtin()[FullTemplate], r)
	if doc.Incident != 12 || doc.Template != FullTemplate || doc.Title != "INC-12: checkout answers with errors" || doc.Seq != 40 || doc.By.Name != "bob" || !doc.At.Equal(r.At) || doc.Version != 0 {
		t.Errorf("%+v", doc)
	}
	for _, s := range doc.Sections {
		if s.Author != incidents.ByRecord || s.Text == "" || s.Removed != nil {
			t.Errorf("%+v", s)
		}
	}
	r.By = incidents.Actor{}
	if doc := Draft(Builtin()[FullTemplate], r); doc.By != incidents.Fireboss {
		t.Errorf("by %+v", doc.By)
	}
	r.Incident.Postmortem = incidents.Postmortem{Owner: &carol, Reviewers: []incidents.Reviewer{{Person: dave}, {Person: erin, Approved: ten}}}
	says(t, Draft(Builtin()[FullTemplate], r).Sections[0].Text, "| Incident commander | bob [T5] |", "| Owner | carol |", "| Reviewers | Dave Miller (not yet) and erin (approved on 20 November 2026) |")
}

func TestPeopleAreTheirRolesAndToldApart(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "search is slow", Severity: 3})
	p.later(minute).does(bob, incidents.AddNote{Text: "the index is old"})
	p.later(minute).does(alice, incidents.AddNote{Text: "Dave rebuilt it; @bob and bob know, carolina does not"})
	p.later(minute).does(dave, incidents.AssignRole{Role: "commander", To: bob})
	p.later(minute).does(bob, incidents.AddNote{Text: "I lead"})
	p.later(minute).does(bob, incidents.AssignRole{Role: "commander", To: carol})
	p.later(minute).does(bob, incidents.AddNote{Text: "carol leads"})
	says(t, drafted(t, p, "narrative"),
		"At 10:00 on 20 November 2026, a responder declared a sev3 incident: “search is slow”. [T1]",
		"At 10:01, a second responder noted: “the index is old”. [T2]",
		`At 10:02, the first responder noted: “\[a responder\] rebuilt it; \[a responder\] and \[a responder\] know, carolina does not”. [T3]`,
		"At 10:03, a third responder gave the role of incident commander to the second responder. [T4]",
		"At 10:04, the incident commander noted: “I lead”. [T6]",
		"At 10:05, the incident commander gave the role of incident commander to a fourth responder, taking it from themselves. [T7]",
		`the second responder noted: “\[the incident commander\] leads”. [T9]`)
	r := p.record()
	r.Names = true
	for _, s := range Draft(Builtin()[FullTemplate], r).Sections {
		if s.Slot == "narrative" {
			says(t, s.Text, "alice declared", "bob noted", "“Dave rebuilt it; \\@bob and bob know", "Dave Miller gave the role of incident commander to bob", "“carol leads”")
		}
	}
}

func TestReversalsAndSilences(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "x", Severity: 4})
	p.does(alice, incidents.AssignRole{Role: "commander", To: alice})
	p.later(minute).does(alice, incidents.ChangeSeverity{To: 2})
	p.later(minute).does(alice, incidents.ChangeSeverity{To: 1})
	p.later(29*minute).does(alice, incidents.ChangeStatus{To: incidents.Identified})
	p.later(31*minute).does(bob, incidents.AddNote{Text: "here again"})
	p.does(alice, incidents.ChangeStatus{To: incidents.Investigating, Why: "it was something else"})
	p.does(alice, incidents.HandOff{To: bob})
	p.does(bob, incidents.DeclineHandoff{})
	p.does(alice, incidents.Resolve{})
	p.later(5*time.Hour).does(alice, incidents.Reopen{Why: "back"})
	p.does(alice, incidents.Resolve{})
	bad := drafted(t, p, "went_badly")
	says(t, bad, "The severity was raised twice. [T3, T4]", "The incident was reopened once after it had ended. [T11]", "The status went back once. [T7]", "Command was offered and declined once. [T9]",
		"The record holds nothing that people did from 10:31 to 11:02, for 31 minutes. [T5, T6]")
	saysNot(t, bad, "for 29 minutes", "for 5 hours")
	says(t, drafted(t, p, "narrative"), "### Diagnosis", "### Mitigation", "### Diagnosis", "### Diagnosis, after it was reopened")
	says(t, drafted(t, p, "open_questions"), "What did the resolution before the reopening at 16:02 UTC on 20 November 2026 miss? [T11]", "What would have shown sooner how severe it was? The severity was raised twice. [T3, T4]")
	says(t, drafted(t, p, "summary"), "Its severity was raised twice and it was reopened once. [T3, T4, T11]")
}

// TestAlertsArePartOfTheAccount: the kinds that the contract names, as text and data
// may have them.
func TestAlertsArePartOfTheAccount(t *testing.T) {
	p := begin(t, 1)
	p.acts(watcher, incidents.Open{Title: "disk full", Severity: 2})
	add := func(kind incidents.Kind, text, data string) {
		p.later(minute)
		p.events = append(p.events, incidents.Event{Incident: 1, Seq: uint64(len(p.events) + 1), Kind: kind, At: p.now, RecordedAt: p.now, Actor: watcher, Text: text, Data: json.RawMessage(data)})
	}
	add(incidents.AlertAttached, "Alert attached: DiskFull", `{"title":"DiskFull db-7","source":"prometheus","url":"https://prometheus.example.com/a"}`)
	add(incidents.AlertAttached, "Alert attached: Replication lags", `{}`)
	add(incidents.AlertResolved, "Alert resolved: DiskFull", `{"title":"DiskFull db-7"}`)
	add(incidents.Paged, "@oncall was paged", `{}`)
	p.in.Times.Detected = ten.Add(minute)
	says(t, drafted(t, p, "detection"), "The first alert on the record came at 10:01 UTC on 20 November 2026: an alert of prometheus was attached to the incident: “DiskFull db-7”. [T2]", "Two alerts were attached in all. [T2, T3]")
	says(t, drafted(t, p, "material"), "Alert: an alert of prometheus was attached to the incident: “DiskFull db-7”, [alert](<https://prometheus.example.com/a>) (prometheus.example.com) [T2]")
	says(t, drafted(t, p, "timeline"), "An alert was resolved: “DiskFull db-7” [T4]", "Had somebody paged: “\\@oncall was paged” [T5]")
	says(t, drafted(t, p, "header"), "| Detected | 2026-11-20 10:01:00 UTC [T2] |")
}

func TestWhatWasRemovedIsCitedAndNotShown(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "x", Severity: 2})
	p.does(alice, incidents.PostUpdate{Text: "our secret plan"})
	p.does(alice, incidents.AddTask{List: incidents.Followups, Text: "hide the secret"})
	p.does(alice, incidents.Redact{Seq: 2})
	p.does(alice, incidents.Redact{Seq: 3})
	id := p.says(bob, "first text")
	p.does(alice, incidents.MarkMessage{ID: id})
	p.does(bob, incidents.RecordEdit{ID: id, Text: "second text", At: p.now})
	says(t, drafted(t, p, "narrative"), "posted an update; what was written down of it was removed later. [T2]", "“second text”. [T6, T7, T8]")
	saysNot(t, drafted(t, p, "narrative"), "first text", "secret")
	says(t, drafted(t, p, "followups"), "| 1 | (removed) [T3] | – |")
	says(t, drafted(t, p, "timeline"), "| alice | Posted an update; what was written down of it was removed later [T2] |")
}

func TestPurposeOfFollowups(t *testing.T) {
	for text, want := range map[string]string{
		"Add an alert for the queue": "detect?", "Write a runbook": "mitigate?", "Test the release with no currency": "prevent?", "Talk to the vendor": "",
		"Add an alert #prevent": "prevent", "detect: write a test": "detect", "[mitigate] add an alert": "mitigate", "Prevent": "prevent", "The alert": "detect?", "Log more": "detect?", "A blog post": "",
	} {
		kind, sure := purpose(text)
		if !sure && kind != "" {
			kind += "?"
		}
		if kind != want {
			t.Errorf("%q is for %q, want %q", text, kind, want)
		}
	}
}

func TestPromisedUpdates(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "x", Severity: 2})
	p.does(alice, incidents.PostUpdate{Text: "one", Next: 10 * minute})
	p.later(14*minute).does(alice, incidents.PostUpdate{Text: "two", Next: 10 * minute}) // within the grace
	saysNot(t, drafted(t, p, "went_badly"), "promised")
	says(t, drafted(t, p, "went_well"), "The update that was promised came in time. [T2, T3]")
	p.later(16*minute).does(alice, incidents.PostUpdate{Text: "three", Next: 10 * minute})
	says(t, drafted(t, p, "went_badly"), "The update that was promised for 10:24 came at 10:30. [T3, T4]")
	saysNot(t, drafted(t, p, "went_well"), "promised")
	p.later(30*minute).does(alice, incidents.Resolve{})
	says(t, drafted(t, p, "went_badly"), "The update that was promised for 10:40 did not come before the end at 11:00. [T4, T5]")
	says(t, drafted(t, p, "communications"), "The longest time without one was 30 minutes, from 10:30 to 11:00. [T4, T5]")
}

func TestReporting(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "x", Type: "data"})
	saysNot(t, drafted(t, p, "reporting"), "[T")
	p.does(alice, incidents.StartClock{Name: "gdpr"})
	p.does(alice, incidents.StartClock{Name: "dora"})
	p.does(alice, incidents.MarkClock{Name: "dora", Moment: "classified"})
	p.later(80*time.Hour).does(alice, incidents.SubmitStage{Name: "gdpr", Stage: "notification"})
	text := drafted(t, p, "reporting")
	says(t, text, "was due at 10:00 UTC on 23 November 2026 (72 hours from awareness of the breach) and was submitted at 18:00 UTC on 23 November 2026, 8 hours late. [T2, T5]")
	says(t, text, "“DORA (RTS 2025/301 Art. 5): initial notification” was due at 14:00 UTC on 20 November 2026", "as far as the record goes, was not submitted. [T3, T4]", "has no date yet (")
}

func TestUnusualIncidentsReadWell(t *testing.T) {
	backfilled := begin(t, 2)
	backfilled.does(alice, incidents.Open{Title: "old thing", Started: ten.Add(-48 * time.Hour), Resolved: ten.Add(-47 * time.Hour), Severity: 2})
	says(t, drafted(t, backfilled, "summary"), "INC-2 was a sev2 incident: “old thing”. [T1] The impact began at 10:00 UTC on 18 November 2026, and 1 hour later the incident was resolved. [T1, T2]")
	says(t, drafted(t, backfilled, "narrative"), "At 10:00 on 18 November 2026, the impact began. [T1] At 11:00, the incident was resolved. [T2] At 10:00 on 20 November 2026, a responder recorded a sev2 incident that was over: “old thing”. [T1]")

	drill := begin(t, 3)
	drill.does(alice, incidents.Open{Title: "game day", Drill: true, Severity: 1})
	doc := Draft(Builtin()[FullTemplate], drill.record())
	if doc.Title != "PRACTICE INC-3: game day" || !strings.HasPrefix(doc.Sections[0].Note, "PRACTICE") || !strings.HasPrefix(Update(drill.record()), "PRACTICE: ") {
		t.Errorf("%q %q %q", doc.Title, doc.Sections[0].Note, Update(drill.record()))
	}
	says(t, drafted(t, drill, "summary"), "INC-3 is a PRACTICE sev1 incident")

	merged := begin(t, 4)
	merged.does(alice, incidents.Open{Title: "cards are declined", Severity: 3})
	merged.later(5*minute).does(bob, incidents.Merge{Into: 7, Why: "the same"})
	says(t, drafted(t, merged, "summary"), "INC-4 was declared as a sev3 incident: “cards are declined”. [T1] It was declared at 10:00 UTC on 20 November 2026 and merged 5 minutes later into INC-7, where the work went on (“the same”). [T1, T2]")

	open := begin(t, 5)
	open.does(alice, incidents.Open{Title: "still going on"})
	doc = Draft(Builtin()[FullTemplate], open.record())
	says(t, doc.Sections[0].Note, "still open when this was drafted")
	says(t, drafted(t, open, "summary"), "INC-5 is an incident: “still going on”. [T1]", "It was still open when this was drafted")
	says(t, drafted(t, open, "header"), "| Severity | not judged yet [T1] |", "| Status | investigating, still open when this was drafted [T1] |")
}

func TestADraftOfNothing(t *testing.T) {
	r := Record{Incident: incidents.Incident{Number: 1, Title: "x", Status: incidents.Investigating, Times: incidents.Times{Declared: ten, ImpactStarted: ten}, Services: []string{"a"}}, At: ten}
	for _, tmpl := range Builtin() {
		for _, s := range Draft(tmpl, r).Sections {
			if strings.Contains(s.Text, "[]") || len(Cites(s.Text)) > 0 {
				t.Errorf("%s of no events: %q", s.Slot, s.Text)
			}
		}
	}
	if Catchup(r) != "" {
		t.Errorf("a catch-up of no events: %q", Catchup(r))
	}
}

func TestMomentsStandOnTheEventsThatSetThem(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "x", Severity: 3})
	for range 2 {
		p.later(minute).does(alice, incidents.ChangeStatus{To: incidents.Monitoring})
		p.later(minute).does(alice, incidents.ChangeStatus{To: incidents.Identified})
	}
	p.later(minute).does(alice, incidents.Resolve{})
	p.later(minute).does(alice, incidents.Reopen{Why: "x"})
	p.later(minute).does(alice, incidents.Close{})
	p.does(alice, incidents.SetTime{Name: "detected", At: ten.Add(-minute)})
	says(t, drafted(t, p, "header"), "| Detected | 2026-11-20 09:59:00 UTC [T10] |", "| Acknowledged | 2026-11-20 10:01:00 UTC [T2] |", "| Cause known | 2026-11-20 10:02:00 UTC [T3] |",
		"| Mitigated | 2026-11-20 10:01:00 UTC [T2] |", "| Resolved | 2026-11-20 10:07:00 UTC [T8] |", "| Closed | 2026-11-20 10:07:00 UTC [T9] |")
	says(t, drafted(t, p, "resolution"), "reopened the incident")
}

func TestNamesThatAreWords(t *testing.T) {
	p := begin(t, 1)
	will := incidents.Person{ID: "slack:T1/UW", Name: "will"}
	p.does(will, incidents.Open{Title: "x"})
	p.does(alice, incidents.AddNote{Text: "we will roll back, @will"})
	says(t, drafted(t, p, "narrative"), `“we will roll back, \[a responder\]”`)
}

func TestLongTimelinesAreCounted(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "x", Severity: 3})
	for range 100 {
		p.later(minute).does(alice, incidents.AddTask{List: incidents.Tasks, Text: "a task"})
		p.does(bob, incidents.MakeDecision{Text: "a decision"})
	}
	text := drafted(t, p, "narrative")
	if n := strings.Count(text, "recorded a decision"); n > maxTold {
		t.Errorf("%d decisions are told one by one", n)
	}
	says(t, text, "Besides, from 10:01 to 11:40, 100 tasks were added and 61 decisions were recorded. [T2, T200]")
}

func TestCatchup(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "checkout is down", Severity: 1, Services: []string{"checkout"}, Started: ten.Add(-5 * minute)})
	p.later(minute).does(bob, incidents.AssignRole{Role: "commander", To: bob})
	p.later(minute).does(bob, incidents.PostUpdate{Text: "We look at [T3] and @here.", Next: 20 * minute})
	p.later(minute).does(bob, incidents.ChangeStatus{To: incidents.Identified, Why: "release 2241"})
	p.does(bob, incidents.MakeDecision{Text: "we roll back"})
	p.does(bob, incidents.AddTask{List: incidents.Tasks, Text: "roll back", Assignee: alice})
	p.says(alice, "chatter")
	want := `INC-1 is a sev1 incident that affected checkout: “checkout is down”. [T1]
The impact began at 09:55 UTC on 20 November 2026. [T1]
Its status is identified since 10:03 (“release 2241”). [T5]
Bob is incident commander. [T2]
As its cause the record gives: “release 2241”. [T5]
At 10:03, bob recorded a decision: “we roll back”. [T6]
At 10:02, bob posted an update, with the next one promised for 10:22: “We look at (T3) and @here.” [T4]
At 10:03, bob added task 1 for alice: “roll back”. [T7]
Next: `
	if got := Catchup(p.record()); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestUpdate(t *testing.T) {
	p := begin(t, 1)
	p.does(alice, incidents.Open{Title: "checkout is down, alice says", Severity: 1, Services: []string{"checkout"}, Started: ten.Add(-5 * minute)})
	p.does(dave, incidents.Join{})
	p.does(alice, incidents.SetSummary{Text: "Cards from Europe are refused. Dave looks at it. [T1]"})
	p.later(minute).does(alice, incidents.ChangeStatus{To: incidents.Identified, Why: "a private matter"})
	want := "Checkout is down, [a responder] says (affected: checkout). Cards from Europe are refused. [a responder] looks at it. (T1). It has lasted since 09:55 UTC on 20 November 2026. The cause is known, and we are working on it. The next update comes by 10:31 UTC."
	if got := Update(p.record()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	p.later(minute).does(alice, incidents.PostUpdate{Text: "x", Next: 10 * minute})
	says(t, Update(p.record()), "The next update comes by 10:12 UTC.")
	p.does(alice, incidents.SetImpact{End: true, At: p.now})
	p.does(alice, incidents.Resolve{})
	says(t, Update(p.record()), "This lasted from 09:55 to 10:02 UTC on 20 November 2026. It is resolved.")
	saysNot(t, Update(p.record()), "next update", "alice", "Dave", "a private matter")
}
