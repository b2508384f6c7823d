package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim/blockkit"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// extreme is an incident in which everything is as long as the rules let it be,
// and full of what Slack could misread.
func extreme() incidents.Incident {
	evil := "<!channel> *x* `y` & <b>"
	long := func(n int) string { return string([]rune(strings.Repeat(evil+" ", n))[:n]) }
	now := time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC)
	in := incidents.Incident{
		Number: 123456, Title: long(incidents.MaxTitle), Summary: long(incidents.MaxText), Severity: 1, Status: incidents.Investigating,
		Type: "security", Private: true, Drill: true, DeclaredBy: incidents.Person{ID: "slack:T/U", Name: long(80)}, DeclaredAt: now,
		Times: incidents.Times{Declared: now, Detected: now, ImpactStarted: now}, Update: incidents.Update{Text: long(incidents.MaxText), At: now},
		Deadlines: []incidents.Deadline{{Rule: "acknowledge", Due: now.Add(time.Minute)}},
	}
	law := nastyLaw(long(200))
	for range 20 {
		law.Stages = append(law.Stages, law.Stages[0])
	}
	for range 20 {
		in.Clocks = append(in.Clocks, incidents.LegalClock{Regulation: law, Started: now})
	}
	for i := range 500 {
		in.Services = append(in.Services, fmt.Sprintf("%d %s", i, long(70)))
		in.Links = append(in.Links, incidents.Link{URL: "https://example.com/" + strings.Repeat("a|b", 300), Name: long(80)})
	}
	return in
}

func TestWhatIsDrawnFitsSlacksLimits(t *testing.T) {
	card := Card{Rules: func() incidents.Rules { return incidents.Rules{} }, Notice: Notice{Keeps: "for 400 days"}}
	mild := incidents.Incident{Number: 1, Title: "x", Status: incidents.Closed, EndedAs: incidents.EndedFalsePositive}
	for _, in := range []incidents.Incident{extreme(), mild} {
		event := incidents.Event{Kind: incidents.UpdatePosted, Seq: 9, Text: in.Summary, Actor: incidents.Actor{Name: in.Title}}
		for what, m := range map[string]*message{
			"card": card.message(in, nil), "announcement": card.announcement(in, "C1", "Attention: its channel was archived."),
			"event": say(event, func(string) string { return "" }), "digest": Digest{Open: slices.Repeat([]incidents.Incident{in}, 300), Late: time.Now()}.message(),
			"alerts": hostileWeek(in.Summary).message(),
			"bundle": bundle(slices.Repeat([]store.Letter{{Message: store.Message{Kind: incidents.FollowupReminder}, Incident: in, Event: event}}, 60)),
		} {
			raw, err := json.Marshal(m.Blocks)
			if err != nil {
				t.Fatal(err)
			}
			if n := len([]rune(m.Text)); n > maxText {
				t.Errorf("the text of the %s has %d characters", what, n)
			}
			if len(m.Blocks) == 0 {
				continue
			}
			for _, p := range blockkit.Message(raw) {
				t.Errorf("%s of %s: %s", what, in.Number, p)
			}
			if strings.Contains(string(raw), `<!channel>`) || strings.Contains(m.Text, "<!channel>") || strings.Contains(string(raw), `\u003c!channel`) {
				t.Errorf("%s of %s mentions the whole channel", what, in.Number)
			}
			if m.Text == "" {
				t.Errorf("%s of %s has no fallback text", what, in.Number)
			}
		}
		if got := topic(in); len([]rune(got)) > maxTopic {
			t.Errorf("the topic has %d characters", len([]rune(got)))
		}
	}
}

func TestButtonsAreOnlyThoseThatDoSomething(t *testing.T) {
	card := Card{Rules: func() incidents.Rules { return incidents.Rules{} }}
	labels := func(in incidents.Incident) string {
		raw, err := json.Marshal(card.buttons(in))
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, l := range []string{"Acknowledge", "Take command", "Resolve"} {
			if strings.Contains(string(raw), `"text":"`+l+`"`) {
				list = append(list, l)
			}
		}
		return strings.Join(list, ", ")
	}
	in := incidents.Incident{Number: 1, Status: incidents.Investigating}
	if got := labels(in); got != "Acknowledge, Take command, Resolve" {
		t.Errorf("a fresh incident offers %q", got)
	}
	in.Times.Acknowledged = time.Unix(1, 0)
	in.Roles = map[string]incidents.Person{incidents.CommanderRole: {ID: "x"}}
	if got := labels(in); got != "Resolve" {
		t.Errorf("a led and acknowledged one offers %q", got)
	}
	in.Status = incidents.Resolved
	if got := labels(in); got != "" {
		t.Errorf("a resolved one offers %q", got)
	}
}

// The channel's first message says what is recorded, and how it is taken back.
func TestNotice(t *testing.T) {
	for name, tt := range map[string]struct {
		notice Notice
		says   []string
	}{
		"nothing": {Notice{}, []string{"What you write here is not recorded"}},
		"all":     {Notice{Keeps: "for 400 days"}, []string{"This channel is recorded: what you write here is kept for 400 days", "To take a message back, delete it"}},
		"marked":  {Notice{Keeps: "for good", Marks: []string{"pushpin", "memo"}}, []string{"Of this channel is recorded what somebody puts :pushpin: or :memo: on: it is kept for good", "To take a message back, delete it"}},
		"kept":    {Notice{Keeps: "for good", DeletedStays: true}, []string{"A message that you delete is marked as deleted in the record and keeps its text", "/incident redact"}},
	} {
		for _, words := range tt.says {
			if got := tt.notice.notice(); !strings.Contains(got, words) {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// A reader sees of every stage when it is due, why and from when, or who submitted it.
func TestTheCardShowsWhatLawsWant(t *testing.T) {
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	law, _ := incidents.Rules{}.Regulation("cra_vulnerability")
	bob := incidents.Person{ID: "slack:T/UBOB", Name: "bob"}
	in := incidents.Incident{Number: 1, Title: "x", Status: incidents.Closed, Clocks: []incidents.LegalClock{
		{Regulation: law, Started: noon, Submitted: []incidents.Submission{{Stage: "early_warning", At: noon.Add(time.Hour), By: bob}}},
	}}
	card := Card{Rules: func() incidents.Rules { return incidents.Rules{} }}
	const title = "CRA Art. 14 (exploited vulnerability): "
	want := "*Set by law or contract*\n" +
		"• " + title + "early warning: :white_check_mark: submitted by bob " + date(noon.Add(time.Hour)) + "\n" +
		"• " + title + "vulnerability notification: *by " + date(noon.Add(72*time.Hour)) + "* – 72 hours from awareness of the actively exploited vulnerability, which was " + date(noon) + "\n" +
		"• " + title + "final report: 14 days from a corrective or mitigating measure being available"
	if got := card.laws(in); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	raw, err := json.Marshal(card.message(in, nil).Blocks)
	if err != nil || strings.Count(string(raw), "legal advice") != 1 {
		t.Errorf("%s %v", raw, err)
	}
}
