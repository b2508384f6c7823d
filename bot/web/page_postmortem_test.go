package web

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// drafted is a house in which the postmortem of INC-1 is drafted.
func drafted(t *testing.T) *house {
	t.Helper()
	h := staffed(t)
	for _, say := range []string{"lead me", "decision we roll back", "resolve rolled back", "postmortem draft"} {
		h.tells("alice", 1, say)
	}
	return h
}

// tells lets somebody say something of an incident from its page.
func (h *house) tells(name string, n incidents.Number, say string) {
	h.t.Helper()
	g := h.as(name).press(incidentPath(n), "once", strings.Repeat("A", 20), "say", say)
	if g.StatusCode != 303 {
		h.t.Fatalf("%s says %q: %d %s", name, say, g.StatusCode, g.body)
	}
}

const account = "/incidents/INC-1/postmortem"

func TestPostmortemPage(t *testing.T) {
	h := staffed(t)
	h.page(account).shows(t, "There is no postmortem yet.", "not drafted")
	h.as("bob").get(account).shows(t, "Draft it</button>", "by the button above")
	h.as("bob").does(account, "postmortem draft").shows(t, "drafted from its timeline", ">Summary</bdi></h2>")
	h.tells("alice", 1, "lead me")
	h.as("alice").does(account, "postmortem draft").shows(t, "is drafted (version 2)")
	g := h.page(account)
	g.shows(t, `<sup class="cite"><a href="/incidents/INC-1?at=1#e1" title="`, `>T1</a></sup>`, "Contributing factors", "Versions", `href="/incidents/INC-1/postmortem.md"`, `href="/incidents/INC-1/postmortem.html"`,
		`href="/incidents/INC-1/postmortem?from=1&amp;to=2"`, "draft", `<a href="#s-summary">`)
	g.hides(t, "[T1]", "Edit</a>", "Draft anew", "ZgotmplZ")
	h.page(account+"?version=1").shows(t, "This is version 1, and there is a newer one.", "postmortem.md?version=1")
	h.page(account+"?from=1&to=2").shows(t, "What changed from version 1 to 2", `class="d-added"`, `aria-label="added">&#43;`)
	for _, bad := range []string{"version=9", "from=1&to=9", "version=x", "from=x&to=1", "ask=update", "ask=sudo", "x=1"} {
		if g := h.page(account + "?" + bad); g.StatusCode != 404 && g.StatusCode != 400 {
			t.Errorf("%s: %d", bad, g.StatusCode)
		}
	}
	h.page("/incidents/INC-1").shows(t, `href="/incidents/INC-1/postmortem"`)
}

// A postmortem goes from draft to published on its page, with the desk's rules.
func TestAPostmortemIsWorkedOnOnItsPage(t *testing.T) {
	h := drafted(t)
	alice, bob := h.as("alice"), h.as("bob")
	alice.does(account, "postmortem owner me").shows(t, "You own the postmortem of INC-1", "Ask for review</a>")
	alice.get(account+"?ask=postmortem+review").shows(t, "Who is to review it?", "Leave it")
	alice.does(account+"?ask=postmortem+review", "postmortem INC-1 review", "v.to", "@bob").shows(t, "Bob is asked to review", "in review")
	alice.get(account).hides(t, "Publish</button>", "Approve</button>")
	bob.does(account, "postmortem approve 1").shows(t, "You have approved", "Publish</button>", "✓ approved")
	alice.does(account, "postmortem publish").shows(t, "is published", "Published")
	if p := h.now(1).Postmortem; p.State != incidents.Published || p.PublishedVersion != 1 {
		t.Errorf("it is %+v", p)
	}
	h.page("/postmortems").shows(t, "published", "owner <bdi>alice</bdi>")
}

