package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/insights"
)

// vendored are the files that others wrote, as their packages on npm have them. To
// take a newer version: npm pack NAME, compare what npm says of its integrity, put the
// files here with their licence, and their hashes below.
var vendored = map[string]string{
	// uplot 1.6.32, dist/: https://registry.npmjs.org/uplot/-/uplot-1.6.32.tgz
	// sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==
	"uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
	"uPlot.min.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
	"uPlot.LICENSE.txt": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}

func TestVendoredFilesAreTheirs(t *testing.T) {
	for name, want := range vendored {
		body, err := staticFiles.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s is not what its version has: %x", name, sum)
		}
	}
	// What the policy of our pages forbids, or what would make it weaker.
	body, _ := staticFiles.ReadFile("static/uPlot.iife.min.js")
	for _, no := range []string{"eval(", "new Function", "innerHTML", `setAttribute("style"`, "cssText", "insertRule"} {
		if strings.Contains(string(body), no) {
			t.Errorf("uPlot has %s", no)
		}
	}
}

func TestInsightsPage(t *testing.T) {
	h := newHouse(t)
	empty := h.page("/insights")
	empty.shows(t, "Insights", "There is nothing to count in this period", "0 incidents that began since", `aria-current="true">12 weeks<`)
	empty.hides(t, "<table")
	h.furnish()
	g := h.page("/insights?period=all")
	if g.StatusCode != 200 {
		t.Fatal(g.body)
	}
	g.shows(t, "3 incidents in all", "2 still open", "To acknowledge", "acknowledged − detected", "n = ", "without these times", "SEV3", "1 false positive", `href="/incidents?drills=without`,
		"uPlot.iife.min-", "charts-", `data-table="t-many"`, `id="t-many"`, `data-table="t-over"`, `id="t-over"`, "How this is counted", `href="/insights?drills=only&amp;period=all"`)
	g.hides(t, "ZgotmplZ", "&lt;no value&gt;", "leaked", "INC-4", "Noisiest", "By person", "SEV1")
	drills := h.page("/insights?period=all&drills=only")
	drills.shows(t, "1 drill in all", "Insights: drills", "SEV1", "checkout", "cards", "An incident with several services", `href="/insights?period=all"`, `name="drills" value="only"`)
	drills.hides(t, "SEV3")
	h.page("/incidents").hides(t, "uPlot")
}

func TestInsightsOfAPeriod(t *testing.T) {
	h := newHouse(t)
	h.site.now = func() time.Time { return noon }
	for query, says := range map[string]string{
		"period=4w": "began since Monday 26 October 2026", "period=year": "began since Monday 24 November 2025", "from=2026-11-01": "began since Sunday 1 November 2026",
		"to=2026-11-30": "began up to Monday 30 November 2026", "from=2026-11-01&to=2026-11-02": "began from Sunday 1 November 2026 to Monday 2 November 2026", "from=2026-11-01&to=2026-11-01": "to Sunday 1 November 2026",
	} {
		h.page("/insights?"+query).shows(t, says)
	}
	h.page("/insights?from=2026-11-01&to=2026-11-02").shows(t, `value="2026-11-01"`, `value="2026-11-02"`, `href="/insights?drills=only&amp;from=2026-11-01&amp;to=2026-11-02"`)
	for query, says := range map[string]string{
		"period=week": "period is &#34;week&#34;; it must be one of 4w, 12w, year, all.", "from=yesterday": "from is &#34;yesterday&#34;; it must be a day", "from=2026-11-02&to=2026-11-01": "before from",
		"period=4w&from=2026-11-01": "period does not go with from and to", "drills=without": "drills is", "sort=oldest": "is not a parameter here",
	} {
		g := h.page("/insights?" + query)
		if g.StatusCode != 400 || !strings.Contains(g.body, says) {
			t.Errorf("%s: %d, and it does not say %q", query, g.StatusCode, says)
		}
	}
}

func TestInsightsWhereTheStoreFails(t *testing.T) {
	h := newHouse(t)
	h.furnish()
	h.store.read = errDisk
	for _, path := range []string{"/insights", "/followups"} {
		g := h.page(path)
		if g.StatusCode != 500 {
			t.Errorf("%s: %d", path, g.StatusCode)
		}
		g.shows(t, "Something failed here")
		g.hides(t, errDisk.Error())
	}
	h.call(Read, "GET", "/api/v1/insights", "").wants(t, 500, "internal")
}

// ordinary are incidents that everybody may see.
func (h *house) ordinary() {
	h.t.Helper()
	for i, title := range []string{"checkout is down", "search is slow", "mails are late"} {
		h.declare("alice", incidents.Open{Title: title, Severity: incidents.Severity(1 + i), Services: []string{"checkout"}, Started: noon.Add(-time.Hour)})
		n := incidents.Number(i + 1)
		h.acts("bob", n, incidents.Acknowledge{}, incidents.AddTask{List: incidents.Followups, Text: "do better", Assignee: person("bob"), Due: noon.AddDate(0, 0, -3)}, incidents.Resolve{})
	}
}

