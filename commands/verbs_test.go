package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// line is one exchange: who says what, and what the answer is.
type line struct{ who, said, answer string }

// play runs exchanges in the channel of INC-1, which alice has opened as sev1.
func play(t *testing.T, lines []line) *world {
	t.Helper()
	w := newWorld(t)
	w.does("alice", "open sev1 checkout is down")
	w.here = 1
	for _, l := range lines {
		w.at = w.at.Add(time.Minute)
		if got := w.does(l.who, l.said).Text; got != l.answer {
			t.Errorf("%s: %s\n got  %s\n want %s", l.who, l.said, got, l.answer)
		}
	}
	return w
}

const unled = "Nobody commands it yet: /incident lead me"

func TestVerbs(t *testing.T) {
	for name, lines := range map[string][]line{
		"ack": {
			{"bob", "ack", "You acknowledged INC-1. " + unled},
			{"carol", "ACK", "INC-1 was acknowledged by bob at 12:01 UTC."},
			{"bob", "ack", "INC-1 was acknowledged by you at 12:01 UTC."},
		},
		"ack by hand": {
			{"bob", "time acknowledged 11:58", "Noted: INC-1 was acknowledged at 11:58 UTC."},
			{"carol", "ack", "INC-1 was acknowledged at 11:58 UTC."},
		},
		"sev": {
			{"bob", "sev 2 wider than thought", "INC-1 is now sev2. " + unled},
			{"bob", "severity SEV-2", "INC-1 is sev2 already."},
			{"bob", "sev 2 half of Europe", "INC-1 is sev2 already. Your words were not kept; to keep them: /incident note half of Europe"},
			{"bob", "sev s3", "INC-1 is now sev3. " + unled},
			{"bob", "sev unset", "INC-1 is now of unset severity. " + unled},
		},
		"status": {
			{"bob", "lead me", "You are now incident commander of INC-1."},
			{"bob", "status identified a full disk", "INC-1 is now identified."},
			{"bob", "status Identified", "INC-1 is identified already."},
			{"bob", "status identified the disk", "INC-1 is identified already. Your words were not kept; to keep them: /incident note the disk"},
			{"bob", "status triage", "INC-1 is now in triage."},
			{"bob", "status monitoring", "INC-1 is now monitoring. When the impact is over: /incident resolve"},
			{"bob", "status resolved", "INC-1 is now resolved, after 7m. When the work on it is over: /incident close"},
			{"bob", "status closed", "INC-1 is now closed. Should it come back: /incident reopen WHY"},
		},
		"status canceled": {
			{"bob", "status cancelled a rehearsal", "INC-1 is now canceled. Should it come back: /incident reopen WHY"},
			{"bob", "status canceled", "INC-1 is canceled already."},
		},
		"resolve, close, reopen": {
			{"bob", "resolve rolled back", "INC-1 is now resolved, after 1m. When the work on it is over: /incident close"},
			{"bob", "resolve", "INC-1 was resolved at 12:01 UTC."},
			{"bob", "close", "INC-1 is now closed. Should it come back: /incident reopen WHY"},
			{"bob", "close", "INC-1 was closed at 12:03 UTC."},
			{"bob", "reopen errors are back", "INC-1 is open again and investigating. " + unled},
			{"bob", "close", "INC-1 is now closed. Should it come back: /incident reopen WHY"},
		},
		"cancel": {
			{"bob", "cancel it was none", "INC-1 is now canceled. Should it come back: /incident reopen WHY"},
			{"bob", "cancel", "INC-1 is canceled already."},
		},
		"cancel false-positive": {
			{"bob", "cancel false-positive a probe was wrong", "INC-1 is now canceled as a false positive. Should it come back: /incident reopen WHY"},
			{"bob", "cancel false positive", "INC-1 is canceled as a false positive already."},
			{"bob", "cancel false positive a probe", "INC-1 is canceled as a false positive already. Your words were not kept; to keep them: /incident note a probe"},
		},
		"clock": {
			{"bob", "clock", "INC-1 has 6 deadlines. To put one off: /incident snooze 20m commander"},
		},
		"clock of a regulation": {
			{"bob", "clock start gdpr at 11:30", "The clock gdpr of INC-1 counts from 11:30 UTC. Next is gdpr.notification, due 2026-11-23 11:30 UTC: 72 hours from awareness of the breach. Nothing here is legal advice."},
			{"bob", "clock start GDPR at 11:40", "The clock gdpr of INC-1 counts from 11:40 UTC. Next is gdpr.notification, due 2026-11-23 11:40 UTC: 72 hours from awareness of the breach."},
			{"bob", "clock start gdpr", "That clock runs already. What it wants: /incident clock"},
			{"bob", "clock submitted gdpr notification at 12:01", "Noted: gdpr.notification of INC-1 was submitted at 12:01 UTC. All that it wants is submitted. To take it off the card: /incident clock stop gdpr"},
			{"bob", "clock submitted gdpr notification", "That is noted as submitted already. To correct it, say at what time it was: /incident clock submitted gdpr notification at 14:02"},
			{"bob", "clock stop gdpr all is done", "The clock gdpr of INC-1 is stopped."},
		},
		"clock with a moment": {
			{"bob", "clock start cra-vulnerability 11:30", "The clock cra_vulnerability of INC-1 counts from 11:30 UTC. Next is cra_vulnerability.early_warning, due 2026-11-21 11:30 UTC: 24 hours from awareness of the actively exploited vulnerability. Nothing here is legal advice."},
			{"bob", "clock submitted cra_vulnerability early", "Noted: cra_vulnerability.early_warning of INC-1 was submitted at 12:02 UTC. Next is cra_vulnerability.notification, due 2026-11-23 11:30 UTC: 72 hours from awareness of the actively exploited vulnerability."},
			{"bob", "clock submitted cra notification", "Noted: cra_vulnerability.notification of INC-1 was submitted at 12:03 UTC. Next is cra_vulnerability.final: 14 days from a corrective or mitigating measure being available."},
			{"bob", "clock mark cra fix available at 12:01", "Marked on the clock cra_vulnerability of INC-1: fix_available at 12:01 UTC. Next is cra_vulnerability.final, due 2026-12-04 12:01 UTC: 14 days from a corrective or mitigating measure being available."},
			{"bob", "clock mark cra fix", "That is marked already. To correct it, say at what time it was: /incident clock mark cra fix at 14:02"},
		},
		"snooze": {
			{"bob", "snooze 20m update", "Reminders of INC-1 about update are put off until 12:21 UTC, but none of them would have come before then. What is due: /incident clock"},
			{"bob", "snooze 25m update", "Reminders of INC-1 about update are put off until 12:27 UTC."},
			{"bob", "snooze 30 min", "Reminders of INC-1 are put off until 12:33 UTC."},
			{"bob", "snooze 20m stale", "Reminders of INC-1 about stale are put off until 12:24 UTC, but none of them would have come before then. What is due: /incident clock"},
			{"bob", "resolve", "INC-1 is now resolved, after 5m. When the work on it is over: /incident close"},
			{"bob", "snooze 20m", "Reminders of INC-1 are put off until 12:26 UTC, but none of them would have come before then. What is due: /incident clock"},
		},
		"update": {
			{"bob", "update payments work again next 45m", "The update of INC-1 is posted. The next one is due at 12:46 UTC."},
			{"bob", "update next week we move", "The update of INC-1 is posted. The next one is due at 12:32 UTC."},
			{"bob", "update we meet next week", "The update of INC-1 is posted. The next one is due at 12:33 UTC."},
			{"bob", "sev 5", "INC-1 is now sev5. " + unled},
			{"bob", "update all is well", "The update of INC-1 is posted."},
		},
		"summary": {
			{"bob", "summary The processor\nrejects cards.", "The summary of INC-1 is set."},
			{"bob", "summary The processor\nrejects cards.", "That is the summary of INC-1 already."},
		},
		"note and decision": {
			{"bob", "note traffic moved", "The note stands in the timeline of INC-1."},
			{"bob", "note at 11:50 the first customer called", "The note stands in the timeline of INC-1 at 11:50 UTC."},
			{"bob", "note at 13:00 yesterday's news", "The note stands in the timeline of INC-1 at 2026-11-19 13:00 UTC."},
			{"bob", "note at the moment nothing works", "The note stands in the timeline of INC-1."},
			{"bob", "decision we roll back", "The decision stands in the timeline of INC-1."},
		},
		"roles": {
			{"bob", "lead @alice", "alice is now incident commander of INC-1."},
			{"bob", "role incident commander @alice", "alice is already incident commander of INC-1."},
			{"bob", "role ic <@alice|Alice>", "alice is already incident commander of INC-1."},
			{"bob", "role ic alice", "alice is already incident commander of INC-1."},
			{"bob", "role commander me", "You are now incident commander of INC-1."},
			{"bob", "lead @bob", "You are already incident commander of INC-1."},
			{"bob", "role COMMS @carol", "carol is now communications lead of INC-1."},
			{"bob", "role comms none", "INC-1 now has no communications lead."},
			{"bob", "role comms none", "INC-1 has no communications lead."},
			{"bob", "lead none", "INC-1 now has no incident commander. " + unled},
		},
		"follow": {
			{"bob", "unfollow", "You do not follow INC-1."},
			{"bob", "follow", "You follow INC-1 now: each update comes to you as a direct message, and so does its end. To stop: /incident unfollow"},
			{"bob", "FOLLOW inc-1", "You follow INC-1 already. To stop: /incident unfollow"},
			{"bob", "unfollow", "You follow INC-1 no more."},
			{"bob", "close", "INC-1 is now closed. Should it come back: /incident reopen WHY"},
			{"bob", "follow", "You follow INC-1 now: each update comes to you as a direct message, and so does its end. To stop: /incident unfollow"},
		},
		"join and leave": {
			{"bob", "leave", "You are no responder of INC-1. To become one: /incident join"},
			{"bob", "join", "You are now a responder of INC-1. " + unled},
			{"bob", "join", "You are a responder of INC-1 already."},
			{"bob", "leave", "You are no longer a responder of INC-1."},
		},
		"invite": {
			{"alice", "invite @bob", "Invited to INC-1: bob."},
			{"bob", "invite @bob @alice", "They respond to INC-1 already."},
			{"bob", "invite @oncall, @carol,@dave me", "Invited to INC-1: carol and dave."},
		},
		"handoff": {
			{"alice", "lead me", "You are now incident commander of INC-1."},
			{"alice", "handoff @bob the database is failing over", "You offered command of INC-1 to bob. It changes hands once they say /incident accept INC-1"},
			{"alice", "handoff @bob the database is failing over", "Command of INC-1 is offered to bob already."},
			{"bob", "accept INC-1", "You now command INC-1."},
			{"bob", "accept", "You command INC-1 already."},
			{"bob", "handoff @carol", "You offered command of INC-1 to carol. It changes hands once they say /incident accept INC-1"},
			{"carol", "decline INC-1", "You declined command of INC-1; bob is told. To say why, where you can see it: /incident note I am on a train until six"},
			{"carol", "decline", "Command of INC-1 is not offered to you."},
			{"carol", "decline offer:3", "That offer of command of INC-1 no longer stands."},
			{"bob", "handoff @carol please", "You offered command of INC-1 to carol. It changes hands once they say /incident accept INC-1"},
			{"carol", "decline I am on a train", "You declined command of INC-1; bob is told."},
		},
		"merge": {
			{"bob", "open sev2 payments are slow", "Opened INC-2. Nobody commands it yet: /incident lead INC-2 me"},
			{"bob", "task add call the bank", "Task 1 is added to INC-1: call the bank. To take it: /incident task take 1"},
			{"bob", "merge INC-2 they have one cause", "INC-1 is now merged into INC-2; whoever responded is invited there. 1 open task stays behind; what is still to be done goes there: /incident task INC-2 add TEXT"},
			{"bob", "show", "INC-1 (checkout is down) is sev1 and merged into INC-2."},
			{"bob", "cancel", "INC-1 is merged into INC-2 already."},
			{"bob", "list all", "2 incidents."},
			{"bob", "reopen it was another thing", "INC-1 is open again and investigating. " + unled},
			{"bob", "merge INC-2 INC-1", "INC-2 is now merged into INC-1; whoever responded is invited there."},
		},
		"task": {
			{"bob", "task", "INC-1 has no tasks. To add one: /incident task add check the backups @alice due 30m"},
			{"bob", "task add check the backups", "Task 1 is added to INC-1: check the backups. To take it: /incident task take 1"},
			{"bob", "task add call the bank @alice due 30m", "Task 2 is added to INC-1: call the bank (alice, due 12:33 UTC)."},
			{"bob", "task add call the press due 14:00 @alice", "Task 3 is added to INC-1: call the press (alice, due 14:00 UTC)."},
			{"bob", "task add write to all due 2026-12-01 14:00", "Task 4 is added to INC-1: write to all (due 2026-12-01 14:00 UTC). To take it: /incident task take 4"},
			{"bob", "task add due diligence", "Task 5 is added to INC-1: due diligence. To take it: /incident task take 5"},
			{"bob", "task add sleep due tomorrow", "Task 6 is added to INC-1: sleep (due 2026-11-21 23:59 UTC). To take it: /incident task take 6"},
			{"bob", "task take 1", "Task 1 of INC-1 is now yours."},
			{"bob", "task take #1", "Task 1 of INC-1 is already yours."},
			{"bob", "task assign 1 @carol", "Task 1 of INC-1 is now carol's."},
			{"bob", "task done 1", "Task 1 of INC-1 is done; 5 tasks are open."},
			{"bob", "task done 1", "Task 1 of INC-1 is done already."},
			{"bob", "task reopen 1", "Task 1 of INC-1 is open again; 6 tasks are open."},
			{"bob", "task drop 1", "Task 1 of INC-1 is dropped; 5 tasks are open."},
			{"bob", "task list", "INC-1 has 6 tasks, 5 of them open."},
			{"bob", "task drop 2 nobody answers", "Task 2 of INC-1 is dropped; 4 tasks are open."},
			{"bob", "task drop 2 they are closed", "Task 2 of INC-1 is dropped already. Your words were not kept; to keep them: /incident note they are closed"},
		},
		"followup": {
			{"bob", "follow-up add write an alert @bob due 2026-12-01", "Follow-up 1 is added to INC-1: write an alert (bob, due 2026-12-01 23:59 UTC)."},
			{"bob", "followup done 1", "Follow-up 1 of INC-1 is done; none is open any more."},
			{"bob", "followup add the threshold is too high", "Follow-up 2 is added to INC-1: the threshold is too high (due 2026-12-20 12:03 UTC). To take it: /incident followup take 2"},
			{"bob", "followup add lower it @bob priority high", "Follow-up 3 is added to INC-1: lower it (high priority, bob, due 2026-11-27 12:04 UTC)."},
			{"bob", "followup add tell them Priority High due 2026-12-01 @bob", "Follow-up 4 is added to INC-1: tell them (high priority, bob, due 2026-12-01 23:59 UTC)."},
			{"bob", "followup drop 2", "Follow-up 2 of INC-1 is dropped; 2 follow-ups are open."},
			{"bob", "followup drop 3", "Follow-up 3 of INC-1 is dropped; 1 follow-up is open."},
			{"bob", "followup drop 4", "Follow-up 4 of INC-1 is dropped; none is open any more."},
			{"bob", "followup list", "INC-1 has 4 follow-ups, none open."},
		},
		"link": {
			{"bob", "link https://status.example.com status page", "The link is added to INC-1."},
			{"bob", "link https://status.example.com status page", "INC-1 has that link already."},
		},
		"service": {
			{"bob", "service add Checkout", "checkout is now among the services of INC-1."},
			{"bob", "service add checkout", "checkout is among the services of INC-1 already."},
			{"bob", "service remove CHECKOUT", "checkout is no longer among the services of INC-1."},
		},
		"rename, type, field": {
			{"bob", "rename cards are rejected", "INC-1 is now called: cards are rejected"},
			{"bob", "rename  cards  are rejected", "INC-1 is called that already: cards are rejected"},
			{"bob", "type Security", "The type of INC-1 is now security. Incidents of this type are private from the start, and this one is not; to make it so, say /incident private."},
			{"bob", "type security", "The type of INC-1 is security already."},
			{"bob", "field Region eu-west", "Field region of INC-1 is now: eu-west"},
			{"bob", "field region eu-west", "Field region of INC-1 is that already: eu-west"},
			{"bob", "field region none", "Field region of INC-1 is cleared."},
			{"bob", "field region none", "Field region of INC-1 is not set."},
		},
		"redact": {
			{"bob", "note the password is hunter2", "The note stands in the timeline of INC-1."},
			{"alice", "redact #2 it slipped out", "The text of event 2 of INC-1 is gone."},
			{"bob", "redact 2", "The text of event 2 of INC-1 is gone already."},
			{"bob", "task add change hunter2", "Task 1 is added to INC-1: change hunter2. To take it: /incident task take 1"},
			{"bob", "task done 1", "Task 1 of INC-1 is done; none is open any more."},
			{"bob", "redact 4", "The text of event 4 of INC-1 is gone, and of 1 other event that repeated it."},
		},
		"hold": {
			{"bob", "hold off", "INC-1 is under no legal hold."},
			{"bob", "hold on the regulator asks", "INC-1 is under a legal hold: nothing of it is deleted until somebody lifts it with /incident hold off."},
			{"carol", "hold ON", "INC-1 is under a legal hold already, since 12:02 UTC by bob."},
			{"bob", "note a password", "The note stands in the timeline of INC-1."},
			{"carol", "hold off", "The legal hold on INC-1 is lifted. What authors deleted meanwhile stays until retention removes it or somebody redacts it: /incident redact 7."},
		},
		"impact and time": {
			{"bob", "impact start 11:40", "Noted: the impact of INC-1 started at 11:40 UTC."},
			{"bob", "impact end now", "Noted: the impact of INC-1 ended at 12:02 UTC."},
			{"bob", "time impact-started 11:40", "Noted already: the impact of INC-1 started at 11:40 UTC."},
			{"bob", "time Detected 2026-11-19 23:00", "Noted: INC-1 was detected at 2026-11-19 23:00 UTC."},
		},
		"show and others to read": {
			{"bob", "show", "INC-1 (checkout is down) is sev1 and investigating. " + unled},
			{"bob", "lead me", "You are now incident commander of INC-1."},
			{"bob", "", "INC-1 (checkout is down) is sev1 and investigating. You command it."},
			{"carol", "show inc-1", "INC-1 (checkout is down) is sev1 and investigating. bob commands it."},
			{"carol", "roles", "Roles of INC-1. To give one: /incident role scribe @alice"},
			{"carol", "timeline", "INC-1 has 3 events."},
			{"carol", "list", "1 open incident."},
			{"carol", "search checkout", `1 incident with "checkout".`},
			{"carol", "search inc-1", `1 incident with "inc-1".`},
			{"carol", "access INC-1", "INC-1 is open to you: /incident show"},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, lines) })
	}
}

