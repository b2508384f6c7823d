package alerts

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// usual are the rules that come with the program, with the second one live.
func usual() Policy {
	return Policy{
		Flapping: Flapping{Turns: 4, Within: 10 * time.Minute}, Storm: Storm{Declared: 2, Within: 5 * time.Minute},
		Quiet: map[string]time.Duration{"falco": time.Hour},
		Rules: []Rule{
			{Name: "same service", When: "open.same_service || open.same_fingerprint || open.same_group", Do: Attach},
			{Name: "critical", When: `alert.severity == "critical"`, Do: Declare},
			{Name: "the rest", When: "true", Do: Notify, Channel: "#alerts"},
		},
	}
}

// world keeps what a store would keep, for one fingerprint of one source and the incidents that are open.
type world struct {
	t      testing.TB
	policy Policy
	now    time.Time
	last   Number
	known  map[string]*Alert // by fingerprint
	open   []incidents.Incident
	sent   int
	// incident finds one; nil: none is known.
	incident func(incidents.Number) (incidents.Incident, bool)

	silences []Silence
}

func newWorld(t testing.TB) *world {
	return &world{t: t, policy: usual(), now: noon, known: map[string]*Alert{}}
}

func (w *world) facts(known *Alert, group string) Facts {
	return Facts{
		Known: known, Next: w.last + 1, Incident: w.incident, Open: func() []incidents.Incident { return w.open },
		Group: func() (list []Alert) {
			for _, a := range w.known {
				if group != "" && a.Group == group && a.Incident != 0 {
					list = append(list, *a)
				}
			}
			return list
		},
		Silences: func(time.Time) []Silence { return w.silences },
	}
}

// hears lets a signal come from a source.
func (w *world) hears(source string, s Signal) Change {
	w.t.Helper()
	if err := w.policy.Compile(); err != nil {
		w.t.Fatal(err)
	}
	w.sent++
	h := Heard{Source: source, Signal: s.Clean(w.now), Delivery: fmt.Sprint("d", w.sent), Place: 1, At: w.now}
	return w.keeps(w.policy.Hear(h, w.facts(w.known[s.Fingerprint], s.Group)))
}

func (w *world) keeps(c Change) Change {
	if c.Alert == nil {
		return c
	}
	for _, cmd := range c.Do {
		if o, opening := cmd.Do.(incidents.Open); opening {
			in := incidents.Incident{Number: incidents.Number(len(w.open) + 1), Title: o.Title, Services: o.Services, Storm: o.Storm, Alerts: incidents.Alerts{Came: w.now}, DeclaredAt: w.now, DeclaredBy: cmd.Actor.Person(), Private: o.Private != nil && *o.Private}
			w.open = append([]incidents.Incident{in}, w.open...)
			c.Alert.Incident = in.Number
		}
		if _, attaching := cmd.Do.(incidents.AttachAlert); attaching {
			if i := slices.IndexFunc(w.open, func(in incidents.Incident) bool { return in.Number == cmd.Incident }); i >= 0 {
				w.open[i].Alerts.Came = w.now
			}
		}
	}
	w.last = max(w.last, c.Alert.Number)
	w.known[c.Alert.Fingerprint] = c.Alert
	return c
}

func (w *world) later(d time.Duration) { w.now = w.now.Add(d) }

func fire(severity Severity) Signal {
	return Signal{Fingerprint: "f", Status: Firing, Severity: severity, Title: "db is down", Service: "db", StartedAt: noon.Add(-time.Minute)}
}

func over() Signal {
	return Signal{Fingerprint: "f", Status: Resolved, Severity: Critical, Title: "db is down"}
}

