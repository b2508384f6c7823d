package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
)

// Drafting is how postmortems are drafted. The zero value takes the templates that
// come with Fireboss, with roles in the place of names.
type Drafting struct {
	// Template is the one for an incident; nil: as [postmortem.Choose] says.
	Template func(incidents.Incident) postmortem.Template
	Names    bool // people have their names in the narrative
	// Message is where a message of the channel can be read, by the id of it that its
	// event has; nil, or an empty answer: nobody knows.
	Message func(id string) string
}

// builtin are the templates that come with Fireboss.
var builtin = sync.OnceValue(postmortem.Builtin)

// draftTries is how often a draft is begun again because something was changed
// while it was written.
const draftTries = 5

// Draft has the postmortem of an incident drafted from its timeline, with what
// people wrote in it as it is, and keeps that as the newest version; where it would
// say what that says already, nothing happens. The same command, by its id, does it
// once; what it is to do, Do, is not looked at.
func (d *Desk) Draft(ctx context.Context, cmd incidents.Command) (out incidents.Outcome, err error) {
	for range draftTries {
		if cmd.Do, err = d.draft(ctx, cmd); err != nil {
			return out, err
		}
		out, err = d.Store.Apply(ctx, cmd)
		if refusal, ok := incidents.AsRefusal(err); !ok || refusal.Code != incidents.CodeConflict {
			return out, err
		}
	}
	return out, incidents.Conflicts("So much is changed in %s just now that its postmortem could not be drafted. Try again in a minute: %s",
		cmd.Incident, incidents.Say{Of: cmd.Incident, Verb: "postmortem", Args: "draft"})
}

// draft writes a draft on top of the newest version; it is that itself where it
// would say nothing new.
func (d *Desk) draft(ctx context.Context, cmd incidents.Command) (act incidents.DraftPostmortem, err error) {
	in, err := d.Store.Incident(ctx, cmd.Incident)
	if errors.Is(err, store.ErrNotFound) || err == nil && !in.VisibleTo(cmd.Actor) {
		return act, incidents.NotFound(cmd.Incident)
	}
	if err != nil {
		return act, err
	}
	record, err := d.Record(ctx, in, cmd.Actor, cmd.At)
	if err != nil {
		return act, err
	}
	act.Base, act.Document = in.Postmortem.Version, postmortem.Draft(d.template(in), record)
	if act.Base > 0 {
		was, err := d.Store.Postmortem(ctx, in.Number, act.Base)
		if err != nil {
			return act, err
		}
		if act.Document = postmortem.Redraft(was, act.Document); nothingNew(in, record.Events, was, act.Document) {
			act.Document = was
		}
	}
	act.Document.Seq = in.Seq
	return act, nil
}

// header is the slot in which a draft says when it was made.
const header = "header"

// nothingNew reports whether nothing has happened since the newest draft but work on
// the postmortem itself, and a new one would say the same, but when it was made.
func nothingNew(in incidents.Incident, events []incidents.Event, was, draft incidents.Document) bool {
	fresh := func(e incidents.Event) bool {
		return e.Seq > in.Postmortem.Seq && !strings.HasPrefix(string(e.Kind), "postmortem_")
	}
	if slices.ContainsFunc(events, fresh) || was.Template != draft.Template || was.Title != draft.Title {
		return false
	}
	return slices.EqualFunc(was.Sections, draft.Sections, func(a, b incidents.Section) bool {
		return a.Slot == b.Slot && (a.Slot == header && a.Author == b.Author || a.Text == b.Text && a.Title == b.Title)
	})
}

func (d *Desk) template(in incidents.Incident) postmortem.Template {
	if d.Drafting.Template != nil {
		return d.Drafting.Template(in)
	}
	return builtin()[postmortem.Choose(in, nil)]
}

// Record is all that is known of an incident, as it was read.
func (d *Desk) Record(ctx context.Context, in incidents.Incident, by incidents.Actor, at time.Time) (postmortem.Record, error) {
	events, err := d.Store.Events(ctx, in.Number, 0, 0)
	if err != nil {
		return postmortem.Record{}, err
	}
	r := postmortem.Record{Incident: in, Events: in.Known(events), Rules: d.rules(), Messages: map[uint64]string{}, At: at, By: by, Names: d.Drafting.Names}
	if d.Dashboard != "" {
		r.Page = d.Dashboard + "/incidents/" + in.Number.String()
	}
	for _, e := range r.Events {
		if d.Drafting.Message == nil || e.Redacted || e.Kind != incidents.MessagePosted && e.Kind != incidents.MessageEdited && e.Kind != incidents.MessageMarked {
			continue
		}
		if address := d.Drafting.Message(e.Field("id")); address != "" {
			r.Messages[e.Seq] = address
		}
	}
	return r, nil
}
