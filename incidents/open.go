package incidents

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Open opens an incident, or records one that is over.
type Open struct {
	Title    string
	Summary  string
	Severity Severity
	Type     string // empty: DefaultType
	Private  *bool  // nil: as the type says
	Drill    bool
	Storm    bool // it is for many alerts at once
	Services []string
	Started  time.Time // of the impact; zero where unknown
	Resolved time.Time // of one that is over; zero where it goes on
	From     *Source   // the message that it is opened from; nil: none
	// Alerts are those that it is opened because of; Why is the reason.
	Alerts []Alert
	Why    string
	Triage bool // it begins in triage: is it an incident, and how bad?
	// Suggestion is how severe it may well be. It counts as suggested where Severity is another one, or unset.
	Suggestion Suggestion
	// Roles are who is to have which role: a person or a group ("@oncall"), by the role's name.
	Roles map[string]string
	// Wake is who is woken because of it; nil: nobody.
	Wake *Wake
}

// Suggestion is how severe an incident may well be, and why: clauses that name no other incident.
type Suggestion struct {
	Severity Severity `json:"severity"`
	Why      []string `json:"why,omitempty"`
}

// DefaultType is the type of an incident of which nobody said otherwise.
const DefaultType = "incident"

// Verb is "open"; it has no row in the lifecycle, for there is no incident yet.
func (Open) Verb() string { return "open" }

func (o Open) decide(d *decision) error {
	title, err := checkTitle(o.Title, Say{Verb: "open", Args: "sev1 checkout is down"})
	if err != nil {
		return err
	}
	if err := d.checkSeverity(o.Severity); err != nil {
		return err
	}
	if err := o.checkTimes(d.now); err != nil {
		return About("started", err)
	}
	summary := clean(o.Summary)
	if n := len([]rune(summary)); n > MaxText {
		return About("summary", Invalid("The summary has %d characters, at most %d fit. Shorten it.", n, MaxText))
	}
	typ := DefaultType
	if Tidy(o.Type) != "" {
		if typ, err = d.checkType(o.Type, Say{Verb: "type", Args: "security"}); err != nil {
			return About("type", err)
		}
	}
	services, err := d.services(o.Services)
	if err != nil {
		return About("services", err)
	}
	private := contains(d.rules.PrivateTypes, typ)
	if o.Private != nil {
		private = *o.Private
	}
	d.in.Title, d.in.Summary, d.in.Type, d.in.Private, d.in.Services = title, summary, typ, private, services
	o.first(d)
	roles, err := d.rules.rolesFor(o.Roles)
	if err != nil {
		return err
	}
	if o.Resolved.IsZero() {
		d.in.Calls = d.rules.calls(d.in)
		d.callFor(roles)
	}
	d.event(Declared, declaredText(d.in), "title", title, "summary", summary, "severity", o.Severity.String(), "type", typ,
		"private", private, "drill", o.Drill, "storm", o.Storm, "services", d.in.Services, "status", string(d.in.Status),
		"impact_started", stamp(o.Started), "calls", d.in.Calls, "backfilled", d.in.Backfilled, "roles", roles)
	if len(roles) > 0 {
		d.tell(RolesDue, Fireboss.Person())
	}
	d.begin(o.From)
	if err := d.because(o); err != nil {
		return err
	}
	if d.in.Backfilled {
		d.finish(Resolved, EndedResolved, o.Resolved, "recorded afterwards")
		return nil
	}
	d.checklist()
	return nil
}

