package incidents

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// explained lists, for every field of an incident, the kinds of events that
// may change it. What no event may change has none; "*" is every kind.
var explained = map[string]string{
	"MergedInto": "merged status_changed", "Merged": "merged unmerged", "Backfilled": "status_changed", "Briefed": "role_assigned handoff_accepted",
	"Title": "renamed redacted", "Summary": "summary_changed redacted", "Severity": "severity_changed",
	"Status": "status_changed merged", "EndedAs": "status_changed merged", "Reopened": "status_changed",
	"Type": "type_changed", "Private": "visibility_changed", "WasPublic": "visibility_changed", "Drill": "", "Storm": "", "TLP": "tlp_changed", "DeclaredBy": "", "DeclaredAt": "",
	"Services": "service_added service_removed", "Calls": "severity_changed type_changed service_added visibility_changed",
	"Roles": "role_assigned role_cleared handoff_accepted", "InCommand": "role_assigned role_cleared handoff_accepted",
	"Responders": "responder_joined responder_left", "Left": "responder_joined responder_left", "Came": "responder_joined responder_left", "Followers": "follower_added follower_removed",
	"Asked":     "access_requested access_denied responder_joined visibility_changed",
	"Denied":    "access_denied access_requested responder_joined visibility_changed",
	"Tasks":     "task_added task_assigned task_done task_reopened task_dropped redacted message_deleted",
	"Followups": "followup_added followup_assigned followup_done followup_reopened followup_dropped redacted message_deleted",
	"Links":     "link_added redacted merged unmerged status_changed", "Fields": "field_changed redacted",
	"Times":   "alert_attached acknowledged status_changed time_changed impact_changed update_posted role_assigned handoff_accepted",
	"Handoff": "handoff_offered handoff_accepted handoff_declined role_assigned role_cleared status_changed merged redacted",
	"Update":  "update_posted status_changed merged redacted", "Deadlines": "*", "Watch": "*",
	"Alerts": "declared alert_attached alert_detached alert_resolved alert_refired alerts_left note_added", "Suggestion": "severity_suggested",
	"Pages": "page_requested reminder_sent paged acknowledged",
	"Hold":  "hold_changed", "Swept": "redacted", "Emptied": "redacted",
	"Clocks":     "clock_started clock_marked clock_submitted clock_stopped",
	"Postmortem": "postmortem_drafted postmortem_edited postmortem_assigned postmortem_reviewed postmortem_approved postmortem_published",
}

// bookkeeping are the fields that count the changes of the others.
var bookkeeping = []string{"Number", "Version", "Seq", "Head"}

func TestEveryFieldIsExplained(t *testing.T) {
	typ := reflect.TypeFor[Incident]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		if _, ok := explained[name]; !ok && !slices.Contains(bookkeeping, name) {
			t.Errorf("nothing says which events change %s", name)
		}
	}
}

// anybody is who acts in random histories.
var anybody = []Actor{
	alice.Actor(), bob.Actor(), carol.Actor(), {Kind: User, ID: "slack:T1/UG", Name: "grace", Standing: Standing{Outside: true}}, Fireboss, {Kind: Integration, ID: "token:ops", Name: "ops"}, {Kind: Integration, ID: "token:root", Name: "root", Admin: true},
}

// members are those of them who may open an incident.
var members = slices.DeleteFunc(slices.Clone(anybody), func(a Actor) bool { return a.Standing.Outside })

