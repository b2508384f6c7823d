package incidents

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// draft is what an author makes of an incident whose last event is seq.
func draft(summary string, seq uint64) Document {
	return Document{Template: "full", Title: "checkout is down", Seq: seq, Sections: []Section{
		{Slot: "summary", Title: "Summary", Text: summary + ". [T1]", Author: ByRecord},
		{Slot: "impact", Title: "Impact", Text: "Nobody has said. [T1]", Author: ByRecord},
	}}
}

// drafted is a history with a first draft, which is alice's.
func drafted(t *testing.T, o Open) *history {
	t.Helper()
	h := begin(t, o)
	h.does(alice, DraftPostmortem{Document: draft("It began", uint64(len(h.events)))})
	h.does(alice, OwnPostmortem{To: alice})
	return h
}

func (h *history) text(slot string) string { return h.texts[len(h.texts)-1].text(slot) }

// state is the postmortem in a few words.
func (h *history) state() string {
	p := h.in.Postmortem
	return fmt.Sprintf("%s v%d waits for %d of %d", p.State, p.Version, len(p.Waiting()), len(p.Reviewers))
}

func TestAPostmortemFromDraftToPublished(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.rules.Pages = "https://fire.example.com/incidents/"
	for i, step := range []struct {
		who   Person
		act   Act
		state string
		text  string
		told  string
	}{
		{Fireboss.Person(), DraftPostmortem{Document: draft("It began", 1)}, "draft v1 waits for 0 of 0", "Postmortem drafted from the timeline (version 1)", ""},
		{alice, OwnPostmortem{To: bob}, "draft v1 waits for 0 of 0", "The postmortem is now bob's", "postmortem_owner bob"},
		{bob, EditPostmortem{Base: 1, Slot: "impact", Text: " All of Europe.\n"}, "draft v2 waits for 0 of 0", "Postmortem edited: Impact (version 2)", ""},
		{bob, ReviewPostmortem{By: alice}, "in_review v2 waits for 1 of 1", "alice is asked to review the postmortem", "postmortem_review alice"},
		{bob, ReviewPostmortem{By: carol}, "in_review v2 waits for 2 of 2", "carol is asked to review the postmortem", "postmortem_review carol"},
		{alice, ApprovePostmortem{Version: 2}, "in_review v2 waits for 1 of 2", "alice approved the postmortem (version 2)", ""},
		{carol, ApprovePostmortem{}, "approved v2 waits for 0 of 2", "carol approved the postmortem (version 2)", "postmortem_ready bob"},
		{bob, PublishPostmortem{}, "published v2 waits for 0 of 2", "Postmortem published (version 2): https://fire.example.com/incidents/INC-1/postmortem", ""},
		{carol, EditPostmortem{Base: 2, Slot: "summary", Text: "It is over."}, "in_review v3 waits for 2 of 2", "Postmortem edited: Summary (version 3)", ""},
		{alice, ApprovePostmortem{}, "in_review v3 waits for 1 of 2", "alice approved the postmortem (version 3)", ""},
		{bob, ReviewPostmortem{By: carol, Drop: true}, "approved v3 waits for 0 of 1", "carol need not review the postmortem any more", ""},
		{bob, PublishPostmortem{}, "published v3 waits for 0 of 1", "Postmortem published (version 3): https://fire.example.com/incidents/INC-1/postmortem", ""},
		{alice, DraftPostmortem{Base: 3, Document: draft("Something else", 9)}, "published v3 waits for 0 of 1", "", ""},
		{alice, DraftPostmortem{Base: 3, Document: Document{Template: "lightweight", Title: "x", Sections: []Section{{Slot: "cause", Text: "?"}}}}, "in_review v4 waits for 1 of 1", "Postmortem drafted from the timeline (version 4)", ""},
		{bob, OwnPostmortem{}, "in_review v4 waits for 1 of 1", "Nobody owns the postmortem any more", ""},
	} {
		c := h.later(time.Minute).does(step.who, step.act)
		if step.text == "" {
			nothing(t, c)
		} else if len(c.Events) != 1 || c.Events[0].Text != step.text || c.Events[0].Posted() != (c.Events[0].Kind == PostmortemPublished) {
			t.Errorf("%d: %+v", i, c.Events)
		}
		told := ""
		for _, m := range c.Messages {
			told += m.Kind + " " + m.To.Name
		}
		if h.state() != step.state || told != step.told {
			t.Errorf("%d: %s, told %q; want %s, told %q", i, h.state(), told, step.state, step.told)
		}
		nothing(t, h.does(step.who, step.act.(again).again(h)))
	}
	if p := h.in.Postmortem; p.PublishedVersion != 3 || p.Owner != nil || p.Published.IsZero() || p.Seq != 0 {
		t.Errorf("%+v", p)
	}
	if doc := h.texts[3]; doc.Version != 4 || doc.By.Name != "alice" || doc.Incident != 1 || !doc.At.Equal(h.at.Add(-time.Minute)) || doc.text("summary") != "It is over." || doc.text("impact") != "All of Europe." || doc.text("cause") != "?" {
		t.Errorf("%+v", doc)
	}
	if s := h.texts[1].Sections[1]; s.Author != ByPerson || s.Editor != bob {
		t.Errorf("%+v", s)
	}
}

