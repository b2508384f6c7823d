package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"fireboss/incidents/alerts"
)

// GitHub sends a delivery once. For three days it can be asked to send one again
// (https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks), and keeps each attempt under the same GUID: so all
// that has to be known of what was asked for stands there.
const (
	keeps    = 3*24*time.Hour - time.Hour // the hour is for those that run out while we ask
	looks    = 5 * time.Minute            // between two looks
	soon     = time.Minute                // where more is left than is asked for at once
	longest  = time.Hour                  // GitHub is left in peace, whatever it says
	settle   = 10 * time.Second           // after the start: the door has to be open
	fresh    = 30 * time.Second           // since a delivery failed; whatever it was is then over, or lasts
	tries    = 10                         // of one delivery, each after twice as long as the one before
	atOnce   = 60                         // of a webhook's deliveries; GitHub wants no more than 80 such calls a minute
	maxPages = 100                        // of a list of deliveries
	overlap  = 10 * time.Minute           // before the last look: what was under way then may have failed since
)

// asked is what was asked for again, which GitHub's list may not show yet.
type asked struct {
	at    time.Time
	times int
}

// reached is until when everything that a webhook sent has arrived, or never will; by the webhook's path.
type reached map[string]time.Time

// watch has GitHub send again what it could not deliver, until the context ends.
func (a *api) watch(ctx context.Context, since string, told func(report alerts.Report, since string) error) error {
	to := reached{}
	if json.Unmarshal([]byte(since), &to) != nil || to == nil {
		to = reached{} // then all that GitHub keeps is looked at
	}
	for wait := settle; ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		wait = a.look(ctx, to, time.Now())
		text, err := json.Marshal(to)
		if err != nil {
			return err
		}
		if string(text) == since || ctx.Err() != nil {
			continue
		}
		since = string(text)
		if err := told(alerts.Report{Nothing: "what GitHub could not deliver was asked for again"}, since); err != nil {
			return err
		}
	}
}

// look looks once at each webhook, and says when to look again. What cannot be looked at now is looked at then.
func (a *api) look(ctx context.Context, to reached, now time.Time) time.Duration {
	maps.DeleteFunc(a.asked, func(_ string, last asked) bool { return now.Sub(last.at) > keeps })
	wait, known := looks, map[string]bool{}
	whole := true
	for _, of := range a.config.Hooks {
		hooks, err := a.hooks(ctx, of)
		for _, h := range hooks {
			known[h.path] = true
			if !h.active || err != nil {
				continue
			}
			var more bool
			if more, err = a.resend(ctx, h, to, now); more {
				wait = min(wait, soon)
			}
		}
		var no *refusedError
		if errors.As(err, &no) && no.wait > wait {
			wait = no.wait
		}
		if err != nil && ctx.Err() == nil {
			whole = false
			a.log.Warn().Err(err).Str("hooks", of).Dur("again", wait).Msg("GitHub could not be asked for what it has not delivered")
		}
	}
	if whole { // what is gone, or configured no more, is forgotten
		maps.DeleteFunc(to, func(path string, _ time.Time) bool { return !known[path] })
	}
	return wait
}

// resend has GitHub send again what a webhook's deliveries lack, and says whether more of it is left.
func (a *api) resend(ctx context.Context, h hook, to reached, now time.Time) (more bool, err error) {
	back := now.Add(-keeps)
	if to[h.path].After(back) {
		back = to[h.path]
	}
	all, err := a.attempts(ctx, h, back)
	if err != nil {
		return false, err
	}
	lacking, arrived := a.lacking(all, now)
	n := 0
	for _, l := range lacking {
		if l.due.After(now) {
			continue
		}
		if n == atOnce {
			more = true
			break
		}
		n++
		a.asked[l.guid] = asked{now, l.times}
		_, _, err := a.call(ctx, http.MethodPost, h.path+"/deliveries/"+l.id+"/attempts")
		var no *refusedError
		switch {
		case err == nil:
			a.log.Info().Str("hooks", h.of).Str("delivery", l.guid).Str("event", l.event).Time("since", l.first).Msg("GitHub was asked to send again what did not arrive")
		case errors.As(err, &no) && no.wait == 0 && no.status != http.StatusUnauthorized:
			a.log.Warn().Err(err).Str("hooks", h.of).Str("delivery", l.guid).Msg("GitHub does not send again what did not arrive")
		default:
			return false, err // neither will the others be
		}
	}
	to[h.path] = arrived.UTC().Truncate(time.Second)
	return more, nil
}

// attempt is one of a delivery.
type attempt struct {
	id, guid, event string
	at              time.Time
	status          int
	again           bool // it was asked for
}

// attempts are those of a webhook after a moment, as many as are read, the newest first.
func (a *api) attempts(ctx context.Context, h hook, back time.Time) (all []attempt, err error) {
	query := url.Values{"per_page": {fmt.Sprint(pageSize)}}
	for range maxPages {
		list, next, err := a.call(ctx, http.MethodGet, h.path+"/deliveries?"+query.Encode())
		if err != nil {
			return nil, err
		}
		past := false
		for _, d := range list.List() {
			one := attempt{d.At("id").Text(), d.At("guid").Text(), d.At("event").Text(), d.At("delivered_at").Time(), d.At("status_code").Count(), d.At("redelivery").True()}
			past = past || one.at.Before(back)
			if !past && digits(one.id) && one.guid != "" {
				all = append(all, one)
			}
		}
		if past || next == "" {
			return all, nil
		}
		query.Set("cursor", next)
	}
	a.log.Warn().Str("hooks", h.of).Int("deliveries", len(all)).Msg("GitHub has more deliveries than are looked at; what did not arrive before these is left")
	return all, nil
}

// missing is a delivery that never arrived.
type missing struct {
	attempt
	first time.Time
	times int       // it was tried
	begun bool      // its first attempt is among those that were read; else it was settled before
	due   time.Time // to be tried again
}

// lacking are the deliveries that never arrived and still can, the oldest first, and until when all others did. What is
// not read here, and what will be refused again, is not lacking.
func (a *api) lacking(all []attempt, now time.Time) ([]missing, time.Time) {
	byGUID := map[string]*missing{}
	arrived := map[string]bool{}
	for _, one := range all {
		m := byGUID[one.guid]
		if m == nil { // the last attempt: the list begins with it
			m = &missing{attempt: one, first: one.at}
			byGUID[one.guid] = m
			arrived[one.guid] = refusedForGood(one.status)
		}
		m.times++
		m.begun = m.begun || !one.again
		if one.at.Before(m.first) {
			m.first = one.at
		}
		arrived[one.guid] = arrived[one.guid] || one.status/100 == 2
	}
	until := now.Add(-overlap)
	var list []missing
	for guid, m := range byGUID {
		last := m.at
		if known := a.asked[guid]; known.at.After(last) { // the list does not show it yet, or it was refused
			last, m.times = known.at, max(m.times, known.times+1)
		}
		if arrived[guid] || !m.begun || events[m.event] == nil || m.times >= tries || now.Sub(m.first) > keeps {
			continue
		}
		m.due = last.Add(fresh)
		if m.times > 1 {
			m.due = last.Add(looks << (m.times - 2))
		}
		if m.first.Before(until) {
			until = m.first
		}
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b missing) int { return a.first.Compare(b.first) })
	return list, until
}

// refusedForGood says whether our answer to a delivery means that it will never be taken. A wrong secret can be put right.
func refusedForGood(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		return true
	}
	return false
}