// A section is written on the page: with a preview that keeps nothing, on top of what
// the writer saw, and what they wrote is not lost where it cannot be kept.
func TestASectionIsWrittenOnThePage(t *testing.T) {
	h := drafted(t)
	bob, carol := h.as("bob"), h.as("carol")
	edit := account + "?edit=contributing_factors"
	g := bob.get(edit)
	g.shows(t, "Contributing factors, in Markdown", `name="v.text_contributing_factors"`, "Preview</button>", "What made this possible")
	say := regexp.MustCompile(`name="say" value="(postmortem INC-1 edit [0-9/]+)"`).FindStringSubmatch(g.body)
	if say == nil {
		t.Fatal(g.body)
	}
	form := func(text string, more ...string) []string {
		return append(formOf(t, g, say[1], "v.text_contributing_factors", text), more...)
	}
	preview := bob.press(account, form("It was **the cache**. [T1] <script>alert(1)</script>", "preview", "1")...)
	if preview.StatusCode != 200 {
		t.Errorf("a preview: %d", preview.StatusCode)
	}
	preview.shows(t, "So it will look:", "<strong>the cache</strong>", `>T1</a></sup>`, "It was **the cache**. [T1] &lt;script&gt;")
	preview.hides(t, "<script>alert")
	part := bob.press(account, form("only a part", "preview", "1")...) // what a script asks for
	if part.StatusCode != 200 || h.now(1).Postmortem.Version != 1 {
		t.Errorf("a preview was kept: version %d", h.now(1).Postmortem.Version)
	}
	done := bob.press(account, form("It was **the cache**. [T1]")...)
	if to := done.Header.Get("Location"); !strings.HasSuffix(to, "#s-contributing_factors") {
		t.Fatalf("%d %s %s", done.StatusCode, to, done.body)
	}
	bob.get(account).shows(t, "<strong>the cache</strong>", "Written by bob", "<dd>2</dd>", "by bob")
	late := carol.press(account, form("It was the disk.")...) // on top of what bob has changed since
	if late.StatusCode != 422 {
		t.Errorf("a conflict: %d", late.StatusCode)
	}
	late.shows(t, "and bob has changed the section Contributing factors since", "It was the disk.", "Save</button>", `aria-label="What it says now"`, "<strong>the cache</strong>")
	seen := regexp.MustCompile(`[0-9]+$`).FindString(say[1])
	carol.press(account, formOf(t, late, "postmortem INC-1 edit 2/"+seen, "v.text_contributing_factors", "It was the disk, and the cache.")...) // knowing of it
	h.page(account).shows(t, "It was the disk, and the cache.", "Written by carol", "<dd>3</dd>")
	h.tells("alice", 1, "note the password is hunter2")
	removed := h.now(1).Seq
	g = carol.get(edit)
	h.tells("alice", 1, fmt.Sprint("redact ", removed, " a password"))
	for range 2 { // saving it again does not bring it back either
		g = carol.press(account, formOf(t, g, fmt.Sprint("postmortem INC-1 edit 3/", removed), "v.text_contributing_factors", "It was hunter2.")...)
		g.shows(t, "A text was removed from INC-1 since you began to write")
	}
	bob.get(account+"?version=1").hides(t, ">Edit</a>")
	bob.get(account+"?version=1&edit=summary").hides(t, "Save</button>")
	if h.now(1).Postmortem.Version != 3 {
		t.Error("what was removed is back")
	}
	g = bob.get(edit)
	bob.press(account, formOf(t, g, "postmortem INC-1 edit 3/"+fmt.Sprint(h.now(1).Seq), "v.text_contributing_factors", strings.Repeat("x", incidents.MaxSection+1))...).shows(t, "at most 40000 fit")
	h.page(account+"?from=1&to=2").shows(t, "It was **the cache**. [T1]")
	h.tells("alice", 1, "note the key is hunter3")
	seq := h.now(1).Seq
	h.tells("alice", 1, fmt.Sprintf("postmortem edit impact Much. [T%d]", seq))
	h.page(account).shows(t, "hunter3")
	h.tells("alice", 1, fmt.Sprint("redact ", seq, " a key"))
	h.page(account).shows(t, fmt.Sprintf(`alice: The text was taken away.">T%d</a>`, seq))
	h.page(account).hides(t, "hunter3")
	h.page(edit).hides(t, "Save</button>")
}

