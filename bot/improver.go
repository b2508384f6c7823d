package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// improver has a model write the newest draft of a postmortem anew. That it is wanted
// is a row of the outbox, written with the draft; it has an outbox of its own, for a
// model takes minutes, in which nobody's letters wait.
type improver struct {
	store  store.Store
	desk   *commands.Desk
	author *modelAuthor
	log    zerolog.Logger
}

// Bounds of writing a draft anew: how long a row may take, beyond what the model may,
// and how often a text is put into a version that somebody else has just made newer.
const (
	improveBeyond = time.Minute
	graftTries    = 5
)

// newImprover is the outbox of these rows; without a model they are done at once.
func newImprover(s store.Store, desk *commands.Desk, author *modelAuthor, log zerolog.Logger) *outbox {
	o := newOutbox(s, nil, log)
	o.alone = []string{incidents.ModelWanted}
	o.errands = map[string]errand{incidents.ModelWanted: func(context.Context, store.Message) error { return nil }}
	if author != nil {
		o.limit = author.author.Budget.Time + improveBeyond
		o.errands[incidents.ModelWanted] = improver{store: s, desk: desk, author: author, log: log}.do
	}
	return o
}

// do has the newest draft written anew, once.
func (i improver) do(ctx context.Context, m store.Message) error {
	in, err := i.store.Incident(ctx, m.Incident)
	if err != nil {
		return err
	}
	was, err := i.store.Postmortem(ctx, in.Number, in.Postmortem.Version)
	if err != nil {
		return err
	}
	record, err := i.desk.Record(ctx, in, incidents.Fireboss, was.At)
	if err != nil {
		return err
	}
	better, changed, err := i.author.improve(ctx, record, was, i.author.allowed(i.store, record))
	var held *integrations.HeldError
	if errors.As(err, &held) || err == nil && !changed {
		return nil
	}
	if err != nil {
		return err
	}
	return i.keep(ctx, m, in.Seq, was, better)
}

// keep puts what the model wrote into the newest version. It is refused where a text was
// removed since the record was read; then all of it is done once more.
func (i improver) keep(ctx context.Context, m store.Message, seq uint64, was, better incidents.Document) error {
	for range graftTries {
		newest, err := i.store.Postmortem(ctx, m.Incident, 0)
		if err != nil {
			return err
		}
		doc, changed := graft(was, better, newest)
		if !changed {
			return nil
		}
		doc.Seq = seq
		_, err = i.store.Apply(ctx, incidents.Command{
			ID: fmt.Sprintf("model:%s:%d", m.Key, newest.Version), Actor: incidents.Fireboss, At: time.Now(), Incident: m.Incident,
			Do: incidents.DraftPostmortem{Base: newest.Version, Document: doc, ByModel: true},
		})
		refusal, refused := incidents.AsRefusal(err)
		if !refused {
			return err
		}
		if refusal.Code != incidents.CodeConflict {
			i.log.Warn().Str("incident", m.Incident.String()).Str("refusal", refusal.Text).Msg("what a model wrote is not kept")
			return nil
		}
	}
	return errTaken
}