// anyAct draws an act with arguments that are mostly, and not always, fit.
func anyAct(t *rapid.T, now time.Time) Act {
	word := rapid.SampledFrom([]string{"", "x", "y", "checkout", "search", "network", "security", "two words", "🔥"})
	who := rapid.SampledFrom([]Person{{}, alice, bob, carol})
	somebody := rapid.SampledFrom([]Person{alice, bob, carol})
	when := rapid.Custom(func(t *rapid.T) time.Time {
		return now.Add(time.Duration(rapid.IntRange(-100, 5).Draw(t, "minutes")) * time.Minute)
	})
	id := rapid.SampledFrom([]OutsideID{{"slack", "C1/1"}, {"slack", "C1/2"}, {"slack", "C1/3"}})
	list := rapid.SampledFrom([]List{Tasks, Followups})
	n := rapid.IntRange(0, 4)
	offer := rapid.SampledFrom([]uint64{0, 0, 0, 2, 3, 4, 5})
	clock := rapid.SampledFrom([]string{"gdpr", "dora", "cra_vulnerability", "nis2-trust", "sec", "x"})
	maybe := rapid.OneOf(rapid.Just(time.Time{}), when)
	w := func(label string) string { return word.Draw(t, label) }
	alert := rapid.Custom(func(t *rapid.T) Alert {
		return Alert{ID: rapid.SampledFrom([]string{"AL-1", "AL-2"}).Draw(t, "alert"), Source: "prometheus", Title: word.Draw(t, "title"), Severity: "high", Seen: maybe.Draw(t, "seen"), Over: rapid.Bool().Draw(t, "over")}
	})
	acts := []func() Act{
		func() Act {
			return AttachAlert{Alert: alert.Draw(t, "alert"), Why: w("why")}
		},
		func() Act {
			return DetachAlert{Alert: alert.Draw(t, "alert"), Why: w("why")}
		},
		func() Act { return EndAlert{Alert: alert.Draw(t, "alert"), At: maybe.Draw(t, "at")} },
		func() Act { return RefireAlert{Alert: alert.Draw(t, "alert"), At: maybe.Draw(t, "at")} },
		func() Act { return Acknowledge{} },
		func() Act { return Remind{OnCall: []Person{carol}} },
		func() Act { return Recount{} },
		func() Act {
			return StartClock{Name: clock.Draw(t, "clock"), At: maybe.Draw(t, "at")}
		},
		func() Act {
			return MarkClock{Name: clock.Draw(t, "clock"), Moment: rapid.SampledFrom([]string{"classified", "fix", "x"}).Draw(t, "moment"), At: maybe.Draw(t, "at")}
		},
		func() Act {
			return SubmitStage{Name: clock.Draw(t, "clock"), Stage: rapid.SampledFrom([]string{"early", "notification", "initial", "intermediate", "final", "f"}).Draw(t, "stage"), At: maybe.Draw(t, "at")}
		},
		func() Act { return StopClock{Name: clock.Draw(t, "clock"), Why: w("why")} },
		func() Act {
			return Snooze{For: time.Duration(rapid.IntRange(-1, 300).Draw(t, "for")) * time.Minute, Rule: rapid.SampledFrom([]string{"", "update", "acknowledge", "x"}).Draw(t, "rule")}
		},
		func() Act {
			return ChangeSeverity{To: Severity(rapid.IntRange(-1, 6).Draw(t, "severity")), Why: w("why")}
		},
		func() Act { return ChangeStatus{To: rapid.SampledFrom(Statuses).Draw(t, "status"), Why: w("why")} },
		func() Act { return Resolve{Text: w("text")} },
		func() Act { return Close{Why: w("why")} },
		func() Act { return Cancel{FalsePositive: rapid.Bool().Draw(t, "false"), Why: w("why")} },
		func() Act { return Reopen{Why: w("why")} },
		func() Act { return Rename{Title: w("title")} },
		func() Act { return ChangeType{Type: w("type")} },
		func() Act { return SetField{Name: w("name"), Value: w("value")} },
		func() Act { return ChangeService{Name: w("name"), Remove: rapid.Bool().Draw(t, "remove")} },
		func() Act { return SetImpact{End: rapid.Bool().Draw(t, "end"), At: when.Draw(t, "at")} },
		func() Act { return SetTime{Name: rapid.SampledFrom(TimeNames).Draw(t, "name"), At: when.Draw(t, "at")} },
		func() Act {
			return PostUpdate{Text: w("text"), Next: time.Duration(rapid.IntRange(-1, 60).Draw(t, "next")) * time.Minute}
		},
		func() Act { return SetSummary{Text: w("text")} },
		func() Act { return AddNote{Text: w("text"), At: when.Draw(t, "at")} },
		func() Act { return MakeDecision{Text: w("text")} },
		func() Act { return AddLink{URL: "https://example.com/" + w("path"), Name: w("name")} },
		func() Act { return Join{} },
		func() Act { return Leave{} },
		func() Act { return Arrived{Who: somebody.Draw(t, "who"), At: when.Draw(t, "came")} },
		func() Act { return Departed{Who: somebody.Draw(t, "who"), At: maybe.Draw(t, "went")} },
		func() Act { return Invite{People: rapid.SliceOfN(somebody, 0, 4).Draw(t, "people")} },
		func() Act { return AskAccess{} },
		func() Act { return GrantAccess{Who: somebody.Draw(t, "who")} },
		func() Act { return DenyAccess{Who: somebody.Draw(t, "who")} },
		func() Act { return MakePrivate{Why: w("why")} },
		func() Act { return MakePublic{Why: w("why")} },
		func() Act {
			return SetTLP{Level: rapid.SampledFrom([]string{"red", "amber+strict", "x"}).Draw(t, "level")}
		},
		func() Act {
			return AssignRole{Role: rapid.SampledFrom([]string{"commander", "IC", "comms", "scribe", "jester"}).Draw(t, "role"), To: who.Draw(t, "to")}
		},
		func() Act { return HandOff{To: who.Draw(t, "to"), Text: w("text")} },
		func() Act { return AcceptHandoff{Offer: offer.Draw(t, "offer")} },
		func() Act { return DeclineHandoff{Why: w("why"), Offer: offer.Draw(t, "offer")} },
		func() Act { return Follow{} },
		func() Act { return Unfollow{} },
		func() Act {
			return Merge{Into: rapid.SampledFrom([]Number{1, 2, 3, 4, 5, 6}).Draw(t, "into"), Why: w("why")}
		},
		func() Act { return release{From: 2} },
		func() Act {
			followers := []Follower{{Person: somebody.Draw(t, "follower")}, {Person{ID: "slack:T1/UG", Name: "grace"}, true}}
			return absorb{From: 2, People: rapid.SliceOfN(somebody, 0, 3).Draw(t, "people"), Followers: followers}
		},
		func() Act {
			return AddTask{List: list.Draw(t, "list"), Text: w("text"), Assignee: who.Draw(t, "to"), Due: maybe.Draw(t, "due"), Priority: rapid.SampledFrom([]Priority{"", HighPriority}).Draw(t, "priority")}
		},
		func() Act {
			return AssignTask{List: list.Draw(t, "list"), Number: n.Draw(t, "n"), To: somebody.Draw(t, "to")}
		},
		func() Act {
			return MoveTask{List: list.Draw(t, "list"), Number: n.Draw(t, "n"), To: rapid.SampledFrom([]TaskState{TaskOpen, TaskFinished, TaskGone}).Draw(t, "to"), Why: w("why")}
		},
		func() Act {
			return RecordMessage{ID: id.Draw(t, "id"), Thread: id.Draw(t, "thread"), Text: w("text"), At: now}
		},
		func() Act { return RecordEdit{ID: id.Draw(t, "id"), Text: w("text"), At: when.Draw(t, "at")} },
		func() Act { return RecordDeletion{ID: id.Draw(t, "id"), At: now} },
		func() Act { return MarkMessage{ID: id.Draw(t, "id")} },
		func() Act { return UnmarkMessage{ID: id.Draw(t, "id")} },
		func() Act {
			return TaskFrom{List: list.Draw(t, "list"), ID: id.Draw(t, "id"), Text: w("text"), At: when.Draw(t, "at")}
		},
		func() Act { return SetHold{On: rapid.Bool().Draw(t, "on"), Why: w("why")} },
		func() Act { return Redact{Seq: uint64(rapid.IntRange(0, 12).Draw(t, "seq")), Why: w("why")} },
		func() Act { return Expire{} },
		func() Act {
			return DraftPostmortem{Base: n.Draw(t, "base"), Document: draft(w("text"), uint64(rapid.IntRange(0, 12).Draw(t, "seq")))}
		},
		func() Act {
			return EditPostmortem{Base: n.Draw(t, "base"), Seen: uint64(rapid.IntRange(0, 12).Draw(t, "seen")), Slot: rapid.SampledFrom([]string{"summary", "impact", "x"}).Draw(t, "slot"), Text: w("text")}
		},
		func() Act { return OwnPostmortem{To: who.Draw(t, "to")} },
		func() Act { return ReviewPostmortem{By: who.Draw(t, "by"), Drop: rapid.Bool().Draw(t, "drop")} },
		func() Act { return ApprovePostmortem{Version: n.Draw(t, "version")} },
		func() Act { return PublishPostmortem{} },
	}
	return acts[rapid.IntRange(0, len(acts)-1).Draw(t, "act")]()
}

