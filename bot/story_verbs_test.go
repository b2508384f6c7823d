package bot

import (
	"slices"
	"strings"
	"testing"
)

// line is one thing that somebody types, and what the answer must say.
type line struct {
	who  func(*story) *who
	text string
	want string
}

func alices(s *story) *who { return s.Alice }
func bobs(s *story) *who   { return s.Bob }

// play types the lines one after the other in the incident's channel.
func (s *story) play(lines []line) {
	s.t.Helper()
	for _, l := range lines {
		got := l.who(s).Says("/incident " + l.text).Text
		if strings.TrimSpace(got) == "" || !strings.Contains(strings.ToLower(got), strings.ToLower(l.want)) {
			s.t.Errorf("/incident %s: the answer lacks %q:\n%s", l.text, l.want, got)
		}
	}
}

func TestStoryEveryVerb(t *testing.T) {
	s := tell(t)
	ch := s.opened("sev3 search answers slowly")
	s.channel = s.the(ch).ID // for it will be renamed
	s.play([]line{
		{alices, "show", "search answers slowly"},
		{alices, "list", "INC-1"},
		{alices, "list all sev3 slowly", "INC-1"},
		{bobs, "join", "INC-1"},
		{bobs, "leave", "INC-1"},
		{alices, "invite @bob @oncall", "bob"},
		{bobs, "ack", "INC-1"},
		{alices, "sev 2 wider than thought", "sev2"},
		{alices, "status identified the index is rebuilt", "identified"},
		{alices, "role scribe @carol", "carol"},
		{alices, "roles", "scribe"},
		{bobs, "lead me", "incident commander of INC-1"},
		{bobs, "update half of the searches are fast again next 20m", "INC-1"},
		{bobs, "summary The nightly rebuild ran at noon.", "INC-1"},
		{bobs, "note at 00:01 the rebuild began", "INC-1"},
		{bobs, "decision stop the rebuild", "INC-1"},
		{bobs, "task add stop the rebuild @alice due 30m", "task 1"},
		{alices, "task take 1", "task 1"},
		{alices, "task assign 1 @bob", "bob"},
		{bobs, "task done 1", "task 1"},
		{bobs, "task reopen 1", "task 1"},
		{bobs, "task drop 1", "task 1"},
		{bobs, "task list", "stop the rebuild"},
		{bobs, "followup add move the rebuild to the night", "1"},
		{bobs, "followup done 1", "1"},
		{bobs, "link https://example.com/graph the graph", "INC-1"},
		{bobs, "service add search", "search"},
		{bobs, "service remove search", "search"},
		{bobs, "rename Search is slow since noon", "Search is slow since noon"},
		{bobs, "type performance", "performance"},
		{bobs, "field region eu-west", "region"},
		{bobs, "impact start 00:01", "INC-1"},
		{bobs, "time detected 00:02", "detected"},
		{bobs, "timeline", "stop the rebuild"},
		{bobs, "search rebuild", "INC-1"},
		{bobs, "handoff @carol all is calm", "carol"},
		{bobs, "status monitoring", "monitoring"},
		{bobs, "resolve all is fast", "resolved"},
		{bobs, "reopen it is slow again", "INC-1"},
		{bobs, "cancel it was the test cluster", "cancel"},
		{bobs, "reopen it was not", "INC-1"},
		{bobs, "close", "closed"},
		{bobs, "help", "open"},
		{bobs, "help sev", "sev"},
		{bobs, "sev help", "sev"},
	})
	s.Settles()
	s.checkWhole("INC-1", "#"+strings.TrimPrefix(s.renamed(ch), "#"))
	kinds := s.kinds("INC-1")
	for _, k := range []string{"declared", "responder_joined", "responder_left", "acknowledged", "severity_changed", "status_changed", "role_assigned", "update_posted",
		"summary_changed", "note_added", "decision_made", "task_added", "task_assigned", "task_done", "task_reopened", "task_dropped", "followup_added", "followup_done",
		"link_added", "service_added", "service_removed", "renamed", "type_changed", "field_changed", "impact_changed", "time_changed", "handoff_offered"} {
		if !slices.Contains(kinds, k) {
			t.Errorf("the timeline has no %s", k)
		}
	}
}

// renamed is the name that a channel has now.
func (s *story) renamed(was string) string {
	s.t.Helper()
	for _, c := range s.state().Channels {
		if strings.HasPrefix(c.Name, "inc-1-") {
			return c.Name
		}
	}
	return was
}