// again is the act as whoever has seen what it led to would say it once more.
type again interface{ again(h *history) Act }

func (x DraftPostmortem) again(h *history) Act {
	x.Base = h.in.Postmortem.Version
	return x
}

func (x EditPostmortem) again(h *history) Act {
	x.Base = h.in.Postmortem.Version
	return x
}
func (x OwnPostmortem) again(*history) Act     { return x }
func (x ReviewPostmortem) again(*history) Act  { return x }
func (x ApprovePostmortem) again(*history) Act { return x }
func (x PublishPostmortem) again(*history) Act { return x }

func TestWhatOfAPostmortemIsRefused(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	for _, act := range []Act{EditPostmortem{Slot: "summary", Text: "x"}, ReviewPostmortem{By: bob}, ApprovePostmortem{}, PublishPostmortem{}} {
		h.refuses(alice, act, CodeRefused, "INC-1 has no postmortem yet. To have it drafted from the timeline: /incident postmortem draft")
	}
	h = drafted(t, Open{Severity: 1})
	h.refuses(alice, ReviewPostmortem{}, CodeInvalid, "Who is to review it?")
	h.refuses(alice, PublishPostmortem{}, CodeRefused, "Nobody has reviewed the postmortem of INC-1 yet; what is published was approved. To ask somebody: /incident postmortem review @alice")
	h.refuses(alice, ApprovePostmortem{}, CodeRefused, "The postmortem of INC-1 is yours, so somebody else has to say that it is right.")
	h.refuses(bob, ApprovePostmortem{Version: 2}, CodeConflict, "You have read version 2 of the postmortem of INC-1, and the newest is 1.")
	h.refuses(bob, EditPostmortem{Base: 1, Slot: "cause", Text: "x"}, CodeInvalid, `"cause" is no section of this postmortem.`)
	h.refuses(bob, EditPostmortem{Base: 1, Slot: "impact"}, CodeInvalid, "What is the section Impact to say?")
	h.refuses(bob, EditPostmortem{Base: 1, Slot: "impact", Text: strings.Repeat("x", MaxSection+1)}, CodeInvalid, "The section has 40001 characters, at most 40000 fit.")
	h.refuses(bob, DraftPostmortem{Document: draft("x", 1)}, CodeConflict, "Something was changed in INC-1 while the postmortem was drafted.")
	h.does(alice, ReviewPostmortem{By: carol})
	h.refuses(bob, ApprovePostmortem{}, CodeRefused, "Only carol can approve the postmortem of INC-1, for they were asked to review it. To be asked as well: /incident postmortem review me")
	h.refuses(bob, PublishPostmortem{}, CodeRefused, "is in review; it can be published once it is approved by carol. To do without somebody: /incident postmortem review drop @carol")
	for i := range maxReviewers - 1 {
		h.does(alice, ReviewPostmortem{By: Person{ID: fmt.Sprint("slack:T1/U", i), Name: fmt.Sprint("r", i)}})
	}
	h.refuses(bob, ReviewPostmortem{By: bob}, CodeRefused, "20 people are to review the postmortem of INC-1")
	if _, err := h.try(alice.Actor(), DraftPostmortem{Base: 1, Document: Document{Sections: []Section{{Slot: "a"}, {Slot: "a"}}}}); err == nil {
		t.Error("two sections in one slot were taken")
	}
	if _, err := h.try(alice.Actor(), DraftPostmortem{Base: 1}); err == nil {
		t.Error("a draft without sections was taken")
	}
}

