package web

import (
	"context"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// rings is a house with alerts, seen an hour and a half later.
func rings(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, withPeople(newCrowd()), func(o *Options) { o.Now = func() time.Time { return noon.Add(90 * time.Minute) } })
	h.when = func() time.Time { return noon }
	h.furnish()
	h.alarmed()
	return h
}

var alertItem = regexp.MustCompile(`(?s)<li class="row alert.*?</li>`)

// alertsShown writes the page's rows as "AL-1 title | meta | why | would".
func (g got) alertsShown() string {
	var rows []string
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, row := range alertItem.FindAllString(g.body, -1) {
		var parts []string
		for _, pattern := range []string{`(?s)<h3>(.*?)</h3>`, `(?s)<p class="meta">(.*?)</p>`, `(?s)<p class="why">(.*?)</p>`, `(?s)<p class="why would">(.*?)</p>`} {
			if m := regexp.MustCompile(pattern).FindStringSubmatch(row); m != nil {
				parts = append(parts, strings.TrimSpace(tags.ReplaceAllString(m[1], "")))
			}
		}
		rows = append(rows, strings.Join(parts, " | "))
	}
	return strings.Join(rows, "\n")
}

func TestAlertsPageSaysWhatBecameOfEach(t *testing.T) {
	h := rings(t)
	shell := "AL-1 a shell in a container | firing critical falco | People are notified: the rule &#34;the rest&#34; holds. rule “the rest” | “critical” would have opened an incident"
	disk := "AL-2 the disk fills | resolved low prometheus | People are notified: the rule &#34;the rest&#34; holds. rule “the rest”"
	slow := "AL-3 login is slow | firing high prometheus login INC-1 | alice attached it to INC-1. rule “the rest”"
	keys := "AL-4 somebody read the keys | firing high falco | People are notified."
	for query, want := range map[string]string{
		"": keys + "\n" + slow + "\n" + disk + "\n" + shell, "?source=prometheus": slow + "\n" + disk, "?status=resolved": disk, "?severity=critical": shell,
		"?decision=attach": slow, "?decision=shadow": shell, "?q=WEB-1+shell": shell, "?q=al-2": disk, "?q=nothing": "", "?incident=INC-1": slow, "?before=AL-2": shell,
	} {
		if got := h.page("/alerts" + query).alertsShown(); got != want {
			t.Errorf("%s:\n got\n%s\n want\n%s", query, got, want)
		}
	}
	g := h.page("/alerts")
	g.shows(t, `href="https://falco.example.com/1" rel="noopener noreferrer nofollow" aria-label="AL-1 in falco">falco</a>`, `data-live="/live?alerts=all"`, `<a href="/alerts" aria-current="page">Alerts</a>`, "1 h 30 min ago", "over after 1 s", "sh -i\nby root", ">host<", ">web-1<")
	g.hides(t, "INC-4", "leaked keys", "<form class=\"does\"", "ZgotmplZ")
	h.page("/alerts?incident=INC-1").shows(t, `Only those of <a href="/incidents/INC-1">`)
	for query, status := range map[string]int{"?status=over": 400, "?severity=sev1": 400, "?decision=x": 400, "?before=1": 400, "?incident=INC-4": 404, "?incident=x": 404, "?colour=red": 400, "?q=" + strings.Repeat("x", 201): 400} {
		if g := h.page("/alerts" + query); g.StatusCode != status {
			t.Errorf("%s: %d, want %d", query, g.StatusCode, status)
		}
	}
}

func TestAlertsPageCountsWhatRulesDid(t *testing.T) {
	h := rings(t)
	for i := range 3 {
		h.hears("falco", alerts.Signal{Fingerprint: "flood", Status: alerts.Firing, Severity: alerts.Critical, Title: "the flood", StartedAt: noon.Add(time.Duration(i) * time.Minute)}, noon.Add(time.Duration(i)*time.Minute))
		h.hears("falco", alerts.Signal{Fingerprint: "flood", Status: alerts.Resolved}, noon.Add(time.Duration(i)*time.Minute+time.Second))
	}
	h.attaches("alice", 5, 2, noon.Add(10*time.Minute))
	g := h.page("/alerts")
	row := func(of string) string {
		return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(between(t, g.body, of, "</tr>"), " ")), " ")
	}
	if got := row(`<th scope="row"><bdi>critical</bdi>`); got != "in shadow: opens an incident 4 1 1 25 % (1 of 4) 50 % (1 of 2)" {
		t.Errorf("the rule in shadow: %s", got)
	}
	if got := row(`<th scope="row"><bdi>the rest</bdi>`); got != "notifies 6 2 2" {
		t.Errorf("the rest: %s", got)
	}
	g.shows(t, "Counted from 7 alerts of the last 30 days.")
	g = h.send(request("GET", "/alerts", "", "HX-Request", "true", "HX-Target", "live"))
	g.shows(t, `id="live"`, "a shell in a container")
	g.hides(t, "t-rules", "<nav")
	newHouse(t).page("/alerts").shows(t, "None has come in yet", "/hooks/SOURCE")
}

