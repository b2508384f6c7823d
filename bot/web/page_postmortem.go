package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
)

// postmortemData is the account of an incident.
type postmortemData struct {
	incidents.Incident
	Act          actData
	SeverityWord string
	State        string
	Owner        string // empty: nobody
	Reviewers    []reviewerRow
	Due          *due // when it is to be in review; nil: nothing is due
	Doc          incidents.Document
	Newest       bool // it is the newest version
	Sections     []sectionView
	Removed      []removedView
	Versions     []versionRow
	Diff         []diffSection // what changed; nil: it is not asked for
	From, To     int           // the versions that are compared
	MD, HTML     string        // where it is had as a file
}

// reviewerRow is somebody who was asked to review.
type reviewerRow struct {
	Name     string
	Approved string // when; empty: not yet
}

// sectionView is one part of the text.
type sectionView struct {
	Slot, Title, ID string
	HTML            template.HTML
	Meta            string // who wrote it
	Note            string
	Edit            *sectionEdit // it is being edited
	MayEdit         bool
}

// sectionEdit is a section that somebody writes.
type sectionEdit struct {
	Say     string // the command that keeps it: it goes on top of what was seen
	Text    string
	Wrong   string // why it was not kept
	Preview template.HTML
	Leave   bool // it was written by a person, so that it can be left to the record
	Beside  bool // somebody has changed the section since; it is shown beside
}

// removedView are statements that a check took out of a section.
type removedView struct {
	Title string
	Texts []string
}

// versionRow is one version in the list of them.
type versionRow struct {
	Version int
	What    string
	When    time.Time
	Here    bool
	Compare int // the version to compare it with; 0: it is the first
}

// stateWords say how far a postmortem is.
var stateWords = map[incidents.PostmortemState]string{
	incidents.NotDrafted: "not drafted", incidents.Drafted: "draft", incidents.InReview: "in review", incidents.Approved: "approved", incidents.Published: "published",
}

// accountPath is where the postmortem of an incident is read.
func accountPath(n incidents.Number) string { return incidentPath(n) + "/postmortem" }

func (s *Site) postmortemPage(r *http.Request) (page, error) {
	q := readQuery(r.URL.RawQuery, "version", "from", "to", "edit", "ask", "said")
	version, from, to := q.version(), q.versionOf("from"), q.versionOf("to")
	if ask := q.text("ask"); ask != "" && (!asked[ask] || !strings.HasPrefix(ask, "postmortem ")) {
		q.wrong("%q has no form here.", shorten(ask, 40))
	}
	who := s.viewer(r)
	in, err := s.incident(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return page{}, err
	}
	if q.err != nil {
		return page{}, q.err
	}
	d, err := s.postmortemData(r.Context(), in, version)
	if err != nil {
		return page{}, err
	}
	if from > 0 && to > 0 {
		if err := s.compare(r.Context(), &d, from, to); err != nil {
			return page{}, err
		}
	}
	if visitorOf(r) != nil {
		d.Act = s.postmortemPanel(r, in, q.text("ask"), s.saidBefore(r, who, q.text("said")))
		d.editable(q.text("edit"))
	}
	return s.postmortemFrame(in, d), nil
}

func (s *Site) postmortemFrame(in incidents.Incident, d postmortemData) page {
	return page{
		Status: http.StatusOK, Template: "postmortem", Title: practice(in) + "Postmortem of " + in.Number.String() + " " + in.Title, Here: "postmortem", Now: s.now(),
		Parts: []string{"preview"}, Data: d,
	}
}

// versionOf is a parameter that is a version.
func (q *query) versionOf(name string) int {
	if !q.given(name) {
		return 0
	}
	return int(min(q.uint(name, "it must be a version, such as 2."), 1<<30))
}