// acts are what a change does with incidents, in words.
func acts(c Change) string {
	var all []string
	for _, cmd := range c.Do {
		switch act := cmd.Do.(type) {
		case incidents.Open:
			all = append(all, "open "+act.Title)
		case incidents.AttachAlert:
			all = append(all, "attach "+act.Alert.ID+" to "+cmd.Incident.String())
		case incidents.DetachAlert:
			all = append(all, "detach "+act.Alert.ID+" from "+cmd.Incident.String())
		case incidents.RefireAlert:
			all = append(all, "refire "+act.Alert.ID+" in "+cmd.Incident.String())
		case incidents.EndAlert:
			all = append(all, "end "+act.Alert.ID+" in "+cmd.Incident.String())
		}
	}
	return strings.Join(all, ", ")
}

func TestAnEpisode(t *testing.T) {
	w := newWorld(t)
	c := w.hears("prometheus", fire(Critical))
	if a := c.Alert; a.Number != 1 || a.Decision.Rule != "critical" || a.Decision.Action != Declare || a.Count != 1 || acts(c) != "open db is down" {
		t.Fatalf("%+v, %s", a, acts(c))
	}
	if open := c.Do[0].Do.(incidents.Open); !open.Triage || len(open.Alerts) != 1 || open.Services[0] != "db" || c.Do[0].Actor.ID != "integration:prometheus" {
		t.Errorf("%+v by %+v", open, c.Do[0].Actor)
	}
	w.later(time.Minute)
	if c = w.hears("prometheus", fire(Critical)); c.Alert.Count != 2 || acts(c) != "" || c.Alert.Number != 1 {
		t.Errorf("the same again: %+v %s", c.Alert, acts(c))
	}
	w.later(time.Minute)
	end := over()
	end.Title, end.Severity = "an alert without a title", Medium
	if c = w.hears("prometheus", end); acts(c) != "end AL-1 in INC-1" || c.Alert.Status != Resolved || !c.Alert.EndedAt.Equal(w.now) || c.Alert.Title != "db is down" || c.Alert.Severity != Critical {
		t.Errorf("over: %+v %s", c.Alert, acts(c))
	}
	if c = w.hears("prometheus", over()); acts(c) != "" || c.Alert.Count != 2 {
		t.Errorf("over once more: %+v %s", c.Alert, acts(c))
	}
	w.later(time.Minute)
	late := fire(Critical)
	if c = w.hears("prometheus", late); c.Alert.Number != 1 || c.Alert.Status != Resolved || acts(c) != "" {
		t.Errorf("what came late of an episode that is over began one: %+v %s", c.Alert, acts(c))
	}
	again := fire(Critical)
	again.StartedAt = w.now
	if c = w.hears("prometheus", again); c.Alert.Number != 2 || acts(c) != "attach AL-2 to INC-1" || !strings.Contains(c.Alert.Decision.Reason, "attached to it before") {
		t.Errorf("the next episode: %+v %s", c.Alert, acts(c))
	}
}

// TestWhatFiresAgainWithTheSameBeginning: what came late is told from what began again by when it was said, and by how late
// it is. What was only taken to be over never was.
func TestWhatFiresAgainWithTheSameBeginning(t *testing.T) {
	for name, c := range map[string]struct {
		ends  func(w *world)
		later time.Duration
		said  time.Duration // after it was over; 0: its source does not say
		again bool
	}{
		"at once":                          {nil, time.Minute, 0, false},
		"much later":                       {nil, 16 * time.Minute, 0, true},
		"said before it was over":          {nil, time.Hour, -time.Second, false},
		"said since, opened again there":   {nil, time.Second, time.Second, true},
		"after nothing was heard of it":    {func(w *world) { w.keeps(w.policy.Lapse(*w.known["f"], time.Time{}, w.now)) }, time.Minute, 0, true},
		"after nothing was heard, at once": {func(w *world) { w.keeps(w.policy.Lapse(*w.known["f"], time.Time{}, w.now)) }, 0, -time.Hour, true},
	} {
		w := newWorld(t)
		start := w.now
		w.hears("prometheus", Signal{Fingerprint: "f", Status: Firing, Severity: Critical, Title: "db is down", Service: "db", StartedAt: start})
		w.later(time.Hour)
		if c.ends == nil {
			w.hears("prometheus", over())
		} else {
			c.ends(w)
		}
		ended := w.now
		w.later(c.later)
		s := Signal{Fingerprint: "f", Status: Firing, Severity: Critical, Title: "db is down", Service: "db", StartedAt: start}
		if c.said != 0 {
			s.SaidAt = ended.Add(c.said)
		}
		got := w.hears("prometheus", s).Alert
		if again := got.Number == 2; again != c.again || again != got.Open() {
			t.Errorf("%s: it is %s, %s", name, got.Number, got.Status)
		}
	}
}

