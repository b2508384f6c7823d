package slack

import (
	"context"
	"slices"
	"strings"
	"time"
)

// unannounce takes the announcements of an incident back that has become private.
func (p *pass) unannounce(ctx context.Context) error {
	if !p.in.WasPublic {
		return nil
	}
	shown := p.in
	shown.Private = false
	var errs []error
	for _, where := range p.announced(p.m.Announce(shown)) {
		err := p.unannounceIn(ctx, where)
		if refused(err) || lost(err) {
			p.trouble(stepUnsay+where, code(err))
			err = nil
		} else if err == nil {
			p.fine(stepUnsay + where)
		}
		errs = append(errs, err)
	}
	return worst(errs...)
}

// unannounceIn deletes what announces the incident in one channel, and looks once
// more a little later: an announcement that was under way may arrive yet.
func (p *pass) unannounceIn(ctx context.Context, where string) error {
	since := p.get(idSilent + where)
	if since == vacated {
		return nil
	}
	list, err := p.announcements(ctx, where, p.in.DeclaredAt.Add(-skew))
	if err != nil {
		return err
	}
	if known := p.get(idAnnounced + where); known != "" && !slices.Contains(list, known) {
		list = append(list, known)
	}
	for _, place := range list {
		channel, ts, _ := strings.Cut(place, "/")
		if err := p.erase(ctx, channel, ts); err != nil {
			return err
		}
	}
	p.set(idAnnounced+where, "")
	p.set(idAnnSum+where, "")
	p.fine(stepAnnounce + where)
	began, err := time.Parse(time.RFC3339Nano, since)
	if err != nil || len(list) > 0 {
		p.set(idSilent+where, time.Now().UTC().Format(time.RFC3339Nano))
		return &Later{After: secondLook, Err: errSecondLook}
	}
	if wait := secondLook - time.Since(began); wait > 0 {
		return &Later{After: wait, Err: errSecondLook}
	}
	p.set(idSilent+where, vacated)
	return nil
}
