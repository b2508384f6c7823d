package bot

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/slack"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// Bounds of looking for channels whose time has come.
const (
	archiveEvery = time.Hour
	archiveAgain = 24 * time.Hour   // one that Slack did not archive
	archiveFails = 10 * time.Minute // where the store cannot be read
	archivePage  = 100              // incidents that are read at once
)

// archivist has the channels of incidents that are long over archived. Whether and
// when follows from the incident and its record alone, and the mirror, which does
// it, looks once more; here is only looked for whose time has come, so that nothing
// hangs on when we ran.
type archivist struct {
	store   store.Store
	after   time.Duration          // an incident is over; 0: never
	changed func(incidents.Number) // has the mirror look at an incident
	log     zerolog.Logger

	asked map[incidents.Number]request // the last, since this start
	gone  map[incidents.Number]uint64  // versions of incidents with nothing to archive
}

// request is what the mirror was asked, and when.
type request struct{ due, at time.Time }

// run looks until the context ends.
func (a *archivist) run(ctx context.Context) {
	if a.after <= 0 {
		return
	}
	a.asked, a.gone = map[incidents.Number]request{}, map[incidents.Number]uint64{}
	rounds(ctx, nil, a.once)
}

// once has archived what is due and answers how long until the next look.
func (a *archivist) once(ctx context.Context, now time.Time) time.Duration {
	next := archiveEvery
	for before := incidents.Number(0); ; {
		list, err := a.store.Incidents(ctx, store.Query{Before: before, Limit: archivePage, Where: func(in incidents.Incident) bool { return !in.Rests().IsZero() }})
		for i := 0; err == nil && i < len(list); i++ {
			var wait time.Duration
			if wait, err = a.look(ctx, list[i], now); wait > 0 {
				next = min(next, wait)
			}
		}
		if err != nil {
			if ctx.Err() == nil {
				a.log.Error().Err(err).Msg("which channels are to be archived cannot be read; it is tried again in a while")
			}
			return archiveFails
		}
		if len(list) < archivePage {
			return next
		}
		before = list[len(list)-1].Number
	}
}

// look has an incident's channel archived if it is time, and answers how long it
// is until then; 0 where it will not come by itself.
func (a *archivist) look(ctx context.Context, in incidents.Incident, now time.Time) (time.Duration, error) {
	if a.gone[in.Number] == in.Version {
		return 0, nil
	}
	rec, err := a.store.Record(ctx, slack.Door, in.Number)
	if err != nil {
		return 0, err
	}
	at, ok := slack.ArchiveAt(in, rec, a.after)
	switch {
	case !ok && rec.Place != "":
		a.gone[in.Number] = in.Version
		return 0, nil
	case !ok: // it is being made
		return 0, nil
	case at.After(now):
		return at.Sub(now), nil
	}
	if last := a.asked[in.Number]; !last.due.Equal(at) || now.Sub(last.at) >= archiveAgain {
		a.asked[in.Number] = request{due: at, at: now}
		a.changed(in.Number)
	}
	return 0, nil
}
