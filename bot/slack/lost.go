package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

// reasonsLost say what became of a channel, and the way out.
var reasonsLost = map[string]string{
	"is_archived":               "its channel was archived. Unarchive it to go on there",
	"not_in_channel":            "Fireboss was removed from its channel. Invite it again to go on there",
	"channel_not_found":         "its channel is gone, or Fireboss was removed from it",
	"channel_is_limited_access": "Fireboss has no access to its channel any more",
}

// lose notes that the channel is no place to talk any more. The next pass looks
// whether it is one again.
func (p *pass) lose(err error) {
	p.m.Poke(p.in.Number)
	why := reasonsLost[code(err)]
	if p.get(idLostAt) == "" {
		p.m.Log.Warn().Str("incident", p.in.Number.String()).Str("why", why).Msg("an incident's channel was lost")
		p.set(idLostAt, time.Now().UTC().Format(time.RFC3339))
	}
	p.set(idLost, why)
}

// regain notes that the channel is there.
func (p *pass) regain() {
	p.set(idLost, "")
	p.set(idLostAt, "")
}

// apart ends a pass of an incident without its channel: the incident goes on,
// and that is said where it was announced. One that is over needs no channel:
// people archive it, and nothing is behind unless there is something to say.
func (p *pass) apart(ctx context.Context) error {
	if err := p.announceAll(ctx); err != nil {
		return err
	}
	if p.in.Status.Ended() && !slices.ContainsFunc(p.events, incidents.Event.Posted) {
		if n := len(p.events); n > 0 {
			p.rec.CursorSeq = p.events[n-1].Seq
		}
		p.rec.SyncedVersion = p.in.Version
		return nil
	}
	return &Later{After: p.patience(), Err: fmt.Errorf("%s: %s", p.in.Number, p.get(idLost))}
}

// Bounds of the time after which a lost channel is looked for again. Slack tells
// when it comes back; this is for what it did not tell.
const (
	firstSearch = 10 * time.Minute
	lastSearch  = 24 * time.Hour
)

// patience is as long as the channel has been lost already.
func (p *pass) patience() time.Duration {
	since, err := time.Parse(time.RFC3339, p.get(idLostAt))
	if err != nil {
		return firstSearch
	}
	return min(max(time.Since(since), firstSearch), lastSearch)
}

// unplaced says, where it is announced, that an incident has no channel because
// Slack refuses one for good.
func (p *pass) unplaced(ctx context.Context, err error) error {
	if !refused(err) {
		return err
	}
	why := advice[code(err)]
	if why == "" {
		why = "Slack refuses it (" + code(err) + "). Ask a workspace admin"
	}
	p.set(idLost, "its channel cannot be made: "+why)
	return errors.Join(err, p.announceAll(putOff(ctx)))
}