// TestNothingLapsesUnheard: what nobody listened to says nothing, so that every alert is given its time again.
func TestNothingLapsesUnheard(t *testing.T) {
	w := newWorld(t)
	w.policy.Quiet = map[string]time.Duration{"prometheus": 4 * time.Minute}
	w.hears("prometheus", fire(Critical))
	w.later(time.Hour)
	began := w.now
	c := w.keeps(w.policy.Lapse(*w.known["f"], began, w.now))
	if a := c.Alert; !a.Open() || !a.LapsesAt.Equal(began.Add(4*time.Minute)) {
		t.Errorf("at the start: %+v", a)
	}
	w.later(4 * time.Minute)
	if a := w.keeps(w.policy.Lapse(*w.known["f"], began, w.now)).Alert; a.Open() || !a.Lapsed || !strings.Contains(a.Decision.Reason, "Nothing was heard of it for 1 hour 4 minutes") {
		t.Errorf("four minutes later: %+v", a)
	}
}

func TestWhatIsHeardFirst(t *testing.T) {
	for name, s := range map[string]Signal{"over": over(), "an update": {Fingerprint: "f", Status: Update, Title: "x"}} {
		w := newWorld(t)
		c := w.hears("prometheus", s)
		if acts(c) != "" || c.Alert != nil && (c.Alert.Open() || c.Alert.Decision.Action != Ignore) {
			t.Errorf("%s before it fired: %+v %s", name, c.Alert, acts(c))
		}
		if c = w.hears("prometheus", fire(Critical)); acts(c) != "open db is down" {
			t.Errorf("and then: %+v %s", c.Alert, acts(c))
		}
	}
}

func TestASignalThatIsWorkedAgainCountsOnce(t *testing.T) {
	w := newWorld(t)
	if err := w.policy.Compile(); err != nil {
		t.Fatal(err)
	}
	h := Heard{Source: "prometheus", Signal: fire(Low).Clean(noon), Delivery: "d", Place: 3, At: noon}
	c := w.keeps(w.policy.Hear(h, w.facts(nil, "")))
	for _, place := range []int{1, 3} {
		h.Place = place
		if again := w.policy.Hear(h, w.facts(c.Alert, "")); again.Alert != nil || len(again.Do) > 0 {
			t.Errorf("place %d of the delivery that was heard: %+v", place, again)
		}
	}
	h.Place = 4
	if next := w.policy.Hear(h, w.facts(c.Alert, "")); next.Alert == nil || next.Alert.Count != 2 {
		t.Errorf("the next one: %+v", next.Alert)
	}
}

func TestWorseIsDecidedAnew(t *testing.T) {
	w := newWorld(t)
	if c := w.hears("prometheus", fire(Low)); c.Alert.Decision.Action != Notify {
		t.Fatalf("%+v", c.Alert.Decision)
	}
	if c := w.hears("prometheus", fire(Critical)); acts(c) != "open db is down" || c.Alert.Number != 1 {
		t.Errorf("%s, %+v", acts(c), c.Alert.Decision)
	}
	if c := w.hears("prometheus", fire(Low)); acts(c) != "" || c.Alert.Severity != Low || c.Alert.Incident != 1 {
		t.Errorf("%s, %+v", acts(c), c.Alert)
	}
}

