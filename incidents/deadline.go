package incidents

import (
	"slices"
	"strings"
	"time"
)

// Deadline is when something is due of somebody, by a rule of the policy.
type Deadline struct {
	// Rule is the key under clock: acknowledge, commander, …, or a regulation and
	// its stage: gdpr.notification. A word that comes before something is due has
	// one of its own behind a dot: update.before, mitigate.at_risk; see
	// [Deadline.Early].
	Rule string    `json:"rule"`
	Due  time.Time `json:"due"`
	For  string    `json:"for"` // whose duty it is: commander, responders
	// From is where the rule counts from: the declaration, the last update.
	From time.Time `json:"from,omitzero"`
	// AtRisk is when a target begins to be at risk; zero where there is no such moment.
	AtRisk time.Time `json:"at_risk,omitzero"`
	// Occurrence is how often this rule has reminded already.
	Occurrence int `json:"occurrence,omitempty"`
	// Snoozed says that it was put off by hand.
	Snoozed bool `json:"snoozed,omitempty"`
	// Date is when it is due where Due is only when people are reminded next: what
	// a law sets moves for no reminder. Title and Why are then its words.
	Date  time.Time `json:"date,omitzero"`
	Title string    `json:"title,omitempty"`
	Why   string    `json:"why,omitempty"`
}

// early are the ends of the names of words that come before something is due, or
// about something that is due to nobody.
var early = []string{".before", ".at_risk", ".offered", ".alerts"}

// Early reports whether this is such a word, which is shown nowhere by itself.
func (d Deadline) Early() bool { return d.About() != d.Rule }

// Legal reports whether it is the stage of a regulation, which is urgent at any
// hour and cannot be put off.
func (d Deadline) Legal() bool { return strings.Contains(d.About(), ".") }

// Lasting reports whether it outlasts its incident.
func (d Deadline) Lasting() bool {
	return d.Legal() || d.Rule == ruleFollowup || d.Rule == rulePostmortem
}

// Bundled reports whether what is due of several incidents at one time is said to
// a person in one message.
func (d Deadline) Bundled() bool { return d.Rule == ruleFollowup }

// By is the moment that people are told it is due by.
func (d Deadline) By() time.Time {
	if !d.Date.IsZero() {
		return d.Date
	}
	return d.Due
}

// State is pending, at_risk from the moment when a target is in danger, or
// snoozed.
func (d Deadline) State(now time.Time) string {
	switch {
	case d.Snoozed:
		return "snoozed"
	case !d.AtRisk.IsZero() && !now.Before(d.AtRisk):
		return "at_risk"
	}
	return "pending"
}

// Shown are the deadlines that people see, the first due first.
func (in Incident) Shown() []Deadline {
	list := slices.DeleteFunc(slices.Clone(in.Deadlines), Deadline.Early)
	slices.SortStableFunc(list, func(a, b Deadline) int { return a.By().Compare(b.By()) })
	return list
}

// Next is the deadline that is due first, if there is one.
func (in Incident) Next() (Deadline, bool) {
	list := in.Shown()
	if len(list) == 0 {
		return Deadline{}, false
	}
	return list[0], true
}

// Names of rules, which are keys under clock, and of the words before them.
const (
	ruleAcknowledge  = "acknowledge"
	ruleCommander    = "commander"
	ruleSeverity     = "severity"
	ruleUpdate       = "update"
	ruleMitigate     = "mitigate"
	ruleResolve      = "resolve"
	ruleCommand      = "command"
	ruleStale        = "stale"
	ruleClose        = "close"
	rulePostmortem   = "postmortem"
	ruleFollowup     = "followup"
	beforeUpdate     = ruleUpdate + ".before"
	mitigateAtRisk   = ruleMitigate + ".at_risk"
	resolveAtRisk    = ruleResolve + ".at_risk"
	commandOffered   = ruleCommand + ".offered" // nobody has answered an offer of command
	rulesInAll       = ""                       // the key of what is snoozed whole
	responders       = "responders"
	maxUpdateNags    = 3 // reminders of one update; each is a whole period behind the one before
	maxStaleNags     = 3
	onceAndNoOftener = 1
)

// Deadlines are all that follow from the incident as it is.
func (r Rules) Deadlines(in Incident) []Deadline {
	p := planner{rules: r, in: in}
	p.list = r.running(in)
	p.legal()
	p.postmortem()
	p.followups()
	return p.list
}