func TestWhereNobodyWasAskedAnybodyButTheOwnerApproves(t *testing.T) {
	h := drafted(t, Open{Severity: 1})
	h.does(bob, ApprovePostmortem{})
	if h.state() != "approved v1 waits for 0 of 1" || h.in.Postmortem.Reviewers[0].Person != bob {
		t.Errorf("%+v", h.in.Postmortem)
	}
	h.does(alice, EditPostmortem{Base: 1, Slot: "impact", Text: "more"}) // and bob has to look again
	if h.state() != "in_review v2 waits for 1 of 1" {
		t.Error(h.state())
	}
}

func TestTwoWhoWriteAtOnce(t *testing.T) {
	h := drafted(t, Open{Severity: 1})
	h.does(bob, EditPostmortem{Base: 1, Slot: "impact", Text: "Europe"})
	h.does(carol, EditPostmortem{Base: 1, Slot: "summary", Text: "Disk"}) // another section
	h.refuses(carol, EditPostmortem{Base: 1, Slot: "impact", Text: "Asia"}, CodeConflict,
		"You wrote on top of version 1, and bob has changed the section Impact since. Look at it as it is now: /incident postmortem edit impact")
	h.refuses(carol, EditPostmortem{Base: 7, Slot: "impact", Text: "Asia"}, CodeConflict, "There is no version 7 of the postmortem of INC-1; the newest is 3.")
	h.does(carol, EditPostmortem{Base: 3, Slot: "impact", Text: "Europe and Asia"})
	if h.text("impact") != "Europe and Asia" || h.text("summary") != "Disk" {
		t.Errorf("%+v", h.texts)
	}
	h = drafted(t, Open{Severity: 1})
	h.does(alice, DraftPostmortem{Base: 1, Document: draft("It went on", 5)})
	h.refuses(bob, EditPostmortem{Base: 1, Slot: "summary", Text: "x"}, CodeConflict, "and a new draft has changed the section Summary since.")
}

func TestADraftKeepsWhatPeopleWrote(t *testing.T) {
	h := drafted(t, Open{Severity: 1})
	h.does(bob, EditPostmortem{Base: 1, Slot: "summary", Text: "A disk was full."})
	h.does(alice, DraftPostmortem{Base: 2, Document: draft("It ended", 7)})
	if len(h.texts) != 2 { // nothing but the summary was new in it
		t.Fatalf("%+v", h.texts)
	}
	other := draft("It ended", 7)
	other.Sections[1].Text = "Half an hour. [T5]"
	h.does(alice, DraftPostmortem{Base: 2, Document: other})
	if h.text("summary") != "A disk was full." || h.text("impact") != "Half an hour. [T5]" || h.in.Postmortem.Seq != 7 {
		t.Errorf("%+v", h.texts)
	}
	h.does(bob, EditPostmortem{Base: 3, Slot: "summary", Text: " "}) // it is the record's again
	if s := h.texts[3].Sections[0]; s.Author != ByRecord || s.Text != "" || s.Editor != (Person{}) || !strings.Contains(h.last().Text, "left to the record again: Summary") {
		t.Errorf("%+v %s", s, h.last().Text)
	}
	h.does(alice, DraftPostmortem{Base: 4, Document: other})
	if h.text("summary") != "It ended. [T1]" {
		t.Error(h.text("summary"))
	}
}

func TestWhatWasRemovedDoesNotComeBack(t *testing.T) {
	h := begin(t, Open{Severity: 1})
	h.does(bob, AddNote{Text: "the password is hunter2"})
	secret := uint64(len(h.events))
	doc := draft("Somebody wrote: the password is hunter2", secret)
	h.does(alice, DraftPostmortem{Document: doc})
	seen := uint64(len(h.events))
	h.does(bob, Redact{Seq: secret})
	if strings.Contains(fmt.Sprint(h.texts), "hunter2") {
		t.Errorf("%+v", h.texts)
	}
	h.refuses(alice, EditPostmortem{Base: 1, Seen: seen, Slot: "summary", Text: "the password is hunter2, still"}, CodeConflict, "A text was removed from INC-1 since you began to write")
	doc.Sections[1].Text = "other"
	h.refuses(alice, DraftPostmortem{Base: 1, Document: doc}, CodeConflict, "Something was changed")
	h.does(alice, EditPostmortem{Base: 1, Seen: uint64(len(h.events)), Slot: "summary", Text: "a password got out"})
	h.does(alice, EditPostmortem{Base: 2, Slot: "impact", Text: "a line\nthe key is swordfish\nanother line"})
	edit := uint64(len(h.events))
	h.does(bob, EditPostmortem{Base: 3, Slot: "impact", Text: "a line\nthe key is swordfish\nand more"})
	h.refuses(carol, Redact{Seq: edit}, CodeRefused, "Only alice, who wrote event")
	h.does(alice, Redact{Seq: edit})
	if s := fmt.Sprint(h.texts); strings.Contains(s, "swordfish") || !strings.Contains(s, "and more") {
		t.Errorf("%+v", h.texts)
	}
}