func TestEveryVerbIsPlayed(t *testing.T) {
	for _, v := range verbs {
		if v.run == nil || v.Name == "" || v.Does == "" || len(v.Usage) == 0 || len(v.Examples) == 0 || strings.HasSuffix(v.Does, ".") {
			t.Errorf("%q is incomplete", v.Name)
		}
		for _, text := range append(v.Usage, v.Examples...) {
			if word, _ := cut(text); word != v.Name {
				t.Errorf("%q is shown as %q", v.Name, text)
			}
		}
	}
}

func TestExamplesAreUnderstood(t *testing.T) {
	for _, v := range verbs {
		w := newWorld(t)
		w.at = noon.Add(6 * time.Hour)
		w.does("bob", "open sev2 something is wrong")
		w.here = 1
		prepare := map[string][]string{
			"show": slices.Repeat([]string{"open sev3 something else"}, 11), "reopen": {"close"}, "accept": {"handoff @dave"}, "decline": {"handoff @dave"}, "merge": slices.Repeat([]string{"open sev3 something else"}, 6), "service": {"service add search"},
			"task": slices.Repeat([]string{"task add look"}, 2), "followup": slices.Repeat([]string{"followup add look"}, 2),
			"redact": append(slices.Repeat([]string{"note a password"}, 6), "lead @dave"),
		}
		for _, said := range prepare[v.Name] {
			w.does("bob", said)
		}
		if v.Name == "alert" || v.Name == "silence" {
			for n := range 9 {
				w.hears(fmt.Sprint("f", n), "disk is full")
			}
		}
		for _, example := range v.Examples {
			w.does("dave", example)
		}
	}
}

