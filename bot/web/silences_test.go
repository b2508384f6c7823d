package web

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"fireboss/commands"
	"fireboss/incidents/alerts"
)

// silenced has somebody silence something for an hour from noon on.
func (h *house) silenced(matcher, who, why string) alerts.Silence {
	h.t.Helper()
	m, err := alerts.ParseMatcher(matcher)
	if err != nil {
		h.t.Fatal(err)
	}
	s, _, err := h.store.AddSilence(h.t.Context(), alerts.Silence{Request: matcher + why, Matcher: m, From: noon, Until: noon.Add(time.Hour), By: person(who), Why: why}.Place([]alerts.Silencer{{Name: "falco", Title: "Falco"}}, []alerts.Alert{{Source: "falco", Signal: alerts.Signal{Service: "checkout", Labels: map[string]string{"app": "checkout"}}}}))
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func TestTheAlertsPageShowsWhatIsSilenced(t *testing.T) {
	window := alerts.Window{Name: "backups", Within: func(at time.Time) (time.Time, bool) { return noon.Add(90 * time.Minute), true }}
	h := newHouse(t, withPeople(newCrowd()), func(o *Options) {
		o.Now = func() time.Time { return noon.Add(30 * time.Minute) }
		o.Alerts = func() alerts.Policy { return alerts.Policy{Windows: []alerts.Window{window}} }
	})
	h.when = func() time.Time { return noon }
	h.furnish()
	h.silenced("checkout", "alice", "we replace INC-4's <script>disk</script>")
	h.silenced("labels.a=b", "bob", "a new disk")
	h.hears("prometheus", alerts.Signal{Fingerprint: "f", Status: alerts.Firing, Severity: alerts.Critical, Title: "the cart is empty", Service: "checkout"}, noon)
	g := h.page("/alerts")
	g.shows(t, `Silenced now <span class="count">3</span>`, `<span class="num">SI-1</span> <bdi>service=&#34;checkout&#34;</bdi>`, "by <bdi>alice</bdi>", "a new disk", "It is being set in Falco too.", "for 30 min", "for 1 h", "The window “<bdi>backups</bdi>”", `<span class="tag">silenced for 30 min</span>`, "It is silenced until")
	g.hides(t, "INC-4", "<script>disk", `value="end silence"`)
	bob := h.as("bob")
	desk := &tells{reply: commands.Reply{Text: "SI-2 is ended."}}
	h.site.desk = desk
	g = bob.get("/alerts")
	g.shows(t, `aria-label="End SI-2: labels.a=&#34;b&#34;"`)
	if n := strings.Count(g.body, `value="end silence"`); n != 2 {
		t.Errorf("%d silences can be ended", n)
	}
	g = bob.press("/alerts", "silence", "si-2", "do", "end silence", "once", strings.Repeat("A", 20), "back", "/alerts")
	if to := g.Header.Get("Location"); g.StatusCode != 303 || !strings.HasPrefix(to, "/alerts?said=") || len(desk.asked) != 1 || desk.asked[0].Text != "silence end SI-2" || desk.asked[0].Here != 0 {
		t.Errorf("%d %s, asked %+v", g.StatusCode, to, desk.asked)
	}
	if g := bob.press("/alerts", "silence", "2; cancel", "do", "end silence", "once", strings.Repeat("A", 20)); g.StatusCode != 400 {
		t.Errorf("what is no silence: %d", g.StatusCode)
	}
	_, err := h.store.ChangeSilence(t.Context(), 2, func(one alerts.Silence) (alerts.Silence, error) {
		one = one.EndBy(person("bob"), noon)
		one.Places[0].Attempts, one.Places[0].Why = 3, "no"
		return one, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		h.silenced("labels.a=b", "bob", rand.Text())
	}
	if g = bob.get("/alerts"); strings.Count(g.body, `value="end silence"`) != 41 {
		t.Errorf("%d of 41 silences can be ended", strings.Count(g.body, `value="end silence"`))
	}
	g.shows(t, "In Falco it could not be ended yet: no. It is tried again", ">ended</time>")
	list := h.alertsOf(Read, "").Alerts
	if s := list[0].Silenced; s == nil || s.Silence != "SI-1" || !s.Until.Equal(noon.Add(time.Hour)) {
		t.Errorf("the API says %+v", list[0])
	}
	if a, err := list[0].Alert(); err != nil || a.Quiet == nil || a.Quiet.Silence != 1 {
		t.Errorf("read again it is %+v, %v", a, err)
	}
}
