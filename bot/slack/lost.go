package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// confirm looks whether the channel is lost, where a step said so.
func (p *pass) confirm(ctx context.Context, said error) error {
	if err := p.look(ctx); err != nil {
		p.m.Poke(p.in.Number)
		return err
	}
	if p.get(idLost) == "" {
		return fmt.Errorf("Slack shows the channel as it should be, and says: %w", said)
	}
	return p.apart(ctx)
}

// regain notes that the channel is there.
func (p *pass) regain() {
	p.set(idLost, "")
	p.set(idLostAt, "")
	p.set(idTold+"lost", "")
}

// apart ends a pass of an incident without its channel: the incident goes on,
// and that is said where it was announced. One that is over needs no channel:
// people archive it, and nothing is behind unless there is something to say.
func (p *pass) apart(ctx context.Context) error {
	if err := p.announceAll(ctx); err != nil {
		return err
	}
	if !p.in.Status.Ended() && (p.in.Private || len(p.m.Announce(p.in)) == 0) { // nothing is announced of it
		if err := p.warn(ctx, "lost", p.get(idLost)+"."); err != nil {
			return err
		}
	}
	if p.in.Status.Ended() && !slices.ContainsFunc(p.events, incidents.Event.Posted) {
		if n := len(p.events); n > 0 {
			p.rec.CursorSeq = p.events[n-1].Seq
		}
		p.rec.SyncedVersion = p.in.Version
		return nil
	}
	return &Later{After: patience(p.get(idLostAt)), Err: fmt.Errorf("%s: %s", p.in.Number, p.get(idLost))}
}

// unplaced says, where it is announced and to whoever leads, that an incident has
// no channel because Slack refuses one for good.
func (p *pass) unplaced(ctx context.Context, err error) error {
	if !refused(err) {
		return err
	}
	p.trouble(stepChannel, code(err))
	why := sentence(stepChannel, code(err), p.m.Directory.knownName)
	p.set(idLost, "it has no channel. "+strings.TrimSuffix(why, "."))
	return errors.Join(err, p.announceAll(putOff(ctx)), p.warn(ctx, stepChannel, why+" The incident goes on without one: /incident works anywhere, with "+p.in.Number.String()+" behind the verb."))
}
