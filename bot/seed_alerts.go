package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store/bolt"
)

// sampleAlert is an alert of the demo's past: it began once a day, on each of the last days, and was over after a while.
type sampleAlert struct {
	title, service string
	severity       alerts.Severity
	days           int
	every          int // so many days
	lasted         time.Duration
	ignoredBy      string // who ignored it each time; empty: nobody
}

var sampleAlerts = []sampleAlert{
	{"The disk of analytics-2 is 80 % full", "analytics", alerts.Low, 24, 1, 3 * time.Hour, ""},
	{"The certificate of email expires in 60 days", "email", alerts.Low, 14, 2, 8 * time.Hour, "bob"},
	{"A pod of catalog was restarted", "catalog", alerts.Medium, 18, 2, time.Minute, ""},
	{"The queue of warehouse is long", "warehouse", alerts.Medium, 9, 3, 40 * time.Minute, ""},
	{"Requests of search take more than a second", "search", alerts.High, 6, 3, 12 * time.Minute, ""},
}

// seedAlerts writes the demo's sample alerts, the oldest first, so that its figures of noise are not empty. Nobody is told of
// them, and all of them are over.
func seedAlerts(ctx context.Context, db *bolt.DB, people map[string]incidents.Actor, now time.Time) error {
	policy := alerts.Policy{Rules: []alerts.Rule{{Name: "the rest", When: "true", Do: alerts.Notify}}}
	if err := policy.Compile(); err != nil {
		return err
	}
	today := now.UTC().Truncate(24 * time.Hour)
	for day := 26; day > 0; day-- {
		began := today.AddDate(0, 0, -day).Add(time.Duration(9+day%5) * time.Hour)
		for _, status := range []alerts.Status{alerts.Firing, alerts.Resolved} {
			var all sync.WaitGroup // so that they share a commit
			errs := make([]error, len(sampleAlerts))
			for i, s := range sampleAlerts {
				if day <= s.days && day%s.every == 0 {
					all.Go(func() { errs[i] = s.seed(ctx, db, policy, people[s.ignoredBy], status, began) })
				}
			}
			if all.Wait(); errors.Join(errs...) != nil {
				return errors.Join(errs...)
			}
		}
	}
	return nil
}

// seed has one begin or end.
func (s sampleAlert) seed(ctx context.Context, db *bolt.DB, p alerts.Policy, who incidents.Actor, status alerts.Status, began time.Time) error {
	h := alerts.Heard{Source: "alertmanager", At: began, Signal: alerts.Signal{
		Fingerprint: fmt.Sprintf("sample of %s", s.service), Status: status, Severity: s.severity, Title: s.title + sampleMark, Service: s.service, StartedAt: began,
	}}
	if status.Over() {
		h.At = began.Add(s.lasted)
		h.Signal.EndedAt = h.At
	}
	a, _, err := db.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change { return p.Hear(h, f) })
	if err != nil || who.ID == "" || status.Over() {
		return err
	}
	_, _, err = db.ChangeAlert(ctx, a.Number, func(f alerts.Facts) (alerts.Change, error) {
		return f.Known.IgnoreUntil(began.Add(time.Hour), who, "", "", began.Add(2*time.Minute)), nil
	})
	return err
}