// tale is a random history.
type tale struct {
	t      *rapid.T
	rules  Rules
	in     Incident
	events []Event
	behind map[OutsideID][]Event
	texts  []Document
	now    time.Time
	sent   map[string]int // reminders by rule, as the events tell
}

func TestRandomHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		private := rapid.Bool().Draw(t, "private")
		rules := policy()
		rules.Retention = rapid.SampledFrom([]Retention{{}, {Messages: 20 * time.Minute}, {Messages: time.Hour, Incidents: 30 * time.Minute}}).Draw(t, "retention")
		rules.Record = rapid.SampledFrom([]Record{{}, {KeepDeleted: true}, {Messages: RecordMarked}, {Messages: RecordNone}}).Draw(t, "record")
		s := &tale{t: t, rules: rules, in: Incident{Number: 1}, behind: map[OutsideID][]Event{}, now: noon, sent: map[string]int{}}
		var resolved time.Time
		if rapid.IntRange(0, 9).Draw(t, "over") == 0 {
			resolved = noon.Add(-time.Hour)
		}
		s.step(rapid.SampledFrom(members).Draw(t, "declarer"), Open{Title: "x", Resolved: resolved, Private: &private, Severity: Severity(rapid.IntRange(0, 5).Draw(t, "severity"))})
		for range rapid.IntRange(1, 40).Draw(t, "length") {
			s.now = s.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "later")) * time.Minute)
			s.step(rapid.SampledFrom(anybody).Draw(t, "actor"), anyAct(t, s.now))
		}
	})
}

