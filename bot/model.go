package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// modelAuthor has a language model write anew what rules have written from the
// record. What it writes counts only as far as the record holds it.
type modelAuthor struct {
	author integrations.Author
	egress integrations.Egress
	told   func(outcome string) // of each section that was to be written
	log    zerolog.Logger
}

// written is the outcome of a section that the model wrote; any other is the reason
// why it did not.
const written = "written"

// passage is a text to write: a section of a document, or what somebody asked for.
type passage struct {
	slot, title string
	want        string            // what it is to say
	facts       []postmortem.Fact // all that it may say, as they may leave
	otherwise   string            // what stands where the model does not write it: Markdown with citations
}

// spending is what is left of a budget.
type spending struct {
	calls, tokens int
	stop          integrations.Reason // why the model is asked no more; empty: it is
}

func (m *modelAuthor) spending() *spending {
	return &spending{calls: m.author.Budget.Calls, tokens: m.author.Budget.Tokens}
}

// improve is a document as the model would have it, and whether that differs from the one
// given. Sections that people wrote, that are figures or lists of the record, or that
// ask people for their judgement, stay as they are; a section that the model could not
// write says why. The document given has to be drafted from the record given.
//
// Before each request, and at the end, still is asked whether what is in the record may leave still;
// where it may not, that is the error, and nothing of what was written counts. Nor does it where ctx
// ends.
func (m *modelAuthor) improve(ctx context.Context, r postmortem.Record, doc incidents.Document, still func(context.Context) error) (incidents.Document, bool, error) {
	clean, err := m.egress.Record(r)
	var held *integrations.HeldError
	if errors.As(err, &held) {
		m.told(string(integrations.Held))
		m.log.Debug().Str("incident", r.Incident.Number.String()).Str("reason", held.Error()).Msg("nothing of an incident goes to the model")
		return doc, false, nil
	}
	if err != nil {
		return doc, false, err
	}
	writing, cancel := context.WithTimeout(ctx, m.author.Budget.Time)
	defer cancel()
	out, changed, left := doc, false, m.spending()
	out.Sections = slices.Clone(doc.Sections)
	for i, s := range out.Sections {
		if s.Author != incidents.ByRecord || wants[s.Slot] == "" || judging(s) {
			continue
		}
		p := passage{slot: s.Slot, title: s.Title, want: wants[s.Slot], facts: postmortem.Facts(s.Slot, clean), otherwise: s.Text}
		if len(p.facts) == 0 {
			continue
		}
		if err := still(ctx); err != nil {
			return doc, false, err
		}
		out.Sections[i], changed = m.write(writing, clean.Incident, p, left), true
	}
	if err := errors.Join(ctx.Err(), still(ctx)); err != nil { // we are stopping: that says nothing of the model
		return doc, false, err
	}
	return out, changed, nil
}

// errTaken is that something was taken out of the record while the model wrote of it.
var errTaken = errors.New("something was removed from the record meanwhile")

// allowed asks the store, for improve, whether what a record holds may leave still: its
// incident's level or who may see it may have changed, and texts may have been removed.
func (m *modelAuthor) allowed(s store.Store, r postmortem.Record) func(context.Context) error {
	return func(ctx context.Context) error {
		in, err := s.Incident(ctx, r.Incident.Number)
		if err != nil {
			return err
		}
		if err := m.egress.Admit(in); err != nil {
			return err
		}
		events, err := s.Events(ctx, in.Number, r.Incident.Seq, 0)
		if slices.ContainsFunc(events, func(e incidents.Event) bool { return takes[e.Kind] }) {
			return errTaken
		}
		return err
	}
}

// takes are the kinds of events by which a text is taken out of the record.
var takes = map[incidents.Kind]bool{incidents.Redacted: true, incidents.MessageDeleted: true, incidents.MessageEdited: true}

// wants are the sections that a model may write, and what each is to say.
var wants = map[string]string{
	"summary":    "in at most five sentences what happened, what was affected and how badly, how long, what caused it as far as that is known, and how it ended",
	"impact":     "in at most six sentences who and what was affected, how, how badly and for how long",
	"detection":  "in at most four sentences how it was noticed, by whom or by what, and how long that took",
	"trigger":    "in at most three sentences what set it off, as far as the record says so",
	"narrative":  "in at most thirty sentences, in the order of time, what was found, decided and done, with the times at which things turned",
	"resolution": "in at most six sentences what was done to bring it to an end, and how that was known to have worked",
}

