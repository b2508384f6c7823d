package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Watch is what the clock keeps of an incident.
type Watch struct {
	Opened   time.Time            `json:"opened"`             // since when it is open: declared, or reopened
	Unled    time.Time            `json:"unled,omitzero"`     // since when nobody commands it any more
	Acted    time.Time            `json:"acted"`              // when people last did something, to the hour
	Reminded map[string]Reminded  `json:"reminded,omitempty"` // by rule
	Snoozed  map[string]time.Time `json:"snoozed,omitempty"`  // by rule, until when; "" is all of them
	Waits    map[string]time.Time `json:"waits,omitempty"`    // by rule, for office hours: until when
	// When the channel was last reminded, and how often in its first hour.
	ChannelLast  time.Time `json:"channel_last,omitzero"`
	ChannelFirst int       `json:"channel_first,omitempty"`
	Unwoken      bool      `json:"unwoken,omitempty"` // it was said that the clock can wake nobody
	// Tallies count by rule, a key under clock or a regulation and its stage, since
	// the incident was declared.
	Tallies map[string]Tally `json:"tallies,omitempty"`
}

// Reminded is how often a rule has reminded since where it counts from.
type Reminded struct {
	From  time.Time `json:"from"`
	Times int       `json:"times"`
	Last  time.Time `json:"last"`
}

// step is whom a reminder goes to.
type step string

// The steps of the ladders. What goes to a person or a group is said directly.
const (
	toPerson  step = "person"
	toChannel step = "channel"
	toGroup   step = "group" // those whom the policy calls
	toPage    step = "page"  // they, and whoever is on call in the paging integration is woken
)

// ladders say whom each reminder of a rule goes to; the last step is repeated.
// Targets are between the clock and the commander.
var ladders = map[string][]step{
	ruleAcknowledge: {toChannel, toGroup, toPage},
	ruleCommander:   {toChannel, toGroup, toPage},
	ruleSeverity:    {toPerson, toChannel},
	ruleUpdate:      {toChannel},
	beforeUpdate:    {toPerson},
	ruleMitigate:    {toPerson},
	mitigateAtRisk:  {toPerson},
	ruleResolve:     {toPerson},
	resolveAtRisk:   {toPerson},
	ruleCommand:     {toPerson},
	commandOffered:  {toPerson},
	ruleStale:       {toPerson, toChannel},
	ruleClose:       {toPerson, toChannel},
	rulePostmortem:  {toPerson}, // the channel may be archived by then
	ruleFollowup:    {toPerson},
	resolveByAlerts: {toPerson}, // nobody is reminded of it
}

// stepFor is whom a deadline's reminder goes to, and to whom where that is not
// possible; empty where there is nobody else.
func stepFor(d Deadline) (first, next step) {
	ladder := ladders[d.Rule]
	if d.Legal() {
		ladder = legalLadder(d)
	}
	i := min(d.Occurrence, len(ladder)-1)
	if i+1 < len(ladder) {
		next = ladder[i+1]
	}
	return ladder[i], next
}

// Remind reminds of everything that is due: each matter once, and all that goes
// to the same place in one message. The clock says it; who else does changes
// nothing that is not due.
type Remind struct {
	Away   []string // ids of those who do not want to be disturbed now
	OnCall []Person // whom the policy calls, as they are today
}

// lateAfter is when a reminder comes late enough to say so: then nobody was
// there to give it in time.
const lateAfter = time.Minute

// comesLate says so.
const comesLate = "(This comes late: nobody kept the clock when it was due.)"

const remindVerb = "remind"

// Verb is the row in [Lifecycle].
func (Remind) Verb() string { return remindVerb }

