package web

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// worked is a house with follow-ups of several people, seen on a Friday at noon.
func worked(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, withPeople(newCrowd()), func(o *Options) { o.Now = func() time.Time { return noon } })
	h.when = func() time.Time { return noon.AddDate(0, 0, -20) }
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	add := func(text, who string, due time.Time) incidents.AddTask {
		a := incidents.AddTask{List: incidents.Followups, Text: text, Due: due}
		if who != "" {
			a.Assignee = person(who)
		}
		return a
	}
	h.declare("alice", incidents.Open{Title: "checkout was down", Severity: 1, Services: []string{"checkout"}})
	h.acts("alice", 1, add("overdue for long", "bob", day(-9)), add("overdue since yesterday", "bob", day(-1)), add("due today", "bob", noon.Add(-time.Hour)), add("due tomorrow", "", day(1)), add("done in time", "carol", day(3)))
	h.declare("alice", incidents.Open{Title: "search was slow", Services: []string{"search"}, Drill: true})
	h.acts("alice", 2, incidents.AddTask{List: incidents.Followups, Text: "urgent", Due: day(5), Priority: incidents.HighPriority}, add("not so urgent", "bob", day(5)), add("dropped", "bob", day(-5)), add("done late", "bob", day(-15)), add("far away", "carol", day(60)))
	h.when = func() time.Time { return noon.AddDate(0, 0, -10) }
	h.acts("carol", 1, incidents.MoveTask{List: incidents.Followups, Number: 5, To: incidents.TaskFinished})
	h.acts("bob", 2, incidents.MoveTask{List: incidents.Followups, Number: 4, To: incidents.TaskFinished}, incidents.MoveTask{List: incidents.Followups, Number: 3, To: incidents.TaskGone})
	h.when = func() time.Time { return noon }
	return h
}

var rowOf = regexp.MustCompile(`(?s)<li class="row followup.*?</li>`)

// listed writes the page's rows as "text | owner | when".
func (g got) listed() string {
	var rows []string
	for _, row := range rowOf.FindAllString(g.body, -1) {
		first := func(pattern string) string {
			if m := regexp.MustCompile(pattern).FindStringSubmatch(row); m != nil {
				return m[1]
			}
			return ""
		}
		rows = append(rows, strings.Join([]string{first(`task-text"><bdi>(.*?)</bdi>`), first(`owner"><bdi>(.*?)</bdi>`), first(`class="due[^>]*>(?:<time[^>]*>)?([^<]*)`)}, " | "))
	}
	return strings.Join(rows, "\n")
}

func TestFollowupsAreListedTheOverdueFirst(t *testing.T) {
	h := worked(t)
	for query, want := range map[string]string{
		"": "overdue for long | bob | 9 days overdue\noverdue since yesterday | bob | 1 day overdue\ndue today | bob | due today\ndue tomorrow |  | due tomorrow\n" +
			"urgent |  | due in 5 days\nnot so urgent | bob | due in 5 days\nfar away | carol | due 19 Jan 2027",
		"?show=overdue":             "overdue for long | bob | 9 days overdue\noverdue since yesterday | bob | 1 day overdue",
		"?show=done":                "done late | bob | done 10 Nov, was due 5 Nov\ndone in time | carol | done 10 Nov",
		"?show=dropped":             "dropped | bob | dropped 10 Nov",
		"?owner=nobody":             "due tomorrow |  | due tomorrow\nurgent |  | due in 5 days",
		"?service=search":           "urgent |  | due in 5 days\nnot so urgent | bob | due in 5 days\nfar away | carol | due 19 Jan 2027",
		"?service=mail":             "",
		"?owner=slack:T1/UCAROL":    "far away | carol | due 19 Jan 2027",
		"?skip=6":                   "far away | carol | due 19 Jan 2027",
		"?skip=9223372036854775807": "",
	} {
		if got := h.page("/followups" + query).listed(); got != want {
			t.Errorf("%s:\n got\n%s\n want\n%s", query, got, want)
		}
	}
	g := h.page("/followups")
	g.shows(t, "Open 7", "Overdue 2", "high priority", ">drill<", "nobody's", `href="/followups?owner=slack%3AT1%2FUBOB"`, `href="/followups?service=checkout"`, `href="/incidents/INC-1"`)
	g.hides(t, "<form", "ZgotmplZ")
	if first, last := strings.Index(g.body, ">bob</bdi></a></th>"), strings.Index(g.body, ">carol</bdi></a></th>"); first < 0 || last < first {
		t.Error("who has most that is overdue does not stand first")
	}
	h.page("/followups?owner=slack:T1/UBOB&service=checkout").shows(t, "Only those of bob", "Only those of the service checkout", `href="/followups?service=checkout">All`)
	h.page("/followups?owner=x").shows(t, "of somebody else", "None of them is like that")
	for _, bad := range []string{"?show=all", "?skip=x", "?skip=-1", "?who=bob"} {
		if g := h.page("/followups" + bad); g.StatusCode != 400 {
			t.Errorf("%s: %d", bad, g.StatusCode)
		}
	}
}