// beats has two heartbeats, and one that nobody waits for.
func (h *house) beats() {
	h.site.heartbeats = func(_ context.Context, now time.Time) ([]alerts.Pulse, error) {
		return []alerts.Pulse{
			{Beat: alerts.Beat{Source: "alertmanager", Name: "watchdog", At: now.Add(-40 * time.Second)}, Within: 5 * time.Minute},
			{Beat: alerts.Beat{Source: "prometheus", Name: hostile[0], At: now.Add(-time.Hour)}, Stopped: true}, {Beat: alerts.Beat{Name: "backup"}, Within: time.Hour},
			{Beat: alerts.Beat{Source: "grafana", Name: "forgotten"}, Unknown: true},
		}, nil
	}
}

func TestHeartbeatsAreShown(t *testing.T) {
	h := rings(t)
	h.page("/alerts").hides(t, "Heartbeats")
	h.beats()
	tags := regexp.MustCompile(`<[^>]*>`)
	g := h.page("/alerts")
	if got := tags.ReplaceAllString(between(t, g.body, `<p class="beats meta">`, "</p>"), ""); got != "Heartbeats: watchdog of alertmanager, 40 s ago; "+template.HTMLEscapeString(hostile[0])+" of prometheus, stopped, last heard 1 h ago; backup, not heard yet" {
		t.Errorf("%s", got)
	}
	list := decode[HeartbeatList](t, h.call(Read, "GET", "/api/v1/heartbeats", ""))
	if len(list.Heartbeats) != 3 || *list.Heartbeats[0].Within != 300 || list.Heartbeats[1].Within != nil || !list.Heartbeats[1].Stopped || list.Heartbeats[2].HeardAt != nil {
		t.Errorf("%+v", list)
	}
}

func TestNoisePageSaysWhatToTune(t *testing.T) {
	h := rings(t)
	for i := range 6 {
		at := noon.Add(time.Duration(i) * time.Minute)
		h.hears("falco", alerts.Signal{Fingerprint: hostile[0], Status: alerts.Firing, Severity: alerts.Low, Title: hostile[0], StartedAt: at}, at)
		h.hears("falco", alerts.Signal{Fingerprint: hostile[0], Status: alerts.Resolved}, at.Add(time.Second))
	}
	g := h.page("/alerts/noise")
	words := func(s string) string {
		return strings.Join(strings.Fields(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, " "))), " ")
	}
	row := func(of string) string { return words(between(t, g.body, of, "</tr>")) }
	name := strings.Join(strings.Fields(hostile[0]), " ")
	if got := words(between(t, g.body, `<ol class="rows tune">`, "</ol>")); got != name+" falco fired 6 times last 20 Nov, 12:05 It was over within 2 minutes each of 6 times and fired 6 times, and nobody ever acted on it. Let it fire only after it has held for 5 minutes. 6 min of people" {
		t.Errorf("to tune: %s", got)
	}
	if got := row(`<th scope="row" class="long">`); got != name+" "+name+" falco 6 6 0 0 0 0 6 20 Nov, 12:05" {
		t.Errorf("the noisiest: %s", got)
	}
	if got := row(`<th scope="row"><bdi>the rest</bdi>`); !strings.HasPrefix(got, "notifies ") {
		t.Errorf("the rest: %s", got)
	}
	g.shows(t, "Counted from 10 alerts of the last 30 days.", "1 led to an incident", `<a href="/alerts" aria-current="page">Alerts</a>`)
	g.hides(t, "INC-4", "leaked", "ZgotmplZ")
	if bad := unescaped(g.body); bad != "" {
		t.Errorf("%q stands there unescaped", bad)
	}
	if g := h.page("/alerts/noise?x=1"); g.StatusCode != 400 {
		t.Errorf("a parameter: %d", g.StatusCode)
	}
	newHouse(t).page("/alerts/noise").shows(t, "No alert has come in yet.")
}