func person(name string) incidents.Person {
	return incidents.Person{ID: "slack:T1/U" + strings.ToUpper(name), Name: name}
}

// acts has somebody do things about an incident.
func (h *house) acts(name string, n incidents.Number, acts ...incidents.Act) {
	h.t.Helper()
	who := incidents.Actor{Kind: incidents.User, ID: person(name).ID, Name: name}
	for _, act := range acts {
		if _, err := h.store.Apply(h.t.Context(), incidents.Command{ID: rand.Text(), Actor: who, At: h.site.now(), Incident: n, Do: act}); err != nil {
			h.t.Fatal(err)
		}
	}
}

var changing = regexp.MustCompile(`name="(once|csrf)" value="[^"]*"|As of <time[^/]*/time>`)

func (g got) steady() string { return changing.ReplaceAllString(g.body, "") }

// TestAPrivateIncidentIsInNoFigure compares two stores that differ in private
// incidents alone: whoever is not in these sees the same of both, to the letter.
func TestAPrivateIncidentIsInNoFigure(t *testing.T) {
	clock := func(o *Options) { o.Now = func() time.Time { return noon } }
	build := func(secrets bool) *house {
		h := newHouse(t, withPeople(newCrowd()), clock, func(o *Options) { o.LoadByPerson = true })
		h.when = func() time.Time { return noon.Add(-time.Minute) }
		h.ordinary()
		if secrets {
			yes := true
			for i, sev := range []incidents.Severity{1, 2, 5} {
				h.declare("dave", incidents.Open{Title: fmt.Sprint("leaked ", i), Severity: sev, Type: "security", Private: &yes, Services: []string{"checkout", "vault"}, Drill: i == 2})
				n := incidents.Number(4 + i)
				h.acts("dave", n, incidents.AssignRole{Role: incidents.CommanderRole, To: person("dave")},
					incidents.AddTask{List: incidents.Followups, Text: "rotate the leaked keys", Assignee: person("dave"), Due: noon.AddDate(0, 0, -9)},
					incidents.AddTask{List: incidents.Followups, Text: "tell nobody"}, incidents.PostUpdate{Text: "hush"})
			}
			h.acts("dave", 4, incidents.Resolve{})
		}
		return h
	}
	with, without := build(true), build(false)
	paths := []string{
		"/insights", "/insights?period=all", "/insights?drills=only", "/insights?from=2026-01-01&to=2026-12-31",
		"/followups", "/followups?show=overdue", "/followups?show=done", "/followups?owner=nobody", "/followups?service=vault", "/followups?owner=" + url.QueryEscape(person("dave").ID),
	}
	for _, path := range paths {
		if a, b := with.page(path).steady(), without.page(path).steady(); a != b {
			t.Errorf("%s tells nobody in particular of a private incident:\n%s", path, firstDifference(a, b))
		}
		if a, b := with.as("bob").get(path).steady(), without.as("bob").get(path).steady(); a != b {
			t.Errorf("%s tells bob of a private incident:\n%s", path, firstDifference(a, b))
		}
	}
	for _, query := range []string{"", "?period=all", "?drills=only"} {
		for _, s := range []Scope{Read, Write} {
			a, b := with.call(s, "GET", "/api/v1/insights"+query, ""), without.call(s, "GET", "/api/v1/insights"+query, "")
			if a.StatusCode != 200 || a.body != b.body {
				t.Errorf("%s with %q tells of a private incident:\n%s", s, query, firstDifference(a.body, b.body))
			}
		}
	}
	all := decode[Insights](t, with.call(Admin, "GET", "/api/v1/insights?period=all", ""))
	if all.All.Count != 5 || all.Followups.Count != 7 || len(all.Load.ByPerson) != 3 {
		t.Errorf("an admin sees %+v and %+v", all.All, all.Followups)
	}
	dave := with.as("dave")
	dave.get("/insights?period=all").shows(t, "5 incidents in all", "security", "vault", ">dave<")
	dave.get("/followups").shows(t, "rotate the leaked keys", "vault", "INC-4")
	with.as("bob").get("/followups").hides(t, "leaked", "vault")
	guest := with.as("grace")
	guest.get("/insights?period=all").shows(t, "0 incidents in all")
	guest.get("/followups").hides(t, "do better")
}

// firstDifference is where two texts part.
func firstDifference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("%q\n%q", a[max(0, i-80):min(len(a), i+80)], b[max(0, i-80):min(len(b), i+80)])
		}
	}
	return fmt.Sprintf("one is %d bytes longer", len(a)-len(b))
}

func TestLoadByPersonIsToldWhereItIsWanted(t *testing.T) {
	for _, wanted := range []bool{false, true} {
		h := newHouse(t, func(o *Options) { o.LoadByPerson = wanted })
		h.declare("alice", incidents.Open{Title: "checkout is down"})
		g, api := h.page("/insights"), h.call(Admin, "GET", "/api/v1/insights", "")
		if strings.Contains(g.body, "alice") != wanted || strings.Contains(api.body, "alice") != wanted {
			t.Errorf("wanted %v: the page has alice %v, the API %v", wanted, strings.Contains(g.body, "alice"), strings.Contains(api.body, "alice"))
		}
		g.shows(t, "¼ hours of 1 person")
	}
}

