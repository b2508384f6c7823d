package commands

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fireboss/incidents"
)

var postmortemVerb = Verb{
	Name: "postmortem", Aliases: []string{"post-mortem", "pm"}, Group: groupEnd, about: true,
	Usage: []string{
		"postmortem", "postmortem draft|show|publish", "postmortem owner @user|me|none", "postmortem review @user …", "postmortem review drop @user",
		"postmortem approve", "postmortem edit [SECTION [TEXT]]",
	},
	Does:     "the postmortem: how far it is, its draft, who owns, reviews and has approved it",
	Examples: []string{"postmortem", "postmortem draft", "postmortem owner @alice", "postmortem review @bob @carol", "postmortem edit summary a disk was full"},
	run:      (*call).postmortem,
	form:     (*call).postmortemForm,
	fill:     (*call).fillPostmortem,
}

// postmortemWords are what can be done with a postmortem.
var postmortemWords = []string{"draft", "show", "owner", "review", "approve", "publish", "edit"}

func (c *call) postmortem() (Reply, error) {
	word, rest := cut(c.args)
	alone := map[string]func() (Reply, error){"": c.postmortemState, "draft": c.draftPostmortem, "show": c.showPostmortem, "publish": c.publishPostmortem}
	switch word = strings.ToLower(word); word {
	case "owner", "own":
		return c.ownPostmortem(rest)
	case "review":
		return c.reviewPostmortem(rest)
	case "approve":
		return c.approvePostmortem(rest)
	case "edit":
		return c.editPostmortem(rest)
	}
	if do, ok := alone[word]; ok {
		if rest == "" {
			return do()
		}
		r := Reply{Choices: choose(nil, "", c.command("postmortem", word), true)}
		return r, incidents.Invalid("I did not understand %s behind %s, so nothing was done. Say just: %s", quote(rest), word, c.say("postmortem", word))
	}
	meant := "show"
	if near, ok := nearest(word, postmortemWords); ok {
		meant = strings.TrimSpace(near + " " + rest)
	}
	r := Reply{Choices: choose(nil, "", c.command("postmortem", meant), true)}
	return r, incidents.Invalid("%s is nothing that can be done with a postmortem; there are %s. Did you mean %s?",
		quote(word), enumerate(postmortemWords), c.say("postmortem", brief(meant, 80)))
}

// postmortemState says how far it is, and what comes next.
func (c *call) postmortemState() (Reply, error) {
	in, err := c.incident()
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: c.postmortemHeadline(in), Incident: &in, Choices: c.nextOfPostmortem(in)}
	if in.Postmortem.Version > 0 {
		r.Text = sentence(r.Text, c.readPostmortem(in))
	}
	return r, nil
}

// postmortemHeadline says how far it is in a sentence.
func (c *call) postmortemHeadline(in incidents.Incident) string {
	p := in.Postmortem
	owner := "nobody owns it"
	if p.Owner != nil {
		owner = p.Owner.Name + " owns it"
		if p.Owner.ID == c.Actor.ID {
			owner = "you own it"
		}
	}
	var state string
	switch p.State {
	case incidents.NotDrafted:
		state = "is not drafted yet"
		if in.Status.Open() {
			state += ", which is done once the incident is resolved"
		}
	case incidents.Drafted:
		state = "is a draft, and nobody was asked to review it"
	case incidents.InReview:
		state = "is in review"
		if wait := p.Waiting(); len(wait) > 0 {
			state += " by " + c.everybody(wait)
		}
	case incidents.Approved:
		state = "is approved, and can be published"
	case incidents.Published:
		state = "is published since " + c.clock(p.Published)
	}
	if p.Version > 0 {
		state += fmt.Sprintf(" (version %d)", p.Version)
	}
	return "The postmortem of " + in.Number.String() + " " + state + "; " + owner + "."
}

