package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rs/zerolog"

	"fireboss/bot/slacksim"
	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// nasty are texts of people who wish others ill, as they stand in our store.
var nasty = []string{
	"<!channel>", "<!here|x>", "<!everyone>", "<!subteam^S1>", "<!subteam^S0ONCALL|@oncall>", "<@U0000ALICE>", "<@<!channel>>", "<#C00GENERAL>",
	"@channel", "x @HERE.", "@everyone", "(@channel)", "&lt;!channel&gt;", "&amp;lt;!here&amp;gt;", "<https://evil.example|https://bank.example>",
	"https://bank.example|https://evil.example", "https://bank.example/@channel", "[x](javascript:alert(1))", "*bold* _it_ ~no~ `code` ```block```",
	"\u202eevil\u202c \u2066x", "zero\u200bwidth\u200d", "one\ntwo\n> three", "</script><script>alert(1)</script>", "{{.}} {{7*7}}", "a|b|c",
	"<!date^1^{date}^https://evil.example|today>", "<mailto:a@b.example|x>", "<", ">", "&", "<<>>", "\xff\xfe", "\xed\xa0\x80", "\x00\x1b[31m",
	strings.Repeat("<!channel> ", 1000), strings.Repeat("&", 10000), strings.Repeat("*", 10000), strings.Repeat("https://x.example/&", 600),
}

// ours are the tokens that we write ourselves: dates, channels, people, and links.
var (
	tokenForm = regexp.MustCompile(`<[^>]*>?`)
	ours      = regexp.MustCompile(`^<(?:!date\^\d+\^[^|<>]*\|[0-9: -]+ UTC|#C[A-Z0-9]+|https?://[^|<>\s]+(?:\|[^|<>]*)?)>$`)
)

// live is what of a text would call somebody, or is a token that we do not write.
func live(s string) string {
	for _, t := range tokenForm.FindAllString(s, -1) {
		if !ours.MatchString(t) {
			return t
		}
	}
	return everybody.FindString(tokenForm.ReplaceAllString(s, ""))
}

// burdened is an incident in which every text of people is this one.
func burdened(s string) incidents.Incident {
	now, who := time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC), incidents.Person{ID: "slack:T/U<!channel>", Name: s}
	return incidents.Incident{
		Number: 12, Title: s, Summary: s, Severity: 1, Status: incidents.Investigating, Type: "security", DeclaredBy: who, DeclaredAt: now,
		Services: []string{s}, Roles: map[string]incidents.Person{incidents.CommanderRole: who}, Links: []incidents.Link{{URL: "https://evil.example/?a=1&b=2", Name: s}, {URL: s}},
		Times: incidents.Times{Declared: now, Detected: now}, Update: incidents.Update{Text: s, At: now},
		Clocks:    []incidents.LegalClock{{Regulation: nastyLaw(s), Started: now, Submitted: []incidents.Submission{{Stage: "a", At: now, By: who}}}},
		Deadlines: []incidents.Deadline{{Rule: "nasty.b", Due: now, Date: now, Title: s, Why: s, For: "commander"}},
	}
}

// nastyLaw is a regulation of the configuration with these words in it.
func nastyLaw(s string) incidents.Regulation {
	term := []incidents.Term{{From: incidents.FromStart, Count: 1, Unit: incidents.Hours}}
	return incidents.Regulation{Name: "nasty", Title: s, Source: s, AsOf: s, Start: s, Moments: []incidents.Moment{{Name: "m", Title: s}}, Stages: []incidents.Stage{
		{Name: "a", Title: s, Terms: term}, {Name: "b", Title: s, Terms: term}, {Name: "c", Title: s, Terms: []incidents.Term{{From: "m", Count: 1, Unit: incidents.Hours}}},
	}}
}