func TestFollowupsWhereThereAreNone(t *testing.T) {
	h := newHouse(t)
	h.page("/followups").shows(t, "Nothing is left to be done", "Open 0")
	h.page("/followups?show=done").shows(t, "None yet")
}

func TestFollowupsAreTurned(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	for i := range 3 {
		h.declare("alice", incidents.Open{Title: fmt.Sprint("number ", i)})
		for j := range 70 {
			h.acts("alice", incidents.Number(i+1), incidents.AddTask{List: incidents.Followups, Text: fmt.Sprintf("follow-up %d of %d", j, i), Due: noon.AddDate(1, 0, i*70+j)})
		}
	}
	path, seen := "/followups", map[string]bool{}
	for range 5 {
		g := h.page(path)
		for _, row := range strings.Split(g.listed(), "\n") {
			seen[row] = true
		}
		next := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(g.body)
		if next == nil {
			g.shows(t, "Back to the first page")
			break
		}
		path = strings.ReplaceAll(next[1], "&amp;", "&")
	}
	if len(seen) != 210 {
		t.Errorf("%d follow-ups were seen", len(seen))
	}
}

// field is the value of a field of the first form of a row in which this text stands.
func (g got) fields(t *testing.T, text string) []string {
	t.Helper()
	for _, row := range rowOf.FindAllString(g.body, -1) {
		if !strings.Contains(row, "<bdi>"+text+"</bdi>") {
			continue
		}
		var out []string
		for _, m := range regexp.MustCompile(`<input[^>]*>`).FindAllString(row, -1) {
			if name := attribute(m, "name"); name != csrfField {
				out = append(out, name, strings.ReplaceAll(attribute(m, "value"), "&amp;", "&"))
			}
		}
		return out
	}
	t.Fatalf("there is no row with %q", text)
	return nil
}

func TestAFollowupIsDoneFromThePage(t *testing.T) {
	h := worked(t)
	bob := h.as("bob")
	g := bob.get("/followups?show=overdue")
	g.shows(t, `value="done"`, "Done</button>", `aria-label="Done: overdue for long"`, `href="/followups?owner=slack%3aT1%2fUBOB">Mine`)
	form := g.fields(t, "overdue for long")
	done := bob.press("/followups", append(form, "do", "done")...)
	to := done.Header.Get("Location")
	if done.StatusCode != 303 || !strings.HasPrefix(to, "/followups?said=page") || !strings.HasSuffix(to, "&show=overdue") {
		t.Fatalf("%d %s %s", done.StatusCode, to, done.body)
	}
	g = bob.get(to)
	g.shows(t, "Follow-up 1 of INC-1 is done", "Overdue 1")
	g.hides(t, `<bdi>overdue for long</bdi>`)
	if task := h.now(1).Followups[0]; task.State != incidents.TaskFinished {
		t.Errorf("%+v", task)
	}
	seq := h.now(1).Seq
	if again := bob.press("/followups", append(form, "do", "done")...); again.StatusCode != 303 || h.now(1).Seq != seq {
		t.Errorf("sent twice: %d, and INC-1 went from %d to %d", again.StatusCode, seq, h.now(1).Seq)
	}
	h.as("carol").get(to).hides(t, "Follow-up 1 of INC-1 is done") // it was said to bob
	bob.press("/followups", append(bob.get("/followups?show=done").fields(t, "overdue for long"), "do", "reopen")...)
	bob.press("/followups", append(bob.get("/followups").fields(t, "due tomorrow"), "do", "take")...)
	if list := h.now(1).Followups; list[0].State != incidents.TaskOpen || list[3].Assignee == nil || list[3].Assignee.ID != person("bob").ID {
		t.Errorf("%+v", list)
	}
}