func TestRetentionEmptiesEveryVersion(t *testing.T) {
	h := drafted(t, Open{Severity: 1})
	h.does(bob, EditPostmortem{Base: 1, Slot: "impact", Text: "all of the secrets"})
	h.rules.Retention.Incidents = time.Hour
	h.does(bob, Close{})
	h.later(2*time.Hour).does(Fireboss.Person(), Expire{})
	for _, doc := range h.texts {
		if doc.Title != RemovedText || slices.ContainsFunc(doc.Sections, func(s Section) bool { return s.Text != RemovedText }) {
			t.Errorf("%+v", doc)
		}
	}
	if len(h.in.Deadlines) != 0 {
		t.Errorf("%+v", h.in.Deadlines)
	}
}

func TestThePostmortemOfAPrivateIncident(t *testing.T) {
	yes := true
	h := drafted(t, Open{Severity: 1, Private: &yes})
	h.refuses(alice, OwnPostmortem{To: bob}, CodeRefused, "INC-1 is private and not open to bob, so its postmortem cannot be theirs. Bring them in first: /incident invite @bob")
	h.refuses(alice, ReviewPostmortem{By: bob}, CodeRefused, "INC-1 is private and not open to bob, so they cannot review its postmortem. Bring them in first: /incident invite @bob")
	for _, act := range []Act{EditPostmortem{Base: 1, Slot: "summary", Text: "x"}, ApprovePostmortem{}, PublishPostmortem{}, DraftPostmortem{Base: 1, Document: draft("x", 1)}} {
		h.refuses(bob, act, CodeNotFound, "INC-1 does not exist or is not open to you.")
	}
	h.does(alice, Invite{People: []Person{bob}})
	h.does(alice, ReviewPostmortem{By: bob})
	h.does(alice, OwnPostmortem{To: bob})
	h.does(alice, Close{})
	h.refuses(alice, ReviewPostmortem{By: carol}, CodeRefused, "so they cannot review its postmortem. They can ask to be let in: /incident access INC-1")
}

func TestWhoMayGiveAPostmortemToOthers(t *testing.T) {
	h := drafted(t, Open{Severity: 1})
	h.does(carol, AssignRole{Role: CommanderRole, To: carol})
	h.rules.Permissions = map[Permission][]string{MayDoForOthers: {CommanderRole}}
	for _, act := range []Act{OwnPostmortem{To: carol}, OwnPostmortem{To: bob}, OwnPostmortem{}, ReviewPostmortem{By: carol}} {
		h.refuses(bob, act, CodeRefused, "may give roles and tasks to others")
	}
	h.does(bob, ReviewPostmortem{By: bob})
	h.does(alice, OwnPostmortem{})
	h.does(bob, OwnPostmortem{To: bob})
	h.does(carol, OwnPostmortem{To: alice})
}

// What has ended is drafted, once each time, but not what was none of our own.
func TestWhenAPostmortemIsWanted(t *testing.T) {
	wanted := func(c Change) bool {
		return slices.ContainsFunc(c.Messages, func(m Message) bool {
			return m.Kind == DraftWanted && m.To == Fireboss.Person() && c.Events[m.Event].Kind == StatusChanged
		})
	}
	h := begin(t, Open{Severity: 3})
	for i, step := range []struct {
		act  Act
		want bool
	}{
		{Resolve{}, true}, {Close{}, false}, {Reopen{Why: "back"}, false}, {Close{}, true}, {Reopen{Why: "back"}, false},
		{Cancel{}, false}, {Reopen{Why: "back"}, false}, {Cancel{FalsePositive: true}, true},
	} {
		if c := h.does(alice, step.act); wanted(c) != step.want {
			t.Errorf("%d: %+v", i, c.Messages)
		}
	}
	if h := begin(t, Open{Title: "x", Resolved: noon.Add(-time.Hour)}); h.in.Status != Resolved || len(h.in.Deadlines) != 0 {
		t.Errorf("%+v", h.in)
	}
	h = begin(t, Open{})
	h.others = neighbours(h.in)
	if c := h.does(alice, Merge{Into: 2}); wanted(c) {
		t.Errorf("%+v", c.Messages)
	}
	h.refuses(alice, DraftPostmortem{Document: draft("x", 1)}, CodeRefused, "INC-1 was merged into INC-2, and what happened is told there: /incident postmortem draft")
}