// mouths are all texts of a message: its own, and those of its blocks.
func mouths(t *testing.T, m *message) (mrkdwn, plain []string) {
	t.Helper()
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			text, _ := v["text"].(string)
			switch v["type"] {
			case "mrkdwn":
				if v["verbatim"] != true {
					t.Errorf("Slack looks for names in %.80q", text)
				}
				mrkdwn = append(mrkdwn, text)
			case "plain_text":
				plain = append(plain, text)
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(doc)
	return append(mrkdwn, m.Text), plain
}

func harmless(t *testing.T, door string, m *message) {
	t.Helper()
	marked, bare := mouths(t, m)
	for _, s := range marked {
		if bad := live(s); bad != "" || !utf8.ValidString(s) {
			t.Errorf("%s: %q is live in %.200q", door, bad, s)
		}
	}
	for _, s := range bare {
		if strings.Contains(s, "<!") || strings.Contains(s, "<@") || everybody.MatchString(s) {
			t.Errorf("%s: plain text %.200q", door, s)
		}
	}
}

// TestNoMessageCallsAnybodyByTheWordsOfPeople goes through everything that is drawn.
func TestNoMessageCallsAnybodyByTheWordsOfPeople(t *testing.T) {
	service := incidents.Service{Runbook: "https://runbooks.example/a|b", Dashboards: []string{"https://graphs.example/<x>"}}
	for _, s := range nasty {
		card := Card{Rules: func() incidents.Rules { return incidents.Rules{Services: map[string]incidents.Service{s: service}} }, Notice: Notice{Keeps: "for ever"}}
		in, nobody := burdened(s), (&Client{TeamID: "T"}).calls
		harmless(t, "card", card.message(in, nil))
		harmless(t, "announcement", card.announcement(in, "C1", ""))
		data, err := json.Marshal(map[string]any{"to": "slack:T/U<!channel>", "to_name": s, "assignee": "slack:T/!channel", "assignee_name": s, "text": s, "next": s})
		if err != nil {
			t.Fatal(err)
		}
		for kind := range icons {
			for _, text := range []string{s, "x " + s, "x (" + s + ")"} {
				harmless(t, string(kind), say(incidents.Event{Kind: kind, Text: text, Data: data, Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T/U1", Name: s}}, nobody))
			}
		}
		for _, d := range []Digest{{Open: []incidents.Incident{in}}, {Week: true, Figures: incidents.WeekFigures([]incidents.Incident{in})}, hostileWeek(s)} {
			harmless(t, "digest", d.message())
		}
		reminded := incidents.Event{Kind: incidents.ReminderSent, Text: s, Data: data}
		harmless(t, "bundle", bundle([]store.Letter{{Message: store.Message{Kind: incidents.FollowupReminder}, Incident: in, Event: reminded}, {Incident: in, Event: reminded}}))
		for _, kind := range []string{incidents.HandoffOffer, incidents.HandoffRefused, incidents.RoleInstructions, incidents.MergedHere, incidents.AccessRequest, "other"} {
			e := incidents.Event{Text: s, Data: data, At: in.DeclaredAt, Actor: incidents.Actor{ID: "slack:T/" + s, Name: s}}
			b := background{role: incidents.Role{Title: s, Instructions: s}, place: "C1", questions: []incidents.Event{e}}
			harmless(t, kind, letter(store.Message{Kind: kind}, in, e, b))
		}
		if got := topic(in); live(got) != "" || utf8.RuneCountInString(got) > maxTopic {
			t.Errorf("topic %.300q", got)
		}
		if name := channelName(in, 1); !regexp.MustCompile(`^[a-z0-9_-]{1,80}$`).MatchString(name) {
			t.Errorf("channel name %q", name)
		}
	}
}

// hostileWeek is a digest of alerts that somebody means harm with.
func hostileWeek(s string) Digest {
	one := alerts.Alert{Source: s, ReceivedAt: time.Now(), Signal: alerts.Signal{Title: s, Fingerprint: s}, Decision: alerts.Decision{Rule: s, Action: alerts.Notify, Shadow: []alerts.Shadow{{Rule: s, Action: alerts.Declare, Reason: s}}}}
	list := slices.Repeat([]alerts.Alert{one}, 40)
	one.Source = alerts.Own
	week := alerts.WeekOf(append(list, slices.Repeat([]alerts.Alert{one}, 20)...), time.Now())
	return Digest{Alerts: &week, Late: time.Now(), Page: "https://fireboss.example/alerts/noise"}
}

// calls turns an id into a mention, as the mirror does.
func (c *Client) calls(id string) string { return (&Mirror{Client: c}).mention(id) }

func TestNoAnswerCallsAnybodyByTheWordsOfPeople(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		for _, s := range nasty {
			in := burdened(s)
			reply := commands.Reply{
				Text: s, Incident: &in, Card: true, Lines: []commands.Line{{Text: s, Seq: 1, At: in.DeclaredAt, Incident: 12}, {Text: s}},
				Choices: []commands.Choice{{Label: s, Command: s}},
			}
			harmless(w.T, "answer", w.intake.draw(w.Context(), reply, 0))
		}
		w.intake.Close(w.Context())
	})
}

// TestALabelCannotClaimAnotherTarget: whatever a link is called, where it leads
// stands beside it.
func TestALabelCannotClaimAnotherTarget(t *testing.T) {
	long := "https://bank.example." + strings.Repeat("a", 60) + ".evil.example/"
	for _, tt := range []struct{ url, name, want string }{
		{"https://status.example.com/x", "status page", "• <https://status.example.com/x|status page> (status.example.com)"},
		{"https://evil.example/", "https://bank.example", "• <https://evil.example/|https://bank.example> (evil.example)"},
		{"https://evil.example/", "x> <https://bank.example|y", "• <https://evil.example/|x&gt; &lt;https://bank.example¦y> (evil.example)"},
		{"https://a.example/?x=1&y=2", "", "• <https://a.example/?x=1&amp;y=2|https://a.example/?x=1&amp;y=2>"},
		{long, "", "(…ample." + strings.Repeat("a", 60) + ".evil.example)"},
	} {
		got := links(incidents.Incident{Links: []incidents.Link{{URL: tt.url, Name: tt.name}}})
		if !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s called %q is written\n%s, want\n%s", tt.url, tt.name, got, tt.want)
		}
	}
}

// TestTheWorkspaceSeesNoMentionButOurs mirrors a burdened incident and looks at
// all of the workspace afterwards, as it keeps it.
func TestTheWorkspaceSeesNoMentionButOurs(t *testing.T) {
	for _, s := range nasty {
		inWorld(t, slacksim.Options{}, func(w *world) {
			title := incidents.Tidy(string([]rune(s)[:min(len([]rune(s)), incidents.MaxTitle)]))
			if strings.Trim(title, "\u200b") == "" {
				title = "x"
			}
			in := w.opened(incidents.Open{Title: title, Summary: string([]rune(s)[:min(len([]rune(s)), incidents.MaxText)]), Severity: 1}, "")
			events, err := w.db.Events(w.Context(), in.Number, 0, 0)
			if err != nil {
				w.Fatal(err)
			}
			m := &Mirror{
				Client: w.client, Directory: w.people, Card: Card{Rules: func() incidents.Rules { return incidents.Rules{} }, Dashboard: "https://fires.example.com"},
				Log: zerolog.Nop(), StoreID: w.db.Identity(), Announce: func(incidents.Incident) []string { return []string{"#incidents"} }, Said: w.db,
			}
			rec := store.Record{Mirror: Door, Incident: in.Number}
			if _, _, err := m.Sync(w.Context(), in, rec, events, func(store.Record, ...store.Link) error { return nil }); err != nil {
				w.Fatalf("%.80q: %v", s, err)
			}
			for _, c := range w.state().Channels {
				for _, text := range []string{c.Topic, c.Purpose} {
					if bad := live(text); bad != "" {
						w.Errorf("%q is live in %q", bad, text)
					}
				}
				if strings.HasPrefix(c.Name, "inc-1") && !strings.Contains(c.Purpose, m.mark(in)) {
					w.Errorf("the purpose %q does not mark the channel as ours", c.Purpose)
				}
				for _, msg := range c.Messages {
					said := strings.TrimPrefix(msg.Text, "<@"+w.client.UserID+"> ") // Slack's own words on a topic
					if bad := live(said); bad != "" && msg.User == w.client.UserID {
						w.Errorf("%q is live in %q", bad, msg.Text)
					}
				}
			}
			w.intake.Close(w.Context())
		})
	}
}

// TestNobodyIsWhoTheirIDIsNot: an id that is none names nobody, and an unknown
// one is given nothing.
func TestNobodyIsWhoTheirIDIsNot(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		alice := w.user("alice")
		for in, want := range map[string]struct {
			text   string
			people int
		}{
			"<@" + alice + "|alice> it burns": {"@alice it burns", 1},
			"<@UNOSUCH|alice>":                {"@alice", 0},
			"<@UNOSUCH>":                      {"@UNOSUCH", 0},
			"<@<!channel>":                    {"@<!channel", 0},
			"<@U1 x|y>":                       {"y (@U1 x)", 0},
			"<!date^1^{date}|a &amp; b>":      {"a & b", 0},
			"&lt;!channel&gt;":                {"<!channel>", 0},
			"<https://evil.example|https://bank.example>": {"https://bank.example (https://evil.example)", 0},
		} {
			text, people := w.people.read(w.Context(), in)
			if text != want.text || len(people) != want.people {
				t.Errorf("%q is read as %q with %v", in, text, people)
			}
		}
		for _, id := range []string{"slack:" + w.client.TeamID + "/!channel", "slack:" + w.client.TeamID + "/U1><!channel", "slack:TOTHER/" + alice, "token:ops"} {
			if m := w.client.calls(id); m != "" {
				t.Errorf("%q is called %q", id, m)
			}
		}
		w.intake.Close(w.Context())
	})
}