func (r Remind) decide(d *decision) error {
	r.OnCall = d.within(r.OnCall)
	byPlace := map[string]*reminder{}
	var order []*reminder
	if d.resolveQuiet(); d.in.Status.Ended() && len(d.out.Events) > 0 {
		return nil // what else was due of it is not any more
	}
	for _, due := range d.in.Deadlines {
		if due.Due.After(d.now) || due.Rule == resolveByAlerts {
			continue
		}
		if open := d.rules.Clock.Office.Next(d.now); open.After(d.now) && !urgent(d.in, due) {
			d.in.Watch.Waits[due.Rule], d.recount = open, true // it came to be due at night
			continue
		}
		if due.Rule == ruleFollowup {
			d.remindOfFollowups(due)
			continue
		}
		to, who := r.recipient(d, due)
		m := byPlace[string(to)+" "+who.ID]
		if m == nil {
			m = &reminder{to: to, who: who}
			byPlace[string(to)+" "+who.ID] = m
			order = append(order, m)
		}
		m.due = append(m.due, due)
		if first, _ := stepFor(due); first == toPage && to != toPage && !d.in.Watch.Unwoken {
			_, m.unwoken = d.wake(due.Rule)
			d.in.Watch.Unwoken = m.unwoken != ""
		}
		d.sent(due)
		was := d.in.Watch.Reminded[due.Rule]
		if !was.From.Equal(due.From) {
			was = Reminded{From: due.From}
		}
		d.in.Watch.Reminded[due.Rule] = Reminded{From: due.From, Times: was.Times + 1, Last: d.now}
	}
	for _, m := range order {
		r.send(d, m)
	}
	return nil
}

// reminder is one message about all that is due of somebody.
type reminder struct {
	to  step
	who Person // where it goes to one person
	// unwoken is why nobody is woken who should be; empty: nobody should, or somebody is.
	unwoken string
	due     []Deadline
}

// legal reports whether a law is behind any of it.
func (m *reminder) legal() bool { return slices.ContainsFunc(m.due, Deadline.Legal) }

// recipient is who is reminded: the next step of the ladder where nobody is
// there, or where it is grave and they do not want to be disturbed.
func (r Remind) recipient(d *decision, due Deadline) (step, Person) {
	to, next := stepFor(due)
	switch to {
	case toPerson:
		who, ok := d.responsibleFor(due)
		if due.Rule == commandOffered && d.in.Handoff != nil {
			who, ok = d.in.Handoff.From, d.in.IsResponder(d.in.Handoff.From.ID)
		}
		grave := due.Legal() || due.Rule != rulePostmortem && (d.in.Severity == 1 || d.in.Severity == 2)
		if ok && (next == "" || !grave || !slices.Contains(r.Away, who.ID)) {
			return toPerson, who
		}
		return toChannel, Person{}
	case toPage:
		if page, _ := d.wake(due.Rule); page != nil {
			return toPage, Person{}
		}
		to = toGroup
	}
	if to == toGroup && len(r.OnCall) == 0 {
		to = toChannel
	}
	return to, Person{}
}

// responsible is who commands, or else who declared it, if that is a person.
func (d *decision) responsible() (Person, bool) {
	if p, led := d.in.Commander(); led {
		return p, true
	}
	return d.in.DeclaredBy, d.in.IsResponder(d.in.DeclaredBy.ID)
}

func (r Remind) send(d *decision, m *reminder) {
	var lines, names []string
	late := false
	for _, due := range m.due {
		lines = append(lines, d.remark(due))
		names = append(names, due.Rule)
		late = late || d.now.Sub(due.Due) > lateAfter
	}
	text := strings.Join(lines, Between)
	if late {
		text += " " + comesLate
	}
	if m.unwoken != "" {
		text += " " + m.unwoken
	}
	page := &Page{}
	if m.to == toPage {
		page, _ = d.wake(m.due[0].Rule)
		page.Seq = d.nextSeq()
		d.in.Pages = append(d.in.Pages, *page)
	}
	all := ""
	if len(names) > 1 {
		all = strings.Join(names, " ")
	}
	d.event(ReminderSent, text, "rule", m.due[0].About(), "rules", all, "to", string(m.to), "who", m.who.ID, "who_name", m.who.Name, "late", late, "key", page.Key)
	switch m.to {
	case toPerson:
		d.tell(Reminder, m.who)
	case toGroup, toPage:
		if m.to == toPage {
			d.tell(PageDue, Fireboss.Person())
		}
		for _, p := range r.OnCall {
			if !slices.Contains(r.Away, p.ID) || d.in.Severity <= 2 || m.legal() {
				d.tell(Reminder, p)
			}
		}
	default:
		d.in.Watch.ChannelLast = d.now
		if d.now.Before(d.in.Watch.Opened.Add(time.Hour)) {
			d.in.Watch.ChannelFirst++
		}
	}
}