// More changes than the rules allow become one alert that flaps, of which nobody is told; when it keeps still it is
// decided about again.
func TestFlapping(t *testing.T) {
	w := newWorld(t)
	w.policy.Rules = w.policy.Rules[2:]
	var last Change
	numbers := map[Number]bool{}
	for range 6 {
		s := fire(High)
		s.StartedAt = w.now
		last = w.hears("prometheus", s)
		numbers[last.Alert.Number] = true
		w.later(30 * time.Second)
		w.hears("prometheus", over())
		w.later(30 * time.Second)
	}
	if a := w.known["f"]; !a.Flapping || a.Decision.Rule != "flapping" || len(numbers) != 3 || !strings.Contains(a.Decision.Reason, "5 changes within 10 minutes") {
		t.Fatalf("%d episodes, %+v", len(numbers), a)
	}
	w.later(11 * time.Minute)
	s := fire(High)
	s.StartedAt = w.now
	if c := w.hears("prometheus", s); c.Alert.Flapping || c.Alert.Decision.Action != Notify || len(numbers) != 3 {
		t.Errorf("after it kept still: %+v", c.Alert)
	}
}

func TestNothingHeard(t *testing.T) {
	w := newWorld(t)
	c := w.hears("falco", fire(Critical))
	if want := noon.Add(time.Hour); !c.Alert.LapsesAt.Equal(want) {
		t.Fatalf("it lapses at %s, not %s", c.Alert.LapsesAt, want)
	}
	s := fire(Critical)
	s.Expires = noon.Add(4 * time.Minute)
	if c = w.hears("falco", s); !c.Alert.LapsesAt.Equal(s.Expires) {
		t.Errorf("it lapses at %s, not when its source says", c.Alert.LapsesAt)
	}
	w.later(time.Hour)
	c = w.keeps(w.policy.Lapse(*w.known["f"], time.Time{}, w.now))
	if acts(c) != "end AL-1 in INC-1" || c.Alert.Open() || !c.Alert.LapsesAt.IsZero() || !strings.Contains(c.Alert.Decision.Reason, "Nothing was heard of it for 1 hour") {
		t.Errorf("%+v %s", c.Alert, acts(c))
	}
}

// What people do is not undone by the next signal.
func TestPeopleDecide(t *testing.T) {
	w := newWorld(t)
	w.open = []incidents.Incident{{Number: 2, Title: "other", DeclaredAt: noon}, {Number: 1, Title: "db", Services: []string{"DB"}, DeclaredAt: noon.Add(-4 * time.Minute)}}
	c := w.hears("prometheus", fire(High))
	if acts(c) != "attach AL-1 to INC-1" || c.Alert.Decision.Reason != "Attached to INC-1: same service, 4 minutes apart." {
		t.Fatalf("%s: %s", acts(c), c.Alert.Decision.Reason)
	}
	bob := incidents.Actor{Kind: incidents.User, ID: "slack:T/B", Name: "bob"}
	c = w.keeps(w.known["f"].AttachTo(2, bob, "x", w.now))
	if acts(c) != "detach AL-1 from INC-1, attach AL-1 to INC-2" || c.Do[0].ID == c.Do[1].ID {
		t.Errorf("%s: %+v", acts(c), c.Do)
	}
	if again := w.known["f"].AttachTo(2, bob, "y", w.now); again.Alert != nil {
		t.Errorf("attached twice: %+v", again)
	}
	c = w.keeps(w.known["f"].Detach(bob, "z", w.now))
	if acts(c) != "detach AL-1 from INC-2" || c.Alert.Incident != 0 || c.Alert.Decision.By != "bob" {
		t.Errorf("%s: %+v", acts(c), c.Alert)
	}
	if c = w.hears("prometheus", fire(Critical)); acts(c) != "" || c.Alert.Incident != 0 {
		t.Errorf("decided over somebody's head: %s", acts(c))
	}
	w.hears("prometheus", over())
	next := fire(High)
	next.StartedAt = w.now.Add(time.Second)
	w.later(time.Minute)
	if c = w.hears("prometheus", next); acts(c) != "attach AL-2 to INC-1" {
		t.Errorf("the next episode, which was detached from INC-2 alone: %s", acts(c))
	}
}