// everybody names people, as the caller calls them.
func (c *call) everybody(list []incidents.Person) string {
	var names []string
	for _, p := range list {
		names = append(names, c.called(p))
	}
	return enumerate(names)
}

// postmortemPage is where it is read; empty where there are no pages.
func (c *call) postmortemPage(in incidents.Incident) string {
	if c.desk.Dashboard == "" {
		return ""
	}
	return c.desk.Dashboard + "/incidents/" + in.Number.String() + "/postmortem"
}

// readPostmortem says where.
func (c *call) readPostmortem(in incidents.Incident) string {
	if page := c.postmortemPage(in); page != "" {
		return "To read it: " + page
	}
	return "To read it: " + c.say("postmortem", "show")
}

// nextOfPostmortem are the buttons for what can be done now, what comes next first.
func (c *call) nextOfPostmortem(in incidents.Incident) (list []Choice) {
	p := in.Postmortem
	add := func(label, args string) {
		list = append(list, Choice{Label: label, Command: c.command("postmortem", args), Primary: len(list) == 0})
	}
	mine := p.Owner != nil && p.Owner.ID == c.Actor.ID
	if p.Version == 0 {
		add("Draft it", "draft")
		if !mine {
			add("I own it", "owner me")
		}
		return list
	}
	waits := slices.ContainsFunc(p.Waiting(), func(w incidents.Person) bool { return w.ID == c.Actor.ID })
	switch {
	case p.State == incidents.Approved:
		add("Publish", "publish")
	case waits, p.State != incidents.Published && len(p.Reviewers) == 0 && !mine:
		add("Approve", fmt.Sprint("approve ", p.Version))
	}
	if p.State == incidents.Drafted || p.State == incidents.InReview {
		add("Ask for review", "review")
	}
	add("Show", "show")
	add("Edit", "edit")
	if !mine {
		add("I own it", "owner me")
	}
	return list
}

func (c *call) draftPostmortem() (Reply, error) {
	if c.ID == "" {
		return Reply{}, errNoID
	}
	out, err := c.desk.Draft(c.ctx, incidents.Command{ID: c.ID, Actor: c.Actor, At: c.At, Incident: c.number, Origin: c.Origin})
	if err != nil {
		return Reply{}, err
	}
	e, drafted := caused(out, incidents.PostmortemDrafted)
	said := fmt.Sprintf("The postmortem of %s is drafted (version %s); what people wrote in it stays.", out.Incident.Number, e.Field("version"))
	switch {
	case !drafted:
		said = fmt.Sprintf("A new draft of the postmortem of %s would say the same as version %d.", out.Incident.Number, out.Incident.Postmortem.Version)
	case e.Field("version") == "1":
		said = fmt.Sprintf("The postmortem of %s is drafted from its timeline.", out.Incident.Number)
	}
	return c.postmortemDone(out, said)
}

// postmortemDone answers an act on the postmortem, with where to read it and what
// can be done next.
func (c *call) postmortemDone(out incidents.Outcome, said string) (Reply, error) {
	r, err := c.done(out, said, c.readPostmortem(out.Incident))
	if r.Incident != nil {
		r.Choices = c.nextOfPostmortem(out.Incident)
	}
	return r, err
}

func (c *call) publishPostmortem() (Reply, error) {
	out, err := c.apply(incidents.PublishPostmortem{})
	if err != nil {
		return Reply{}, err
	}
	if len(out.Events) == 0 {
		return c.done(out, "The postmortem of "+out.Incident.Number.String()+" is published already.", c.readPostmortem(out.Incident))
	}
	return c.done(out, "The postmortem of "+out.Incident.Number.String()+" is published.", c.readPostmortem(out.Incident))
}

