package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// Card draws an incident.
type Card struct {
	Rules     func() incidents.Rules
	Dashboard string // without a slash at the end; empty: no pages
	// Suspects are the changes that may have caused an incident; nil: nobody knows.
	Suspects func(context.Context, incidents.Incident) []incidents.ServiceChange
	Notice
	// Place is the channel of another incident, as those may know who see this one;
	// empty where there is none. Nil: none is known.
	Place func(of incidents.Incident, other incidents.Number) string
}

// date is a moment as each reader's own clock shows it.
func date(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s UTC>", t.Unix(), t.UTC().Format("2006-01-02 15:04"))
}

// clock is a time of day as each reader's own clock shows it.
func clock(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{time}|%s UTC>", t.Unix(), t.UTC().Format("15:04"))
}

// marks make severities recognisable at a glance; the word always stands beside.
var marks = map[incidents.Severity]string{1: ":red_circle:", 2: ":large_orange_circle:", 3: ":large_yellow_circle:", 4: ":large_blue_circle:", 5: ":white_circle:", incidents.Unset: ":grey_question:"}

// person writes a person of this workspace by name, without calling them.
func person(p incidents.Person) string { return plain(p.Name) }

// heading is the incident's name on one line.
func heading(in incidents.Incident) string {
	h := in.Number.String() + "  " + in.Title
	if in.Drill {
		h = "PRACTICE  " + h
	}
	return h
}

// pagesShown is how many pages the card has, the newest.
const pagesShown = 3

// pageStands is how a page stands, in words.
var pageStands = map[incidents.PageState]string{
	incidents.PageWanted: "being paged", incidents.PageAccepted: "paged", incidents.PageAcknowledged: "acknowledged", incidents.PageOver: "paged, and over", incidents.PageFailed: "*nobody was woken*",
}

// paged is who was woken about an incident, or is not; empty where nobody was to be.
func paged(in incidents.Incident) string {
	var lines []string
	for _, p := range in.Pages[max(0, len(in.Pages)-pagesShown):] {
		stands := pageStands[p.State]
		if p.State == incidents.PageWanted && p.Late {
			stands = "*not accepted yet*, tried again"
		}
		lines = append(lines, clock(p.At)+" "+fit(p.Whom.String(), 100, plain)+": "+stands)
	}
	return strings.Join(lines, "\n")
}

// facts are the card without its buttons.
func (c Card) facts(in incidents.Incident) []slackgo.Block {
	blocks := []slackgo.Block{slackgo.NewHeaderBlock(plainText(heading(in), maxHeader))}
	if s := c.onward(in); s != "" {
		blocks = append(blocks, section(s))
	}
	if in.Summary != "" {
		blocks = append(blocks, section(cutEscaped(in.Summary, maxSection)))
	}
	fields := []string{
		"*Severity*\n" + marks[in.Severity] + " " + in.Severity.String() + " – " + plain(c.meaning(in.Severity)),
		"*Status*\n" + status(in),
		"*Commander*\n" + commander(in),
		"*Since*\n" + since(in),
		"*May travel*\nTLP:" + in.TLP + ", " + incidents.TLPMeaning(in.TLP),
	}
	if s := firing(in); s != "" {
		fields = append(fields, "*Alerts*\n"+s)
	}
	if s := paged(in); s != "" {
		fields = append(fields, "*Paged*\n"+s)
	}
	if next, ok := in.Next(); ok {
		fields = append(fields, "*Next*\n"+deadline(next))
	}
	if in.Update.Text != "" {
		fields = append(fields, "*Last update*\n"+clock(in.Update.At)+" "+cutEscaped(in.Update.Text, 500))
	}
	var objects []*slackgo.TextBlockObject
	for _, f := range fields {
		objects = append(objects, mrkdwn(clipped(f, 2000)))
	}
	blocks = append(blocks, slackgo.NewSectionBlock(nil, objects, nil))
	if s := c.services(in); s != "" {
		blocks = append(blocks, section(s))
	}
	if s := c.changes(in); s != "" {
		blocks = append(blocks, section(s))
	}
	if s := tasks(in); s != "" {
		blocks = append(blocks, section(s))
	}
	if s := links(in); s != "" {
		blocks = append(blocks, section(s))
	}
	if s := c.laws(in); s != "" {
		blocks = append(blocks, section(s), contextLine("Nothing here is legal advice."))
	}
	return blocks
}

