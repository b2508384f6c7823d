package bot

import (
	"context"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// serviceChanged has the incidents shown anew that a change may have caused.
func (p *program) serviceChanged(ctx context.Context, c incidents.ServiceChange) {
	list, err := p.store.Incidents(ctx, store.Query{Open: true, Where: func(in incidents.Incident) bool {
		from, to := in.Suspects()
		return c.Affects(in.Services) && !c.At.Before(from) && !c.At.After(to)
	}})
	if err != nil {
		p.log.Error().Err(err).Msg("the incidents of a changed service could not be found")
	}
	for _, in := range list {
		p.mirror.changed(in.Number)
	}
}

// suspects are the changes that may have caused an incident, the newest first.
func (p *program) suspects(ctx context.Context, in incidents.Incident) []incidents.ServiceChange {
	if len(in.Services) == 0 {
		return nil
	}
	from, to := in.Suspects()
	list, err := p.store.ServiceChanges(ctx, from, to, shownChanges, func(c incidents.ServiceChange) bool { return c.Affects(in.Services) })
	if err != nil {
		p.log.Error().Err(err).Str("incident", in.Number.String()).Msg("the changes before an incident could not be read")
	}
	return list
}

// shownChanges is how many changes a card shows.
const shownChanges = 5