// step decides one act and checks all that has to hold of what follows.
func (s *tale) step(who Actor, act Act) {
	cmd := Command{ID: fmt.Sprint("c", len(s.events)), Actor: who, At: s.now, Incident: 1, Do: act}
	before := s.copy(s.in)
	change, err := Decide(s.rules, s.in, recall(Facts{Behind: s.behind, Others: neighbours(s.in)}, s.events, s.texts, act), cmd, s.now)
	if after := s.copy(s.in); !reflect.DeepEqual(before, after) {
		s.t.Fatalf("%#v changed its incident", act)
	}
	s.checkSight(who, act, err)
	if err != nil {
		if _, ok := AsRefusal(err); !ok || len(change.Events) > 0 || change.State {
			s.t.Fatalf("%#v: %v, %+v", act, err, change)
		}
		return
	}
	after := s.copy(change.Incident)
	s.checkEvents(cmd, change)
	s.checkFollow(cmd, change)
	s.checkFields(before, after, change, cmd.Do)
	s.checkTasks(before, after)
	s.checkSense(after)
	s.checkTallies(before, after, change)
	s.checkText(act, change)
	for i, e := range change.Events {
		e.Seq = uint64(len(s.events) + 1)
		s.events = append(s.events, e)
		if id, ok := change.Links[i]; ok {
			s.behind[id] = append(s.behind[id], e)
		}
	}
	s.texts = redactTexts(s.texts, s.events, change)
	for _, seq := range change.Redact {
		s.events[seq-1] = s.events[seq-1].Redact()
		for id, list := range s.behind {
			for i, e := range list {
				if e.Seq == seq {
					s.behind[id][i] = e.Redact()
				}
			}
		}
	}
	s.in = after
	s.in.Seq = uint64(len(s.events))
}

