package commands

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// postmortemForm asks for what a word about the postmortem lacks.
func (c *call) postmortemForm() Form {
	word, rest := cut(c.args)
	switch strings.ToLower(word) {
	case "review":
		return Form{Command: c.of("review"), Title: "Ask for review", Submit: "Ask", Fields: []Field{{Name: "to", Label: "Who is to review it?", Kind: FieldPeople}}}
	case "owner", "own":
		return Form{Command: c.of("owner"), Title: "Own the postmortem", Submit: "Give", Fields: []Field{personField("Who owns it?").with(c.guess(rest))}}
	}
	return c.sectionForm(rest)
}

// of is a command about the postmortem of this incident, as a form says it.
func (c *call) of(args string) string {
	return "postmortem " + c.number.String() + " " + args
}

func (c *call) fillPostmortem() (Reply, error) {
	word, rest := cut(c.args)
	switch strings.ToLower(word) {
	case "review":
		var people []incidents.Person
		for _, said := range c.Values["to"] {
			p, err := c.person(said)
			if err != nil {
				return Reply{}, incidents.About("to", err)
			}
			people = append(people, p)
		}
		return c.askReviewers(people, false)
	case "owner", "own":
		r, err := c.ownPostmortem(c.said("to"))
		return r, incidents.About("to", err)
	}
	return c.fillSection(rest)
}

// The names of the form's fields that hold a section. Each section has a text
// field of its own, so that choosing another one shows that one's text.
const (
	sectionField = "section"
	sectionText  = "text_"
)

// seen is what somebody sees who writes: the version, and the last event then.
type seen struct {
	version int
	seq     uint64
}

// String is how a form's command says it: "3/41".
func (s seen) String() string { return fmt.Sprintf("%d/%d", s.version, s.seq) }

// takeSeen takes it off the head of what stands behind edit.
func takeSeen(args string) (s seen, rest string, ok bool) {
	word, rest := cut(args)
	version, seq, ok := strings.Cut(word, "/")
	if !ok {
		return s, args, false
	}
	var err, err2 error
	s.version, err = strconv.Atoi(version)
	s.seq, err2 = strconv.ParseUint(seq, 10, 64)
	return s, rest, err == nil && err2 == nil
}

// newest is the newest text of the postmortem, and what its reader has seen.
func (c *call) newest() (incidents.Document, seen, error) {
	in, err := c.incident()
	if err != nil {
		return incidents.Document{}, seen{}, err
	}
	doc, err := c.desk.Store.Postmortem(c.ctx, in.Number, in.Postmortem.Version)
	if in.Postmortem.Version == 0 || errors.Is(err, store.ErrNotFound) {
		return doc, seen{}, incidents.Refused("%s has no postmortem yet. To have it drafted from the timeline: %s", in.Number, incidents.Say{Of: in.Number, Verb: "postmortem", Args: "draft"})
	}
	return doc, seen{in.Postmortem.Version, in.Seq}, err
}

// sectionForm asks what a section is to say. Where it was filled in before, it goes
// on top of what was seen then: what others wrote meanwhile is not written over.
func (c *call) sectionForm(args string) Form {
	before, rest, again := takeSeen(args)
	slot, _ := cut(rest)
	if chosen := c.said(sectionField); chosen != "" {
		slot = chosen
	}
	f := Form{Title: "Edit the postmortem", Submit: "Save"}
	doc, now, err := c.newest()
	if err != nil || len(doc.Sections) == 0 {
		f.Command, f.Fields = c.of("edit"), []Field{lineField(sectionField, "Section").hint("There is no postmortem to edit.")}
		return f
	}
	if _, written := c.Values[sectionText+slot]; again && written {
		now = before
	}
	f.Command = c.of("edit " + now.String())
	i := slices.IndexFunc(doc.Sections, func(s incidents.Section) bool { return s.Slot == slot })
	if i < 0 { // the first that is not made of facts alone
		i = max(0, slices.IndexFunc(doc.Sections, func(s incidents.Section) bool { return s.Slot != header }))
	}
	s := doc.Sections[i]
	var options []Option
	for _, o := range doc.Sections[:min(len(doc.Sections), maxOptions)] {
		options = append(options, Option{Value: o.Slot, Label: titleOf(o)})
	}
	which := choiceField(sectionField, "Section", s.Slot, options)
	which.Redraw = true
	f.Fields = []Field{which}
	if n := len([]rune(s.Text)); n > maxField {
		where := ""
		if in, err := c.incident(); err == nil && c.postmortemPage(in) != "" {
			where = " Edit it on its page: " + c.postmortemPage(in)
		}
		f.Notes = []Note{{Text: fmt.Sprintf("%s has %d characters, and %d fit here.%s", titleOf(s), n, maxField, where)}}
		return f
	}
	text := areaField(sectionText+s.Slot, titleOf(s)).with(s.Text).hint("Markdown. [T14] is event 14 of the timeline.")
	if s.Author == incidents.ByPerson {
		text = text.optional().hint("Markdown. [T14] is event 14 of the timeline. Left empty, the next draft writes it.")
	}
	f.Fields = append(f.Fields, text)
	return f
}

