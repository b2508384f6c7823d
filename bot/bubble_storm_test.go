package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// storming is the i-th alert of a storm: of twelve services, and one in three of them critical.
func storming(i int) string {
	severity := "warning"
	if i%3 == 0 {
		severity = "critical"
	}
	return notification("firing", fmt.Sprint("host", i), severity, fmt.Sprint("service", i%12))
}

// Ten thousand alerts in a minute lead to a few incidents and to channels that people can read. None is lost, and who
// gives a command meanwhile is answered in time.
func TestTenThousandAlertsInAMinute(t *testing.T) {
	t.Parallel()
	many := of(10_000, 600)
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		elapse(time.Minute) // the directory is read
		answered := 0
		for i := range many {
			for b.delivers("alertmanager", storming(i)).Code == http.StatusServiceUnavailable { // as Alertmanager does it
				elapse(comeBackIn)
			}
			if (i+1)%(many/60) == 0 {
				elapse(time.Second)
			}
			if (i+1)%(many/10) == 0 {
				out := b.call(http.MethodPost, "/sim/slash", map[string]any{"user": "@alice", "channel": "#general", "command": "/incident", "text": "list"})
				if out["ok"] != true || out["response"] == nil {
					return fmt.Errorf("after %d alerts a command ends as %v", i+1, out)
				}
				answered++
			}
		}
		if answered != 10 {
			return fmt.Errorf("%d commands were given", answered)
		}
		if err := b.settle(); err != nil {
			return err
		}
		return b.stormed(many)
	})
}

// comeBackIn is how long a sender waits who is told to come back.
const comeBackIn = 5 * time.Second

// stormed checks what a storm leaves behind.
func (b *bubble) stormed(many int) error {
	ctx := context.Background()
	list, err := b.prog.store.Alerts(ctx, store.AlertQuery{})
	if err != nil || len(list) != many {
		return fmt.Errorf("%d alerts are kept, want %d (%w)", len(list), many, err)
	}
	heard, notified, attached := map[string]bool{}, 0, map[incidents.Number]int{}
	for _, a := range list {
		if heard[a.Title] || a.Count != 1 || a.Decision.At.IsZero() {
			return fmt.Errorf("%s is kept as %+v", a.Number, a)
		}
		heard[a.Title] = true
		switch {
		case a.Incident != 0:
			attached[a.Incident]++
		case a.Decision.Action == alerts.Notify:
			notified++
		default:
			return fmt.Errorf("%s leads to nothing: %+v", a.Number, a.Decision)
		}
	}
	open, err := b.prog.store.Incidents(ctx, store.Query{})
	if most := b.settings().Alerts.Storm.Declared + 1; err != nil || len(open) == 0 || len(open) > most {
		return fmt.Errorf("%d incidents are open, want at most %d (%w)", len(open), most, err)
	}
	for _, in := range open {
		if in.Alerts.Total != attached[in.Number] || in.Alerts.Firing != in.Alerts.Total {
			return fmt.Errorf("%s counts %+v of %d alerts", in.Number, in.Alerts, attached[in.Number])
		}
		if !in.Storm {
			continue
		}
		says := fmt.Sprintf("Storm: %d alerts, 12 services", in.Alerts.Total)
		if err := b.wantsSaid(1, b.place(int(in.Number)), says); err != nil || in.Alerts.Total < 100 {
			return fmt.Errorf("%s has %d alerts: %w", in.Number, in.Alerts.Total, err)
		}
	}
	return b.readable(notified)
}

// readable wants channels that people can read, and all that they are to be told of in them, one by one or counted.
func (b *bubble) readable(notified int) error {
	st, err := b.state()
	if err != nil {
		return err
	}
	wrong := []error{}
	for _, c := range st.Channels {
		ours, told, counted := 0, 0, 0
		for _, m := range c.Messages {
			if m.User == "U0FIREBOSS" {
				ours++
			}
			n := 0
			switch m.kind() {
			case "fireboss_alert":
				told++
			case "fireboss_alert_flood":
				if _, err := fmt.Sscanf(m.Text, "Many alerts at once: %d more", &n); err != nil {
					return err
				}
			}
			counted += n
		}
		most := 25
		if c.ID == alertsChannel {
			most = 100
			if told+counted != notified {
				wrong = append(wrong, fmt.Errorf("%d alerts are told one by one and %d counted, of %d", told, counted, notified))
			}
		}
		if ours > most {
			wrong = append(wrong, fmt.Errorf("#%s has %d messages of ours, want at most %d", c.Name, ours, most))
		}
	}
	return errors.Join(wrong...)
}