func (s *tale) copy(in Incident) Incident {
	raw, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	var out Incident
	if err := json.Unmarshal(raw, &out); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// checkSight: who may not see a private incident is told that there is none,
// and who may see it never is.
func (s *tale) checkSight(who Actor, act Act, err error) {
	_, opening := act.(Open)
	_, seen := act.(witnessed)
	refusal, refused := AsRefusal(err)
	hidden := refused && refusal.Code == CodeNotFound && refusal.Incident == s.in.Number
	if !opening && hidden != (!seen && !s.in.VisibleTo(who)) {
		s.t.Fatalf("%#v by %s: %v, visible is %v", act, who.ID, err, s.in.VisibleTo(who))
	}
	knows := s.in.IsResponder(who.ID) || who.Kind == Integration && s.in.DeclaredBy.ID == who.ID || s.in.Handoff != nil && s.in.Handoff.To.ID == who.ID || who.Admin || who.Kind == System
	for _, p := range s.in.Roles {
		knows = knows || p.ID == who.ID
	}
	if s.in.VisibleTo(who) != (knows || !s.in.Private && !who.Standing.Outside) {
		s.t.Fatalf("visible to %s: %v", who.ID, s.in.VisibleTo(who))
	}
}

// checkEvents: every event says what it is, when, by whom and whence.
func (s *tale) checkEvents(cmd Command, c Change) {
	for _, e := range c.Events {
		var data map[string]any
		if e.Incident != 1 || e.Actor != cmd.Actor || e.Command != cmd.ID || !e.RecordedAt.Equal(cmd.At) || e.At.Location() != time.UTC || json.Unmarshal(e.Data, &data) != nil || data == nil {
			s.t.Fatalf("%#v: %+v", cmd.Do, e)
		}
		if e.Text == "" && e.Kind != MessagePosted && e.Kind != MessageEdited || !strings.Contains(string(e.Kind), "_") && e.Kind != Declared && e.Kind != Acknowledged && e.Kind != Renamed && e.Kind != Redacted && e.Kind != Merged && e.Kind != Unmerged {
			s.t.Fatalf("%#v: %+v", cmd.Do, e)
		}
	}
	for i := range c.Links {
		if i < 0 || i >= len(c.Events) {
			s.t.Fatalf("%#v links event %d", cmd.Do, i)
		}
	}
	for _, m := range c.Messages {
		if m.Event < 0 || m.Event >= len(c.Events) || m.To.ID == "" {
			s.t.Fatalf("%#v: %+v", cmd.Do, m)
		}
		if m.Kind == FollowedUpdate && (m.To.ID == cmd.Actor.ID || !c.Incident.Follows(m.To.ID) || !c.Incident.VisibleTo(m.To.Actor())) {
			s.t.Fatalf("%#v is told to %s", cmd.Do, m.To.ID)
		}
	}
	for _, seq := range c.Redact {
		_, byHand := cmd.Do.(Redact)
		_, byAge := cmd.Do.(Expire)
		_, deleted := cmd.Do.(RecordDeletion)
		made := func(k Kind) bool { _, is := listOf(k); return deleted && (is || k == ReminderSent) }
		if len(c.Events) == 0 || seq == 0 || seq > uint64(len(s.events)) || !byHand && !byAge && !strings.HasPrefix(string(s.events[seq-1].Kind), "message_") && !made(s.events[seq-1].Kind) || s.events[seq-1].Redacted || s.in.Hold.On() {
			s.t.Fatalf("%#v redacts event %d", cmd.Do, seq)
		}
	}
}

// checkFields: no field changes without an event that says so, and the version
// grows by one exactly where something but the events changed. When something is
// due follows from the rest; the clock alone may count it again, by another policy
// or for office hours, without anything having happened.
func (s *tale) checkFields(before, after Incident, c Change, do Act) {
	opened := len(c.Events) > 0 && c.Events[0].Kind == Declared
	was, is := reflect.ValueOf(before), reflect.ValueOf(after)
	changed := len(c.Redact) > 0 // which counts as one, though it is one of earlier events
	for i := range is.NumField() {
		name := is.Type().Field(i).Name
		if slices.Contains(bookkeeping, name) || reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()) {
			continue
		}
		changed = true
		says := func(e Event) bool {
			return explained[name] == "*" || slices.Contains(strings.Fields(explained[name]), string(e.Kind))
		}
		counted := explained[name] == "*" && do.Verb() == remindVerb
		if !opened && !counted && !slices.ContainsFunc(c.Events, says) {
			s.t.Fatalf("%s changed from %v to %v, and %s say nothing of it", name, was.Field(i), is.Field(i), kinds(c))
		}
	}
	if changed != c.State || after.Number != before.Number || after.Version-before.Version != map[bool]uint64{true: 1}[changed] {
		s.t.Fatalf("changed is %v, state %v, version %d to %d", changed, c.State, before.Version, after.Version)
	}
}

