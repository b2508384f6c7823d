package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// ours are the alerts that Fireboss raised, the newest first: "title status".
func (b *bubble) ours() (list []string) {
	found, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{Where: func(a alerts.Alert) bool { return a.Source == alerts.Own }})
	if err != nil {
		return []string{err.Error()}
	}
	for _, a := range found {
		list = append(list, fmt.Sprintf("%s %s %d", a.Title, a.Status, a.Count))
	}
	return list
}

func (b *bubble) wantsOurs(want ...string) error {
	if got := b.ours(); fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Errorf("at %s Fireboss raised\n%s\nwant\n%s", time.Now().UTC().Format("Mon 15:04:05"), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return nil
}

// again ends the bot as a power cut does, and starts it.
func (b *bubble) again() error {
	if err := b.crash(); err != nil {
		return err
	}
	return b.start(context.Background())
}

// A heartbeat is no alert; that it stops is one, raised once and taken back once, over restarts and deaths, and counted
// from the start.
func TestAHeartbeatStops(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.stop(); err != nil {
			return err
		}
		b.change = func(s *settings.Settings) {
			s.Alerts.Heartbeats[0].Within, s.Alerts.Heartbeats[0].Severity = settings.Duration(5*time.Minute), alerts.High
			s.Alerts.Heartbeats = append(s.Alerts.Heartbeats, settings.AlertHeartbeat{Name: "backup", When: `alert.title == "backup is down"`, Within: settings.Duration(time.Hour), Severity: alerts.Low, Expect: true})
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		beat := notification("firing", "Watchdog", "none", "")
		for range 10 {
			if err := b.sends("alertmanager", beat); err != nil {
				return err
			}
			elapse(time.Minute)
		}
		if list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{}); err != nil || len(list) != 0 {
			return fmt.Errorf("a heartbeat is %d alerts (%w)", len(list), err)
		}
		elapse(3*time.Minute + 50*time.Second) // 4:51 after the last
		if err := b.wantsOurs(); err != nil {
			return err
		}
		if err := b.again(); err != nil { // the count begins at the start
			return err
		}
		elapse(4 * time.Minute)
		if err := b.wantsOurs(); err != nil {
			return err
		}
		elapse(2 * time.Minute)
		stopped := "The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 5 minutes firing 1"
		for range 3 {
			if err := b.wantsOurs(stopped); err != nil {
				return err
			}
			if err := b.again(); err != nil {
				return err
			}
			elapse(10 * time.Minute)
		}
		if a := b.alert(1); a.Decision.Action != alerts.Notify || a.Severity != alerts.High || !strings.Contains(a.Description, "counts from then") {
			return fmt.Errorf("the alert is %+v", a)
		}
		if err := errors.Join(b.wantsSaid(1, alertsChannel, "has stopped"), b.wantsSaid(0, alertsChannel, "Watchdog")); err != nil {
			return err
		}
		for range 2 {
			if err := b.sends("alertmanager", beat); err != nil {
				return err
			}
		}
		over := strings.Replace(stopped, "firing", "resolved", 1)
		if err := b.wantsOurs(over); err != nil {
			return err
		}
		if err := b.sends("alertmanager", notification("resolved", "Watchdog", "none", "")); err != nil {
			return err
		}
		ended := "The heartbeat \"watchdog\" of alertmanager has stopped: its source says that it is over firing 1"
		if err := b.wantsOurs(ended, over); err != nil {
			return err
		}
		elapse(time.Hour)
		never := "The heartbeat \"backup\" was never heard: nothing for 1 hour since Fireboss started firing 1"
		if err := b.wantsOurs(never, ended, over); err != nil {
			return err
		}
		for _, body := range []string{notification("firing", "backup", "none", ""), beat} {
			if err := b.sends("alertmanager", body); err != nil {
				return err
			}
		}
		return b.wantsOurs(strings.Replace(never, "firing", "resolved", 1), strings.Replace(ended, "firing", "resolved", 1), over)
	})
}