// write has one passage written, and checked against its facts.
func (m *modelAuthor) write(ctx context.Context, in incidents.Incident, p passage, left *spending) incidents.Section {
	s := incidents.Section{Slot: p.slot, Title: p.title, Text: p.otherwise, Author: incidents.ByRecord}
	began := time.Now()
	draft, err := m.ask(ctx, in, p, left)
	if err == nil {
		kept, removed := postmortem.Check(compose(draft.Sentences), p.facts)
		s.Removed = removed
		if n := len(postmortem.Sentences(kept)); n > 0 && n >= len(removed) {
			m.told(written)
			s.Text, s.Author = framed(kept, p.otherwise), incidents.ByModel
			return s
		}
		err = &integrations.Unwritten{Reason: integrations.Ungrounded}
	}
	reason := integrations.ReasonOf(err)
	m.told(string(reason))
	m.log.Warn().Err(err).Str("incident", in.Number.String()).Str("section", p.slot).Dur("took", time.Since(began)).Msg("the model did not write a section")
	s.Note = reason.Note()
	return s
}

// ask asks the model, as far as the budget goes.
func (m *modelAuthor) ask(ctx context.Context, in incidents.Incident, p passage, left *spending) (integrations.Draft, error) {
	if left.stop == "" && (left.calls <= 0 || left.tokens <= 0 || ctx.Err() != nil) {
		left.stop = integrations.Spent
	}
	if left.stop != "" {
		return integrations.Draft{}, &integrations.Unwritten{Reason: left.stop}
	}
	facts, err := m.egress.Facts(in, p.facts)
	if err != nil {
		return integrations.Draft{}, &integrations.Unwritten{Reason: integrations.Held, Cause: err}
	}
	left.calls--
	draft, err := m.author.Write(ctx, integrations.Assignment{Slot: p.slot, Title: p.title, Want: p.want, Facts: facts, Words: postmortem.Glue(), Tokens: left.tokens})
	left.tokens -= draft.Tokens
	var failed *integrations.Unwritten
	if errors.As(err, &failed) {
		left.tokens -= failed.Tokens
		if lasting[failed.Reason] {
			left.stop = failed.Reason
		}
	}
	return draft, err
}

// lasting are reasons that the next section would meet as well.
var lasting = map[integrations.Reason]bool{integrations.Busy: true, integrations.Denied: true, integrations.Unfit: true, integrations.Held: true}

// compose makes a text of what an author wrote, for the check: paragraphs, in which
// each sentence ends with what it cites.
func compose(list []integrations.Sentence) string {
	const paragraph = 5
	var b strings.Builder
	for i, s := range list {
		s.Text = curled(s.Text)
		switch {
		case i > 0 && i%paragraph == 0:
			b.WriteString("\n\n")
		case i > 0:
			b.WriteString(" ")
		}
		b.WriteString(s.Text)
		for i, seq := range slices.Compact(slices.Sorted(slices.Values(s.Cites))) {
			b.WriteString(map[bool]string{true: " [T", false: ", T"}[i == 0] + strconv.FormatUint(seq, 10))
		}
		if len(s.Cites) > 0 {
			b.WriteString("]")
		}
	}
	return b.String()
}

// curled has the quotation marks of a sentence as the record has them.
func curled(s string) string {
	if strings.Count(s, `"`)%2 != 0 {
		return s
	}
	var b strings.Builder
	for i, part := range strings.Split(s, `"`) {
		switch {
		case i == 0:
		case i%2 == 1:
			b.WriteString("“")
		default:
			b.WriteString("”")
		}
		b.WriteString(part)
	}
	return b.String()
}

// judging reports whether a section asks people for what only they can say.
func judging(s incidents.Section) bool {
	return s.Slot == "trigger" && strings.HasPrefix(s.Text, ">")
}

// framed puts a text in the place of the sentences of a section: its lists, and what is asked of
// people in quotations, stay before and behind it.
func framed(text, section string) string {
	var before, behind []string
	stated := false
	for block := range strings.SplitSeq(section, "\n\n") {
		switch stays := strings.HasPrefix(block, ">") || strings.HasPrefix(block, "- "); {
		case !stays:
			stated = true
		case stated:
			behind = append(behind, block)
		default:
			before = append(before, block)
		}
	}
	return strings.Join(slices.Concat(before, []string{text}, behind), "\n\n")
}

// graft puts what the model wrote of one version into a newer one: in sections that are as
// they were when it began.
func graft(was, improved, newest incidents.Document) (incidents.Document, bool) {
	out, changed := newest, false
	out.Sections = slices.Clone(newest.Sections)
	for i, s := range out.Sections {
		old, ok := sectionOf(was, s.Slot)
		better, there := sectionOf(improved, s.Slot)
		if ok && there && s.Author == incidents.ByRecord && s.Text == old.Text && (better.Text != s.Text || better.Note != s.Note) {
			out.Sections[i], changed = better, true
		}
	}
	return out, changed
}

func sectionOf(doc incidents.Document, slot string) (incidents.Section, bool) {
	i := slices.IndexFunc(doc.Sections, func(s incidents.Section) bool { return s.Slot == slot })
	if i < 0 {
		return incidents.Section{}, false
	}
	return doc.Sections[i], true
}
