package alerts

import (
	"time"

	"fireboss/incidents/alerts/condition"
)

// Condition is when a rule holds, over what [Env] knows.
type Condition = condition.Condition[Env]

// Title is the title of an incident that a rule declares: a text with expressions over the same between {{ and }}.
type Title = condition.Template[Env]

// Env is what a condition can speak of: alert, open and now.
type Env struct {
	Alert Alert
	Open  Open
	Now   time.Time // in the time zone of the calendar
	// Office says that it lies in the calendar's office hours.
	Office bool
}

// Open is what is open when an alert is decided about: drills are not counted.
type Open struct {
	Count           int  // of incidents
	SameService     bool // one has the alert's service
	SameGroup       bool // one has an alert of the same group
	SameFingerprint bool // one had this alert before
}

// Names are what stands in docs/alerts.md: structs, so that a name that is not in one is a mistake.
func (e Env) Names() map[string]any {
	a := e.Alert
	return map[string]any{
		"alert": alertNames{
			Source: a.Source, Fingerprint: a.Fingerprint, Group: a.Group, Status: string(a.Status), Severity: string(a.Severity),
			Title: a.Title, Description: a.Description, Service: a.Service, URL: a.URL, Count: a.Count, Labels: a.Labels,
		},
		"open": openNames(e.Open),
		"now":  nowNames{e.Now.Hour(), e.Now.Minute(), e.Now.Weekday().String(), e.Office},
	}
}

type alertNames struct {
	Source      string            `expr:"source"`
	Fingerprint string            `expr:"fingerprint"`
	Group       string            `expr:"group"`
	Status      string            `expr:"status"`
	Severity    string            `expr:"severity"`
	Title       string            `expr:"title"`
	Description string            `expr:"description"`
	Service     string            `expr:"service"`
	URL         string            `expr:"url"`
	Count       int               `expr:"count"`
	Labels      map[string]string `expr:"labels"`
}

type openNames struct {
	Count           int  `expr:"count"`
	SameService     bool `expr:"same_service"`
	SameGroup       bool `expr:"same_group"`
	SameFingerprint bool `expr:"same_fingerprint"`
}

type nowNames struct {
	Hour    int    `expr:"hour"`
	Minute  int    `expr:"minute"`
	Weekday string `expr:"weekday"`
	Office  bool   `expr:"office"`
}

// What the conditions of all rules together may take for one alert: real ones take a dozen steps.
const (
	conditionSteps = 20_000
	conditionBytes = 1 << 20
)

// rule is a rule whose condition is compiled.
type rule struct {
	Rule
	when  *condition.Program[Env]
	title *condition.Wording[Env]
}

// Compile makes the rules and the heartbeats ready. An error is about one whose condition is none; a configuration was checked before.
func (p *Policy) Compile() error {
	p.rules = make([]rule, len(p.Rules))
	for i, r := range p.Rules {
		program, err := r.When.Compile()
		if err != nil {
			return err
		}
		title, err := r.Title.Compile()
		if err != nil {
			return err
		}
		p.rules[i] = rule{r, program, title}
	}
	p.heartbeats = make([]heartbeat, len(p.Heartbeats))
	for i, h := range p.Heartbeats {
		program, err := h.When.Compile()
		if err != nil {
			return err
		}
		p.heartbeats[i] = heartbeat{h, program}
	}
	return p.compileWindows()
}