// With what comes with it a Watchdog nags nobody, whatever its pace is; and what was an alert before is over.
func TestAWatchdogWithoutConfiguration(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.stop(); err != nil {
			return err
		}
		b.change = func(s *settings.Settings) { s.Alerts.Heartbeats = nil }
		if err := b.start(context.Background()); err != nil {
			return err
		}
		beat, another := notification("firing", "Watchdog", "none", ""), notification("firing", "Watchdog", "none", "the other")
		if err := errors.Join(b.sends("alertmanager", beat), b.sends("alertmanager", another)); err != nil {
			return err
		}
		if !b.alert(1).Open() || !b.alert(2).Open() {
			return fmt.Errorf("without heartbeats it is %+v", b.alert(1))
		}
		if err := b.stop(); err != nil {
			return err
		}
		b.change = nil
		if err := b.start(context.Background()); err != nil {
			return err
		}
		for range 5 {
			if err := errors.Join(b.sends("alertmanager", beat), b.sends("alertmanager", another)); err != nil {
				return err
			}
			elapse(4 * time.Hour)
		}
		for n := range alerts.Number(2) { // also of the second, when the heartbeat is known already, as after a death
			if a := b.alert(n + 1); a.Open() || !strings.Contains(a.Decision.Reason, "It is a heartbeat now") {
				return fmt.Errorf("what was an alert is %+v", a)
			}
		}
		if err := b.wantsOurs(); err != nil {
			return err
		}
		elapse(4*time.Hour + time.Minute)
		return b.wantsOurs("The heartbeat \"watchdog\" of alertmanager has stopped: nothing for 8 hours firing 1")
	})
}

// A source that sends far more than ever is an alert of its own, whose words are kept up to date, and which is over with it;
// it does not count itself.
func TestAnUnusualRate(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		// The past is written as the store would have counted it.
		now, ctx := time.Now().UTC(), context.Background()
		hour := now.Truncate(time.Hour)
		for i := range 8 * 24 {
			at := hour.Add(-time.Duration(i+1) * time.Hour)
			if err := b.prog.store.WatchedHour(ctx, at); err != nil {
				return err
			}
			h := alerts.Heard{Source: "alertmanager", At: at, Signal: alerts.Signal{Fingerprint: fmt.Sprint(i), Status: alerts.Resolved, Severity: alerts.Low, Title: "long ago"}}
			if _, _, err := b.prog.store.HearAlert(ctx, h, func(f alerts.Facts) alerts.Change { return b.prog.alerts.policy().Hear(h, f) }); err != nil {
				return err
			}
		}
		flood := func(from, n int) error {
			var list []string
			for i := range n {
				list = append(list, fmt.Sprintf(`{"status":"resolved","fingerprint":"%x","labels":{"alertname":"flood %d"},"endsAt":%q}`, from+i, from+i, time.Now().UTC().Format(time.RFC3339)))
			}
			return b.sends("alertmanager", `{"version":"4","status":"resolved","groupKey":"x","alerts":[`+strings.Join(list, ",")+`]}`)
		}
		elapse(5 * time.Minute)
		if err := flood(1000, 19); err != nil {
			return err
		}
		elapse(2 * time.Minute)
		if err := b.wantsOurs(); err != nil {
			return err
		}
		if err := flood(2000, 11); err != nil {
			return err
		}
		elapse(2 * time.Minute)
		if err := b.wantsOurs("alertmanager sends 30 alerts an hour, usually 1 ± 1 firing 1"); err != nil {
			return err
		}
		if err := flood(3000, 10); err != nil {
			return err
		}
		if err := b.again(); err != nil {
			return err
		}
		elapse(2 * time.Minute)
		if err := b.wantsOurs("alertmanager sends 40 alerts an hour, usually 1 ± 1 firing 1"); err != nil {
			return err
		}
		if a := b.alert(alerts.Number(8*24 + 31)); a.Severity != alerts.Medium || a.URL != "http://127.0.0.1:8080/alerts?source=alertmanager" {
			return fmt.Errorf("the alert is %+v", a)
		}
		elapse(time.Hour) // the hour that is over was unusual
		if got := b.ours(); len(got) != 1 || !strings.Contains(got[0], "firing") {
			return fmt.Errorf("an hour later: %q", got)
		}
		elapse(time.Hour)
		if got := b.ours(); len(got) != 1 || !strings.Contains(got[0], "resolved") {
			return fmt.Errorf("two hours later: %q", got)
		}
		hours, err := b.prog.store.AlertHours(ctx, hour)
		if err != nil || len(hours) == 0 || hours[0].Began["alertmanager"] != 40 || hours[0].Watched || len(hours[0].Began) != 1 {
			return fmt.Errorf("counted are %+v (%w)", hours, err)
		}
		return nil
	})
}
