package commands

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

var alertVerb = Verb{
	Name: "alert", Aliases: []string{"alerts"}, Group: groupWork,
	Usage: []string{"alert attach AL-7", "alert detach AL-7", "alert declare AL-7 [sevN] [TITLE]", "alert ignore AL-7 [DURATION] [why]", "alert show AL-7", "alert list", "alert rules", "alert live RULE", "alert shadow RULE"},
	Does:  "says what becomes of alerts of monitoring",
	form:  attachForm,
	fill: func(c *call) (Reply, error) {
		c.args += " " + c.said("incident")
		return c.verb.run(c)
	},
	Examples: []string{"alert attach AL-7", "alert declare AL-8 sev2 checkout is down", "alert ignore AL-9 2h the disk is being replaced", "alert list"},
	run: func(c *call) (Reply, error) {
		if word, rest := cut(c.args); c.args != "" {
			if n, ok := numbered(word); ok {
				c.number, c.args = n, rest
			}
		}
		word, rest := cut(c.args)
		do := map[string]func(*call, string) (Reply, error){
			"": (*call).listAlerts, "list": (*call).listAlerts, "show": (*call).showAlert, "attach": (*call).attachAlert, "detach": (*call).detachAlert,
			"declare": (*call).declareAlert, "open": (*call).declareAlert, "ignore": (*call).ignoreAlert,
			"rules": (*call).listRules, "live": (*call).ruleLive, "shadow": (*call).ruleShadow,
		}[strings.ToLower(word)]
		if do == nil {
			return Reply{}, incidents.Invalid("%s is nothing that is done with an alert. There are attach, detach, declare, ignore, show, list, rules, live and shadow. Example: %s", quote(word), c.sayAlert("attach AL-7"))
		}
		return do(c, rest)
	},
}

// sayAlert is how the caller says something of alerts.
func (c *call) sayAlert(args string) string { return "/incident alert " + args }

// alert is the alert that is named first, and what stands behind.
func (c *call) alert(args, example string) (a alerts.Alert, rest string, err error) {
	word, rest := cut(args)
	if word == "" {
		return a, "", incidents.Invalid("Which alert? Example: %s. To see which there are: %s", c.sayAlert(example), c.sayAlert("list"))
	}
	n, err := alerts.ParseNumber(word)
	if err != nil {
		return a, "", incidents.Invalid("%s is no alert; they are called like AL-7. To see which there are: %s", quote(word), c.sayAlert("list"))
	}
	a, err = c.desk.Store.Alert(c.ctx, n)
	if errors.Is(err, store.ErrNotFound) {
		return a, "", incidents.Invalid("There is no alert %s. To see which there are: %s", n, c.sayAlert("list"))
	}
	return a, rest, err
}

// sees says whether the caller may know to which incident an alert belongs.
func (c *call) sees(a alerts.Alert) (bool, error) {
	if a.Incident == 0 {
		return true, nil
	}
	in, err := c.desk.Store.Incident(c.ctx, a.Incident)
	return err == nil && in.VisibleTo(c.Actor), err
}

// change has an alert changed. Of one that belongs to an incident which is not open to the caller it says that somebody
// sees to it, and no more.
func (c *call) change(n alerts.Number, what func(alerts.Alert) (alerts.Change, error)) (alerts.Alert, []incidents.Outcome, error) {
	if c.ID == "" {
		return alerts.Alert{}, nil, errNoID
	}
	was, err := c.desk.Store.Alert(c.ctx, n)
	if err == nil {
		err = c.decides(was)
	}
	if err != nil {
		return was, nil, err
	}
	return c.desk.Store.ChangeAlert(c.ctx, n, func(f alerts.Facts) (alerts.Change, error) {
		if f.Known.Incident != was.Incident { // it was attached meanwhile, to what the caller may not know of
			return alerts.Change{}, incidents.Refused("Something else was just done with %s. Look at it, and say it again: %s", n, c.sayAlert("show "+n.String()))
		}
		return what(*f.Known)
	})
}

// decides refuses who does not decide about an alert.
func (c *call) decides(a alerts.Alert) error {
	if c.Actor.Standing.Outside {
		return incidents.Refused("Guests do not decide about alerts. Ask a member of the workspace.")
	}
	if open, err := c.sees(a); err != nil || !open {
		return firstError(err, incidents.Refused("%s is being seen to already, so nothing was changed. To see what else there is: %s", a.Number, c.sayAlert("list")))
	}
	return nil
}

