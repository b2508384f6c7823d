package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// The alerts of an incident stand in one message of its channel, which is changed in
// place: a channel with a line for each turn of each alert is no place to talk.

// Keys of a record's IDs that belong to that message.
const (
	idAlerts    = "alerts"     // ts
	idAlertsSum = "alerts_sum" // what it shows
)

// shownAlerts is how many alerts the message names.
const shownAlerts = 10

// alertList posts the message where there are alerts, and brings it up to date.
func (p *pass) alertList(ctx context.Context) error {
	ts := p.get(idAlerts)
	if p.m.Alerts == nil || ts == "" && p.in.Alerts.Total == 0 {
		return nil
	}
	list, err := p.m.Alerts(ctx, p.in.Number, shownAlerts)
	if err != nil {
		return err
	}
	m := p.m.Card.alertList(p.in, list)
	sum := digest(m)
	if ts != "" {
		if p.get(idAlertsSum) == sum {
			return nil
		}
		if err = p.m.Client.update(ctx, p.rec.Place, ts, m); err == nil {
			p.set(idAlertsSum, sum)
		}
		if !is(err, "message_not_found") {
			return err
		}
	}
	ts, err = p.m.Client.post(ctx, p.rec.Place, m, metadata(alertsMark, map[string]any{"incident": p.in.Number.String(), "store": p.m.StoreID}))
	if err != nil {
		p.doubt(err)
		return err
	}
	p.m.wrote(p.in.Number)
	p.m.Client.said(saidChannel, "alerts", "")
	p.set(idAlerts, ts)
	p.set(idAlertsSum, sum)
	return nil
}

// firing is how many alerts of an incident fire, for its card; empty where none does.
func firing(in incidents.Incident) string {
	switch n := in.Alerts.Firing; {
	case n == 1:
		return "1 fires"
	case n > 1:
		return fmt.Sprintf("%d fire", n)
	}
	return ""
}

// alertList are the alerts of an incident, the newest of them by name.
func (c Card) alertList(in incidents.Incident, list []alerts.Alert) *message {
	over := in.Alerts.Total - in.Alerts.Firing
	head := fmt.Sprintf("Alerts: %d firing, %d over", in.Alerts.Firing, over)
	if services := serviceCount(in.Alerts); in.Storm {
		head = fmt.Sprintf("Storm: %d alerts%s – %d firing, %d over", in.Alerts.Total, services, in.Alerts.Firing, over)
	} else {
		head += services
	}
	lines := []string{"*" + head + "*"}
	for _, a := range list {
		lines = append(lines, alertLine(a))
	}
	if more := in.Alerts.Total - len(list); more > 0 && len(list) > 0 {
		line := fmt.Sprintf("… and %d more", more)
		if c.Dashboard != "" {
			line += " " + link(c.Dashboard+"/alerts?incident="+in.Number.String(), "on the dashboard")
		}
		lines = append(lines, line)
	}
	m := &message{Text: in.Number.String() + " – " + head, Blocks: []slackgo.Block{section(clipLines(lines))}}
	if s := in.Suggestion; in.Severity == incidents.Unset && s.Severity != incidents.Unset && in.Status.Open() {
		if sev, why := c.Rules().Suggested(in); sev != incidents.Unset {
			m.Blocks = append(m.Blocks, section("It may well be "+sev.String()+": "+fit(why, 300, plain)+"."),
				choicesIn("alert_severity", []commands.Choice{{Label: "Set " + sev.String(), Command: fmt.Sprintf("sev %s %d %s", in.Number, int(sev), why), Primary: true}}))
		}
	}
	burns := slices.ContainsFunc(list, alerts.Alert.Open)
	if at := in.Alerts.Over; in.Status.Open() && !at.IsZero() && !burns {
		n := in.Number.String()
		choices := []commands.Choice{{Label: "Resolve", Command: "resolve " + n}}
		if in.Status != incidents.Monitoring {
			choices = append([]commands.Choice{{Label: "Monitoring", Command: "status " + n + " monitoring"}}, choices...)
		}
		if !c.Rules().ResolvesAt(in).IsZero() {
			choices = append(choices, commands.Choice{Label: "Keep it open", Command: "status " + n + " investigating"})
		}
		m.Blocks = append(m.Blocks, section("All of them are over since "+date(at)+". "+c.overWords(in)), choicesIn("alerts", choices))
	}
	return m
}

// serviceCount is of how many services the alerts of an incident are, where those are several.
func serviceCount(a incidents.Alerts) string {
	switch n := len(a.Services); {
	case n >= incidents.MaxAlertServices:
		return fmt.Sprintf(", %d services or more", n)
	case n > 1:
		return fmt.Sprintf(", %d services", n)
	}
	return ""
}

// overWords say what comes now that all alerts of an incident are over.
func (c Card) overWords(in incidents.Incident) string {
	if at := c.Rules().ResolvesAt(in); !at.IsZero() {
		return "If they stay so, it is resolved by itself at " + clock(at) + "; whoever changes its status keeps it from that."
	}
	if left := in.Alerts.Left; left != "" {
		return "It is not resolved by itself, for " + fit(left, 300, plain) + ". Is the impact over too?"
	}
	return "Is the impact over too?"
}

// alertLine is an alert in one line.
func alertLine(a alerts.Alert) string {
	mark, stands := severityMarks[a.Severity], standing(a)+" since "+clock(a.ReceivedAt)
	if !a.Open() {
		mark, stands = ":white_check_mark:", "over since "+clock(a.EndedAt)
	}
	title := fit(a.Title, 200, plain)
	about := []string{plain(a.Source), string(a.Severity), stands}
	if at := atHost(a.URL); at != "" {
		about = append(about, at)
	}
	return mark + " " + a.Number.String() + " " + title + " (" + strings.Join(about, ", ") + ")"
}
