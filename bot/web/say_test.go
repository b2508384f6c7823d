package web

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"fireboss/commands"
	"fireboss/incidents"
)

// staffed is a house whose people are known, and in which alice has opened INC-1.
func staffed(t *testing.T) *house {
	t.Helper()
	c := newCrowd()
	h := newHouse(t, withPeople(c), func(o *Options) {
		o.Roster = func() (list []incidents.Person) {
			for _, name := range []string{"alice", "bob", "carol", "dave"} {
				list = append(list, c.people["slack:T1/U"+strings.ToUpper(name)].Person())
			}
			return list
		}
	})
	h.site.desk.(*moody).Desk.(*commands.Desk).People = nobody{} // Slack is down
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(h.log)
		}
	})
	h.declare("alice", incidents.Open{Title: "checkout is down", Severity: 2})
	return h
}

// declare opens an incident as somebody.
func (h *house) declare(name string, o incidents.Open) {
	h.t.Helper()
	who := incidents.Actor{Kind: incidents.User, ID: "slack:T1/U" + strings.ToUpper(name), Name: name}
	if _, err := h.store.Apply(h.t.Context(), incidents.Command{ID: o.Title, Actor: who, At: h.site.now(), Do: o}); err != nil {
		h.t.Fatal(err)
	}
}

// onceField is the token of a form.
var onceField = regexp.MustCompile(`name="once" value="([A-Z2-7]{16,})"`)

// formOf is a form that stands on a page: what a browser would send that sends it as
// it is, with these fields changed.
func formOf(t *testing.T, g got, say string, fields ...string) []string {
	t.Helper()
	for _, f := range regexp.MustCompile(`(?s)<form.*?</form>`).FindAllString(g.body, -1) {
		if !strings.Contains(f, `name="say" value="`+html.EscapeString(say)+`"`) {
			continue
		}
		var out []string
		for _, m := range regexp.MustCompile(`<(?:input|textarea)[^>]*>`).FindAllString(f, -1) {
			name, value := attribute(m, "name"), attribute(m, "value")
			kind := attribute(m, "type")
			if name == "" || name == csrfField || (kind == "radio" || kind == "checkbox") && !strings.Contains(m, " checked") {
				continue
			}
			out = append(out, name, html.UnescapeString(value))
		}
		for _, m := range regexp.MustCompile(`(?s)<select[^>]*>.*?</select>`).FindAllString(f, -1) {
			if chosen := regexp.MustCompile(`<option value="([^"]*)" selected`).FindStringSubmatch(m); chosen != nil {
				out = append(out, attribute(m, "name"), html.UnescapeString(chosen[1]))
			}
		}
		for i := 0; i+1 < len(fields); i += 2 {
			for j := 0; j+1 < len(out); j += 2 {
				if out[j] == fields[i] {
					out[j] = "was " + out[j]
				}
			}
		}
		return append(out, fields...)
	}
	t.Fatalf("there is no form that says %q in %d %s", say, g.StatusCode, between(t, g.body, "<main", "</main>"))
	return nil
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return m[1]
}

// does sends a form of a page and follows to where it is sent on to.
func (b *browser) does(path, say string, fields ...string) got {
	b.h.t.Helper()
	g := b.press(path, formOf(b.h.t, b.get(path), say, fields...)...)
	if to := g.Header.Get("Location"); g.StatusCode == 303 {
		g = b.get(strings.TrimSuffix(to, "#act"))
	}
	return g
}

func (h *house) now(n incidents.Number) incidents.Incident {
	h.t.Helper()
	in, err := h.store.Incident(context.Background(), n)
	if err != nil {
		h.t.Fatal(err)
	}
	return in
}