// declared says whether this very request has opened an incident for an alert, before it was asked again.
func (c *call) declared(a alerts.Alert) bool {
	return a.Decision.Action == alerts.Declare && a.Decision.By == c.Actor.Name && a.Decision.At.Equal(c.At)
}

func firstError(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

func (c *call) attachAlert(args string) (Reply, error) {
	a, rest, err := c.alert(args, "attach AL-7")
	if err != nil {
		return Reply{}, err
	}
	word, more := cut(rest)
	if strings.EqualFold(word, "to") {
		word, more = cut(more)
	}
	if n, ok := numbered(word); ok {
		c.number, rest = n, more
	}
	example := c.sayAlert("attach " + a.Number.String() + " INC-12")
	switch {
	case strings.TrimSpace(rest) != "":
		return Reply{}, incidents.Invalid("To which incident? Say it in its channel, or name it. Example: %s", example)
	case c.number == 0:
		if err := c.decides(a); err != nil {
			return Reply{}, err
		}
		return Reply{}, incidents.Missing("incident", "To which incident? Say it in its channel, or name it. Example: %s", example)
	}
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	n := a.Number
	a, outcomes, err := c.change(n, func(known alerts.Alert) (alerts.Change, error) {
		return known.AttachTo(c.number, c.Actor, c.ID, c.At), nil
	})
	if err != nil {
		return Reply{}, err
	}
	if len(outcomes) == 0 {
		return Reply{Text: n.String() + " belongs to " + in.Number.String() + ".", Incident: &in}, nil
	}
	return c.done(outcomes[len(outcomes)-1], a.Number.String()+" now belongs to "+in.Number.String()+".")
}

func (c *call) detachAlert(args string) (Reply, error) {
	a, _, err := c.alert(args, "detach AL-7")
	if err != nil {
		return Reply{}, err
	}
	was := a.Incident
	a, outcomes, err := c.change(a.Number, func(known alerts.Alert) (alerts.Change, error) { return known.Detach(c.Actor, c.ID, c.At), nil })
	if err != nil {
		return Reply{}, err
	}
	if len(outcomes) == 0 {
		return Reply{Text: "It belongs to no incident."}, nil
	}
	return c.done(outcomes[0], a.Number.String()+" no longer belongs to "+was.String()+", and is not attached to it by itself again.")
}

func (c *call) declareAlert(args string) (Reply, error) {
	a, rest, err := c.alert(args, "declare AL-7")
	if err != nil {
		return Reply{}, err
	}
	if in, err := c.desk.Store.Incident(c.ctx, a.Incident); err == nil && c.declared(a) && in.VisibleTo(c.Actor) {
		return Reply{Text: "Opened " + in.Number.String() + " for " + a.Number.String() + ".", Incident: &in}, nil
	}
	if a.Incident != 0 {
		return Reply{}, incidents.Refused("%s is being seen to already, so nothing was opened. To open an incident all the same: %s", a.Number, "/incident open "+brief(a.Title, 80))
	}
	inner := *c
	inner.args = rest
	open, err := inner.declaration()
	if err != nil {
		return Reply{}, err
	}
	open.Suggestion = c.triage(a, func(in incidents.Incident) bool { return !in.Private }).Suggestion()
	_, outcomes, err := c.change(a.Number, func(known alerts.Alert) (alerts.Change, error) {
		return known.DeclareBy(c.Actor, open, c.ID, c.At)
	})
	if err != nil {
		return Reply{}, err
	}
	worse, button := c.suggested(outcomes[0].Incident)
	c.number = 0
	r, err := c.done(outcomes[0], "Opened "+outcomes[0].Incident.Number.String()+" for "+a.Number.String()+".", worse)
	r.Choices = button
	return r, err
}

// ignoredFor is how long an alert is ignored where nobody says how long, and how long at most.
const (
	ignoredFor  = time.Hour
	mostIgnored = 31 * 24 * time.Hour
)

func (c *call) ignoreAlert(args string) (Reply, error) {
	a, why, err := c.alert(args, "ignore AL-7 2h")
	if err != nil {
		return Reply{}, err
	}
	how := ignoredFor
	if d, rest, ok := leadingDuration(why); ok {
		how, why = d, rest
	} else if word, rest := cut(why); word != "" && word[0] >= '0' && word[0] <= '9' {
		return Reply{}, incidents.Invalid("%s is no length of time, so nothing was changed. Write 30m, 2h or 1d. Example: %s", quote(word), c.sayAlert("ignore "+a.Number.String()+" 2h "+brief(strings.TrimSpace(rest), 60)))
	}
	if how <= 0 || how > mostIgnored {
		return Reply{}, incidents.Invalid("An alert is ignored for 31 days at most. Example: %s", c.sayAlert("ignore "+a.Number.String()+" 2h"))
	}
	if a, _, err = c.change(a.Number, func(known alerts.Alert) (alerts.Change, error) {
		return known.IgnoreUntil(c.At.Add(how), c.Actor, brief(incidents.Tidy(why), 300), c.ID, c.At), nil
	}); err != nil {
		return Reply{}, err
	}
	return Reply{Text: fmt.Sprintf("%s leads to nothing until %s, whatever becomes of it.", a.Number, c.clock(a.IgnoredUntil))}, nil
}

func (c *call) showAlert(args string) (Reply, error) {
	a, _, err := c.alert(args, "show AL-7")
	if err != nil {
		return Reply{}, err
	}
	open, err := c.sees(a)
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: c.alertLine(a)}
	for _, line := range []string{a.Description, a.URL} {
		if line != "" {
			r.Lines = append(r.Lines, Line{Text: brief(line, 500)})
		}
	}
	if !open {
		return r, nil
	}
	a = c.seen(a)
	why := a.Decision.Reason
	if a.Decision.Rule != "" && a.Decision.By != "" {
		why += fmt.Sprintf(" Before that the rule %q held.", a.Decision.Rule)
	}
	r.Lines = append(r.Lines, Line{Text: why})
	for _, s := range a.Decision.Shadow {
		r.Lines = append(r.Lines, Line{Text: fmt.Sprintf("The rule %q would have done this: %s", s.Rule, s.Action)})
	}
	if a.Undecided() {
		sees := func(in incidents.Incident) bool { return in.VisibleTo(c.Actor) }
		all := func(incidents.Number) bool { return true }
		r.Lines = append(r.Lines, Line{Text: c.triage(a, sees).Line(all)})
	}
	if a.Incident == 0 && a.Open() {
		n := a.Number.String()
		r.Choices = []Choice{{Label: "Declare", Command: "alert declare " + n}, {Label: "Attach to …", Command: "alert attach " + n}, {Label: "Ignore for 1 h", Command: "alert ignore " + n + " 1h"}}
	}
	return r, nil
}