// postmortemData is what the page shows of a version (0: the newest).
func (s *Site) postmortemData(ctx context.Context, in incidents.Incident, version int) (postmortemData, error) {
	p := in.Postmortem
	d := postmortemData{Incident: in, State: stateWords[p.State], SeverityWord: severityWord(in.Severity, s.rules().Meaning(in.Severity)), Newest: version == 0 || version == p.Version}
	if p.Owner != nil {
		d.Owner = p.Owner.Name
	}
	for _, one := range p.Reviewers {
		row := reviewerRow{Name: one.Person.Name}
		if !one.Approved.IsZero() {
			row.Approved = short(one.Approved, s.now())
		}
		d.Reviewers = append(d.Reviewers, row)
	}
	if at := s.rules().PostmortemDue(in); !at.IsZero() {
		one := dueOf(incidents.Deadline{Rule: "postmortem", Due: at, For: cmp.Or(d.Owner, "owner")}, s.now())
		d.Due = &one
	}
	if p.Version == 0 {
		return d, nil
	}
	doc, err := s.store.Postmortem(ctx, in.Number, version)
	if errors.Is(err, store.ErrNotFound) {
		return d, problemf(notFound, "The postmortem of %s has no version %d; the newest is %d.", in.Number, version, p.Version)
	}
	if err != nil {
		return d, err
	}
	d.Doc = doc
	query := ""
	if !d.Newest {
		query = fmt.Sprint("?version=", version)
	}
	d.MD, d.HTML = accountPath(in.Number)+".md"+query, accountPath(in.Number)+".html"+query
	links, err := s.cited(ctx, in, doc)
	if err != nil {
		return d, err
	}
	d.Sections, d.Removed = sections(doc, links)
	d.Versions, err = s.versions(ctx, in, doc.Version)
	return d, err
}

// maxCited is how many citations say what they stand on when one points at them.
const maxCited = 400

// cited finds the events on which a text stands: where each is, and what it says.
func (s *Site) cited(ctx context.Context, in incidents.Incident, doc incidents.Document) (func(uint64) cite, error) {
	var seqs []uint64
	for _, one := range doc.Sections {
		seqs = append(seqs, postmortem.Cites(one.Text)...)
	}
	slices.Sort(seqs)
	known := map[uint64]string{}
	for _, seq := range slices.Compact(seqs) {
		if seq > in.Seq || len(known) >= maxCited {
			break
		}
		list, err := s.store.Events(ctx, in.Number, seq-1, 1)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			text := "The text was taken away."
			if !e.Redacted {
				text = shorten(incidents.Tidy(e.Text), 200)
			}
			known[e.Seq] = e.At.UTC().Format("15:04") + " " + e.Actor.Name + ": " + text
		}
	}
	return func(seq uint64) cite {
		if seq > in.Seq {
			return cite{}
		}
		return cite{Address: eventAddress(in.Number, seq), Says: known[seq]}
	}, nil
}

// sections are the parts of a text as HTML, and what a check removed from them.
func sections(doc incidents.Document, links func(uint64) cite) (list []sectionView, removed []removedView) {
	for _, one := range doc.Sections {
		v := sectionView{Slot: one.Slot, Title: one.Title, ID: "s-" + one.Slot, Note: one.Note, HTML: rendered(one.Text, links)}
		switch {
		case one.Author == incidents.ByPerson && one.Editor.Name != "":
			v.Meta = "Written by " + one.Editor.Name
		case one.Author == incidents.ByModel:
			v.Meta = "Written by a language model; each statement was checked against the timeline"
		}
		list = append(list, v)
		if len(one.Removed) > 0 {
			removed = append(removed, removedView{one.Title, one.Removed})
		}
	}
	return list, removed
}