// TestAFormOfFollowupsDoesNothingElse: whatever stands in it.
func TestAFormOfFollowupsDoesNothingElse(t *testing.T) {
	h := worked(t)
	yes := true
	h.declare("dave", incidents.Open{Title: "leaked keys", Private: &yes})
	h.acts("dave", 3, incidents.AddTask{List: incidents.Followups, Text: "rotate them"})
	bob := h.as("bob")
	with := func(changes ...string) got {
		form := append(bob.get("/followups").fields(t, "overdue for long"), "do", "done")
		for i := 0; i+1 < len(changes); i += 2 {
			for j := 0; j+1 < len(form); j += 2 {
				if form[j] == changes[i] {
					form[j+1] = changes[i+1]
				}
			}
		}
		return bob.press("/followups", form...)
	}
	for _, c := range []struct {
		status  int
		says    string
		changes []string
	}{
		{404, "INC-3 does not exist or is not open to you.", []string{"incident", "INC-3"}}, {404, "INC-99 does not exist or is not open to you.", []string{"incident", "INC-99"}},
		{404, "is not an incident", []string{"incident", "x"}}, {400, "lacks something", []string{"do", "drop"}}, {400, "lacks something", []string{"do", "done 1 @eve"}},
		{400, "lacks something", []string{"number", "1; cancel"}}, {400, "lacks something", []string{"once", "short"}},
	} {
		g := with(c.changes...)
		if g.StatusCode != c.status || !strings.Contains(g.body, c.says) {
			t.Errorf("%v: %d %s", c.changes, g.StatusCode, between(t, g.body, "<main", "</main>"))
		}
	}
	for _, back := range []string{"https://evil.example/", "//evil.example", "/sign-out", "/incidents/INC-1", "/followups/../x", ""} {
		if to := with("back", back, "number", "77").Header.Get("Location"); !strings.HasPrefix(to, "/followups?said=") {
			t.Errorf("back to %q: %q", back, to)
		}
	}
	bob.get(with("number", "77").Header.Get("Location")).shows(t, "There is no follow-up 77", "refused")
	nobodys := h.browser()
	if g := nobodys.post("/followups", url.Values{"do": {"done"}}); g.StatusCode != 303 || !strings.HasPrefix(g.Header.Get("Location"), "/sign-in") {
		t.Errorf("who is not signed in: %d", g.StatusCode)
	}
	forged := url.Values{"incident": {"INC-1"}, "number": {"1"}, "do": {"done"}, "once": {"AAAAAAAAAAAAAAAAAAAA"}}
	if g := bob.post("/followups", forged); g.StatusCode != 403 {
		t.Errorf("without its token: %d", g.StatusCode)
	}
	for _, task := range h.now(1).Followups[:4] {
		if task.State != incidents.TaskOpen {
			t.Errorf("%+v", task)
		}
	}
}

func TestFollowupsAndInsightsShowWhatPeopleWroteAsText(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()), func(o *Options) { o.LoadByPerson = true })
	for i, s := range hostile {
		who := incidents.Actor{Kind: incidents.User, ID: fmt.Sprint("slack:T1/U", i), Name: s}
		do := func(n incidents.Number, act incidents.Act) {
			if _, err := h.store.Apply(t.Context(), incidents.Command{ID: fmt.Sprintf("%d/%d/%T", i, n, act), Actor: who, Incident: n, Do: act}); err != nil {
				t.Fatal(err)
			}
		}
		do(0, incidents.Open{Title: s, Services: []string{s}})
		do(incidents.Number(i+1), incidents.AddTask{List: incidents.Followups, Text: s, Assignee: who.Person()})
	}
	alice := h.as("alice")
	for _, path := range []string{"/insights", "/followups", "/followups?service=" + url.QueryEscape(hostile[0]), "/followups?owner=" + url.QueryEscape(hostile[1])} {
		g := alice.get(path)
		if bad := unescaped(g.body); bad != "" || g.StatusCode != 200 {
			t.Errorf("%s: %d, %q stands there unescaped", path, g.StatusCode, bad)
		}
	}
}