// running are the deadlines of the incident itself, which end with it.
func (r Rules) running(in Incident) []Deadline {
	if in.Watch.Opened.IsZero() { // of a store that did not keep it yet
		in.Watch.Opened, in.Watch.Acted = in.DeclaredAt, in.DeclaredAt
	}
	p := planner{rules: r, in: in}
	c, t, sev := r.Clock, in.Times, in.Severity
	if in.Status == Resolved && !in.Backfilled {
		p.nag(ruleClose, CommanderRole, t.Resolved, c.Close, Unset)
	}
	if in.Status.Ended() {
		return p.list
	}
	if t.Acknowledged.IsZero() {
		p.nag(ruleAcknowledge, responders, in.Watch.Opened, c.Acknowledge, sev)
	}
	if _, led := in.Commander(); !led {
		p.nag(ruleCommander, responders, later(in.Watch.Opened, in.Watch.Unled), c.Commander, sev)
	} else {
		p.add(ruleCommand, in.InCommand, c.Command[sev], 0, onceAndNoOftener)
	}
	if in.Handoff != nil {
		p.add(commandOffered, in.Handoff.At, offerWaits, 0, onceAndNoOftener)
	}
	if sev == Unset {
		p.nag(ruleSeverity, CommanderRole, in.Watch.Opened, c.Severity, sev)
	}
	p.update()
	basis := t.ImpactStarted
	if basis.IsZero() {
		basis = t.Detected
	}
	if t.Mitigated.IsZero() {
		p.target(ruleMitigate, basis, c.Mitigate[sev], c.MitigateAtRisk)
	}
	p.target(ruleResolve, basis, c.Resolve[sev], c.ResolveAtRisk)
	p.add(ruleStale, in.Watch.Acted, c.Stale[sev], c.Stale[sev], maxStaleNags)
	if at := r.ResolvesAt(in); !at.IsZero() {
		p.list = append(p.list, Deadline{Rule: resolveByAlerts, From: in.Alerts.Over, Due: at})
	}
	return p.list
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// planner collects the deadlines of one incident.
type planner struct {
	rules Rules
	in    Incident
	list  []Deadline
}

func (p *planner) nag(rule, whose string, from time.Time, n Nag, sev Severity) {
	p.add(rule, from, n.After[sev], n.Every, n.Times)
	if i := len(p.list) - 1; i >= 0 && p.list[i].Rule == rule {
		p.list[i].For = whose
	}
}

// add is a deadline of the commander's: after so long, then every so often, so
// many times in all. What was reminded of for another beginning does not count.
func (p *planner) add(rule string, from time.Time, after, every time.Duration, times int) {
	if after <= 0 || from.IsZero() {
		return
	}
	d := Deadline{Rule: rule, From: from, Due: from.Add(after), For: CommanderRole}
	if was := p.in.Watch.Reminded[rule]; was.Times > 0 && was.From.Equal(from) {
		if every <= 0 || was.Times >= times {
			return
		}
		d.Occurrence, d.Due = was.Times, was.Last.Add(every)
	}
	p.put(d)
}

// put shifts a deadline to when people may be reminded of it.
func (p *planner) put(d Deadline) {
	for _, key := range []string{rulesInAll, d.About()} {
		if until := p.in.Watch.Snoozed[key]; until.After(d.Due) {
			d.Due, d.Snoozed = until, true
		}
	}
	if !urgent(p.in, d) {
		d.Due = p.rules.Clock.Office.Next(later(d.Due, p.in.Watch.Waits[d.Rule]))
	}
	if first, _ := stepFor(d); first != toPerson { // what a group cannot be told goes to the channel, too
		d.Due = p.calm(d.Due)
	}
	p.list = append(p.list, d)
}

// About is the rule that a deadline belongs to: update for update.before.
func (d Deadline) About() string {
	for _, end := range early {
		if rule, ok := strings.CutSuffix(d.Rule, end); ok {
			return rule
		}
	}
	return d.Rule
}

// urgent reports whether something cannot wait for office hours: what has a
// severity beyond the second can, and so can what only keeps things tidy.
func urgent(in Incident, d Deadline) bool {
	switch d.About() {
	case ruleStale, ruleClose, rulePostmortem, ruleFollowup:
		return false
	case ruleUpdate:
		if !in.Update.Next.IsZero() {
			return true // somebody has promised it for then
		}
	}
	return d.Legal() || in.Severity <= 2 // unset too: nobody knows how bad it is
}

// calm is the first moment, from when something is due, at which the channel can
// bear another reminder.
func (p *planner) calm(due time.Time) time.Time {
	c, w := p.rules.Clock, p.in.Watch
	if !w.ChannelLast.IsZero() {
		due = later(due, w.ChannelLast.Add(c.Gap))
	}
	if hour := w.Opened.Add(time.Hour); c.FirstHour > 0 && w.ChannelFirst >= c.FirstHour && due.Before(hour) {
		due = hour
	}
	return due
}

// target is a deadline that is at risk some time before.
func (p *planner) target(rule string, from time.Time, after time.Duration, risk float64) {
	var atRisk time.Time
	if risk > 0 && risk < 1 {
		part := time.Duration(float64(after) * risk)
		atRisk = from.Add(part)
		p.add(rule+".at_risk", from, part, 0, onceAndNoOftener)
	}
	p.add(rule, from, after, 0, onceAndNoOftener)
	if i := len(p.list) - 1; i >= 0 && p.list[i].Rule == rule {
		p.list[i].AtRisk = atRisk
	}
}

// update is when people expect to hear again: when it was promised, or else by
// the policy from the last update or the declaration.
func (p *planner) update() {
	every := p.rules.Clock.Update[p.in.Severity]
	from := later(p.in.Update.At, p.in.Watch.Opened)
	after := every
	if next := p.in.Update.Next; !next.IsZero() {
		after = next.Sub(from)
		every = max(every, after)
	}
	if before := p.rules.Clock.UpdateBefore; before > 0 && after > before {
		p.add(beforeUpdate, from, after-before, 0, onceAndNoOftener)
	}
	p.add(ruleUpdate, from, after, every, maxUpdateNags)
}

// duties say in words what a deadline wants.
var duties = map[string]string{
	ruleAcknowledge: "acknowledge", ruleCommander: "somebody takes command", ruleSeverity: "choose a severity", ruleUpdate: "status update",
	ruleMitigate: "target: mitigated", ruleResolve: "target: resolved", ruleCommand: "hand over command", ruleStale: "say whether it goes on", ruleClose: "close it",
	rulePostmortem: "postmortem in review", ruleFollowup: "follow-ups",
}

// Duty says in words what is due.
func (d Deadline) Duty() string {
	if d.Title != "" {
		return d.Title
	}
	if what, ok := duties[d.Rule]; ok {
		return what
	}
	return d.Rule
}