// versions are all versions, the newest first.
func (s *Site) versions(ctx context.Context, in incidents.Incident, here int) ([]versionRow, error) {
	list, err := s.store.PostmortemVersions(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	var rows []versionRow
	for i, doc := range slices.Backward(list) {
		row := versionRow{Version: doc.Version, When: doc.At, What: "drafted", Here: doc.Version == here}
		if doc.By.Kind == incidents.User {
			row.What = "by " + doc.By.Name
		}
		if i > 0 {
			row.Compare = list[i-1].Version
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// editable marks what somebody can edit, and what they are editing.
func (d *postmortemData) editable(slot string) {
	if !d.Newest || d.Diff != nil {
		return
	}
	for i := range d.Sections {
		v := &d.Sections[i]
		v.MayEdit = true
		if v.Slot != slot {
			continue
		}
		one := d.Doc.Sections[i]
		v.Edit = &sectionEdit{
			Say:  fmt.Sprintf("postmortem %s edit %d/%d", d.Number, d.Postmortem.Version, d.Seq),
			Text: one.Text, Leave: one.Author == incidents.ByPerson,
		}
	}
}

// postmortemPanel is what somebody can do with the postmortem: what the desk would
// show them.
func (s *Site) postmortemPanel(r *http.Request, in incidents.Incident, ask string, before *said) actData {
	here, who := place{in.Number, accountPath(in.Number)}, s.viewer(r)
	d := actData{May: true, Action: here.path, Leave: here.path, Said: before}
	for _, c := range s.say(r.Context(), who, in.Number, deed{Say: "postmortem"}).Choices {
		if c.Command != "postmortem show" && c.Command != "postmortem edit" {
			d.Buttons = append(d.Buttons, s.button(c, here))
		}
	}
	if in.Postmortem.Version > 0 {
		d.Buttons = append(d.Buttons, button{Label: "Draft anew", Say: "postmortem draft", ID: "do-draft"})
	}
	if ask != "" {
		d.Said = s.drawSaid(s.say(r.Context(), who, in.Number, deed{Say: ask, Values: map[string][]string{}, Redraw: true}), "", here)
		if d.Said.Ask != nil {
			d.Said.Text = ""
		}
	}
	if d.Said != nil {
		d.Ask = d.Said.Ask
	}
	return d
}

// postmortemAct does what a form of the page says: keeps a section, shows how it would
// look, or anything else that can be done with a postmortem.
func (s *Site) postmortemAct(r *http.Request) (page, error) {
	d, err := readDeed(r)
	if err != nil {
		return page{}, err
	}
	who := s.viewer(r)
	in, err := s.incident(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return page{}, err
	}
	slot := first(d.Values["section"])
	text := first(d.Values["text_"+slot])
	if r.PostForm.Get("preview") != "" {
		return s.preview(r, in, d, slot, text)
	}
	reply := s.say(r.Context(), who, in.Number, d)
	answer := s.drawSaid(reply, d.id(who.ID), place{in.Number, accountPath(in.Number)})
	if answer.Refused && slot != "" { // what they wrote is not lost
		return s.rewrite(r, in, d, slot, text, answer.Text, reply.Refused == incidents.CodeConflict)
	}
	s.answers.keep(answer)
	to := accountPath(in.Number) + "?said=" + url.QueryEscape(answer.ID)
	if slot != "" && !answer.Refused {
		to += "#s-" + slot
	} else {
		to += "#act"
	}
	return page{goTo: to}, nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// preview shows how what somebody writes would look; nothing is kept.
func (s *Site) preview(r *http.Request, in incidents.Incident, d deed, slot, text string) (page, error) {
	if n := len([]rune(text)); n > incidents.MaxSection {
		text = string([]rune(text)[:incidents.MaxSection])
	}
	p, err := s.rewrite(r, in, d, slot, text, "", false)
	if data, ok := p.Data.(postmortemData); ok && err == nil {
		links, err := s.cited(r.Context(), in, incidents.Document{Sections: []incidents.Section{{Text: text}}})
		if err != nil {
			return page{}, err
		}
		for i := range data.Sections {
			if e := data.Sections[i].Edit; e != nil {
				e.Preview = rendered(text, links)
			}
		}
		p.Status = http.StatusOK
	}
	return p, err
}

// seenIn is what a form says that its writer saw: a version, and an event.
var seenIn = regexp.MustCompile(`^(postmortem \S+ edit) (\d+)/(\d+)$`)

// rewrite is the page with a section as somebody was writing it. Where somebody else
// has changed it since, that is shown beside, and saving once more writes over it; but
// of a text that was removed since, nothing comes back by that.
func (s *Site) rewrite(r *http.Request, in incidents.Incident, d deed, slot, text, wrong string, beside bool) (page, error) {
	data, err := s.postmortemData(r.Context(), in, 0)
	if err != nil {
		return page{}, err
	}
	data.Act = s.postmortemPanel(r, in, "", nil)
	data.editable(slot)
	for i := range data.Sections {
		e := data.Sections[i].Edit
		if e == nil {
			continue
		}
		e.Say, e.Text, e.Wrong = d.Say, text, wrong // on top of what they saw
		if m := seenIn.FindStringSubmatch(d.Say); beside && m != nil {
			e.Say, e.Beside = fmt.Sprintf("%s %d/%s", m[1], data.Postmortem.Version, m[3]), true
		}
	}
	p := s.postmortemFrame(in, data)
	p.Status = http.StatusUnprocessableEntity
	return p, nil
}

// Editing is the section that is being edited; nil: none is.
func (d postmortemData) Editing() *sectionEdit {
	for _, v := range d.Sections {
		if v.Edit != nil {
			return v.Edit
		}
	}
	return nil
}