func TestStoryEveryRefusal(t *testing.T) {
	s := tell(t)
	s.Alice.Says("/incident ack").Expect("INC-") // outside of any incident: name one
	s.opened("disk is full")
	s.play([]line{
		{alices, "open " + strings.Repeat("x", 10000), "at most 200"},
		{alices, "sev 9", "sev1"},
		{alices, "status broken", "investigating"},
		{alices, "role captain @bob", "commander"},
		{alices, "lead @zed", "zed"},
		{alices, "invite @zed", "zed"},
		{alices, "note at 99:99 x", "99:99"},
		{alices, "task done 7", "no task 7"},
		{alices, "task done x", "task"},
		{alices, "followup done 7", "no follow-up 7"},
		{alices, "link javascript:alert(1)", "address"},
		{alices, "service remove checkout", "not among"},
		{alices, "type two words", "word"},
		{alices, "impact start 2099-01-01 00:00", "future"},
		{alices, "time lunch 12:00", "detected"},
		{alices, "time resolved 00:01", "not resolved"},
		{alices, "reopen again", "nothing to reopen"},
		{alices, "show INC-77", "does not exist"},
		{alices, "akc", "ack"},
		{alices, "update all well next 90d", "30 days"},
		{alices, "note at 2099-01-01 00:00 x", "future"},
		{alices, "note " + strings.Repeat("long ", 2000), "at most 8000"},
		{alices, "open --started 2099-01-01 00:00 x", "future"},
		{alices, "open --started 2026-01-02 00:00 --resolved 2026-01-01 00:00 x", "before it started"},
		{alices, "link https://example.com " + strings.Repeat("n", 100), "at most 80"},
		{alices, "service add " + strings.Repeat("n", 100), "at most 80"},
		{alices, "accept", "not offered to you"},
		{alices, "time closed 00:01", "not closed"},
	})
	for text, title := range map[string]string{ // what they lack, forms ask for
		"open":        "Open an incident",
		"sev":         "Severity of INC-1",
		"status":      "Status of INC-1",
		"role":        "Role in INC-1",
		"invite":      "Invite to INC-1",
		"update":      "Update INC-1",
		"summary":     "Summary of INC-1",
		"note":        "Note in INC-1",
		"decision":    "Decision in INC-1",
		"task add":    "Add a task",
		"link":        "Link to INC-1",
		"service add": "Services of INC-1",
		"rename":      "Rename INC-1",
		"field":       "Field of INC-1",
		"handoff":     "Hand over INC-1",
		"search":      "Search incidents",
	} {
		s.Alice.Says("/incident " + text)
		s.Alice.form(title)
	}
	for _, k := range s.kinds("INC-1") {
		if k != "declared" && k != "responder_joined" {
			t.Errorf("a refused command left a %s", k)
		}
	}
	s.play([]line{
		{alices, "lead me", "commander"},
		{alices, "leave", "hand that over first"},
		{alices, "handoff @alice", "commands INC-1 already"},
		{alices, "task add once", "task 1"},
		{alices, "task drop 1", "task 1"},
		{alices, "task done 1", "open it again first"},
		{alices, "task assign 1 @bob", "open it again first"},
		{alices, "impact start 2026-01-02 00:00", "INC-1"},
		{alices, "impact end 2026-01-01 00:00", "cannot end"},
	})
	s.Alice.Says("/incident resolve done")
	s.Alice.Says("/incident close")
	s.play([]line{
		{alices, "sev 1", "reopen"},
		{alices, "ack", "reopen"},
		{alices, "status identified", "reopen"},
		{alices, "role commander @bob", "reopen"},
		{alices, "task add x", "reopen"},
		{alices, "update x", "reopen"},
		{alices, "cancel", "reopen"},
	})
	s.channel = "D0000ALICE" // a direct conversation with the bot is a place like any other
	s.play([]line{{alices, "list all", "INC-1"}, {alices, "ack INC-1", "reopen"}, {alices, "ack", "which incident"}})
}

// Bad input never breaks anything, and mentions nobody in mass.
func TestStoryBadInput(t *testing.T) {
	s := tell(t)
	for _, title := range []string{
		"x", strings.Repeat("t", 80), "🔥 the 🔥 is 🔥 real 🔥", "التطبيق لا يعمل", "with \x07 control \x1b[31m characters\u202e", "@channel <!channel> <!here> @everyone",
		"*bold* `code` ~gone~ _it_ [link](https://x) <script>alert(1)</script> &amp;", "3 nodes lost power", "S3 is slow", "  spaces   all around  ", "open open open", "-- dashes",
	} {
		got := s.Alice.Says("/incident open " + title).Text
		if !strings.Contains(got, "INC-") {
			t.Errorf("open %q: %s", title, got)
		}
	}
	s.Sees("#incidents", "S3 is slow")
	s.Sees("#incidents", "3 nodes lost power")
	for _, text := range []string{"note " + strings.Repeat("y", 1<<20), "open " + strings.Repeat("z", 1<<20), "\x00\x01", "INC-1", "<@U404>", "role commander <@U404|zed>", "ack INC-0", "ack INC-99999999999999999999"} {
		if got := s.Alice.Says("/incident " + text).Text; strings.TrimSpace(got) == "" {
			t.Errorf("/incident %.40q: no answer", text)
		}
	}
	s.Settles()
	for _, c := range s.state().Channels {
		for _, m := range c.Messages {
			if m.User == s.user("@fireboss") && (strings.Contains(m.words(), "<!channel") || strings.Contains(m.words(), "<!here")) {
				t.Errorf("#%s: the bot mentions everybody: %s", c.Name, m.words())
			}
		}
	}
	if in := s.incident("INC-8"); in["severity"] != "unset" || in["title"] != "3 nodes lost power" {
		t.Errorf("a title that begins with a number: %v %v", in["severity"], in["title"])
	}
}
