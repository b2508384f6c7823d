package incidents

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

const postmortemVerb = "postmortem"

// Longest and most of a postmortem.
const (
	MaxSection   = 40000 // characters that a person can write into one section
	maxReviewers = 20
)

// rewritten says that there is a new text: who has approved an earlier one has
// not approved this one, and what was approved is in review again.
func (p *Postmortem) rewritten() {
	p.Version++
	for i := range p.Reviewers {
		p.Reviewers[i].Approved = time.Time{}
	}
	switch p.State {
	case NotDrafted:
		p.State = Drafted
	case Approved, Published:
		p.State = InReview
	}
}

// settle says that it is approved where all have who were asked.
func (p *Postmortem) settle() {
	if p.State == InReview && len(p.Reviewers) > 0 && len(p.Waiting()) == 0 {
		p.State = Approved
	}
}

// Waiting are those who were asked to review it and have not approved it.
func (p Postmortem) Waiting() []Person {
	var list []Person
	for _, r := range p.Reviewers {
		if r.Approved.IsZero() {
			list = append(list, r.Person)
		}
	}
	return list
}

// noText refuses what needs a text where there is none.
func (d *decision) noText() error {
	if d.in.Postmortem.Version > 0 {
		return nil
	}
	return Refused("%s has no postmortem yet. To have it drafted from the timeline: %s", d.in.Number, d.say(postmortemVerb, "draft"))
}

// wantDraft has the postmortem drafted of what has just ended, unless it was
// called off, merged into another, or over before it was recorded.
func (d *decision) wantDraft() {
	if (d.in.EndedAs == EndedResolved || d.in.EndedAs == EndedFalsePositive) && !d.in.Backfilled {
		d.tell(DraftWanted, Fireboss.Person())
	}
}

// DraftPostmortem keeps a text that was written from the timeline. Sections that a
// person wrote stay as they are, whatever the draft has in their place.
type DraftPostmortem struct {
	// Base is the version that was the newest when the draft was made; 0: there was
	// none. Where there is another now, or a text was removed since Document.Seq, the
	// draft holds what it should not, and is refused as a conflict.
	Base     int
	Document Document
	// ByModel says that a model wrote the draft anew; it is not asked once more.
	ByModel bool
}

// Verb is the row in [Lifecycle].
func (DraftPostmortem) Verb() string { return postmortemVerb }

func (DraftPostmortem) document() (base int) { return 0 }

func (x DraftPostmortem) recalls() (after uint64, limit int) { return x.Document.Seq, 0 }

func (x DraftPostmortem) decide(d *decision) error {
	if into := d.in.MergedInto; into != 0 {
		return Refused("%s was merged into %s, and what happened is told there: %s", d.in.Number, into, Say{into, postmortemVerb, "draft"})
	}
	doc := x.Document
	if err := doc.check(); err != nil {
		return err
	}
	if x.Base != d.in.Postmortem.Version || d.removedSince() {
		return Conflicts("Something was changed in %s while the postmortem was drafted. Have it drafted once more: %s", d.in.Number, d.say(postmortemVerb, "draft"))
	}
	doc.Sections = keepEdited(d.facts.Document, doc.Sections)
	if was := d.facts.Document; was != nil && was.Template == doc.Template && was.Title == doc.Title && slices.EqualFunc(was.Sections, doc.Sections, Section.same) {
		return nil
	}
	d.write(doc)
	d.in.Postmortem.Seq = doc.Seq
	v := d.in.Postmortem.Version
	said := "Postmortem drafted from the timeline"
	if x.ByModel {
		said = "Postmortem written anew by a model and checked against the timeline"
	}
	d.event(PostmortemDrafted, fmt.Sprintf("%s (version %d)", said, v), "version", v, "template", doc.Template, "seq", doc.Seq, "model", x.ByModel)
	if d.rules.Model && !x.ByModel {
		d.tell(ModelWanted, Fireboss.Person())
	}
	return nil
}

// check wants sections that can be told apart: drafts are made by our own code.
func (doc Document) check() error {
	if len(doc.Sections) == 0 {
		return errors.New("incidents: a draft without sections")
	}
	for i, s := range doc.Sections {
		if s.Slot == "" || slices.ContainsFunc(doc.Sections[:i], func(o Section) bool { return o.Slot == s.Slot }) {
			return fmt.Errorf("incidents: the slot %q of a draft has no name, or the name of another", s.Slot)
		}
	}
	return nil
}

// removes are the kinds of events with which a text goes.
var removes = map[Kind]bool{Redacted: true, MessageDeleted: true}

// removedSince reports whether a text was removed since somebody looked, by the
// events that the act [Recalls].
func (d *decision) removedSince() bool {
	return slices.ContainsFunc(d.facts.Events, func(e Event) bool { return removes[e.Kind] })
}