// What somebody ignores leads to nothing until then, also when it begins anew; what somebody declares has the alert.
func TestPeopleIgnoreAndDeclare(t *testing.T) {
	w := newWorld(t)
	bob := incidents.Actor{Kind: incidents.User, ID: "slack:T/B", Name: "bob"}
	w.hears("prometheus", fire(High))
	c := w.keeps(w.known["f"].IgnoreUntil(noon.Add(time.Hour), bob, "we know", "", w.now))
	if c.Alert.Decision.Reason != "bob ignores it until 2026-11-26 13:00 UTC: we know." || c.Alert.Decision.Action != Ignore {
		t.Errorf("%+v", c.Alert.Decision)
	}
	again := func() Change {
		w.hears("prometheus", over())
		w.later(20 * time.Minute)
		s := fire(Critical)
		s.StartedAt = w.now
		return w.hears("prometheus", s)
	}
	if c = again(); c.Alert.Number != 2 || acts(c) != "" || c.Alert.Decision.By != "bob" {
		t.Errorf("within the hour: %s %+v", acts(c), c.Alert)
	}
	w.later(30 * time.Minute)
	if c = again(); c.Alert.Number != 3 || acts(c) != "open db is down" || !c.Alert.IgnoredUntil.IsZero() {
		t.Errorf("after it: %s %+v", acts(c), c.Alert)
	}
	w.known["f"].Incident = 0
	c, err := w.known["f"].DeclareBy(bob, incidents.Open{Severity: 2}, "x", w.now)
	if err != nil {
		t.Fatal(err)
	}
	if open := c.Do[0].Do.(incidents.Open); open.Title != "db is down" || open.Services[0] != "db" || len(open.Alerts) != 1 || c.Do[0].Actor != bob || c.Alert.Decision.By != "bob" {
		t.Errorf("%+v", c)
	}
	gone := *w.known["f"]
	gone.Status = Resolved
	if c, err = gone.DeclareBy(bob, incidents.Open{Severity: 2}, "y", w.now); err != nil || !c.Do[0].Do.(incidents.Open).Alerts[0].Over {
		t.Errorf("declared because of what is over: %+v, %v", c, err)
	}
	gone.Incident = 9
	if c, err = gone.DeclareBy(bob, incidents.Open{Severity: 2}, "z", w.now); c.Alert != nil || err == nil || !strings.Contains(err.Error(), "belongs to INC-9 already") {
		t.Errorf("declared of what belongs to an incident: %+v, %v", c, err)
	}
}

func TestStorm(t *testing.T) {
	w := newWorld(t)
	opened, attached := 0, 0
	for i := range 50 {
		s := Signal{Fingerprint: fmt.Sprint("f", i), Status: Firing, Severity: Critical, Title: fmt.Sprint("service ", i, " is down"), Service: fmt.Sprint("s", i)}
		switch c := w.hears("prometheus", s); {
		case strings.HasPrefix(acts(c), "open "):
			opened++
		case strings.HasPrefix(acts(c), "attach ") && c.Alert.Decision.Action == Attach:
			attached++
		}
	}
	if opened != 3 || attached != 47 || w.open[0].Title != StormTitle {
		t.Errorf("%d were opened, %d attached; the newest is %q", opened, attached, w.open[0].Title)
	}
	one := func(name string) string {
		return acts(w.hears("prometheus", Signal{Fingerprint: name, Status: Firing, Severity: Critical, Title: name, Service: name}))
	}
	w.open[0].Title = "renamed"
	w.later(4 * time.Minute)
	if got := one("late"); got != "attach AL-51 to INC-3" {
		t.Errorf("while it goes on: %s", got)
	}
	w.later(5 * time.Minute)
	if got := one("after"); got != "open after" {
		t.Errorf("once it is over: %s", got)
	}
}