// titleOf is what a section is called; one without a heading by its name.
func titleOf(s incidents.Section) string {
	if s.Title != "" {
		return s.Title
	}
	return capital(strings.ReplaceAll(s.Slot, "_", " "))
}

// fillSection writes what was filled in.
func (c *call) fillSection(args string) (Reply, error) {
	on, _, ok := takeSeen(args)
	slot := c.said(sectionField)
	text, written := c.Values[sectionText+slot]
	if !ok || !written {
		return Reply{}, incidents.About(sectionField, incidents.Invalid("There is nothing to save. Choose a section that can be written here: %s", c.say("postmortem", "edit")))
	}
	r, err := c.writeSection(on, slot, strings.Join(text, "\n"))
	if refusal, refused := incidents.AsRefusal(err); refused && refusal.Field == "text" {
		err = incidents.About(sectionText+slot, err)
	}
	return r, err
}

// editPostmortem puts a typed text in the place of a section, by its name; without
// one it asks.
func (c *call) editPostmortem(s string) (Reply, error) {
	doc, now, err := c.newest()
	if err != nil {
		return Reply{}, err
	}
	slot, text := cut(s)
	slot = strings.ToLower(slot)
	var names []string
	for _, section := range doc.Sections {
		names = append(names, section.Slot)
	}
	switch {
	case slot != "" && !slices.Contains(names, slot):
		r := Reply{}
		did := ""
		if near, ok := nearest(slot, names); ok {
			r.Choices = choose(nil, "", c.command("postmortem", "edit "+near), true)
			did = " Did you mean " + near + "?"
		}
		return r, incidents.Invalid("%s is no section of this postmortem; there are %s.%s", quote(slot), strings.Join(names, ", "), did)
	case text == "":
		return Reply{}, incidents.Missing(sectionField, "Which section, and what is it to say? There are: %s. Example: %s", strings.Join(names, ", "), c.say("postmortem", "edit "+names[0]+" it was the disk"))
	}
	return c.writeSection(now, slot, text)
}

func (c *call) writeSection(on seen, slot, text string) (Reply, error) {
	out, err := c.apply(incidents.EditPostmortem{Base: on.version, Seen: on.seq, Slot: slot, Text: text})
	if err != nil {
		return Reply{}, err
	}
	n := out.Incident.Number.String()
	e, edited := caused(out, incidents.PostmortemEdited)
	if !edited {
		return c.done(out, "That section of the postmortem of "+n+" says so already.")
	}
	said := "Your text stands in the postmortem of " + n + " (version " + e.Field("version") + "), and no draft writes over it."
	if strings.TrimSpace(text) == "" {
		said = "The record writes that section of the postmortem of " + n + " again, with the next draft."
	}
	if out.Incident.Postmortem.State == incidents.InReview {
		said += " It is in review" + c.onceMore(out.Incident) + "."
	}
	return c.postmortemDone(out, said)
}

// onceMore says by whom it has to be approved now.
func (c *call) onceMore(in incidents.Incident) string {
	if wait := in.Postmortem.Waiting(); len(wait) > 0 {
		return ", for " + c.everybody(wait) + " to approve"
	}
	return ""
}
