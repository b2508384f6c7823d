package incidents

import (
	"strings"
	"testing"
	"time"
)

// machine is who says what becomes of alerts.
var machine = Actor{Kind: Integration, ID: "integration:falco", Name: "falco", Admin: true}

func automatic(id string) Alert {
	return Alert{ID: id, Source: "falco", Title: "a shell", Severity: "high", Auto: "shells"}
}

// attended is an incident that a rule declared for an alert, by which it is over when the alert is.
func attended(t *testing.T) *history {
	t.Helper()
	h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon, behind: map[OutsideID][]Event{}}
	h.rules.Quiet = 15 * time.Minute
	h.rings(Open{Title: "a shell", Triage: true, Severity: 3, Alerts: []Alert{automatic("AL-1")}})
	return h.later(time.Minute)
}

// Somebody may declare an incident for an alert that is over already: it has none that fires.
func TestOpenedForWhatIsOver(t *testing.T) {
	for over, firing := range map[bool]int{true: 0, false: 1} {
		h := begin(t, Open{Title: "a shell", Alerts: []Alert{{ID: "AL-1", Source: "falco", Title: "a shell", Over: over}}})
		if c := h.in.Alerts; c.Total != 1 || c.Firing != firing || c.Over.IsZero() == over {
			t.Errorf("over %v: %+v", over, c)
		}
	}
}

// rings lets monitoring do something.
func (h *history) rings(act Act) Change {
	h.t.Helper()
	change, err := h.try(machine, act)
	if err != nil {
		h.t.Fatalf("%#v: %v", act, err)
	}
	return change
}

// clock lets the clock look what is due.
func (h *history) clock() Change {
	h.t.Helper()
	change, err := h.try(Fireboss, Remind{})
	if err != nil {
		h.t.Fatal(err)
	}
	return change
}

func TestAnIncidentIsOverWhenItsAlertsAre(t *testing.T) {
	h := attended(t)
	h.rings(EndAlert{Alert: automatic("AL-1")})
	if h.in.Status != Monitoring || !h.rules.ResolvesAt(h.in).Equal(h.at.Add(15*time.Minute)) {
		t.Fatalf("it is %s, and over at %s", h.in.Status, h.rules.ResolvesAt(h.in))
	}
	for _, d := range h.in.Shown() {
		if strings.HasPrefix(d.Rule, ruleResolve+".") {
			t.Errorf("people are shown that %+v is due", d)
		}
	}
	h.later(14 * time.Minute).clock()
	if h.in.Status != Monitoring {
		t.Errorf("too soon it is %s", h.in.Status)
	}
	if h.later(2 * time.Minute).clock(); h.in.Status != Resolved || h.in.EndedAs != EndedResolved || !strings.Contains(h.last().Text, `the rule "shells" says so`) {
		t.Errorf("then it is %s: %s", h.in.Status, h.last().Text)
	}
	nothing(t, h.clock())
	h.does(alice, Reopen{Why: "it is back"})
	if h.in.Alerts.Left != "alice changed the status" {
		t.Errorf("reopened it has %+v", h.in.Alerts)
	}
}

func TestPeopleKnowBetter(t *testing.T) {
	for what, c := range map[string]struct {
		do   func(h *history)
		left string
	}{
		"status":            {func(h *history) { h.does(bob, ChangeStatus{To: Identified}) }, "bob changed the status"},
		"severity raised":   {func(h *history) { h.does(bob, ChangeSeverity{To: 1}) }, "bob raised the severity"},
		"severity lowered":  {func(h *history) { h.does(bob, ChangeSeverity{To: 5}) }, ""},
		"a note":            {func(h *history) { h.does(bob, AddNote{Text: "looks good"}) }, ""},
		"attached by hand":  {func(h *history) { h.does(bob, AttachAlert{Alert: Alert{ID: "AL-2", Over: true}}) }, "bob attached an alert"},
		"it fires again":    {func(h *history) { h.rings(RefireAlert{Alert: automatic("AL-1")}) }, "AL-1 fires again"},
		"another one fires": {func(h *history) { h.rings(AttachAlert{Alert: automatic("AL-2")}) }, "AL-2 fires"},
		"a field is missing": {func(h *history) {
			h.rules.Types = []Type{{Name: "incident", Fields: []Field{{Name: "cause", Required: BeforeResolve}}}}
			h.later(20 * time.Minute).clock()
		}, "INC-1 is of the type incident and cannot be resolved before cause is set"},
	} {
		h := attended(t)
		h.rings(EndAlert{Alert: automatic("AL-1")})
		c.do(h)
		if h.in.Alerts.Left != c.left && (c.left == "" || !strings.HasPrefix(h.in.Alerts.Left, c.left)) {
			t.Errorf("%s: left for %q, want %q", what, h.in.Alerts.Left, c.left)
		}
		for _, id := range []string{"AL-1", "AL-2"} {
			h.rings(EndAlert{Alert: automatic(id)})
		}
		h.later(time.Hour).clock()
		if over := h.in.Status == Resolved; over != (c.left == "") {
			t.Errorf("%s: in the end it is %s", what, h.in.Status)
		}
	}
}