// state is the status in a word or two.
func state(in incidents.Incident) string {
	if in.MergedInto != 0 {
		return "merged into " + in.MergedInto.String()
	}
	return string(in.Status)
}

func status(in incidents.Incident) string {
	s := state(in)
	if in.EndedAs == incidents.EndedFalsePositive {
		s += " (false positive)"
	}
	if in.Backfilled {
		s += " · recorded afterwards"
	}
	if in.Private {
		s += " · :lock: private"
	}
	if in.Drill {
		s += " · practice"
	}
	return s
}

func commander(in incidents.Incident) string {
	if p, ok := in.Commander(); ok {
		return person(p)
	}
	return "nobody yet"
}

func since(in incidents.Incident) string {
	s := date(in.Times.Declared) + ", declared by " + person(in.DeclaredBy)
	if !in.Times.ImpactStarted.IsZero() {
		s = date(in.Times.ImpactStarted) + " (impact); declared " + clock(in.Times.Declared) + " by " + person(in.DeclaredBy)
	}
	return s
}

func deadline(d incidents.Deadline) string {
	what := plain(d.Duty())
	if d.Snoozed {
		return what + ", put off until " + date(d.By())
	}
	return what + " by " + date(d.By())
}

func (c Card) services(in incidents.Incident) string {
	if len(in.Services) == 0 {
		return ""
	}
	rules := c.Rules()
	lines := []string{"*Services*"}
	for _, name := range in.Services {
		line := "• " + plain(name)
		if s, ok := rules.Services[name]; ok {
			if s.Runbook != "" {
				line += "  " + link(s.Runbook, "runbook")
			}
			for _, d := range s.Dashboards {
				line += "  " + link(d, "dashboard")
			}
		}
		lines = append(lines, line)
	}
	return clipLines(lines)
}

// changes are what was changed about its services shortly before it began.
func (c Card) changes(in incidents.Incident) string {
	if c.Suspects == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookUpIn)
	defer cancel()
	list := c.Suspects(ctx, in)
	if len(list) == 0 {
		return ""
	}
	lines := []string{"*Changed in the two hours before*"}
	for _, change := range list {
		title := plain(change.Title)
		if change.URL != "" {
			title = link(change.URL, change.Title)
		}
		lines = append(lines, "• "+clock(change.At)+"  "+plain(change.Service)+": "+title)
	}
	return clipLines(lines)
}

// maxCardTasks is how many open tasks a card names.
const maxCardTasks = 5