func TestAnotherIncidentThanHere(t *testing.T) {
	w := play(t, nil)
	w.does("bob", "open sev3 search is slow")
	r := w.does("bob", "ack inc-2")
	if r.Text != "You acknowledged INC-2. Nobody commands it yet: /incident lead INC-2 me" || r.Incident.Number != 2 {
		t.Error(r.Text)
	}
	if in := w.incident(1); !in.Times.Acknowledged.IsZero() {
		t.Error("INC-1 was acknowledged too")
	}
	w.here = 0
	if r := w.does("bob", "update INC-2 it is fast again next 1h"); r.Incident.Update.Text != "it is fast again" {
		t.Errorf("%+v", r.Incident.Update)
	}
}

func TestAnswersCarryTheIncidentAndItsEvents(t *testing.T) {
	w := play(t, nil)
	r := w.does("bob", "sev 2")
	if r.Incident == nil || r.Incident.Severity != 2 || len(r.Events) == 0 || r.Events[0].Kind != incidents.SeverityChanged || r.Card {
		t.Errorf("%+v", r)
	}
	if r.Events[0].Command == "" || r.Events[0].Origin != "slack" || r.Events[0].Actor.ID != inhabitants["bob"].ID {
		t.Errorf("%+v", r.Events[0])
	}
	if r := w.does("bob", "show"); !r.Card || r.Incident.Number != 1 {
		t.Error("show has no card")
	}
	if r := w.does("bob", ""); !r.Card || len(r.Lines) == 0 {
		t.Error("nothing said in a channel has no card")
	}
}