// The files hold what the page shows; the HTML needs nothing else, and nothing in it
// runs.
func TestPostmortemFiles(t *testing.T) {
	h := drafted(t)
	h.tells("bob", 1, "postmortem edit contributing_factors It was **the cache**. [T2] <script>alert(1)</script>")
	markdown := h.page(account + ".md")
	if markdown.StatusCode != 200 || markdown.Header.Get("Content-Type") != "text/markdown; charset=utf-8" || markdown.Header.Get("Content-Disposition") != `attachment; filename="postmortem-INC-1.md"` {
		t.Errorf("%d %v", markdown.StatusCode, markdown.Header)
	}
	markdown.shows(t, "# INC-1: checkout is down", "## Contributing factors", "[T2]: <http://fires.example.com:8080/incidents/INC-1?at=2#e2>")
	file := h.page(account + ".html")
	if file.Header.Get("Content-Disposition") != `attachment; filename="postmortem-INC-1.html"` {
		t.Errorf("%v", file.Header)
	}
	file.shows(t, "<strong>the cache</strong>", `href="http://fires.example.com:8080/incidents/INC-1?at=2#e2"`, "default-src 'none'", "@media print", "Written by bob")
	file.hides(t, "<script", "<link", "src=", "@import", "url(", "ZgotmplZ")
	h.page(account+".md?version=1").hides(t, "the cache")
	for path, status := range map[string]int{account + ".md?version=9": 404, account + ".html?version=x": 400, account + ".md?x=1": 400, "/incidents/INC-9/postmortem.html": 404} {
		if g := h.page(path); g.StatusCode != status {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
	}
	d := xml.NewDecoder(strings.NewReader(regexp.MustCompile(`(?s)<main>.*</main>`).FindString(file.body))) // every tag is closed
	d.Strict, d.AutoClose, d.Entity = true, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPostmortemsOfPrivateIncidents(t *testing.T) {
	h := drafted(t)
	h.declare("bob", incidents.Open{Title: "keys leaked", Private: new(true)})
	bob := h.as("bob")
	bob.press("/incidents/INC-2", "once", strings.Repeat("A", 20), "say", "postmortem draft")
	bob.get("/incidents/INC-2/postmortem").shows(t, "keys leaked")
	bob.get("/postmortems").shows(t, "keys leaked", ">private<")
	for _, who := range []*browser{h.browser(), h.as("alice")} {
		who.get("/postmortems").hides(t, "keys leaked", "INC-2")
		for _, path := range []string{"/postmortem", "/postmortem?version=1", "/postmortem?from=1&to=1", "/postmortem?edit=summary", "/postmortem.md", "/postmortem.html"} {
			hidden, absent := who.get("/incidents/INC-2"+path), who.get("/incidents/INC-99"+path)
			a, b := onceField.ReplaceAllString(hidden.body, ""), strings.ReplaceAll(onceField.ReplaceAllString(absent.body, ""), "INC-99", "INC-2")
			if hidden.StatusCode != 404 || a != b {
				t.Errorf("%s tells one from the other: %d\n%s\n%s", path, hidden.StatusCode, a, b)
			}
		}
	}
}

func TestPostmortemsPage(t *testing.T) {
	h := staffed(t)
	h.page("/postmortems").shows(t, "None yet")
	for i := 2; i <= 6; i++ {
		h.declare("alice", incidents.Open{Title: fmt.Sprint("number ", i), Severity: 1})
	}
	for n, says := range map[incidents.Number][]string{1: {"postmortem draft"}, 2: {"resolve", "postmortem draft", "postmortem owner @bob"}, 3: {"resolve", "postmortem draft", "postmortem review @bob"}, 4: {"postmortem owner me"}} {
		for _, say := range says {
			h.tells("alice", n, say)
		}
	}
	all := regexp.MustCompile(`href="/incidents/INC-(\d)/postmortem"`)
	numbers := func(g got) (s string) {
		for _, m := range all.FindAllStringSubmatch(g.body, -1) {
			s += m[1]
		}
		return s
	}
	g := h.page("/postmortems")
	if got := numbers(g); got != "321" {
		t.Errorf("the list has %s", got)
	}
	g.shows(t, "owner <bdi>bob</bdi>", "waits for <bdi>bob</bdi>", "nobody owns it", "review in ")
	for state, want := range map[string]string{"draft": "21", "in_review": "3", "approved": "", "published": ""} {
		if got := numbers(h.page("/postmortems?state=" + state)); got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
	now := h.site.now
	h.site.now = func() time.Time { return now().AddDate(0, 0, 20) }
	g = h.page("/postmortems")
	if got := numbers(g); got != "231" {
		t.Errorf("overdue ones do not stand first: %s", got)
	}
	g.shows(t, "1 draft waits for its review longer than it should.", "overdue")
	if g := h.page("/postmortems?state=odd"); g.StatusCode != 400 {
		t.Errorf("state=odd: %d", g.StatusCode)
	}
	h.store.read = errDisk
	if g := h.page("/postmortems"); g.StatusCode != 500 {
		t.Errorf("%d", g.StatusCode)
	}
}

// What people wrote with ill will is text on every page of a postmortem.
func TestWhatPeopleWroteIsTextInPostmortems(t *testing.T) {
	h := staffed(t)
	for i, s := range append(hostile, evil...) {
		if len(s) > 1000 || strings.Contains(s, "\x00") {
			continue
		}
		h.declare("alice", incidents.Open{Title: fmt.Sprintf("x%d %.60s", i, s), Severity: 2, Summary: s, Services: []string{"s"}})
		n := h.newest()
		for _, say := range []string{"note " + s, "decision " + s, "update " + s, "lead me", "resolve " + s, "postmortem draft", "postmortem edit summary " + s + " [T2]", "postmortem edit contributing_factors # " + s} {
			h.as("alice").press(incidentPath(n), "once", strings.Repeat("A", 20), "say", say)
		}
		path := accountPath(n)
		for _, p := range []string{path, path + "?version=1", path + "?from=1&to=2", path + "?edit=summary", path + ".html", "/postmortems"} {
			g := h.as("alice").get(p)
			if bad := unescaped(g.body); bad != "" || g.StatusCode != 200 {
				t.Errorf("%q on %s: %d, %q", s, p, g.StatusCode, bad)
			}
			for _, m := range regexp.MustCompile(`(?s)<div class="markdown"[^>]*>(.*?)</div>`).FindAllStringSubmatch(g.body, -1) {
				if found := runs(m[1]); found != "" {
					t.Errorf("%q on %s: %q in %s", s, p, found, html.UnescapeString(m[1]))
				}
			}
		}
	}
}

func (h *house) newest() incidents.Number {
	h.t.Helper()
	list, err := h.store.Incidents(h.t.Context(), store.Query{Limit: 1})
	if err != nil || len(list) == 0 {
		h.t.Fatal(err)
	}
	return list[0].Number
}