// What is private never comes together with what is not, whichever began the storm and whatever brings an alert to it.
func TestAPrivateStormIsApart(t *testing.T) {
	for name, first := range map[string]int{"a public one begins": 0, "a private one begins": 1} {
		w := newWorld(t)
		w.policy.PrivateTypes = []string{"security"}
		rule := func(name string, do Action, change func(*Rule)) Rule {
			r := ruled(name, fmt.Sprintf("alert.labels.kind == %q", name), do)
			change(&r)
			return r
		}
		w.policy.Rules = []Rule{
			rule("plain", Declare, func(r *Rule) {}), rule("private", Declare, func(r *Rule) { r.Private = true }), rule("security", Declare, func(r *Rule) { r.Type = "security" }),
			rule("paging", Page, func(r *Rule) { r.Private = true }), rule("waking", Page, func(r *Rule) {}),
		}
		kinds := []string{"plain", "plain", "plain", "private", "plain", "security", "paging", "waking", "private"}
		if first == 1 {
			kinds[2], kinds[3] = kinds[3], kinds[2]
		}
		for i, kind := range kinds {
			s := Signal{Fingerprint: fmt.Sprint("f", i), Group: "g", Status: Firing, Severity: Critical, Title: kind, Labels: map[string]string{"kind": kind}}
			if kind == "waking" { // else its group brings it to the newest
				s.Group = ""
			}
			c := w.hears("prometheus", s)
			in := w.open[len(w.open)-int(c.Alert.Incident)]
			private := kind != "plain" && kind != "waking"
			if in.Private != private || i > 1 && in.Title != StormTitle {
				t.Errorf("%s: %d, a %s one, is in %+v", name, i, kind, in)
			}
		}
		if len(w.open) != 4 {
			t.Errorf("%s: %d were opened", name, len(w.open))
		}
	}
}

func TestShadowAndTrouble(t *testing.T) {
	w := newWorld(t)
	w.policy.Rules = []Rule{
		{Name: "greedy", When: `len(filter(1..1000000, # > 0)) > 0`, Do: Declare},
		{Name: "would", When: `alert.severity == "critical"`, Do: Declare, Shadow: true},
		{Name: "nowhere", When: "true", Do: Attach},
		{Name: "noise", When: `alert.labels["env"] == "test"`, Do: Ignore, Reason: "It is a test."},
	}
	s := fire(Critical)
	s.Labels = map[string]string{"env": "test"}
	d := w.hears("prometheus", s).Alert.Decision
	if d.Action != Ignore || d.Rule != "noise" || !strings.Contains(d.Reason, "It is a test.") || !strings.Contains(d.Reason, `"greedy" could not be asked`) || len(d.Shadow) != 1 || d.Shadow[0].Action != Declare {
		t.Errorf("%+v", d)
	}
	s.Fingerprint, s.Labels = "g", nil
	if d := w.hears("prometheus", s).Alert.Decision; d.Action != Ignore || d.Rule != "" || !strings.Contains(d.Reason, "No rule holds") {
		t.Errorf("%+v", d)
	}
}

func TestInstead(t *testing.T) {
	w := newWorld(t)
	w.policy.Channel = "#incidents"
	if err := w.policy.Compile(); err != nil {
		t.Fatal(err)
	}
	h := Heard{Source: "prometheus", Signal: fire(Critical).Clean(noon), Delivery: "d", Place: 1, At: noon}
	c := w.policy.Instead("There is no type x.").Hear(h, w.facts(nil, ""))
	if acts(c) != "" || c.Alert.Channel != "#incidents" || c.Alert.Decision.Rule != "refused" || !strings.Contains(c.Alert.Decision.Reason, "There is no type x.") {
		t.Errorf("%s %+v", acts(c), c.Alert)
	}
}

func TestDrillsAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	w.open = []incidents.Incident{{Number: 1, Drill: true, Services: []string{"db"}}}
	if c := w.hears("prometheus", fire(High)); acts(c) != "" || c.Alert.Decision.Action != Notify {
		t.Errorf("%s %+v", acts(c), c.Alert.Decision)
	}
}