func TestOnlyWhereAllRulesSaySo(t *testing.T) {
	h := attended(t)
	h.rings(AttachAlert{Alert: Alert{ID: "AL-2", Source: "falco"}})
	h.rings(EndAlert{Alert: automatic("AL-1")})
	h.rings(EndAlert{Alert: Alert{ID: "AL-2"}})
	if h.in.Status != Triage || h.in.Alerts.Over.IsZero() {
		t.Errorf("with an alert of another rule it is %s, %+v", h.in.Status, h.in.Alerts)
	}
	h = attended(t)
	h.rules.Quiet = 0
	h.rings(EndAlert{Alert: automatic("AL-1")})
	h.later(24 * time.Hour).clock()
	if h.in.Status != Monitoring {
		t.Errorf("where nothing is resolved by itself it is %s", h.in.Status)
	}
}

func TestARuleWakesSomebody(t *testing.T) {
	for what, c := range map[string]struct {
		paging []Paging
		who    string
		note   string // empty: somebody is woken
	}{
		"by name":         {[]Paging{oneKey}, "checkout", ""},
		"on call":         {[]Paging{oneKey}, "", ""},
		"nobody can":      {nil, "", NobodyWoken},
		"there is no way": {[]Paging{someKeys}, "checkout", `Nobody was woken: PagerDuty cannot be asked for "checkout".`},
		"nor to all":      {[]Paging{someKeys}, "", "Nobody was woken: no paging integration has a way to the services of INC-1."},
	} {
		h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon, behind: map[OutsideID][]Event{}}
		h.rules.Paging = c.paging
		wake := &Wake{Who: c.who, Text: "a shell"}
		h.rings(Open{Title: "a shell", Alerts: []Alert{automatic("AL-1")}, Wake: wake, Roles: map[string]string{"IC": "@oncall"}})
		h.rings(AttachAlert{Alert: automatic("AL-2"), Wake: wake}) // they are being woken already
		notes := 0
		for _, e := range h.events {
			if e.Kind == NoteAdded && strings.HasPrefix(e.Text, c.note) {
				notes++
			}
		}
		if woken := len(h.in.Pages) == 1; woken != (c.note == "") || notes != 1-len(h.in.Pages) {
			t.Errorf("%s: %+v, %d notes", what, h.in.Pages, notes)
		}
		if len(h.in.Calls) != 1 || h.in.Calls[0] != "@oncall" || h.events[0].Field("roles") == "" {
			t.Errorf("%s: called are %v, %s", what, h.in.Calls, h.events[0].Data)
		}
		if c.note == "" {
			h.rings(PageOutcome{Key: h.in.Pages[0].Key, State: PageFailed, Why: "it is down"})
			if h.last().Kind != NoteAdded || !strings.HasPrefix(h.last().Text, "Nobody was woken: it is down. It was to be whoever is on call") {
				t.Errorf("%s: that it failed is told by %s %q", what, h.last().Kind, h.last().Text)
			}
			h.rings(AttachAlert{Alert: automatic("AL-3"), Wake: wake})
			if len(h.in.Pages) != 2 {
				t.Errorf("%s: after it failed there are %+v", what, h.in.Pages)
			}
		}
	}
	h := &history{t: t, rules: policy(), in: Incident{Number: 1}, at: noon, behind: map[OutsideID][]Event{}}
	if _, err := h.try(machine, Open{Title: "a shell", Roles: map[string]string{"king": "@bob"}}); err == nil || !strings.Contains(err.Error(), `"king" is not a role`) {
		t.Errorf("a role that is none: %v", err)
	}
}
