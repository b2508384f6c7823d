package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations/alertmanager"
	"fireboss/integrations/silencetest"
)

// withSilences runs a story in a world with an Alertmanager in it that can be silenced, and a window from 05:00 to 06:00.
func withSilences(t *testing.T, d *silencetest.Double, story func(b *bubble) error) {
	t.Helper()
	inBubbleBeside(t, slacksim.Options{}, func(b *bubble) { b.has("am.test:80", d) }, func(s *settings.Settings) {
		s.Integrations[alertmanager.Name].(*alertmanager.Config).URL = "http://am.test" // no TLS in a bubble
		s.Alerts.Silences = []settings.SilenceWindow{{Name: "backups", When: `alert.service == "reports"`, Cron: "0 5 * * *", For: settings.Duration(time.Hour)}}
	}, story)
}

// decided says what became of an alert.
func (b *bubble) decided(n alerts.Number) string {
	a := b.alert(n)
	return fmt.Sprint(a.Decision.Action, " by ", a.Decision.Rule, ", ", a.Incident)
}

// incidents counts the incidents there are.
func (b *bubble) incidents() int {
	list, err := b.prog.store.Incidents(context.Background(), store.Query{})
	if err != nil {
		return -1
	}
	return len(list)
}

// dies ends the bot and starts it again.
func (b *bubble) dies() error {
	if err := b.crash(); err != nil {
		return err
	}
	err := b.start(context.Background())
	elapse(3 * time.Second)
	return err
}

func TestAlertsAreSilenced(t *testing.T) {
	d := &silencetest.Double{}
	withSilences(t, d, func(b *bubble) error {
		said := b.answers("@bob", "#general", "silence labels.service=checkout 2h we replace <!channel> INC-9")
		if !strings.Contains(said, `SI-1 silences labels.service="checkout" until`) || !strings.Contains(said, "It is being set in Alertmanager too.") || strings.Contains(said, "<!channel>") {
			return fmt.Errorf("the answer is %q", said)
		}
		one, err := b.prog.store.Silence(context.Background(), 1)
		if err != nil {
			return err
		}
		if err := same("what is silenced there", strings.Join(d.Silences(), ", "), "active "+b.prog.silence.mark(one)); err != nil {
			return err
		}
		other := one // a store that was restored gave the number again
		other.Request += "x"
		if here, there := b.prog.silence.mark(one), b.prog.silence.mark(other); here == there || !strings.HasPrefix(there, "Fireboss SI-1 #"+b.prog.store.Identity()[:markLength]+"-") {
			return fmt.Errorf("the marks are %q and %q", here, there)
		}
		err = errors.Join(
			b.sends("alertmanager", notification("firing", "db", "critical", "checkout")), b.sends("alertmanager", notification("firing", "cache", "critical", "checkout")),
			b.sends("alertmanager", notification("firing", "queue", "critical", "checkout")), b.sends("alertmanager", notification("resolved", "cache", "critical", "checkout")), b.dies())
		if err != nil {
			return err
		}
		b.says("@bob", "#general", "alert ignore AL-3 1d")
		if err := same("a silenced alert", b.decided(1), "ignore by silenced, INC-0"); err != nil {
			return err
		}
		if n := b.incidents(); n != 0 {
			return fmt.Errorf("%d incidents were opened by what is silenced", n)
		}
		// The time comes while nobody is there.
		if err := b.crash(); err != nil {
			return err
		}
		elapse(2 * time.Hour)
		for range 2 {
			if err := errors.Join(b.start(context.Background()), b.dies()); err != nil {
				return err
			}
		}
		got := strings.Join([]string{b.decided(1), b.decided(2), b.decided(3)}, "; ")
		if err := same("what became of them", got, "declare by critical, INC-1; ignore by silenced, INC-0; ignore by silenced, INC-0"); err != nil {
			return err
		}
		if n := b.incidents(); n != 1 || !strings.Contains(b.alert(1).Decision.Reason, "It was silenced by SI-1 before. It is INC-1.") {
			return fmt.Errorf("%d incidents, %+v", n, b.alert(1).Decision)
		}
		if n := len(d.Silences()); n != 1 {
			return fmt.Errorf("it is set %d times there", n)
		}
		return b.endsSilence(d)
	})
}