// seen is an alert without what the caller may not know of incidents.
func (c *call) seen(a alerts.Alert) alerts.Alert {
	return a.SeenBy(c.seesIncident)
}

// seesIncident says whether the caller may know of an incident; where it cannot be read, not.
func (c *call) seesIncident(n incidents.Number) bool {
	in, err := c.desk.Store.Incident(c.ctx, n)
	return err == nil && in.VisibleTo(c.Actor)
}

// alertLine is an alert in one line.
func (c *call) alertLine(a alerts.Alert) string {
	times := ""
	if a.Count > 1 {
		times = fmt.Sprintf(", %d times", a.Count)
	}
	return fmt.Sprintf("%s: %s (%s, %s, %s since %s%s)", a.Number, brief(a.Title, 150), a.Source, a.Severity, a.Status, c.clock(a.ReceivedAt), times)
}

// shownAlerts is how many alerts a list has.
const shownAlerts = 20

// listAlerts lists the alerts of the incident, or those that are open and belong to none.
func (c *call) listAlerts(string) (Reply, error) {
	q := store.AlertQuery{Limit: shownAlerts + 1, Where: func(a alerts.Alert) bool { return a.Open() && a.Incident == 0 }}
	what := "open alert"
	r := Reply{}
	if c.number != 0 {
		in, err := c.incident()
		if err != nil {
			return r, err
		}
		q.Incident, q.Where, r.Incident, what = c.number, nil, &in, "alert"
	}
	list, err := c.desk.Store.Alerts(c.ctx, q)
	if err != nil {
		return r, err
	}
	for _, a := range list[:min(len(list), shownAlerts)] {
		line := c.alertLine(a)
		if c.number == 0 {
			line += ". " + brief(c.seen(a).Decision.Reason, 150)
		}
		r.Lines = append(r.Lines, Line{Text: line})
	}
	switch r.Text = capital(count(len(list), what)) + ", the newest first."; {
	case len(list) == 0 && c.number != 0:
		r.Text = c.number.String() + " has no alert. To attach one: " + c.sayAlert("attach AL-7")
	case len(list) == 0:
		r.Text = "No alert is open that belongs to no incident."
	case len(list) > shownAlerts:
		r.Text = fmt.Sprintf("The newest %d; there are more on the dashboard.", shownAlerts)
	}
	return r, nil
}
