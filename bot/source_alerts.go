package bot

import (
	"context"
	"net/url"
	"time"

	"fireboss/bot/web"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// alertsAtOnce is how many alerts are read at a time.
const alertsAtOnce = 1000

func (l *local) alerts(ctx context.Context, since time.Time) (all []alerts.Alert, err error) {
	for before := alerts.Number(0); ; {
		some, err := l.db.Alerts(ctx, store.AlertQuery{Before: before, Limit: alertsAtOnce})
		if err != nil {
			return nil, err
		}
		for _, a := range some {
			if before = a.Number; !a.ReceivedAt.Before(since) {
				all = append(all, a)
			}
		}
		if len(some) < alertsAtOnce || some[len(some)-1].ReceivedAt.Before(since) {
			return all, nil
		}
	}
}

func (l *local) past(ctx context.Context) ([]incidents.Incident, error) {
	return l.db.Incidents(ctx, store.Query{})
}

func (r *remote) alerts(ctx context.Context, since time.Time) (all []alerts.Alert, err error) {
	for cursor := ""; ; {
		var page web.AlertList
		if err := r.read(ctx, "/api/v1/alerts?limit=1000"+cursor, &page); err != nil {
			return nil, err
		}
		past := false
		for _, j := range page.Alerts {
			a, err := j.Alert()
			if err != nil {
				return nil, err
			}
			if past = a.ReceivedAt.Before(since); !past {
				all = append(all, a)
			}
		}
		if past || page.NextCursor == "" {
			return all, nil
		}
		cursor = "&cursor=" + url.QueryEscape(page.NextCursor)
	}
}

// past is what a running bot tells of incidents.
func (r *remote) past(ctx context.Context) ([]incidents.Incident, error) {
	list, err := r.incidents(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]incidents.Incident, 0, len(list))
	for _, j := range list {
		in := incidents.Incident{
			Number: incidents.Number(j.Number), Title: j.Title, Status: incidents.Status(j.Status), Services: j.Services, Drill: j.Drill, DeclaredBy: incidents.Person(j.DeclaredBy),
		}
		for _, one := range []struct {
			from *web.Time
			to   *time.Time
		}{{j.Timestamps.Declared, &in.Times.Declared}, {j.Timestamps.Resolved, &in.Times.Resolved}, {j.Timestamps.Closed, &in.Times.Closed}} {
			if one.from != nil {
				*one.to = one.from.Time
			}
		}
		in.DeclaredAt = in.Times.Declared
		out = append(out, in)
	}
	return out, nil
}