func TestTheSameRequestAgain(t *testing.T) {
	w := play(t, nil)
	for _, text := range []string{
		"open sev2 search is slow", "drill", "ack", "sev 3", "status identified", "update fine next 20m", "summary all", "note x", "decision y",
		"clock start dora", "clock mark dora classified", "clock submitted dora initial", "clock stop dora no bank",
		"lead me", "role scribe @carol", "join", "invite @dave", "task add z @alice due 2h", "task take 1", "task done 1", "followup add w", "link https://example.com",
		"service add checkout", "rename other", "type network", "field a b", "impact start 11:00", "time detected 11:00", "handoff @alice x", "resolve", "close", "reopen back", "cancel no",
	} {
		w.at = w.at.Add(time.Minute)
		req := w.request("bob", text)
		first := w.desk.Handle(t.Context(), req)
		if first.Refused != "" || first.Fault != nil {
			t.Fatalf("%q: %s", text, first.Text)
		}
		again := w.desk.Handle(t.Context(), req)
		if again.Text != first.Text {
			t.Errorf("%q: first %q, then %q", text, first.Text, again.Text)
		}
		if again.Incident.Version != first.Incident.Version || len(again.Events) != len(first.Events) {
			t.Errorf("%q was done twice", text)
		}
	}
}

func TestTheSameRequestAfterOthers(t *testing.T) {
	for text, others := range map[string][]string{
		"sev 3":                   {"sev 2"},
		"sev 1":                   {"sev 2"},
		"status identified":       {"resolve"},
		"resolve":                 {"reopen back"},
		"cancel false-positive x": {"reopen back"},
		"lead me":                 {"lead @carol"},
		"role scribe none":        {"role scribe @carol"},
		"task add look @bob":      {"task add listen", "task drop 2"},
		"rename other":            {"rename yet another"},
		"type network":            {"type database"},
		"field a b":               {"field a none"},
		"service add checkout":    {"service remove checkout"},
		"time detected 11:00":     {"time detected 11:30"},
		"open search is slow":     {"rename INC-2 mail is slow"},
	} {
		w := play(t, nil)
		w.does("alice", "role scribe @alice")
		w.does("alice", "task add watch")
		req := w.request("bob", text)
		first := w.desk.Handle(t.Context(), req)
		for _, other := range others {
			w.at = w.at.Add(time.Minute)
			w.does("carol", other)
		}
		again := w.desk.Handle(t.Context(), req)
		was, _, _ := strings.Cut(first.Text, ".")
		is, _, _ := strings.Cut(again.Text, ".")
		if strings.TrimSuffix(was, ", after 0s") != is || first.Refused != "" {
			t.Errorf("%q: first %q, then %q", text, first.Text, again.Text)
		}
	}
}