// An incident is run from its page to its end, with the rules and the words of the desk.
func TestAnIncidentIsRunFromItsPage(t *testing.T) {
	h := staffed(t)
	alice, bob := h.as("alice"), h.as("bob")
	page := "/incidents/INC-1"
	h.page(page).hides(t, `name="say"`, "Acknowledge</button>")
	g := bob.get(page)
	g.shows(t, "Acknowledge</button>", "Take command</button>", `href="/incidents/INC-1?ask=update#act"`, "Resolve</summary>", "Command</label>")
	bob.does(page, "ack").shows(t, "acknowledged", `id="answer"`)
	bob.does(page, "lead me").shows(t, "INC-1")
	if in := h.now(1); in.Roles["commander"].Name != "bob" || in.Times.Acknowledged.IsZero() {
		t.Fatalf("bob does not command: %+v", in.Roles)
	}
	bob.get(page).hides(t, "Acknowledge</button>", "Take command</button>")
	ask := page + "?ask=update"
	bob.get(ask).shows(t, "How does it stand?", "As the policy says", "Leave it", "For everybody who follows it")
	bob.does(ask, "update INC-1", "v.text", "we roll back\r\nslowly", "v.next", "30m").shows(t, "The update of INC-1 is posted.", "we roll back\nslowly")
	if u := h.now(1).Update; u.Text != "we roll back\nslowly" || u.Next.IsZero() {
		t.Errorf("the update is %+v", u)
	}
	bob.does(page+"?ask=sev", "sev INC-1", "v.severity", "sev1", "v.why", "worse than thought").shows(t, "INC-1 is now sev1.", "worse than thought")
	bob.does(page+"?ask=task+add", "task INC-1 add", "v.text", "check the backups", "v.to", "@carol").shows(t, "Task 1 is added", "check the backups", "carol")
	bob.does(page+"?ask=task+add", "task INC-1 add", "v.text", "tell support", "v.to", "").shows(t, "Task 2 is added", "Take it</button>")
	alice.does(page, "task take 2").shows(t, "Task 2 of INC-1 is now yours.")
	alice.does(page, "task done 2").shows(t, "Task 2 of INC-1 is done")
	alice.press(page, "once", strings.Repeat("A", 20), "say", "note at 00:01 the graphs were flat")
	bob.does(page+"?ask=invite", "invite INC-1", "v.people", "@dave, @carol").shows(t, "carol", "dave")
	bob.does(page, "resolve", "more", "rolled back").shows(t, "INC-1 is now resolved", "rolled back", "Close</summary>")
	bob.does(page, "close").shows(t, "INC-1 is now closed", "Reopen</a>")
	bob.does(page+"?ask=reopen", "reopen INC-1", "v.text", "it is back").shows(t, "it is back")
	in := h.now(1)
	if !in.Status.Open() || in.Reopened != 1 || len(in.Tasks) != 2 || in.Tasks[0].Assignee.ID != "slack:T1/UCAROL" || !in.IsResponder("slack:T1/UDAVE") {
		t.Errorf("after all of that: %+v", in)
	}
	list, err := h.store.Events(t.Context(), 1, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Origin != "" || e.Kind == incidents.Acknowledged && e.Actor.ID != "slack:T1/UBOB" {
			t.Errorf("%s comes from %q by %s", e.Kind, e.Origin, e.Actor.ID)
		}
	}
}

// A draft of an update stands in the form, once, and is posted as it was changed there.
func TestAnUpdateIsDraftedOnThePage(t *testing.T) {
	h := staffed(t)
	bob := h.as("bob")
	page := "/incidents/INC-1"
	h.tells("alice", 1, "service add payments")
	g := bob.does(page, "update --draft")
	g.shows(t, "Drafted from the record of INC-1", "How does it stand?", "Nothing is posted before you say it")
	if n := strings.Count(g.body, "payments"); n == 0 || !strings.Contains(between(t, g.body, "<textarea", "</textarea>"), "payments") || strings.Contains(between(t, g.body, `id="answer"`, "</div>"), "payments") {
		t.Errorf("the draft stands %d times: %s", n, between(t, g.body, `id="act"`, "</section>"))
	}
	if h.now(1).Update.Text != "" {
		t.Error("it is posted already")
	}
	bob.press(page, formOf(t, g, "update INC-1", "v.text", "payments fail, we roll back", "v.next", "30m")...)
	if got := h.now(1).Update.Text; got != "payments fail, we roll back" {
		t.Errorf("the update is %q", got)
	}
}

