package bot

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/rs/zerolog"

	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// ratesEvery is how often at most the running hour is looked at while alerts come.
const ratesEvery = time.Minute

// pulse watches how regularly sources speak: that a heartbeat has stopped, or that a source sends unusually many alerts, is
// an alert of Fireboss's own. What stands in the store is compared with the alerts as they stand there: so whatever ends
// the program, each is raised once and taken back once.
type pulse struct {
	store  store.Store
	policy func() alerts.Policy
	hear   func(context.Context, alerts.Policy, alerts.Heard) error
	known  func(source string) bool
	// page is where the dashboard lists alerts.
	page  string
	began time.Time // before this Fireboss did not run
	log   zerolog.Logger
	wake  bell

	watched time.Time // up to which hour was written down that Fireboss ran
	looked  time.Time // when rates were looked at
}

// newPulse is the intake's.
func (a *alertIntake) newPulse() *pulse {
	known := func(source string) bool { return a.sources[source] != nil || a.watchers[source] != nil }
	hear := func(ctx context.Context, p alerts.Policy, h alerts.Heard) error {
		return a.hear(ctx, []store.Hearing{hearing(p, h)}, nil)
	}
	return &pulse{store: a.store, policy: a.policy, hear: hear, known: known, began: time.Now(), log: a.log, wake: newBell()}
}

// stir says that something came; it does not block.
func (u *pulse) stir() {
	u.wake.ring()
}

// beat writes a heartbeat down. What was an alert before it became a heartbeat is over; where nothing was, nothing is
// written for that.
func (u *pulse) beat(ctx context.Context, p alerts.Policy, b alerts.Heartbeat, h alerts.Heard) error {
	_, _, err := u.store.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change { return p.Stops(h, f) })
	if err == nil {
		_, err = u.store.ChangeBeat(ctx, h.Source, b.Name, func(was alerts.Beat) alerts.Beat { return was.Heard(h, u.began) })
	}
	crash(pointBeat)
	u.stir()
	return err
}

// pulses are how the heartbeats stand.
func (u *pulse) pulses(ctx context.Context, now time.Time) ([]alerts.Pulse, error) {
	beats, err := u.store.Beats(ctx)
	list := u.policy().Pulses(beats, u.known, u.began, now)
	for i, one := range list {
		open, openErr := u.store.OpenInGroup(ctx, alerts.Own, one.Fingerprint())
		if err = errors.Join(err, openErr); len(open) > 0 {
			list[i] = one.Raised(open[0].HeardAt)
		}
	}
	return list, err
}

// run watches until the context ends.
func (u *pulse) run(ctx context.Context) { rounds(ctx, u.wake, u.once) }

// once looks at everything, and answers how long there is nothing more to do.
func (u *pulse) once(ctx context.Context, now time.Time) time.Duration {
	wait, err := u.heartbeats(ctx, now)
	again, rateErr := u.rates(ctx, now)
	wait = max(min(wait, again), time.Millisecond)
	for _, err := range []error{err, rateErr} {
		if err != nil && ctx.Err() == nil {
			u.log.Error().Err(err).Msg("how regularly sources speak could not be looked at; it is tried again")
			wait = hookWait
		}
	}
	return wait
}

// heartbeats raises what has stopped and takes back what has not, and says how long there is nothing more to do.
func (u *pulse) heartbeats(ctx context.Context, now time.Time) (time.Duration, error) {
	list, err := u.pulses(ctx, now)
	wait := longestSleep
	for _, one := range list {
		if err != nil {
			return wait, err
		}
		err = u.stands(ctx, one.Signal(u.began, now), now, false)
		if due := one.Due(); !due.IsZero() {
			wait = min(wait, due.Sub(now))
		}
		if err == nil && one.Unknown && one.Source != "" {
			err = u.store.ForgetBeat(ctx, one.Source, one.Name)
		}
	}
	return wait, err
}

// stands has the alert of something stand as it does, unless it stands so already. afresh has what it says brought up to
// date while it goes on.
func (u *pulse) stands(ctx context.Context, s alerts.Signal, now time.Time, afresh bool) error {
	open, err := u.store.OpenInGroup(ctx, alerts.Own, s.Group)
	switch raised := len(open) > 0; {
	case err != nil, !raised && s.Status.Over():
		return err
	case raised && !s.Status.Over():
		if s = s.Clean(now); !afresh || open[0].Blotted || open[0].Title == s.Title {
			return nil
		}
		s.Status = alerts.Update
	}
	err = u.hear(ctx, u.policy(), alerts.Heard{Source: alerts.Own, Signal: s.Clean(now), At: now})
	crash(pointPulse)
	return err
}

// rates raises what is unusual and takes back what is usual again, and says how long there is nothing more to do. While
// alerts come it looks at the running hour once a minute.
func (u *pulse) rates(ctx context.Context, now time.Time) (time.Duration, error) {
	hour := now.UTC().Truncate(time.Hour)
	if next := u.looked.Add(ratesEvery); now.Before(next) && hour.Equal(u.looked.UTC().Truncate(time.Hour)) {
		return next.Sub(now), nil
	}
	if err := u.watch(ctx, hour); err != nil {
		return 0, err
	}
	hours, err := u.store.AlertHours(ctx, hour.Add(-alerts.RatesKept))
	if err != nil {
		return 0, err
	}
	p, seen := u.policy(), map[string]bool{}
	for _, h := range hours {
		for source := range h.Began {
			seen[source] = true
		}
	}
	for source := range seen {
		if err := u.rate(ctx, p, source, hours, now); err != nil {
			return 0, err
		}
	}
	u.looked = now
	return hour.Add(time.Hour).Sub(now), nil
}

// rate has the alert about one source stand as it does.
func (u *pulse) rate(ctx context.Context, p alerts.Policy, source string, hours []alerts.Hour, now time.Time) error {
	r, known := p.Rate(source, hours, now)
	if p.Rates.Off || !u.known(source) {
		r.Unusual, known = false, true
	}
	if !known {
		return nil
	}
	page := ""
	if u.page != "" {
		page = u.page + "?source=" + url.QueryEscape(source)
	}
	return u.stands(ctx, r.Signal(page), now, true)
}

// watch writes down that Fireboss ran all through the hour before this one, and forgets those of long ago.
func (u *pulse) watch(ctx context.Context, hour time.Time) error {
	last := hour.Add(-time.Hour)
	if u.watched.Equal(last) {
		return nil
	}
	if !u.began.After(last) {
		if err := u.store.WatchedHour(ctx, last); err != nil {
			return err
		}
	}
	if _, err := u.store.ForgetAlertHours(ctx, hour.Add(-alerts.RatesKept)); err != nil {
		return err
	}
	u.watched = last
	return nil
}