// TestManyAlertsCostNoMoreThanSome: however many are over, a page reads no more than it may.
func TestManyAlertsCostNoMoreThanSome(t *testing.T) {
	if testing.Short() {
		t.Skip("it fills a store")
	}
	h := newHouse(t, func(o *Options) { o.Now = func() time.Time { return noon } })
	const many = 10_000
	h.floods(many)
	counted := &countsAlerts{Store: h.site.store}
	h.site.store = counted
	for path, most := range map[string]int{
		"/alerts": figuresMost + someAtOnce*6, "/alerts?q=nowhere": figuresMost + alertsLooked + someAtOnce*6, "/alerts?before=AL-300": figuresMost + someAtOnce*6, "/incidents/INC-1": someAtOnce, "/alerts/noise": figuresMost + someAtOnce*6,
	} {
		counted.rows = 0
		g := h.page(path)
		if g.StatusCode != 200 || counted.rows > most || counted.rows == 0 || len(g.body) > 200_000 {
			t.Errorf("%s: %d, %d alerts were read, at most %d may be; %d bytes", path, g.StatusCode, counted.rows, most, len(g.body))
		}
	}
	seen, path := 0, "/alerts?q=nowhere"
	for path != "" {
		g := h.page(path)
		seen++
		path = ""
		if next := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(g.body); next != nil {
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if seen < 5 || seen > 7 {
		t.Errorf("looking further through %d took %d pages", many, seen)
	}
	h.page("/alerts").shows(t, "Counted from the newest 5000 alerts", "the first 50")
	h.page("/incidents/INC-1").shows(t, "All of them", `href="/alerts?incident=INC-1"`)
}

// floods has so many alerts heard that are over, forty of them attached to INC-1.
func (h *house) floods(many int) {
	h.t.Helper()
	h.open(Write, `{"title":"login is slow"}`)
	done := make(chan error, 64)
	next := make(chan int)
	for range cap(done) {
		go func() {
			var failed error
			for i := range next {
				heard := alerts.Heard{Source: "falco", At: noon.Add(-time.Hour), Signal: alerts.Signal{Fingerprint: fmt.Sprint(i), Status: alerts.Resolved, Severity: alerts.Low, Title: fmt.Sprint("number ", i)}}
				_, _, err := h.store.HearAlert(context.Background(), heard, func(f alerts.Facts) alerts.Change {
					c := alerts.Policy{}.Hear(heard, f)
					if i < 40 {
						c.Alert.Incident = 1
					}
					return c
				})
				if err != nil {
					failed = err
				}
			}
			done <- failed
		}()
	}
	for i := range many {
		next <- i
	}
	close(next)
	for range cap(done) {
		if err := <-done; err != nil {
			h.t.Fatal(err)
		}
	}
}

// countsAlerts counts the alerts that are read.
type countsAlerts struct {
	store.Store
	rows int
}

func (c *countsAlerts) Alerts(ctx context.Context, q store.AlertQuery) ([]alerts.Alert, error) {
	list, err := c.Store.Alerts(ctx, q)
	c.rows += len(list)
	return list, err
}

func TestAlertsShowWhatStrangersWroteAsText(t *testing.T) {
	h := newHouse(t, withPeople(newCrowd()))
	h.open(Write, `{"title":"login is slow"}`)
	for i, s := range hostile {
		at := noon.Add(time.Duration(i) * time.Minute)
		for _, turn := range []time.Duration{0, time.Second} {
			h.hears("webhook", alerts.Signal{Fingerprint: s, Group: s, Status: alerts.Firing, Severity: alerts.High, Title: s, Description: s, Service: s, URL: s, Labels: map[string]string{s: s}}, at.Add(turn))
		}
		h.attaches("alice", alerts.Number(i+1), 1, at)
	}
	h.hears("webhook", alerts.Signal{Fingerprint: "x", Status: alerts.Firing, Title: hostile[0]}, noon)
	alice := h.as("alice")
	for _, path := range []string{"/alerts", "/alerts?q=" + url.QueryEscape(hostile[1]), "/alerts?source=" + url.QueryEscape(hostile[0]), "/alerts?said=" + url.QueryEscape(hostile[0]), "/incidents/INC-1", "/live?alerts=" + url.QueryEscape(hostile[0])} {
		g := alice.get(path)
		if bad := unescaped(g.body); bad != "" || g.StatusCode >= 500 {
			t.Errorf("%s: %d, %q stands there unescaped", path, g.StatusCode, bad)
		}
	}
	alice.get("/alerts").shows(t, "&lt;script&gt;")
}

// tells is a desk that writes down what it was told.
type tells struct {
	asked []commands.Request
	reply commands.Reply
}

func (d *tells) Handle(_ context.Context, r commands.Request) commands.Reply {
	d.asked = append(d.asked, r)
	return d.reply
}

func TestAnAlertIsActedOnFromThePage(t *testing.T) {
	h := rings(t)
	bob := h.as("bob")
	desk := &tells{reply: commands.Reply{Text: "So be it."}}
	h.site.desk = desk
	g := bob.get("/alerts?source=prometheus")
	g.shows(t, `value="detach"`, `aria-label="Open an incident: AL-2 the disk fills"`, `name="into"`, `name="back" value="/alerts?source=prometheus"`)
	h.page("/alerts").hides(t, `value="detach"`) // nobody is signed in
	for i, c := range []struct {
		fields []string
		text   string
		here   incidents.Number
	}{
		{[]string{"alert", "AL-1", "do", "declare"}, "alert declare AL-1", 0}, {[]string{"alert", "al-1", "do", "ignore"}, "alert ignore AL-1", 0},
		{[]string{"alert", "AL-1", "do", "attach", "into", "inc-2"}, "alert attach AL-1", 2}, {[]string{"alert", "AL-3", "do", "detach"}, "alert detach AL-3", 1},
		{[]string{"alert", "AL-4", "do", "detach"}, "alert detach AL-4", 0}, // of an incident that is not open to bob
	} {
		desk.asked = nil
		g := bob.press("/alerts", append(c.fields, "once", strings.Repeat("A", 20), "back", "/alerts?source=falco", "say", "cancel", "more", "now")...)
		to := g.Header.Get("Location")
		if g.StatusCode != 303 || !strings.HasPrefix(to, "/alerts?said=page") || !strings.HasSuffix(to, "&source=falco") || len(desk.asked) != 1 {
			t.Fatalf("%d: %d %s, asked %+v", i, g.StatusCode, to, desk.asked)
		}
		if r := desk.asked[0]; r.Text != c.text || r.Here != c.here || r.Actor.ID != person("bob").ID || r.ID == "" {
			t.Errorf("%d: %+v", i, r)
		}
		bob.get(to).shows(t, "So be it.")
		h.as("carol").get(to).hides(t, "So be it.")
	}
	desk.asked = nil
	for says, fields := range map[string][]string{
		"INC-4 does not exist or is not open to you.": {"alert", "AL-1", "do", "attach", "into", "INC-4"}, "is not an incident": {"alert", "AL-1", "do", "attach", "into", "x"},
		"AL-99 does not exist": {"alert", "AL-99", "do", "detach"}, "lacks something": {"alert", "AL-1", "do", "delete"}, "This form lacks": {"alert", "1; cancel", "do", "declare"},
	} {
		if g := bob.press("/alerts", append(fields, "once", strings.Repeat("A", 20))...); g.StatusCode < 400 || !strings.Contains(g.body, says) {
			t.Errorf("%v: %d", fields, g.StatusCode)
		}
	}
	for _, back := range []string{"https://evil.example/", "//evil.example", "/sign-out", ""} {
		if to := bob.press("/alerts", "alert", "AL-1", "do", "ignore", "once", strings.Repeat("B", 20), "back", back).Header.Get("Location"); !strings.HasPrefix(to, "/alerts?said=") {
			t.Errorf("back to %q: %q", back, to)
		}
	}
	if g := h.browser().post("/alerts", url.Values{"do": {"declare"}}); g.StatusCode != 303 || !strings.HasPrefix(g.Header.Get("Location"), "/sign-in") {
		t.Errorf("who is not signed in: %d", g.StatusCode)
	}
	if g := bob.post("/alerts", url.Values{"alert": {"AL-1"}, "do": {"declare"}, "once": {strings.Repeat("A", 20)}}); g.StatusCode != 403 {
		t.Errorf("without its token: %d", g.StatusCode)
	}
	declared := h.now(2)
	desk.reply.Incident = &declared
	if to := bob.press("/alerts", "alert", "AL-1", "do", "declare", "once", strings.Repeat("C", 20)).Header.Get("Location"); !strings.HasPrefix(to, "/incidents/INC-2?said=") {
		t.Errorf("a new incident is at %q", to)
	}
	desk.reply = commands.Reply{Text: "What is it?", Form: &commands.Form{Command: "open", Title: "Open an incident", Submit: "Open", Fields: []commands.Field{{Name: "title", Label: "Title"}}}}
	bob.press("/alerts", "alert", "AL-1", "do", "declare", "once", strings.Repeat("D", 20)).shows(t, `name="v.title"`, `action="/incidents/new"`)
}

func TestAnIncidentsPageHasItsAlerts(t *testing.T) {
	h := rings(t)
	g := h.page("/incidents/INC-1")
	g.shows(t, `<h2 id="alerts">Alerts <span class="count">1, 1 not over</span></h2>`, `class="mark alert-attached"`, "<li>Alerts</li>")
	if got := g.alertsShown(); got != "AL-3 login is slow | firing high prometheus login INC-1 | alice attached it to INC-1. rule “the rest”" {
		t.Errorf("%s", got)
	}
	h.page("/incidents/INC-2").hides(t, `<h2 id="alerts">`)
	h.as("alice").get("/alerts").hides(t, "INC-4")
}

// TestAlertsPagesHearOfAlerts: the stream of the page tells of them, and those of other pages do not.
func TestAlertsPagesHearOfAlerts(t *testing.T) {
	l := newLive()
	alertsPage, list := l.join("alice", 0, true), l.join("alice", 0, false)
	l.tellAlerts()
	if !alertsPage.hears() || alertsPage.hears() || list.hears() || len(alertsPage.wake) != 1 || len(list.wake) != 0 {
		t.Error("an alert is told once, to who looks at alerts")
	}
	<-alertsPage.wake
	l.tell([]incidents.Number{1})
	if changed, _ := alertsPage.take(); len(changed) != 0 || len(alertsPage.wake) != 0 || len(list.wake) != 1 {
		t.Error("an incident is told to who looks at incidents")
	}
	h := newHouse(t)
	if g := h.page("/live?alerts=some"); g.StatusCode != 400 {
		t.Errorf("alerts=some: %d", g.StatusCode)
	}
	if g := h.page("/live?alerts=all&incident=INC-1"); g.StatusCode != 400 {
		t.Errorf("both: %d", g.StatusCode)
	}
}

// TestEnterAttachesAndDeclaresNothing: a form in which somebody types an incident has one button, which the key for
// the end of a line presses.
func TestEnterAttachesAndDeclaresNothing(t *testing.T) {
	h := rings(t)
	forms := regexp.MustCompile(`(?s)<form class="does".*?</form>`).FindAllString(h.as("bob").get("/alerts").body, -1)
	typed := 0
	for _, form := range forms {
		if !strings.Contains(form, `name="into"`) {
			continue
		}
		if typed++; strings.Count(form, "<button") != 1 || !strings.Contains(form, `value="attach"`) {
			t.Errorf("%s", form)
		}
	}
	if typed != 4 || len(forms) != 8 {
		t.Errorf("%d of %d forms take an incident", typed, len(forms))
	}
}

// TestARuleIsMadeLiveFromThePage: whoever may has a button for each rule in shadow, and one to take it back.
func TestARuleIsMadeLiveFromThePage(t *testing.T) {
	h := rings(t)
	configured := alerts.Policy{Rules: []alerts.Rule{
		{Name: "critical", When: `alert.severity == "critical"`, Do: alerts.Declare, Shadow: true}, {Name: `"odd" <b>`, When: "false", Do: alerts.Page, Shadow: true}, {Name: "the rest", When: "true", Do: alerts.Notify},
	}}
	policy := func() alerts.Policy {
		list, err := h.store.LiveAlertRules(context.Background())
		if err != nil {
			t.Error(err)
		}
		return configured.WithLive(list)
	}
	h.desk.Desk.(*commands.Desk).Alerts, h.site.alertPolicy = policy, policy
	bob := h.as("bob")
	press := func(do, rule, once string) string {
		return bob.get(bob.press("/alerts", "rule", rule, "do", do, "once", strings.Repeat(once, 20), "back", "/alerts").Header.Get("Location")).body
	}
	bob.get("/alerts").shows(t, `aria-label="Make it live: critical"`, `&#34;odd&#34; &lt;b&gt;`, "in shadow: pages", "An incident for it may well be sev2: the alert is critical.")
	h.page("/alerts").hides(t, "Make it live:") // nobody is signed in
	for range 2 {
		if said := press("live", "critical", "A"); !strings.Contains(said, "The rule &#34;critical&#34; is live since") || !strings.Contains(said, "shadow: false") {
			t.Errorf("it says %s", between(t, said, "answer", "</p>"))
		}
	}
	bob.get("/alerts").shows(t, `aria-label="Back to shadow: critical"`, ", by bob</bdi>)")
	press("shadow", "critical", "B")
	g := bob.get("/alerts")
	g.shows(t, `aria-label="Make it live: critical"`)
	g.hides(t, "Back to shadow:")
	if said := press("live", "none", "C"); !strings.Contains(said, "There is no rule") {
		t.Errorf("of none it says %s", between(t, said, "answer", "</p>"))
	}
	if g := bob.press("/alerts", "rule", "critical", "do", "destroy", "once", strings.Repeat("D", 20)); g.StatusCode != 400 {
		t.Errorf("something else: %d", g.StatusCode)
	}
}
