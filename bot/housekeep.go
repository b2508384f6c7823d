package bot

import (
	"context"
	"time"

	"fireboss/incidents"
)

// Housekeeping: a seal every hour while anything changed, and ids are forgotten
// after 48 hours.
const (
	sealEvery = time.Hour
	idsKept   = 48 * time.Hour
)

func (p *program) housekeep(ctx context.Context) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if _, _, err := p.store.Seal(ctx, now); err != nil {
				p.log.Error().Err(err).Msg("the hourly seal could not be written")
			}
			if _, err := p.store.Forget(ctx, now.Add(-idsKept)); err != nil {
				p.log.Error().Err(err).Msg("old ids could not be forgotten")
			}
			if _, err := p.store.ForgetServiceChanges(ctx, now.Add(-incidents.ServiceChangesKept)); err != nil {
				p.log.Error().Err(err).Msg("old changes of services could not be forgotten")
			}
		}
	}
}