// neighbours are the other incidents of a random history: a public one, a
// private one with alice in it and one with all, one that has ended and one that
// was merged. The incident itself can be asked for, too.
func neighbours(in Incident) map[Number]Incident {
	return map[Number]Incident{
		in.Number: in,
		2:         {Number: 2, Status: Investigating},
		3:         {Number: 3, Status: Triage, Private: true, Responders: []Person{alice}, DeclaredBy: alice},
		4:         {Number: 4, Status: Closed, EndedAs: EndedResolved},
		5:         {Number: 5, Status: Canceled, EndedAs: EndedMerged, MergedInto: in.Number},
		6:         {Number: 6, Status: Monitoring, Private: true, Responders: []Person{alice, bob, carol}, DeclaredBy: bob},
	}
}

// checkFollow: what follows is for another incident, has an id that is made from
// the command's, and lets nobody see more than before.
func (s *tale) checkFollow(cmd Command, c Change) {
	for _, f := range c.Follow {
		if _, back := f.Do.(release); back {
			if f.Incident != s.in.MergedInto || c.Incident.MergedInto != 0 {
				s.t.Fatalf("%#v is followed by %+v", cmd.Do, f)
			}
			continue
		}
		into := neighbours(s.in)[f.Incident]
		if f.Incident == s.in.Number || into.Status.Ended() || f.Actor != cmd.Actor || !strings.HasPrefix(f.ID, cmd.ID+">") || !into.VisibleTo(cmd.Actor) {
			s.t.Fatalf("%#v is followed by %+v", cmd.Do, f)
		}
		if s.in.Private != into.Private {
			s.t.Fatalf("private is %v, and of the one it is merged into %v", s.in.Private, into.Private)
		}
		for _, p := range []Person{alice, bob, carol} {
			if into.VisibleTo(p.Actor()) && !s.in.VisibleTo(p.Actor()) {
				s.t.Fatalf("%s sees it only because it was merged", p.Name)
			}
		}
	}
}

// checkText: each new text of the postmortem is the next version, an event says so,
// and no draft changes what a person wrote.
func (s *tale) checkText(act Act, c Change) {
	if c.Document == nil {
		if c.Incident.Postmortem.Version != len(s.texts) {
			s.t.Fatalf("version %d of %d texts", c.Incident.Postmortem.Version, len(s.texts))
		}
		return
	}
	doc := *c.Document
	if k := kinds(c); doc.Version != len(s.texts)+1 || c.Incident.Postmortem.Version != doc.Version || k != "postmortem_drafted" && k != "postmortem_edited" || doc.By != c.Events[0].Actor {
		s.t.Fatalf("%#v made version %d of %d, and says %s", act, doc.Version, len(s.texts), k)
	}
	if _, drafted := act.(DraftPostmortem); !drafted || len(s.texts) == 0 {
		return
	}
	for _, was := range s.texts[len(s.texts)-1].Sections {
		if was.Author == ByPerson && !slices.ContainsFunc(doc.Sections, was.same) {
			s.t.Fatalf("the draft lost %+v", was)
		}
	}
}

// checkTasks: a number is given once, and its text stays.
func (s *tale) checkTasks(before, after Incident) {
	for _, list := range []List{Tasks, Followups} {
		old, now := list.Of(before), list.Of(after)
		if len(now) < len(old) {
			s.t.Fatalf("a %s is gone", list.Noun())
		}
		for i, t := range now {
			if t.Number != i+1 || t.Text == "" || i < len(old) && old[i].Text != t.Text && t.Text != RemovedText {
				s.t.Fatalf("%s %+v", list.Noun(), t)
			}
		}
	}
}