// What is refused is said in the desk's words, at the field where it belongs, and
// what was filled in is not lost.
func TestRefusalsStandAtTheForm(t *testing.T) {
	h := staffed(t)
	bob := h.as("bob")
	page := "/incidents/INC-1"
	g := bob.does(page+"?ask=update", "update INC-1", "v.text", "", "v.next", "30m")
	g.shows(t, "How does it stand?", `id="answer"`)
	g = bob.does(page+"?ask=task+add", "task INC-1 add", "v.text", "check <it>", "v.to", "@nobody")
	g.shows(t, "I know nobody called @nobody here.", `value="@nobody"`, "check &lt;it&gt;", `aria-invalid="true"`, "Look at the field that is marked below.")
	if strings.Count(g.body, "I know nobody called") != 1 {
		t.Error("it is said more than once")
	}
	bob.does(page+"?ask=task+add", "task INC-1 add", "v.text", "check it", "v.due", "someday").shows(t, "is no time.", "someday", "check it")
	g = bob.press(page, "once", strings.Repeat("B", 20), "say", "sev 9")
	g = bob.get(strings.TrimSuffix(g.Header.Get("Location"), "#act"))
	g.shows(t, "is not a severity", "sev1 critical", `class="answer refused"`)
	part := bob.do(request("POST", page, url.Values{csrfField: {bob.token()}, "once": {strings.Repeat("C", 20)}, "say": {"statsu resolved"}}.Encode(),
		"Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true", "HX-Target", "act", "Sec-Fetch-Site", "same-origin"))
	if part.StatusCode != 422 || part.Header.Get("HX-Trigger") != "changed" || strings.Contains(part.body, "<html") {
		t.Errorf("%d %v %s", part.StatusCode, part.Header, part.body)
	}
	part.shows(t, "is not a verb; did you mean /incident status resolved?", `name="say" value="status resolved"`)
	if in := h.now(1); in.Version != 1 || len(in.Tasks) > 0 {
		t.Errorf("something was done: %+v", in)
	}
	h.desk.fault = true
	g = bob.press(page, "once", strings.Repeat("D", 20), "say", "ack")
	bob.get(strings.TrimSuffix(g.Header.Get("Location"), "#act")).shows(t, "look for REF1 in the log")
	if log := h.log.String(); !strings.Contains(log, "REF1") {
		t.Error("the log does not know it")
	}
}

// A form that is sent twice, also at the same moment, is carried out once; with other
// words it is another one.
func TestADoubleClickIsOne(t *testing.T) {
	h := staffed(t)
	bob := h.as("bob")
	fields := formOf(t, bob.get("/incidents/INC-1?ask=note"), "note INC-1", "v.text", "said twice")
	var all sync.WaitGroup
	for range 4 {
		b := &browser{h: h, cookies: map[string]string{"fireboss": bob.cookies["fireboss"]}, remote: bob.remote, host: bob.host}
		all.Go(func() {
			if g := b.press("/incidents/INC-1", fields...); g.StatusCode != 303 {
				t.Errorf("%d %s", g.StatusCode, g.body)
			}
		})
	}
	all.Wait()
	count := func(text string) (n int) {
		list, err := h.store.Events(t.Context(), 1, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Text == text {
				n++
			}
		}
		return n
	}
	if n := count("said twice"); n != 1 {
		t.Errorf("it was carried out %d times", n)
	}
	h.as("alice").press("/incidents/INC-1", fields...) // the same words of somebody else
	for i, value := range fields {
		if value == "said twice" {
			fields[i] = "said otherwise"
		}
	}
	bob.press("/incidents/INC-1", fields...)
	if n := count("said otherwise"); n != 1 {
		t.Errorf("with other words it was carried out %d times", n)
	}
	if n := count("said twice"); n != 2 {
		t.Errorf("of two people it was carried out %d times", n)
	}
}

// hasty is a desk whose people go away as soon as they have said something.
type hasty struct {
	Desk
	leave func()
	gone  bool // the desk knew of it
}

func (d *hasty) Handle(ctx context.Context, r commands.Request) commands.Reply {
	d.leave()
	d.gone = d.gone || ctx.Err() != nil
	return d.Desk.Handle(ctx, r)
}

// noting is a desk that notes what it is asked.
type noting struct {
	Desk
	asked []commands.Request
}

func (d *noting) Handle(ctx context.Context, r commands.Request) commands.Reply {
	d.asked = append(d.asked, r)
	return d.Desk.Handle(ctx, r)
}

// A form that is only drawn has no id, without which nothing is carried out.
func TestDrawingAFormCanDoNothing(t *testing.T) {
	h := staffed(t)
	desk := &noting{Desk: h.site.desk}
	h.site.desk = desk
	before := h.now(1).Seq
	bob := h.as("bob")
	g := bob.get("/incidents/INC-1?ask=note")
	bob.press("/incidents/INC-1", append(formOf(t, g, "note INC-1", "v.text", "not yet"), "redraw", "1")...)
	if len(desk.asked) < 2 || h.now(1).Seq != before {
		t.Fatalf("%d asked, events up to %d, were %d", len(desk.asked), h.now(1).Seq, before)
	}
	for _, r := range desk.asked {
		if !r.Redraw || r.ID != "" {
			t.Errorf("drawn with the id %q (redraw %t)", r.ID, r.Redraw)
		}
	}
}