func TestInsightsJSON(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Now = func() time.Time { return noon } })
	h.when = func() time.Time { return noon.Add(-time.Hour) }
	h.ordinary()
	in := decode[Insights](t, h.call(Read, "GET", "/api/v1/insights", ""))
	if in.Period.Name != "12w" || in.Period.To != nil || in.Zone != "UTC" || in.Step != "week" || len(in.Spans) != 12 || len(in.Measures) != 4 || in.All.Resolved != 3 || in.Noisiest == nil {
		t.Errorf("%+v", in)
	}
	d := in.All.Durations["acknowledge"]
	if d.N != 3 || d.Median.Seconds != 0 || d.Median.Incident != "INC-2" || !d.Median.From.Equal(noon.Add(-time.Hour)) || d.Median.Basis != "detected" {
		t.Errorf("%+v %+v", d, d.Median)
	}
	if d := in.All.Durations["resolve"]; d.P90.Basis != "impact_started" || in.Followups.Overdue != 3 {
		t.Errorf("%+v %+v", d.P90, in.Followups)
	}
	last := in.Spans[11]
	if last.Count != 3 || last.Severities["sev1"] != 1 || last.Name != "2026-11-16" || in.BySeverity[0].Name != "sev1" || in.ByService[0].Count != 3 {
		t.Errorf("%+v", last)
	}
	if in.Load.Hours != 0.5 || in.Load.People != 2 || in.Load.Cells[4][11] != 0.5 || in.Load.Outside == nil || in.Load.ByPerson != nil {
		t.Errorf("%+v", in.Load)
	}
}

func TestNoisiestAlertsAreShownWhereThereAreAny(t *testing.T) {
	in := insights.Of(nil, insights.Options{Now: noon, Alerts: []insights.Alert{{Source: "grafana", Title: "<b>disk full", Incident: true}}})
	in.All.Count = 1
	var b strings.Builder
	d := insightsData{Insights: in, Weeks: spansTable(in, noon), Heat: heatOf(in.Load)}
	if err := templates["insights"].ExecuteTemplate(&b, "main", page{Data: d, Now: noon}); err != nil {
		t.Fatal(err)
	}
	got{body: b.String()}.shows(t, "Noisiest alerts", "grafana", "&lt;b&gt;disk full")
}

// Alerts of the period are counted, and that one belongs to a private incident only for who may see it.
func TestTheInsightsCountAlerts(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	h.furnish()
	h.alarmed()
	h.page("/insights?period=all").shows(t, "Noisiest alerts", "a shell in a container", "falco")
	h.page("/insights?period=all&drills=only").hides(t, "Noisiest alerts")
	h.page("/insights?from=2001-01-01&to=2001-01-31").hides(t, "Noisiest alerts")
	count := func(scope Scope) (led int) {
		for _, one := range decode[Insights](t, h.call(scope, "GET", "/api/v1/insights?period=all", "")).Noisiest {
			led += one.Incidents
		}
		return led
	}
	if member, admin := count(Read), count(Admin); member != 1 || admin != 2 {
		t.Errorf("a member sees %d alerts that led to an incident, an admin %d", member, admin)
	}
}

func TestFigureWords(t *testing.T) {
	for q, want := range map[insights.Quarters]string{0: "0", 1: "¼", 2: "½", 3: "¾", 4: "1", 6: "1½", 39: "9¾", 40: "10", 41: "10", 43: "11"} {
		if got := hoursWord(q); got != want {
			t.Errorf("%d quarters: %s, want %s", q, got, want)
		}
	}
	for _, c := range []struct {
		part, whole int
		want        string
	}{{0, 0, ""}, {0, 3, "0 %"}, {3, 3, "100 %"}, {1, 3, "33 %"}, {2, 3, "67 %"}, {1, 1000, "1 %"}, {999, 1000, "99 %"}, {1, 2, "50 %"}} {
		if got := share(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.part, c.whole, got, c.want)
		}
	}
}

func TestHeatHasAColourForEachStep(t *testing.T) {
	var l insights.Load
	for i := range 24 {
		l.Cells[2][i] = insights.Quarters(i)
	}
	h := heatOf(l)
	for i, c := range h.Rows[2].Cells {
		if want := (i*heatLevels + 22) / 23; c.Level != want || (c.Hours == "") != (i == 0) {
			t.Errorf("%d of 23 quarters: %+v, want level %d", i, c, want)
		}
	}
	if got := fmt.Sprint(h.Steps); got != "[{1 ¼} {2 1¼} {3 2½} {4 3½} {5 4¾}]" {
		t.Error(got)
	}
	var one insights.Load
	one.Cells[0][0] = 1
	if h := heatOf(one); h.Rows[0].Cells[0].Level != heatLevels || len(h.Steps) != 1 {
		t.Errorf("%+v", h)
	}
	if h := heatOf(insights.Load{}); len(h.Steps) != 0 || h.Rows[0].Cells[0].Level != 0 {
		t.Errorf("%+v", h)
	}
}