// remark is what is said of one thing that is due.
func (d *decision) remark(due Deadline) string {
	n := d.in.Number
	if due.Legal() {
		return d.legalRemark(due)
	}
	say := func(verb, args string) string { return Say{n, verb, args}.String() }
	waited := Span(d.now.Sub(due.From))
	switch due.Rule {
	case ruleAcknowledge:
		return fmt.Sprintf("Nobody has acknowledged %s for %s: %s", n, waited, say("ack", ""))
	case ruleCommander:
		return fmt.Sprintf("Nobody has commanded %s for %s: %s", n, waited, say("lead", "me"))
	case ruleSeverity:
		return fmt.Sprintf("Nobody has judged how severe %s is: %s", n, say("sev", d.rules.Offered(d.in)))
	case beforeUpdate:
		return fmt.Sprintf("An update of %s is due in %s: %s", n, Span(d.rules.Clock.UpdateBefore), say("update", "TEXT next 30m"))
	case ruleUpdate:
		return fmt.Sprintf("An update of %s is due, the last word is %s old: %s", n, waited, say("update", "TEXT next 30m"))
	case mitigateAtRisk, resolveAtRisk:
		return fmt.Sprintf("%s is to be %s soon; %s of the time are gone.", n, ended[due.About()], waited)
	case ruleMitigate, ruleResolve:
		return fmt.Sprintf("%s was to be %s after %s, and is not.", n, ended[due.Rule], Span(due.Due.Sub(due.From)))
	case ruleCommand:
		return fmt.Sprintf("You have commanded %s for %s. To hand over: %s", n, waited, say("handoff", "@somebody"))
	case commandOffered:
		return fmt.Sprintf("%s has not answered the offer to command %s for %s. To offer it to somebody else: %s", d.offered(), n, waited, say("handoff", "@somebody"))
	case rulePostmortem:
		return d.postmortemRemark(due)
	case ruleStale:
		return fmt.Sprintf("Nothing has happened in %s for %s. Say how it stands, or end it: %s", n, waited, say("resolve", ""))
	}
	return fmt.Sprintf("%s was resolved %s ago and is still not closed: %s", n, waited, say("close", ""))
}

var ended = map[string]string{ruleMitigate: "mitigated", ruleResolve: "resolved"}

// Span writes a duration as people say it, in its one or two largest units.
func Span(d time.Duration) string {
	d = d.Round(time.Minute)
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days > 0 && hours > 0:
		return counted(days, "day") + " " + counted(hours, "hour")
	case days > 0:
		return counted(days, "day")
	case hours > 0 && minutes > 0:
		return counted(hours, "hour") + " " + counted(minutes, "minute")
	case hours > 0:
		return counted(hours, "hour")
	case minutes > 0:
		return counted(minutes, "minute")
	}
	return "less than a minute"
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Recount has the deadlines counted again, after the policy has changed.
type Recount struct{}

// Verb is the row in [Lifecycle].
func (Recount) Verb() string { return remindVerb }

func (Recount) decide(d *decision) error {
	d.recount = true
	return nil
}

// MaxSnooze is the longest that reminders can be put off at once: long enough
// for a meeting, too short to be forgotten.
const MaxSnooze = 4 * time.Hour

// Between stands between the things that one reminder is about.
const Between = " • "

// Snooze puts reminders off.
type Snooze struct {
	For  time.Duration
	Rule string // a key under clock; empty: all of them
}

// Verb is the row in [Lifecycle].
func (Snooze) Verb() string { return "snooze" }

func (s Snooze) decide(d *decision) error {
	rule := strings.ToLower(Tidy(s.Rule))
	if law, stage, legal := LegalStage(rule); legal {
		return Refused("What a law wants cannot be put off. It ends once it is submitted: %s", d.say(clockVerb, "submitted "+law+" "+stage))
	}
	if _, known := ladders[rule]; rule != "" && (!known || strings.Contains(rule, ".")) {
		return Invalid("%q is no reminder. There are: %s. Example: %s", shorten(rule, 40), strings.Join(ruleNames(), ", "), d.say("snooze", "20m update"))
	}
	if s.For < time.Minute || s.For > MaxSnooze {
		return Invalid("Reminders can be put off for a minute at least, and for %s at most at once. Example: %s", Span(MaxSnooze), d.say("snooze", "20m update"))
	}
	until := d.now.Add(s.For)
	d.in.Watch.Snoozed[rule] = until
	what := "Reminders"
	if rule != "" {
		what = "Reminders of " + rule
	}
	d.event(ReminderSnoozed, fmt.Sprintf("%s are put off for %s", what, Span(s.For)), "rule", rule, "until", stamp(until))
	return nil
}

func ruleNames() []string {
	var list []string
	for rule := range ladders {
		if !strings.Contains(rule, ".") {
			list = append(list, rule)
		}
	}
	slices.Sort(list)
	return list
}