// Who closes the browser has said it all the same.
func TestWhoGoesAwayHasSaidIt(t *testing.T) {
	h := staffed(t)
	bob := h.as("bob")
	ctx, leave := context.WithCancel(t.Context())
	desk := &hasty{Desk: h.site.desk, leave: leave}
	h.site.desk = desk
	r := request("POST", "/incidents/INC-1", url.Values{csrfField: {bob.token()}, "once": {strings.Repeat("A", 20)}, "say": {"note I have to go"}}.Encode(),
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin").WithContext(ctx)
	bob.do(r)
	list, err := h.store.Events(t.Context(), 1, 0, 0)
	if err != nil || list[len(list)-1].Text != "I have to go" || desk.gone {
		t.Errorf("the last is %+v (%v)", list[len(list)-1], err)
	}
}

// An answer is for who was given it, for a while, and not beyond what they may see.
func TestAnswersAreTheirs(t *testing.T) {
	h := staffed(t)
	h.declare("bob", incidents.Open{Title: "keys leaked", Private: new(true)})
	bob := h.as("bob")
	g := bob.press("/incidents/INC-1", "once", strings.Repeat("A", 20), "say", "show INC-2")
	to := strings.TrimSuffix(g.Header.Get("Location"), "#act")
	bob.get(to).shows(t, "keys leaked")
	h.as("alice").get(to).hides(t, "keys leaked")
	g = bob.press("/incidents/INC-1", "once", strings.Repeat("B", 20), "say", "list")
	list := strings.TrimSuffix(g.Header.Get("Location"), "#act")
	bob.get(list).shows(t, `id="answer"`, "keys leaked")
	h.as("alice").get(list).hides(t, `id="answer"`, "keys leaked")
	h.page(to).hides(t, "keys leaked")
	if _, err := h.store.Apply(t.Context(), incidents.Command{ID: "leave", Actor: incidents.Actor{Kind: incidents.User, ID: "slack:T1/UBOB", Name: "bob"}, At: h.site.now(), Incident: 2, Do: incidents.Leave{}}); err != nil {
		t.Fatal(err)
	}
	bob.get(to).hides(t, "keys leaked")
	for _, path := range []string{"?said=x", "?said=page:x", "?said=" + url.QueryEscape("page:"+url.QueryEscape("slack:T1/UBOB")+":x")} {
		if g := bob.get("/incidents/INC-1" + path); g.StatusCode != 200 {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
	}
}

// Of an incident that is not open to them people hear the one answer, whatever they
// send, and can ask to be let in.
func TestActingOnWhatIsNotOpen(t *testing.T) {
	h := staffed(t)
	h.declare("bob", incidents.Open{Title: "keys leaked", Private: new(true)})
	alice := h.as("alice")
	absent := strings.NewReplacer("INC-2", "INC-N", "INC-99", "INC-N")
	for _, say := range []string{"ack", "ack INC-2", "access INC-2", "show INC-99", "note x", "sudo", ""} {
		var answers []string
		for _, n := range []string{"INC-2", "INC-99"} {
			g := alice.press("/incidents/"+n, "once", strings.Repeat("A", 20), "say", strings.ReplaceAll(strings.ReplaceAll(say, "INC-2", n), "INC-99", n))
			body := onceField.ReplaceAllString(absent.Replace(g.body), "")
			answers = append(answers, fmt.Sprint(g.StatusCode, body))
			if strings.Contains(g.body, "keys leaked") {
				t.Errorf("%q tells it", say)
			}
		}
		if answers[0] != answers[1] {
			t.Errorf("%q tells one from the other:\n%s\n%s", say, answers[0], answers[1])
		}
	}
	for _, n := range []string{"INC-2", "INC-99"} {
		alice.get("/incidents/"+n).shows(t, n+" does not exist or is not open to you.", "Ask for access")
		alice.does("/incidents/"+n, "access "+n).shows(t, "If "+n+" exists, those who run it have been asked.")
	}
	h.page("/incidents/INC-2").hides(t, "Ask for access")
}

func TestDeclareOnAPage(t *testing.T) {
	h := staffed(t)
	carol := h.as("carol")
	if g := h.page("/incidents/new"); g.StatusCode != 303 || !strings.HasPrefix(g.Header.Get("Location"), "/sign-in") {
		t.Errorf("nobody: %d %v", g.StatusCode, g.Header)
	}
	g := carol.get("/incidents/new")
	g.shows(t, "Open an incident", "A few words: what is wrong?", `type="radio" name="v.severity" value="sev1"`, "Only those who are brought in can see it", "Look again")
	g = carol.press("/incidents/new", formOf(t, g, "open", "v.title", "search is slow", "v.severity", "sev3", "v.service", "search")...)
	if !strings.HasPrefix(g.Header.Get("Location"), "/incidents/INC-2?said=") {
		t.Fatalf("%d %v %s", g.StatusCode, g.Header, g.body)
	}
	carol.get(strings.TrimSuffix(g.Header.Get("Location"), "#act")).shows(t, "Opened INC-2.", "search is slow")
	if in := h.now(2); in.Severity != 3 || in.Private || in.DeclaredBy.Name != "carol" {
		t.Errorf("opened %+v", in)
	}
	g = carol.press("/incidents/new", formOf(t, carol.get("/incidents/new"), "open", "v.title", "", "v.summary", "kept")...)
	if g.StatusCode != 422 {
		t.Errorf("without a title: %d", g.StatusCode)
	}
	g.shows(t, "What is wrong?", "kept", `aria-invalid="true"`)
	// A type that is private unless somebody says otherwise ticks the box when it is chosen.
	form := formOf(t, carol.get("/incidents/new"), "open", "v.title", "keys leaked", "v.type", "security")
	g = carol.press("/incidents/new", append(form, "redraw", "1")...)
	g.shows(t, `name="v.private_security" value="yes" checked`, `value="keys leaked"`)
	if g.StatusCode != 200 {
		t.Errorf("drawn anew: %d", g.StatusCode)
	}
	g = carol.press("/incidents/new", formOf(t, g, "open")...)
	carol.get(strings.TrimSuffix(g.Header.Get("Location"), "#act")).shows(t, "Opened INC-3.", ">private<")
	h.as("bob").get("/").hides(t, "keys leaked")
}

// A form can be drawn anew only where that does nothing.
func TestDrawingAnewDoesNothing(t *testing.T) {
	h := staffed(t)
	bob := h.as("bob")
	for _, say := range []string{"ack", "resolve", "lead me", "note said", "task done 1", "", "sudo", "cancel"} {
		bob.press("/incidents/INC-1", "once", strings.Repeat("A", 20), "say", say, "redraw", "1")
		bob.press("/incidents/INC-1", "once", strings.Repeat("A", 20), "say", say, "redraw", "1", "field", "set_root_cause", "v.set_root_cause", "x")
		bob.get("/incidents/INC-1?ask=" + url.QueryEscape(say))
	}
	if in := h.now(1); in.Version != 1 || in.Seq != 1 {
		t.Errorf("something was done: version %d, %d events", in.Version, in.Seq)
	}
}

func TestFormsThatLackSomething(t *testing.T) {
	h := staffed(t)
	bob := h.as("bob")
	for _, path := range []string{"/incidents/INC-1", "/incidents/new"} {
		for _, once := range []string{"", "short", strings.Repeat("x", 300)} {
			if g := bob.press(path, "once", once, "say", "ack"); g.StatusCode != 400 {
				t.Errorf("%s with %q: %d", path, once, g.StatusCode)
			}
		}
	}
	if g := bob.press("/incidents/nine", "once", strings.Repeat("A", 20), "say", "ack"); g.StatusCode != 404 {
		t.Errorf("no incident: %d", g.StatusCode)
	}
}

// An answer that opens something to whoever has it is shown once, and not kept.
func TestASecretAnswerIsShownOnce(t *testing.T) {
	h := staffed(t)
	h.site.desk = secretive{}
	g := h.as("bob").press("/incidents/INC-1", "once", strings.Repeat("A", 20), "say", "dashboard")
	if g.StatusCode != 200 || len(h.site.answers.list) > 0 {
		t.Errorf("%d, %d answers are kept", g.StatusCode, len(h.site.answers.list))
	}
	g.shows(t, "a link for one use")
}

type secretive struct{}

func (secretive) Handle(context.Context, commands.Request) commands.Reply {
	return commands.Reply{Text: "a link for one use", Secret: true}
}