// TestNamesAreOneLine: people choose their names themselves.
func TestNamesAreOneLine(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		for _, raw := range []string{`{"id":"U1","name":"u1","profile":{"display_name":"x\u202ey\n\u001b*Resolved*"}}`} {
			w.people.changed(json.RawMessage(raw))
		}
		who, _ := w.people.actor(context.Background(), "U1", "")
		if who.Name != "xy *Resolved*" {
			t.Errorf("the name is %q", who.Name)
		}
		w.intake.Close(w.Context())
	})
}

func FuzzProse(f *testing.F) {
	for _, s := range nasty {
		f.Add(s[:min(len(s), 500)], 300) // the fuzzer makes long ones itself, and is slow with them
	}
	bare := func(s string) string { return strings.ReplaceAll(s, "\u200b", "") }
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = max(20, n%maxSection)
		for _, got := range []string{prose(s), plain(s), cutEscaped(s, n), clipped(prose(s), n), link("https://x.example/?"+s, s)} {
			if bad := live(got); bad != "" {
				t.Errorf("%q is live in %q of %q", bad, got, s)
			}
		}
		s = strings.ToValidUTF8(s, "\ufffd")
		address := func(t token) string { return t.id }
		if got := unwrap(prose(s), address); bare(got) != bare(s) {
			t.Errorf("%q is read as %q", s, got)
		}
		got := cutEscaped(s, n)
		if utf8.RuneCountInString(got) > n {
			t.Errorf("%d characters in %d", utf8.RuneCountInString(got), n)
		}
		if short := strings.TrimSuffix(unwrap(got, address), "…"); !strings.HasPrefix(bare(s), bare(short)) {
			t.Errorf("%q begins as %q", s, short)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range slices.Concat(nasty, []string{"<@U1|a> <@U1>", "<@W9><!subteam^S1><#C1>", "<!date^1^x|&lt;>", "<@U1|<!channel>>"}) {
		f.Add(s[:min(len(s), 500)])
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := unwrap(s, func(tok token) string {
			if tok.kind == "user" && !memberID.MatchString(tok.id) {
				t.Errorf("%q is a person in %q", tok.id, s)
			}
			return fmt.Sprint(tok.id, tok.label)
		})
		if bad := live(prose(out)); bad != "" {
			t.Errorf("%q is live again in what was read from %q", bad, s)
		}
	})
}
