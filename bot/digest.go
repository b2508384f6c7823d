package bot

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// A Bulletin says something in a channel once: what a door has to offer for the
// digests. The key tells each of them apart; tried says that an attempt before this
// one may have been made.
type Bulletin interface {
	Post(ctx context.Context, channel, key string, d slack.Digest, tried bool) error
}

// digest is one that comes again and again.
type digest struct {
	name    string
	cron    settings.Cron
	channel string
	make    func(ctx context.Context, s store.Store, now time.Time) (slack.Digest, error)
}

// digests posts what is due. When the next one is due is a row of the store, which
// is moved on before it is posted: one that was missed comes late, once, and one
// that was under way at a crash is looked for before it is posted again.
type digests struct {
	store    store.Store
	bulletin Bulletin
	zone     *time.Location
	list     []digest
	log      zerolog.Logger
	failures map[string]int
}

// Bounds of posting digests: how often one is tried, how long one try may take, and
// how many incidents are read in one go.
const (
	maxPostings   = 20
	postTimeout   = time.Minute
	incidentsRead = 200
	weekOfDigest  = 7 * 24 * time.Hour
)

func newDigests(s store.Store, b Bulletin, set settings.Settings, log zerolog.Logger) *digests {
	where := func(d settings.Digest) string {
		if d.Channel != "" {
			return string(d.Channel)
		}
		return string(set.Slack.Announce)
	}
	return &digests{
		store: s, bulletin: b, zone: set.Clock.Calendar.Zone.Location(), log: log, failures: map[string]int{},
		list: []digest{
			{"digest daily", set.Digests.Daily.Cron, where(set.Digests.Daily), daily},
			{"digest weekly", set.Digests.Weekly.Cron, where(set.Digests.Weekly), weekly},
			{"digest alerts", set.Alerts.Digest, alertsPlace(set), weekOfAlerts(noisePage(set))},
		},
	}
}

// run posts until the context ends.
func (d *digests) run(ctx context.Context) {
	rounds(ctx, nil, d.once)
}

// once posts what is due and answers how long until something is.
func (d *digests) once(ctx context.Context, now time.Time) time.Duration {
	next := longestSleep
	for _, one := range d.list {
		wait, err := d.turn(ctx, one, now)
		if err != nil {
			if ctx.Err() == nil {
				d.log.Error().Err(err).Str("digest", one.name).Msg("a digest could not be posted; it is tried again")
			}
			wait = min(time.Second<<min(d.failures[one.name], 9), 5*time.Minute)
		}
		next = min(next, max(wait, time.Millisecond))
	}
	return next
}

// turn moves one digest on, posts it where its time has come, and answers how long
// until it comes again.
func (d *digests) turn(ctx context.Context, one digest, now time.Time) (time.Duration, error) {
	row, err := d.store.Timer(ctx, one.name)
	if err != nil {
		return 0, err
	}
	spec, tried := "", true
	if one.cron != "" {
		spec = string(one.cron) + " " + d.zone.String()
	}
	switch {
	case row.Spec != spec:
		row = store.Timer{Name: one.name, Spec: spec, Next: one.cron.Next(now, d.zone)}
		err = d.store.PutTimer(ctx, row)
	case row.Came.IsZero() && !row.Next.IsZero() && !row.Next.After(now):
		row.Came, row.Next, tried = row.Next, one.cron.Next(now, d.zone), false
		err = d.store.PutTimer(ctx, row)
	}
	switch {
	case err != nil:
		return 0, err
	case !row.Came.IsZero():
		if err := d.post(ctx, one, row, now, tried); err != nil {
			return 0, err
		}
	}
	if row.Next.IsZero() {
		return longestSleep, nil
	}
	return row.Next.Sub(now), nil
}

// post posts the one whose time came; what cannot be posted for long is given up.
func (d *digests) post(ctx context.Context, one digest, row store.Timer, now time.Time, tried bool) error {
	said, err := one.make(ctx, d.store, now)
	if err == nil && !said.Silent() {
		if now.Sub(row.Came) > lateAfter {
			said.Late = row.Came
		}
		err = d.deliver(ctx, one, row, said, tried || d.failures[one.name] > 0)
	}
	if err != nil {
		if d.failures[one.name]++; d.failures[one.name] < maxPostings || ctx.Err() != nil {
			return err
		}
		d.log.Error().Err(err).Str("digest", one.name).Msg("a digest could not be posted; it was given up")
	}
	delete(d.failures, one.name)
	row.Came = time.Time{}
	return d.store.PutTimer(ctx, row)
}

// noisePage is where the dashboard tells of the noise of alerts; empty where it has no address.
func noisePage(set settings.Settings) string {
	if set.HTTP.PublicURL == "" {
		return ""
	}
	return string(set.HTTP.PublicURL) + "/alerts/noise"
}

// lateAfter is when a digest comes late enough to say so.
const lateAfter = 5 * time.Minute

func (d *digests) deliver(ctx context.Context, one digest, row store.Timer, said slack.Digest, tried bool) error {
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	return d.bulletin.Post(ctx, one.channel, one.name+" "+row.Came.UTC().Format(time.RFC3339), said, tried)
}

// daily is which incidents are open.
func daily(ctx context.Context, s store.Store, _ time.Time) (slack.Digest, error) {
	open, err := s.Incidents(ctx, store.Query{Open: true, Where: incidents.Incident.Told})
	d := slack.Digest{Open: open, Places: map[incidents.Number]string{}}
	for _, in := range open {
		if err != nil {
			break
		}
		var rec store.Record
		if rec, err = s.Record(ctx, slack.Door, in.Number); err == nil {
			d.Places[in.Number] = rec.Place
		}
	}
	return d, err
}

// weekly is what there was in the last seven days.
func weekly(ctx context.Context, s store.Store, now time.Time) (slack.Digest, error) {
	since := now.Add(-weekOfDigest)
	var list []incidents.Incident
	for q := (store.Query{Limit: incidentsRead}); ; {
		page, err := s.Incidents(ctx, q)
		if err != nil {
			return slack.Digest{}, err
		}
		for _, in := range page {
			if in.DeclaredAt.Before(since) { // numbers are given in order, so all others were before as well
				return slack.Digest{Week: true, Figures: incidents.WeekFigures(list)}, nil
			}
			list = append(list, in)
			q.Before = in.Number
		}
		if len(page) < q.Limit {
			return slack.Digest{Week: true, Figures: incidents.WeekFigures(list)}, nil
		}
	}
}