// sinceSeen are the events that [decision.removedSince] looks at, where somebody
// saw the incident as it was at a seq; 0: nobody knows what they saw.
func sinceSeen(seen uint64) (after uint64, limit int) {
	if seen == 0 {
		return math.MaxUint64, 0
	}
	return seen, 0
}

// keepEdited puts the sections that a person wrote into their places in a draft;
// those that the draft does not have go to its end.
func keepEdited(was *Document, draft []Section) []Section {
	list := slices.Clone(draft)
	if was == nil {
		return list
	}
	for _, s := range was.Sections {
		if s.Author != ByPerson {
			continue
		}
		i := slices.IndexFunc(list, func(o Section) bool { return o.Slot == s.Slot })
		if i < 0 {
			list = append(list, s)
			continue
		}
		s.Title = list[i].Title
		list[i] = s
	}
	return list
}

// same reports whether two sections say the same, by the same sort of author.
func (s Section) same(o Section) bool {
	return s.Slot == o.Slot && s.Title == o.Title && s.Text == o.Text && s.Author == o.Author && s.Note == o.Note && slices.Equal(s.Removed, o.Removed)
}

// write makes a text the newest.
func (d *decision) write(doc Document) {
	d.in.Postmortem.rewritten()
	doc.Incident, doc.Version, doc.At, doc.By = d.in.Number, d.in.Postmortem.Version, d.now, d.cmd.Actor
	d.out.Document = &doc
}

// EditPostmortem puts a person's text in the place of one section. An empty text
// gives a section that a person wrote back to the record: the next draft writes it.
type EditPostmortem struct {
	Base int    // the version that they have seen
	Seen uint64 // the seq of the incident's last event then; 0: unknown
	Slot string
	Text string // Markdown
}

// Verb is the row in [Lifecycle].
func (EditPostmortem) Verb() string { return postmortemVerb }

func (x EditPostmortem) document() (base int) { return x.Base }

func (x EditPostmortem) recalls() (after uint64, limit int) { return sinceSeen(x.Seen) }

func (x EditPostmortem) decide(d *decision) error {
	if err := d.noText(); err != nil {
		return err
	}
	doc := *d.facts.Document
	i := slices.IndexFunc(doc.Sections, func(s Section) bool { return s.Slot == x.Slot })
	if i < 0 {
		return Invalid("%q is no section of this postmortem. See which there are: %s", shorten(Tidy(x.Slot), 40), d.say(postmortemVerb, "edit"))
	}
	if err := d.onTopOf(x, doc.Sections[i]); err != nil {
		return err
	}
	was := doc.Sections[i]
	words, err := d.sectionText(x, was)
	if err != nil || words == was.Text {
		return err
	}
	s := Section{Slot: was.Slot, Title: was.Title, Text: words, Author: ByPerson, Editor: d.cmd.Actor.Person()}
	what := "Postmortem edited: "
	if words == "" {
		s.Author, s.Editor, what = ByRecord, Person{}, "Postmortem edited, and left to the record again: "
	}
	doc.Sections = slices.Clone(doc.Sections)
	doc.Sections[i] = s
	d.write(doc)
	v := d.in.Postmortem.Version
	d.event(PostmortemEdited, fmt.Sprintf("%s%s (version %d)", what, Tidy(was.Title), v), "version", v, "slot", was.Slot)
	return nil
}

// sectionText is what is to stand in a section.
func (d *decision) sectionText(x EditPostmortem, was Section) (string, error) {
	words := clean(x.Text)
	if n := len([]rune(words)); n > MaxSection {
		return "", About("text", Invalid("The section has %d characters, at most %d fit. Put the rest into a document and link that: %s", n, MaxSection, d.say("link", "https://docs.example.com/report")))
	}
	if words == "" && was.Author != ByPerson {
		return "", Missing("text", "What is the section %s to say? The record has written it so far; write what is right, or leave it as it is.", was.Title)
	}
	return words, nil
}

// onTopOf refuses an edit of a section that is not any more as the actor saw it.
func (d *decision) onTopOf(x EditPostmortem, now Section) error {
	again := d.say(postmortemVerb, "edit "+x.Slot)
	if d.removedSince() {
		return Conflicts("A text was removed from %s since you began to write, and may stand in yours. Look at the section as it is now: %s", d.in.Number, again)
	}
	if x.Base == d.in.Postmortem.Version {
		return nil
	}
	if d.facts.Base == nil {
		return Conflicts("There is no version %d of the postmortem of %s; the newest is %d. Look at the section as it is now: %s", x.Base, d.in.Number, d.in.Postmortem.Version, again)
	}
	for _, s := range d.facts.Base.Sections {
		if s.Slot == x.Slot && s.Text == now.Text {
			return nil // others have changed other sections
		}
	}
	who := "a new draft has"
	if now.Author == ByPerson {
		who = now.Editor.Name + " has"
	}
	return Conflicts("You wrote on top of version %d, and %s changed the section %s since. Look at it as it is now: %s", x.Base, who, now.Title, again)
}