// checkTallies: every reminder that the events tell of is counted, a rule is settled
// once each time that it runs, and what people were reminded of was missed.
func (s *tale) checkTallies(before, after Incident, c Change) {
	for _, e := range c.Events {
		if e.Kind != ReminderSent {
			continue
		}
		rules := strings.Fields(e.Field("rules"))
		if len(rules) == 0 {
			rules = []string{e.Field("rule")}
		}
		for _, rule := range rules {
			s.sent[Deadline{Rule: rule}.About()] += max(1, len(strings.Fields(e.Field("numbers"))))
		}
	}
	for rule, n := range s.sent {
		if got := after.Watch.Tallies[rule].Sent; got != n {
			s.t.Fatalf("%d reminders of %s, counted as %d", n, rule, got)
		}
	}
	for rule, is := range after.Watch.Tallies {
		was := before.Watch.Tallies[rule]
		settled := is.Kept + is.PutOff + is.Missed - was.Kept - was.PutOff - was.Missed
		once := slices.Contains(targets, rule) || Deadline{Rule: rule}.Legal()
		if settled < 0 || settled > 1 || is.Late > is.Sent || s.sent[rule] != is.Sent || once && is.Kept+is.PutOff+is.Missed > 1 || is == (Tally{}) {
			s.t.Fatalf("the tally of %s goes from %+v to %+v", rule, was, is)
		}
		if _, counted := fulfilled[rule]; counted && after.Watch.Reminded[rule].Times > 0 && is.Missed == 0 {
			s.t.Fatalf("of %s was reminded, and it was not missed: %+v", rule, is)
		}
	}
}

// checkSense: what hangs together agrees.
func (s *tale) checkSense(in Incident) {
	_, led := in.Commander()
	p := in.Postmortem
	for what, wrong := range map[string]bool{
		"ended, and not said how":             in.Status.Ended() != (in.EndedAs != ""),
		"resolved without a moment":           (in.Status == Resolved || in.Status == Closed) != !in.Times.Resolved.IsZero(),
		"closed without a moment":             (in.Status == Closed) != !in.Times.Closed.IsZero(),
		"in command, and nobody is":           led == in.InCommand.IsZero(),
		"ended, and an offer or promise left": in.Status.Ended() && (in.Handoff != nil || !in.Update.Next.IsZero()),
		"merged, and not said where":          (in.MergedInto != 0) != (in.EndedAs == EndedMerged),
		"backfilled, and open":                in.Backfilled && in.Status.Open(),
		"an impact that ends before it began": !in.Times.ImpactStarted.IsZero() && !in.Times.ImpactEnded.IsZero() && in.Times.ImpactEnded.Before(in.Times.ImpactStarted),
		"closed or canceled, and work due":    (in.Status == Closed || in.Status == Canceled) && slices.ContainsFunc(in.Deadlines, func(d Deadline) bool { return !d.Lasting() }),
		"a postmortem, and no text":           (p.State == NotDrafted) != (p.Version == 0),
		"approved, and not by all":            (p.State == Approved || p.State == Published) && (len(p.Waiting()) > 0 || len(p.Reviewers) == 0),
		"published, and changed since":        p.State == Published && p.PublishedVersion != p.Version,
		"a draft, and somebody reviews it":    p.State == Drafted && len(p.Reviewers) > 0,
		"a responder without a name":          slices.ContainsFunc(in.Responders, func(p Person) bool { return p.ID == "" || p.ID == Fireboss.ID }),
	} {
		if wrong {
			s.t.Fatalf("%s: %+v", what, in)
		}
	}
	rules := map[string]bool{}
	for _, d := range in.Deadlines {
		if rules[d.Rule] || d.Due.IsZero() || d.For == "" {
			s.t.Fatalf("deadline %+v", d)
		}
		rules[d.Rule] = true
	}
	if next, ok := in.Next(); ok != (len(in.Shown()) > 0) || slices.ContainsFunc(in.Deadlines, func(d Deadline) bool { return !d.Early() && d.By().Before(next.By()) }) {
		s.t.Fatalf("next is %+v", next)
	}
}
