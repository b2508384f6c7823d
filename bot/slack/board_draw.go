package slack

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"fireboss/commands"
	"fireboss/incidents/alerts"
)

// severityMarks make severities of alerts recognisable at a glance; the word always stands beside.
var severityMarks = map[alerts.Severity]string{
	alerts.Critical: ":red_circle:", alerts.High: ":large_orange_circle:", alerts.Medium: ":large_yellow_circle:", alerts.Low: ":large_blue_circle:", alerts.Information: ":white_circle:",
}

// wouldHave say in words what a rule in shadow mode would have done.
var wouldHave = map[alerts.Action]string{
	alerts.Ignore: "would have ignored it", alerts.Attach: "would have attached it to an open incident", alerts.Notify: "would have told people in a channel",
	alerts.Declare: "would have opened an incident", alerts.Page: "would have woken somebody",
}

// message is an alert as it stands in the channel where people decide about it.
func (t Told) message(dashboard string, now time.Time) *message {
	a := t.Alert
	mark := severityMarks[a.Severity]
	if !a.Open() {
		mark = ":white_check_mark:"
	}
	head := mark + " *" + plain(a.Title) + "*\n" + strings.Join(t.about(), " · ")
	m := &message{Text: clipped(plain(a.Title)+" – "+string(a.Severity)+", "+standing(a), maxText)}
	m.Blocks = append(m.Blocks, section(clipped(head, maxSection)))
	if a.Description != "" {
		m.Blocks = append(m.Blocks, contextLine(fit(a.Description, 1000, plain)))
	}
	lines := []string{t.became()}
	for _, s := range a.Decision.Shadow {
		if did, known := wouldHave[s.Action]; known {
			lines = append(lines, "The rule “"+plain(s.Rule)+"” "+did+".")
		}
	}
	if t.Suggested != "" {
		lines = append(lines, fit(t.Suggested, 400, plain))
	}
	m.Blocks = append(m.Blocks, contextLine(strings.Join(lines, "\n")))
	if at := t.links(dashboard); at != "" {
		m.Blocks = append(m.Blocks, contextLine(at))
	}
	if list := t.choices(now); len(list) > 0 {
		m.Blocks = append(m.Blocks, choicesIn("alert", list))
	}
	return m
}

// sum stands for what the message shows but for how often it has happened.
func (t Told) sum(dashboard string, now time.Time) string {
	t.Alert.Count = 0
	return digest(t.message(dashboard, now))
}

// about are its number, how bad it is, of what, from where, since when and how often.
func (t Told) about() []string {
	a := t.Alert
	list := []string{a.Number.String(), string(a.Severity), standing(a)}
	if a.Service != "" {
		list = append(list, plain(a.Service))
	}
	list = append(list, "from "+plain(a.Source))
	began := a.StartedAt
	if began.IsZero() {
		began = a.ReceivedAt
	}
	if !a.Open() && !a.EndedAt.IsZero() {
		list = append(list, date(began)+" to "+clock(a.EndedAt))
	} else {
		list = append(list, "since "+date(began))
	}
	if a.Count > 1 {
		list = append(list, fmt.Sprintf("%d times", a.Count))
	}
	return list
}

// standing is how an alert stands in a word or two.
func standing(a alerts.Alert) string {
	word := string(a.Status)
	switch a.Status {
	case alerts.Resolved:
		word = "over"
	case alerts.NoData:
		word = "no data"
	}
	if a.Flapping {
		word += ", flapping"
	}
	return word
}

// became is what was made of it, and why.
func (t Told) became() string {
	reason := fit(t.Alert.Decision.Reason, 600, plain)
	if t.Place != "" {
		reason += " <#" + t.Place + ">"
	}
	return reason
}

// atHost is a link that is called as its host is, for a name can claim anything; empty where there is none.
func atHost(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return link(address, tail(u.Host, 80))
}

// links are where there is more to read.
func (t Told) links(dashboard string) string {
	var list []string
	if at := atHost(t.Alert.URL); at != "" {
		list = append(list, at)
	}
	if dashboard != "" {
		list = append(list, link(dashboard+"/alerts?q="+t.Alert.Number.String(), "On the dashboard"))
	}
	return strings.Join(list, " · ")
}

// choices are what people can do about it now. They say commands, as if they were typed.
func (t Told) choices(now time.Time) []commands.Choice {
	a := t.Alert
	if a.Incident != 0 || !a.Open() {
		return nil
	}
	n := a.Number.String()
	list := []commands.Choice{{Label: "Declare", Command: "alert declare " + n, Primary: true}, {Label: "Attach to …", Command: "alert attach " + n}}
	if !a.IgnoredUntil.After(now) {
		list = append(list, commands.Choice{Label: "Ignore for 1 h", Command: "alert ignore " + n + " 1h"})
	}
	return list
}