// tasks are those that are open.
func tasks(in incidents.Incident) string {
	var lines []string
	for _, t := range in.Tasks {
		if t.State != incidents.TaskOpen {
			continue
		}
		line := fmt.Sprintf("• %d. %s", t.Number, cutEscaped(incidents.Tidy(t.Text), 200))
		if t.Assignee != nil {
			line += " – " + person(*t.Assignee)
		}
		if !t.Due.IsZero() {
			line += ", due " + clock(t.Due)
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return ""
	}
	more := len(lines) - maxCardTasks
	if more > 0 {
		lines = append(lines[:maxCardTasks], fmt.Sprintf("… and %d more", more))
	}
	return clipLines(append([]string{"*Open tasks*"}, lines...))
}

func links(in incidents.Incident) string {
	if len(in.Links) == 0 {
		return ""
	}
	lines := []string{"*Links*"}
	for _, l := range in.Links {
		label := l.Name
		if label == "" {
			label = cut(l.URL, 80)
		}
		line := "• " + link(l.URL, label)
		if label != l.URL { // a name can claim anything, and what is cut off an address too
			line += " (" + plain(tail(l.Host(), 80)) + ")"
		}
		lines = append(lines, line)
	}
	return clipLines(lines)
}

// clipLines keeps whole lines, as many as a section takes.
func clipLines(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if b.Len()+len(l) > maxSection-40 {
			fmt.Fprintf(&b, "… and %d more", len(lines)-i)
			break
		}
		b.WriteString(l + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// message is the card as it is pinned in the channel, with lines about the channel
// itself and what Slack does not let us do.
func (c Card) message(in incidents.Incident, asides []string, troubles ...string) *message {
	blocks := c.facts(in)
	if len(asides) > 0 {
		blocks = append(blocks, contextLine(strings.Join(asides, "\n")))
	}
	if len(troubles) > 0 {
		blocks = append(blocks, contextLine(":warning: "+strings.Join(troubles, "\n:warning: ")))
	}
	if in.Hold.On() {
		blocks = append(blocks, contextLine(clipped(held(in.Hold), maxSection)))
	}
	if buttons := c.buttons(in); len(buttons) > 0 {
		blocks = append(blocks, slackgo.NewActionBlock("card", buttons...))
	}
	blocks = append(blocks, contextLine(c.notice()))
	return &message{Text: clipped(plain(heading(in))+" – "+in.Severity.String()+", "+state(in), maxText), Blocks: clip(blocks)}
}

// buttons are those that would do something now.
func (c Card) buttons(in incidents.Incident) []slackgo.BlockElement {
	if in.Status.Ended() {
		return nil
	}
	button := func(name, label, command string) *slackgo.ButtonBlockElement {
		return slackgo.NewButtonBlockElement(sayAction+name, command+" "+in.Number.String(), plainText(label, maxButton))
	}
	var list []slackgo.BlockElement
	if in.Times.Acknowledged.IsZero() {
		b := button("ack", "Acknowledge", "ack")
		b.Style = slackgo.StylePrimary
		list = append(list, b)
	}
	if _, led := in.Commander(); !led {
		b := slackgo.NewButtonBlockElement(sayAction+"lead", "lead "+in.Number.String()+" me", plainText("Take command", maxButton))
		list = append(list, b)
	}
	list = append(list, button("update", "Update", "update"), button("sev", "Severity", "sev"), button("status", "Status", "status"), button("task", "Tasks", "task"))
	resolve := button("resolve", "Resolve", "resolve")
	resolve.Confirm = slackgo.NewConfirmationBlockObject(plainText("Resolve "+in.Number.String()+"?", 100),
		plainText("Say this when the impact is over. It can be reopened.", 300), plainText("Resolve", 30), plainText("Not yet", 30))
	return append(list, resolve)
}

// topic is the channel's topic: severity, status, commander.
func topic(in incidents.Incident) string {
	t := in.Severity.String() + " · " + state(in) + " · commander: "
	if p, ok := in.Commander(); ok {
		t += p.Name
	} else {
		t += "nobody yet"
	}
	if in.Drill {
		t = "PRACTICE · " + t
	}
	return fit(t, maxTopic, quiet)
}

// announcement is the incident in one message, for those who are not in it.
func (c Card) announcement(in incidents.Incident, channel, trouble string) *message {
	head := marks[in.Severity] + " *" + plain(heading(in)) + "*"
	where := ""
	if channel != "" {
		where = " in <#" + channel + ">"
	}
	line := fmt.Sprintf("%s · %s · commander: %s%s", in.Severity, status(in), commander(in), where)
	blocks := []slackgo.Block{section(clipped(head+"\n"+line, maxSection))}
	if len(in.Services) > 0 {
		names := slices.Clone(in.Services)
		for i := range names {
			names[i] = plain(names[i])
		}
		blocks = append(blocks, contextLine("Services: "+strings.Join(names, ", ")))
	}
	if in.Update.Text != "" {
		blocks = append(blocks, section(clock(in.Update.At)+"  "+cutEscaped(in.Update.Text, 2500)))
	}
	if trouble != "" {
		blocks = append(blocks, contextLine(":warning: "+trouble))
	}
	blocks = append(blocks, contextLine("Declared "+date(in.Times.Declared)+" by "+person(in.DeclaredBy)))
	return &message{Text: clipped(plain(heading(in))+" – "+in.Severity.String()+", "+state(in), maxText), Blocks: clip(blocks)}
}