// endsSilence ends a silence by hand, and waits for a window to end.
func (b *bubble) endsSilence(d *silencetest.Double) error {
	b.says("@bob", "#general", "silence labels.service=mail 1d")
	if err := b.sends("alertmanager", notification("firing", "mail", "critical", "mail")); err != nil {
		return err
	}
	if err := same("before it is ended", b.decided(4), "ignore by silenced, INC-0"); err != nil {
		return err
	}
	b.says("@carol", "#general", "silence end SI-2")
	elapse(3 * time.Second)
	if err := same("once it is ended", b.decided(4), "declare by critical, INC-2"); err != nil {
		return err
	}
	if all := d.Silences(); len(all) != 2 || !strings.HasPrefix(all[1], "expired Fireboss SI-2 #") {
		return fmt.Errorf("there it is %q", all)
	}
	now := time.Now().UTC()
	five := time.Date(now.Year(), now.Month(), now.Day(), 5, 0, 0, 0, time.UTC)
	elapse(time.Until(five.Add(30 * time.Minute)))
	if err := b.sends("alertmanager", notification("firing", "reports", "critical", "reports")); err != nil {
		return err
	}
	if a := b.alert(5); a.Decision.Rule != alerts.SilencedRule || !strings.Contains(a.Decision.Reason, `by the window "backups"`) {
		return fmt.Errorf("in a window it is %+v", a.Decision)
	}
	if said := b.answers("@bob", "#general", "silence list"); !strings.Contains(said, `The window "backups" of the configuration`) {
		return fmt.Errorf("the list says %q", said)
	}
	elapse(time.Until(five.Add(time.Hour + 2*time.Second)))
	return same("after the window", b.decided(5), "declare by critical, INC-3")
}

// What cannot be set or ended there now is told, tried again whatever the answer, and done once.
func TestASilenceIsSetLate(t *testing.T) {
	var refuses atomic.Bool
	d := &silencetest.Double{Answer: func(n int) silencetest.Answer {
		switch {
		case n == 2 || refuses.Load(): // as something on the way may
			return silencetest.Answer{Status: http.StatusForbidden}
		case n < 6:
			return silencetest.Answer{Status: http.StatusServiceUnavailable}
		case n == 7: // it is done, and nobody knows
			return silencetest.Answer{Lost: true}
		}
		return silencetest.Answer{}
	}}
	withSilences(t, d, func(b *bubble) error {
		b.says("@bob", "#general", "silence alertname=x 1d a new disk")
		b.says("@bob", "#general", "silence title=x 1d")
		if said := b.answers("@bob", "#general", "silence show SI-1"); !strings.Contains(said, "In Alertmanager it could not be set yet: Alertmanager is out of order (HTTP 503). It is tried again.") {
			return fmt.Errorf("at first it says %q", said)
		}
		elapse(10 * time.Minute)
		if err := b.dies(); err != nil {
			return err
		}
		elapse(10 * time.Minute)
		if all := d.Silences(); len(all) != 1 || !strings.HasSuffix(all[0], ": a new disk") {
			return fmt.Errorf("there are %q", all)
		}
		if said := b.answers("@bob", "#general", "silence list"); !strings.Contains(said, "In Alertmanager it is set too.") || !strings.Contains(said, "In Alertmanager it is not set: a title is no label.") {
			return fmt.Errorf("in the end it says %q", said)
		}
		refuses.Store(true)
		b.says("@carol", "#general", "silence end SI-1")
		elapse(time.Hour)
		if said := b.answers("@bob", "#general", "silence list"); !strings.Contains(said, "SI-1: alertname=\"x\", over since") || !strings.Contains(said, "In Alertmanager it could not be ended yet: Alertmanager does not take the key (HTTP 403). It is tried again; end it there") {
			return fmt.Errorf("while it cannot be ended it says %q", said)
		}
		refuses.Store(false)
		elapse(6 * time.Minute)
		if said := b.answers("@bob", "#general", "silence list"); strings.Contains(said, "SI-1") || !strings.HasPrefix(d.Silences()[0], "expired ") {
			return fmt.Errorf("once it is ended: %q, %q", said, d.Silences())
		}
		return nil
	})
}