func TestTheClockSaysWhy(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open sev1 checkout is down")
	w.here, w.at = 1, w.at.Add(2*time.Minute)
	w.does("bob", "snooze 1h update")
	var lines []string
	for _, l := range w.does("bob", "clock").Lines {
		lines = append(lines, l.Text)
	}
	for _, want := range []string{
		"commander, of the responders: due 12:03 UTC, in 1 minute; nobody commands it since 12:00 UTC",
		"update, of the commander: put off until 13:02 UTC, in 1 hour; people expect to hear how it stands since 12:00 UTC",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is not among %q", want, lines)
		}
	}
	w.does("bob", "close")
	if got := w.does("bob", "clock").Text; got != "Nothing is due in INC-1." {
		t.Error(got)
	}
}

func TestTheClockSaysWhatALawWants(t *testing.T) {
	w := newWorld(t)
	w.does("alice", "open sev3 checkout is down")
	w.here, w.at = 1, w.at.Add(2*time.Hour)
	w.does("bob", "clock start dora at 12:00")
	w.does("bob", "clock mark dora classified at 13:00")
	w.does("bob", "clock submitted dora initial at 13:30")
	w.does("bob", "close")
	r := w.does("bob", "clock")
	if r.Text != "INC-1 has 1 deadline." { // which nobody can put off
		t.Error(r.Text)
	}
	var lines []string
	for _, l := range r.Lines {
		lines = append(lines, l.Text)
	}
	for i, want := range []string{
		"dora.intermediate, of the commander: due 2026-11-23 13:30 UTC, in 2 days 23 hours; 72 hours from submission of the initial notification at 13:30 UTC",
		"dora is DORA (RTS 2025/301 Art. 5), as of 2026-11-25 (https://eur-lex.europa.eu/eli/reg_del/2025/301/oj); it counts from awareness of the incident at 12:00 UTC",
		"dora.initial: submitted by bob at 13:30 UTC; due was 17:00 UTC, 4 hours from classification as a major incident at 13:00 UTC",
		"dora.final: 1 month from submission of the intermediate report",
	} {
		if i >= len(lines) || lines[i] != want {
			t.Errorf("%d: %q, want %q", i, lines, want)
		}
	}
}