// first is how an incident stands at first, but for what is checked.
func (o Open) first(d *decision) {
	by := d.cmd.Actor.Person()
	d.in.Severity, d.in.Drill, d.in.Storm, d.in.TLP, d.in.Status = o.Severity, o.Drill, o.Storm, "AMBER", o.firstStatus()
	d.in.DeclaredBy, d.in.DeclaredAt = by, d.now
	if d.cmd.Actor.Kind == User { // a program that declares does not come
		d.in.Responders = []Person{by}
	}
	d.in.Times = Times{Declared: d.now, Detected: d.now}
	if d.in.Backfilled = !o.Resolved.IsZero(); d.in.Backfilled {
		d.in.Times.Detected = time.Time{} // long ago, and nobody has said when
	}
	d.in.Watch.Opened, d.in.Watch.Acted = d.now, d.now
	if !o.Started.IsZero() {
		d.in.Times.ImpactStarted = o.Started.UTC().Truncate(time.Millisecond)
	}
}

// because attaches the alerts that an incident is opened for.
func (d *decision) because(o Open) error {
	for _, a := range o.Alerts {
		if err := (AttachAlert{Alert: a, Why: o.Why}).decide(d); err != nil {
			return err
		}
	}
	d.suggest(o)
	if o.Wake != nil {
		d.rouse(*o.Wake)
	}
	return nil
}

// suggest keeps how severe it may well be, and why.
func (d *decision) suggest(o Open) {
	s := o.Suggestion
	if s.Severity < 1 || s.Severity > 5 {
		return
	}
	d.in.Suggestion = Suggestion{Severity: s.Severity, Why: slices.Clone(s.Why)}
	line := s.Severity.String() + " is suggested"
	if o.Severity == s.Severity {
		line = s.Severity.String() + ", as it is suggested"
	}
	d.event(SeveritySuggested, because(line, strings.Join(s.Why, ", ")), "severity", s.Severity.String(), "reasons", s.Why)
}

// firstStatus is where its life begins.
func (o Open) firstStatus() Status {
	if o.Triage {
		return Triage
	}
	return Investigating
}

func declaredText(in Incident) string {
	what := in.Severity.String() + " incident"
	if in.Severity == Unset {
		what = "incident"
	}
	if in.Drill {
		what = "practice " + what
	}
	if in.Private {
		what = "private " + what
	}
	return "Declared " + what + ": " + in.Title
}

func (o Open) checkTimes(now time.Time) error {
	example := Say{Verb: "open", Args: "--started 14:02 checkout is down"}
	switch {
	case longAgo(o.Started) || longAgo(o.Resolved):
		return Invalid("It can hardly have been so long ago (before %d). Example: %s", firstYear, example)
	case inFuture(o.Started, now):
		return Invalid("The impact cannot have started in the future (%s). Example: %s", instant(o.Started), example)
	case inFuture(o.Resolved, now):
		return Invalid("It cannot have been resolved in the future (%s). Example: %s", instant(o.Resolved), example)
	case !o.Resolved.IsZero() && !o.Started.IsZero() && o.Resolved.Before(o.Started):
		return Invalid("It cannot have been resolved (%s) before it started (%s). Example: %s", instant(o.Resolved), instant(o.Started), example)
	}
	return nil
}

func checkTitle(s string, example Say) (string, error) {
	title := Tidy(s)
	if !strings.ContainsFunc(title, visible) {
		return "", Missing("title", "What is wrong? A few words are enough. Example: %s", example)
	}
	if n := len([]rune(title)); n > MaxTitle {
		return "", About("title", Invalid("The title has %d characters, at most %d fit. Give a short one and put the rest into the summary. Example: %s", n, MaxTitle, example))
	}
	return title, nil
}

// visible reports whether a character leaves a mark where it is written.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// stamp writes a moment as the contract has it; empty for zero.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// told is a moment in a sentence, to the second where that matters.
func told(t time.Time) string { return toldIn(t, time.UTC) }

func toldIn(t time.Time, zone *time.Location) string {
	layout := "2006-01-02 15:04 MST"
	if t.Second() != 0 {
		layout = "2006-01-02 15:04:05 MST"
	}
	return t.In(zone).Format(layout)
}

// inFuture allows a minute, for clocks differ.
func inFuture(t, now time.Time) bool { return t.After(now.Add(time.Minute)) }