// ownPostmortem says who owns it: @user, me or none.
func (c *call) ownPostmortem(s string) (Reply, error) {
	word, rest := c.cutPerson(s)
	if word == "" {
		return Reply{}, incidents.Missing("to", "Who is to own the postmortem? Example: %s", c.say("postmortem", "owner @alice"))
	}
	if rest != "" {
		return Reply{}, incidents.Invalid("A postmortem has one owner; I did not understand %s. Example: %s", quote(rest), c.say("postmortem", "owner @alice"))
	}
	var to incidents.Person
	if !strings.EqualFold(bare(word), "none") {
		var err error
		if to, err = c.person(word); err != nil {
			return Reply{}, err
		}
	}
	out, err := c.apply(incidents.OwnPostmortem{To: to})
	if err != nil {
		return Reply{}, err
	}
	n, word := out.Incident.Number.String(), "now"
	if len(out.Events) == 0 {
		word = "already"
	}
	switch to.ID {
	case "":
		return c.done(out, "Nobody owns the postmortem of "+n+".")
	case c.Actor.ID:
		return c.done(out, "You own the postmortem of "+n+" "+word+".", "How far it is: "+c.say("postmortem", ""))
	}
	return c.done(out, to.Name+" owns the postmortem of "+n+" "+word+".")
}

// reviewPostmortem asks people to review it, or (drop) no more.
func (c *call) reviewPostmortem(s string) (Reply, error) {
	word, rest := cut(s)
	drop := strings.EqualFold(word, "drop")
	if !drop {
		rest = s
	}
	people, err := c.people(rest)
	if err != nil {
		return Reply{}, err
	}
	return c.askReviewers(people, drop)
}

func (c *call) askReviewers(people []incidents.Person, drop bool) (r Reply, err error) {
	if c.ID == "" {
		return Reply{}, errNoID
	}
	if len(people) == 0 {
		people = []incidents.Person{{}} // nobody: the rules refuse it
	}
	var out incidents.Outcome
	var events []incidents.Event
	for _, p := range people { // each is a command of its own, so that saying it again asks nobody twice
		out, err = c.desk.Store.Apply(c.ctx, incidents.Command{
			ID: c.ID + "/" + p.ID, Actor: c.Actor, At: c.At, Incident: c.number, Origin: c.Origin, Do: incidents.ReviewPostmortem{By: p, Drop: drop},
		})
		if err != nil {
			return Reply{}, err
		}
		events = append(events, out.Events...)
	}
	out.Events = events
	said := capital(c.everybody(people)) + " " + isAre(people, c.Actor.ID) + " asked to review the postmortem of " + out.Incident.Number.String() + "."
	if drop {
		said = capital(c.everybody(people)) + " need not review the postmortem of " + out.Incident.Number.String() + " any more."
	}
	return c.done(out, said, c.postmortemHeadline(out.Incident))
}

// isAre agrees with those it is said of.
func isAre(people []incidents.Person, me string) string {
	if len(people) > 1 || people[0].ID == me {
		return "are"
	}
	return "is"
}

// approvePostmortem approves the newest version, or the one that was read.
func (c *call) approvePostmortem(s string) (Reply, error) {
	version := 0
	if s != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(strings.ToLower(s), "v"))
		if err != nil || n < 1 {
			return Reply{}, incidents.Invalid("%s is no version of a postmortem. To approve the newest, say just: %s", quote(s), c.say("postmortem", "approve"))
		}
		version = n
	}
	out, err := c.apply(incidents.ApprovePostmortem{Version: version})
	if err != nil {
		return Reply{}, err
	}
	p := out.Incident.Postmortem
	word := ""
	if len(out.Events) == 0 {
		word = " already"
	}
	said := fmt.Sprintf("You have%s approved the postmortem of %s (version %d).", word, out.Incident.Number, p.Version)
	r, err := c.done(out, said, c.postmortemHeadline(out.Incident))
	if err == nil && p.State == incidents.Approved {
		r.Choices = []Choice{{Label: "Publish", Command: c.command("postmortem", "publish"), Primary: true}}
	}
	return r, err
}
