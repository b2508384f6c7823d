package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/integrations"
)

// sends has monitoring send something to the door of one of the sources, with the key of the demo.
func (b *bubble) sends(source, body string) error {
	w := b.delivers(source, body)
	if w.Code != http.StatusOK {
		return fmt.Errorf("%s is answered %d: %s", source, w.Code, w.Body)
	}
	elapse(time.Second)
	return nil
}

// delivers is sends while no time passes; it answers what the door does.
func (b *bubble) delivers(source, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/hooks/"+source, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer simulated-key")
	w := httptest.NewRecorder()
	b.prog.site.ServeHTTP(w, r)
	return w
}

// notification is a notification of Alertmanager about one alert.
func notification(status, name, severity, service string) string {
	now := time.Now().UTC().Format(time.RFC3339)
	return fmt.Sprintf(`{"version":"4","status":%q,"groupKey":"{}:{alertname=%s}","alerts":[{"status":%q,"labels":{"alertname":%q,"severity":%q,"service":%q},"annotations":{"summary":"%s is down"},"startsAt":"2000-01-01T00:00:00Z","endsAt":%q}]}`,
		status, name, status, name, severity, service, name, now)
}

func (b *bubble) alert(n alerts.Number) alerts.Alert {
	a, err := b.prog.store.Alert(context.Background(), n)
	if err != nil {
		a.Decision.Reason = err.Error()
	}
	return a
}

func TestAnAlertOpensAnIncident(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		for range 3 { // Alertmanager says it again and again
			if err := b.sends("alertmanager", notification("firing", "db", "critical", "checkout")); err != nil {
				return err
			}
		}
		elapse(3 * time.Second)
		in := b.incident(1)
		a := b.alert(1)
		if in.Status != incidents.Triage || in.Severity != incidents.Unset || in.Title != "db is down" || len(in.Services) != 1 || in.Alerts.Firing != 1 {
			return fmt.Errorf("it opened %+v", in)
		}
		if a.Count != 3 || a.Incident != 1 || a.Decision.Rule != "critical" || !strings.HasSuffix(a.Decision.Reason, "It is INC-1.") {
			return fmt.Errorf("the alert is %+v", a)
		}
		if b.place(1) == "" {
			return errors.New("there is no channel")
		}
		// What is of the same service belongs to it; what is not is told people.
		if err := b.sends("alertmanager", notification("firing", "cache", "warning", "Checkout")); err != nil {
			return err
		}
		if err := b.sends("alertmanager", notification("firing", "mail", "warning", "mail")); err != nil {
			return err
		}
		if a, other := b.alert(2), b.alert(3); a.Incident != 1 || other.Incident != 0 || other.Decision.Action != alerts.Notify {
			return fmt.Errorf("attached are %+v and %+v", a, other)
		}
		for _, body := range []string{notification("resolved", "db", "critical", "checkout"), notification("resolved", "cache", "warning", "Checkout")} {
			if err := b.sends("alertmanager", body); err != nil {
				return err
			}
		}
		if in = b.incident(1); in.Alerts.Firing != 0 || in.Alerts.Total != 2 || in.Alerts.Over.IsZero() || in.Status != incidents.Triage {
			return fmt.Errorf("at the end it has %+v", in.Alerts)
		}
		if kinds, err := b.recorded(1, incidents.AlertResolved); err != nil || len(kinds) != 2 {
			return fmt.Errorf("%d alerts are over on the record (%w)", len(kinds), err)
		}
		return nil
	})
}

// Whenever the bot dies, what was taken is decided about once.
func TestWhatWasTakenIsDecidedAboutOnce(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		keep := func(id, body string) error {
			raw, err := (integrations.Request{Body: []byte(body)}).Pack()
			if err != nil {
				return err
			}
			_, _, err = b.prog.store.Receive(context.Background(), store.Delivery{ID: hookDoor + ":" + id, Door: hookDoor, Key: "alertmanager", At: time.Now(), Raw: raw})
			return err
		}
		// It was stored, and then we died.
		if err := keep("1", notification("firing", "db", "critical", "checkout")); err != nil {
			return err
		}
		if err := b.crash(); err != nil {
			return err
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(3 * time.Second)
		if a := b.alert(1); a.Count != 1 || a.Incident != 1 {
			return fmt.Errorf("after the first death it is %+v", a)
		}
		// It was decided about, and then we died.
		if err := keep("2", notification("firing", "db", "critical", "checkout")); err != nil {
			return err
		}
		for range 3 {
			if err := b.crash(); err != nil {
				return err
			}
			if err := b.start(context.Background()); err != nil {
				return err
			}
			elapse(3 * time.Second)
		}
		list, err := b.prog.store.Incidents(context.Background(), store.Query{})
		if a := b.alert(1); a.Count != 2 || len(list) != 1 || err != nil {
			return fmt.Errorf("after all of them %d incidents, %+v (%w)", len(list), a, err)
		}
		return nil
	})
}

// Prometheus itself says until when an alert holds; when it is gone, the alert is over.
func TestAnAlertLapses(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		since := time.Now().UTC().Format(time.RFC3339Nano)
		say := func() error {
			return b.sends("prometheus/simulated-key/api/v2/alerts", fmt.Sprintf(`[{"labels":{"alertname":"db","severity":"critical"},"startsAt":%q,"endsAt":%q}]`, since, time.Now().Add(4*time.Minute).UTC().Format(time.RFC3339Nano)))
		}
		for range 10 {
			if err := say(); err != nil {
				return err
			}
			elapse(time.Minute)
		}
		if a := b.alert(1); !a.Open() || a.Count != 10 {
			return fmt.Errorf("while it is said it is %+v", a)
		}
		elapse(5 * time.Minute)
		if a := b.alert(1); a.Open() || b.incident(1).Alerts.Firing != 0 {
			return fmt.Errorf("long after it was said last it is %+v", a)
		}
		// Its source could not reach us, and goes on where it was.
		if err := say(); err != nil {
			return err
		}
		if a := b.alert(2); !a.Open() || a.Incident == 0 || b.incident(a.Incident).Alerts.Firing != 1 {
			return fmt.Errorf("said again with the same beginning it is %+v", a)
		}
		// What was not heard while we were away is not taken for over.
		if err := b.stop(); err != nil {
			return err
		}
		elapse(20 * time.Minute)
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(3 * time.Minute)
		if a := b.alert(2); !a.Open() {
			return fmt.Errorf("soon after the start it is %+v", a)
		}
		elapse(2 * time.Minute)
		if a := b.alert(2); a.Open() {
			return fmt.Errorf("five minutes after the start it is %+v", a)
		}
		return nil
	})
}

// What cannot be read says so in the figures, and changes nothing.
func TestDeliveriesThatSayNothing(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		for _, body := range []string{`{}`, `[]`, `{"alerts":null}`, `{"alerts":[null,1,"x"]}`, `"text"`} {
			if err := b.sends("alertmanager", body); err != nil {
				return err
			}
		}
		if rows, err := b.prog.store.Unfinished(context.Background()); err != nil || len(rows) != 0 {
			return fmt.Errorf("%d are left (%w)", len(rows), err)
		}
		if list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{}); err != nil || len(list) != 0 {
			return fmt.Errorf("alerts %+v (%w)", list, err)
		}
		return nil
	})
}