// Three business days, and three reminders, which are alice's, as the draft is
// nobody's and she declared it.
func TestWhoIsRemindedOfAPostmortem(t *testing.T) {
	remind := func(h *history, days int) []string {
		said := h.lets(time.Duration(days)*24*time.Hour, Remind{Away: []string{alice.ID, bob.ID}})
		return slices.DeleteFunc(said, func(s string) bool { return !strings.Contains(s, "postmortem") })
	}
	resolved := func(o Open, acts ...Act) *history { // on Friday at half past twelve
		h := begin(t, o).later(30 * time.Minute)
		for _, act := range acts {
			h.does(alice, act)
		}
		h.does(alice, Resolve{})
		h.does(alice, DraftPostmortem{Document: draft("It began", uint64(len(h.events)))})
		h.does(alice, Close{})
		return h
	}
	h := resolved(Open{Severity: 1})
	if d := h.in.Deadlines; len(d) != 1 || d[0].Rule != "postmortem" || d[0].For != "owner" || !d[0].Due.Equal(noon.Add(5*24*time.Hour+30*time.Minute)) || !d[0].By().Equal(d[0].Due) || d[0].Duty() != "postmortem in review" || !d[0].Lasting() {
		t.Errorf("%+v", d)
	}
	day := 24 * 60
	want := []string{fmt.Sprint(5*day+30, " alice postmortem"), fmt.Sprint(7*day+30, " alice postmortem"), fmt.Sprint(11*day+30, " alice postmortem")}
	if got := remind(h, 60); !slices.Equal(got, want) {
		t.Errorf("\n got  %q\n want %q", got, want)
	}
	if e := h.events[6]; e.Text != "The postmortem of INC-1 was to be in review by 2026-11-25, and is a draft: /incident postmortem INC-1 show. To ask somebody: /incident postmortem INC-1 review @somebody" {
		t.Errorf("%s", e.Text)
	}
	h = resolved(Open{Severity: 2})
	h.does(alice, OwnPostmortem{To: bob})
	if got := remind(h, 8); !slices.Equal(got, []string{fmt.Sprint(7*day+30, " bob postmortem")}) {
		t.Errorf("%q", got)
	}
	if d := h.in.Deadlines[0]; d.Occurrence != 1 || !d.By().Equal(noon.Add(7*24*time.Hour+30*time.Minute)) {
		t.Errorf("%+v", d)
	}
	h.does(bob, ReviewPostmortem{By: carol})
	if len(h.in.Deadlines) != 0 {
		t.Errorf("in review: %+v", h.in.Deadlines)
	}
	yes := true
	h = resolved(Open{Severity: 1, Private: &yes}, Invite{People: []Person{bob}}, OwnPostmortem{To: bob})
	h.does(bob, Leave{}) // and may not see it any more
	h.at = h.in.Deadlines[0].Due
	if c, err := h.try(Fireboss, Remind{}); err != nil || len(c.Messages) != 1 || c.Messages[0].To != alice {
		t.Errorf("%+v, %v", c.Messages, err)
	}
	for name, h := range map[string]*history{
		"sev3": resolved(Open{Severity: 3}), "a drill": resolved(Open{Severity: 1, Drill: true}), "recorded afterwards": begin(t, Open{Severity: 1, Resolved: noon}),
	} {
		if got := remind(h, 60); len(got) != 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
	h = begin(t, Open{Severity: 1})
	h.does(alice, Cancel{FalsePositive: true})
	h.does(alice, DraftPostmortem{Document: draft("x", 1)})
	if len(h.in.Deadlines) != 0 {
		t.Errorf("a false alarm: %+v", h.in.Deadlines)
	}
	h = resolved(Open{Severity: 1})
	h.does(alice, Reopen{Why: "back"})
	if slices.ContainsFunc(h.in.Deadlines, func(d Deadline) bool { return d.Rule == "postmortem" }) {
		t.Errorf("open again: %+v", h.in.Deadlines)
	}
}
