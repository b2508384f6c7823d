package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/integrations"
	"fireboss/integrations/opsgenie"
	"fireboss/integrations/pagerduty"
	"fireboss/integrations/pagertest"
)

// withPager runs a story in a world with PagerDuty in it, which answers as told.
func withPager(t *testing.T, answer func(n int) pagertest.Answer, change func(*pagerduty.Config), story func(b *bubble, d *pagertest.Double) error) {
	t.Helper()
	d := &pagertest.Double{Keys: []string{pagertest.Key, "key-of-checkout"}, Answer: answer}
	inBubbleBeside(t, slacksim.Options{}, func(b *bubble) { b.has("pager.test:80", d) }, func(s *settings.Settings) {
		c := &pagerduty.Config{URL: "http://pager.test", Travel: integrations.DefaultTravel()} // no TLS in a bubble
		c.RoutingKey.SetSecret(pagertest.Key, "")
		c.Inbound.Keys = make([]integrations.Secret, 1)
		c.Inbound.Keys[0].SetSecret("simulated-key", "")
		if change != nil {
			change(c)
		}
		s.Integrations[pagerduty.Name] = c
	}, func(b *bubble) error { return story(b, d) })
}

// pageEvents are the texts of an incident's events about pages, with their outcome.
func (b *bubble) pageEvents(n incidents.Number) (all []string) {
	events, err := b.prog.store.Events(context.Background(), n, 0, 0)
	if err != nil {
		return []string{err.Error()}
	}
	for _, e := range events {
		if e.Kind == incidents.Paged {
			all = append(all, e.Field("outcome")+": "+e.Text)
		}
	}
	return all
}

func same(what, got, want string) error {
	if got != want {
		return fmt.Errorf("%s is\n  %q\nwant\n  %q", what, got, want)
	}
	return nil
}

// webhook is a delivery of PagerDuty's about an incident there that we made.
func webhook(id, kind, key string) string {
	body, _ := json.Marshal(map[string]any{"event": map[string]any{ //nolint:errchkjson // strings
		"id": id, "event_type": "incident." + kind, "occurred_at": time.Now().UTC().Format(time.RFC3339), "agent": map[string]any{"type": "user_reference", "summary": "Dan <!channel>"},
		"data": map[string]any{"type": "incident", "id": "P1", "title": "INC-1", "incident_key": key, "urgency": "high"},
	}})
	return string(body)
}

func TestSomebodyIsPaged(t *testing.T) {
	withPager(t, nil, nil, func(b *bubble, d *pagertest.Double) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		said := b.answers("@bob", ch, "page checkout since ten minutes, api_key=sk-live-51HzQxKJd83jfnvQpLs0PPm2")
		if !strings.Contains(said, "Paged whoever is on call for checkout through PagerDuty.") {
			return fmt.Errorf("the answer is %q", said)
		}
		asked := d.Asked()
		if len(asked) != 1 || asked[0].RoutingKey != pagertest.Key || asked[0].Severity != "critical" || !strings.HasPrefix(asked[0].Key, "fireboss:INC-1:page-") {
			return fmt.Errorf("it was asked %+v", asked)
		}
		if !strings.HasPrefix(asked[0].Summary, "INC-1 (sev1) checkout is down") || !strings.Contains(asked[0].Summary, "since ten minutes") || strings.Contains(asked[0].Body, "sk-live-51HzQxKJd83jfnvQpLs0PPm2") || !strings.Contains(asked[0].Body, "/incidents/INC-1") {
			return fmt.Errorf("it was asked %s", asked[0].Body)
		}
		if err := same("the timeline", strings.Join(b.pageEvents(1), "\n"), "accepted: Paged whoever is on call for checkout through PagerDuty"); err != nil {
			return err
		}
		// Somebody acknowledges there, twice told.
		for range 2 {
			if err := b.sends("pagerduty", webhook("E1", "acknowledged", asked[0].Key)); err != nil {
				return err
			}
		}
		if err := b.sends("pagerduty", webhook("E2", "acknowledged", asked[0].Key)); err != nil {
			return err
		}
		elapse(5 * time.Second)
		if got, err := b.recorded(1, incidents.Acknowledged); err != nil || len(got) != 1 || got[0] != "Acknowledged by Dan <!channel> in PagerDuty" {
			return fmt.Errorf("it is acknowledged %q (%w)", got, err)
		}
		if len(b.shows(ch, "<!channel>")) != 0 {
			return fmt.Errorf("a stranger's name mentions everybody")
		}
		if n := len(d.Asked()); n != 1 {
			return fmt.Errorf("what was acknowledged there is told there: %+v", d.Asked())
		}
		b.says("@bob", ch, "resolve it is back")
		elapse(5 * time.Second)
		if a := d.Alert(asked[0].Key); a.Status != "resolved" || a.Woken != 1 {
			return fmt.Errorf("at the end it is %+v", a)
		}
		if err := b.sends("pagerduty", webhook("E3", "resolved", asked[0].Key)); err != nil {
			return err
		}
		elapse(5 * time.Second)
		if n := len(d.Asked()); n != 2 || len(b.pageEvents(1)) != 2 {
			return fmt.Errorf("it goes on and on: %d, %q", n, b.pageEvents(1))
		}
		return nil
	})
}

// What is not accepted within a minute is told to who wanted it, and tried again.
func TestAPageIsNotAccepted(t *testing.T) {
	down := 8
	withPager(t, func(n int) pagertest.Answer {
		if n < down {
			return pagertest.Answer{Status: 500}
		}
		return pagertest.Answer{}
	}, nil, func(b *bubble, d *pagertest.Double) error {
		b.says("@alice", "#general", "open sev1 checkout is slow")
		ch := b.place(1)
		b.says("@bob", ch, "lead me")
		said := b.answers("@bob", ch, "page checkout")
		if !strings.Contains(said, "PagerDuty is asked to wake whoever is on call for checkout. If it does not accept that within a minute, you are told.") {
			return fmt.Errorf("the answer is %q", said)
		}
		elapse(50 * time.Second)
		if err := b.wantsSaid(0, bobID, "Not woken yet"); err != nil {
			return err
		}
		elapse(20 * time.Second)
		if err := b.wantsSaid(1, bobID, "Not woken yet is whoever is on call for checkout"); err != nil {
			return err
		}
		if err := b.wantsSaid(1, ch, "whoever is on call for checkout: *not accepted yet*, tried again"); err != nil {
			return err
		}
		elapse(2 * time.Minute) // it is back for less than one
		if err := b.wantsSaid(1, ch, "whoever is on call for checkout: paged"); err != nil {
			return err
		}
		asked := d.Asked()
		if len(asked) != 1 || d.Calls() != down+1 {
			return fmt.Errorf("it was called %d times, and took %+v", d.Calls(), asked)
		}
		got := b.pageEvents(1)
		if len(got) != 2 || !strings.HasPrefix(got[0], "late: Not woken yet is whoever is on call for checkout: PagerDuty ") || got[1] != "accepted: Paged whoever is on call for checkout through PagerDuty" {
			return fmt.Errorf("the timeline has %q", got)
		}
		return nil
	})
}

// A page is tried often while it is fresh, and is not given up sooner for it.
func TestHowLongAPageRests(t *testing.T) {
	for _, c := range []struct {
		attempts           int
		since, after, want time.Duration
	}{
		{1, 0, 0, 2 * time.Second}, {4, 30 * time.Second, 0, 16 * time.Second}, {7, time.Minute, 0, 30 * time.Second}, {25, 9 * time.Minute, 0, 30 * time.Second},
		{7, time.Minute, 2 * time.Minute, 2 * time.Minute}, {1, 0, time.Hour, 5 * time.Minute}, {7, 11 * time.Minute, 0, 128 * time.Second}, {30, time.Hour, 0, 5 * time.Minute},
	} {
		if got := pageWait(c.attempts, c.since, c.after); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	tries := 0
	for at := time.Duration(0); at < pageFor; tries++ {
		at += pageWait(tries+1, at, 0)
	}
	if tries+2 >= pageTries { // one more where it is late, one at the end
		t.Errorf("it is tried %d times within %s", tries, pageFor)
	}
}

// What an alert is called is said once to who is woken, also where it is both the title and what is said.
func TestASummarySaysNothingTwice(t *testing.T) {
	for _, c := range []struct{ title, why, want string }{
		{"A6 summary", "A6 summary", "INC-3 (sev1) A6 summary"}, {"Checkout: a6  summary", "A6 summary", "INC-3 (sev1) Checkout: a6 summary"},
		{"A6 summary", "nobody has acknowledged it", "INC-3 (sev1) A6 summary: nobody has acknowledged it"}, {"A6", "", "INC-3 (sev1) A6"},
	} {
		if got := summaryOf(incidents.Incident{Number: 3, Severity: 1, Title: c.title}, c.why); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// Who says to wait is waited for, and what never works is given up after an hour, which is said.
func TestAPageIsGivenUp(t *testing.T) {
	withPager(t, func(int) pagertest.Answer { return pagertest.Answer{Status: 429, After: "120"} }, nil, func(b *bubble, d *pagertest.Double) error {
		b.says("@alice", "#general", "open sev1 checkout is slow")
		ch := b.place(1)
		b.says("@bob", ch, "lead me")
		b.says("@bob", ch, "page checkout")
		elapse(110 * time.Second)
		if err := b.wantsSaid(1, bobID, "PagerDuty is asked too much (HTTP 429)"); err != nil {
			return err
		}
		if d.Calls() != 1 {
			return fmt.Errorf("it was called %d times within two minutes", d.Calls())
		}
		elapse(65 * time.Minute)
		if err := b.wantsSaid(1, bobID, "Nobody was woken: PagerDuty is asked too much (HTTP 429), for 1 hour"); err != nil {
			return err
		}
		calls := d.Calls()
		elapse(2 * time.Hour)
		if d.Calls() != calls || calls > pageTries {
			return fmt.Errorf("it was called %d times, and then %d", calls, d.Calls())
		}
		return nil
	})
}

// A key that is not taken is said at once; nobody waits for it.
func TestAPageWithAWrongKey(t *testing.T) {
	withPager(t, nil, func(c *pagerduty.Config) { c.RoutingKey.SetSecret("another-key", "") }, func(b *bubble, d *pagertest.Double) error {
		b.says("@alice", "#general", "open sev1 checkout is slow")
		ch := b.place(1)
		b.says("@bob", ch, "lead me")
		said := b.answers("@bob", ch, "page checkout")
		if !strings.Contains(said, "Nobody was woken: PagerDuty does not take it (HTTP 400): Invalid routing key &lt;secret&gt;. It was to be whoever is on call for checkout. To call somebody in Slack: /incident invite @alice @oncall") {
			return fmt.Errorf("the answer is %q", said)
		}
		elapse(10 * time.Minute)
		if d.Calls() != 1 || strings.Contains(b.log.String(), "another-key") {
			return fmt.Errorf("it was called %d times: %s", d.Calls(), b.log.String())
		}
		return b.wantsSaid(1, bobID, "Nobody was woken")
	})
}

// However often the bot dies between what is wanted and what is accepted, somebody is woken once.
func TestAPageOverCrashes(t *testing.T) {
	withPager(t, func(n int) pagertest.Answer { return pagertest.Answer{Lost: n < 3, Wait: time.Second} }, nil, func(b *bubble, d *pagertest.Double) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		b.says("@bob", ch, "page checkout")
		for range 4 {
			if err := b.crash(); err != nil {
				return err
			}
			if err := b.start(context.Background()); err != nil {
				return err
			}
			elapse(1500 * time.Millisecond)
		}
		elapse(2 * time.Minute)
		asked := d.Asked()
		if len(asked) < 2 || d.Alert(asked[0].Key).Woken != 1 {
			return fmt.Errorf("it was asked %+v", asked)
		}
		for _, r := range asked {
			if r.Key != asked[0].Key {
				return fmt.Errorf("a second key: %+v", r)
			}
		}
		return same("the timeline", strings.Join(b.pageEvents(1), "\n"), "accepted: Paged whoever is on call for checkout through PagerDuty")
	})
}

// Where nobody acknowledges, the clock wakes whoever is on call; what is done there is done here.
func TestTheClockWakesSomebody(t *testing.T) {
	withPager(t, nil, func(c *pagerduty.Config) {
		var key integrations.Secret
		key.SetSecret("key-of-checkout", "")
		c.Services = map[string]integrations.Secret{"checkout": key}
	}, func(b *bubble, d *pagertest.Double) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		b.says("@alice", ch, "service add checkout")
		elapse(20 * time.Minute)
		if n := len(d.Asked()); n != 0 {
			return fmt.Errorf("somebody is woken after 20 minutes: %+v", d.Asked())
		}
		elapse(20 * time.Minute)
		asked := d.Asked()
		if len(asked) != 1 || asked[0].Key != "fireboss:INC-1:commander" || asked[0].RoutingKey != "key-of-checkout" || !strings.HasSuffix(asked[0].Summary, "checkout is down: nobody commands it") {
			return fmt.Errorf("it was asked %+v", asked)
		}
		if err := b.wantsSaid(0, ch, "Nobody was woken"); err != nil {
			return err
		}
		b.says("@bob", ch, "ack")
		elapse(5 * time.Second)
		if a := d.Alert(asked[0].Key); a.Status != "acknowledged" {
			return fmt.Errorf("it is %+v", a)
		}
		if err := b.sends("pagerduty", webhook("E1", "acknowledged", asked[0].Key)); err != nil {
			return err
		}
		elapse(5 * time.Minute)
		want := "accepted: Paged whoever is on call for checkout through PagerDuty\nacknowledged: The page to whoever is on call for checkout is acknowledged in PagerDuty, as INC-1 is"
		if len(d.Asked()) != 2 {
			return fmt.Errorf("it was asked %+v", d.Asked())
		}
		return same("the timeline", strings.Join(b.pageEvents(1), "\n"), want)
	})
}

// Without a system that wakes people that is said, once.
func TestTheClockCanWakeNobody(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		said := b.answers("@bob", ch, "page checkout")
		if !strings.Contains(said, "Nobody was woken: no paging integration is configured. To call somebody in Slack: /incident invite @alice @oncall") {
			return fmt.Errorf("the answer is %q", said)
		}
		elapse(50 * time.Minute)
		events, err := b.recorded(1, incidents.ReminderSent)
		if n := strings.Count(strings.Join(events, "\n"), incidents.NobodyWoken); n != 1 || err != nil {
			return fmt.Errorf("it is said %d times: %q (%w)", n, events, err)
		}
		return nil
	})
}

// Of a private incident no more than its number is told, unless it is allowed.
func TestAPageOfAPrivateIncident(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		withPager(t, nil, func(c *pagerduty.Config) { c.Travel.Private = allowed }, func(b *bubble, d *pagertest.Double) error {
			b.says("@alice", "#general", "open sev1 private keys of checkout are stolen")
			ch := b.place(1)
			if said := b.answers("@bob", "#general", "page INC-1 checkout what is it"); !strings.Contains(said, "INC-1 does not exist or is not open to you.") {
				return fmt.Errorf("bob hears %q", said)
			}
			said := b.answers("@alice", ch, "page checkout the vault is open")
			asked := d.Asked()
			if len(asked) != 1 {
				return fmt.Errorf("it was asked %+v", asked)
			}
			switch told := strings.Contains(asked[0].Body, "stolen") && strings.Contains(asked[0].Body, "vault"); {
			case told != allowed:
				return fmt.Errorf("it was told %s", asked[0].Body)
			case !allowed && (asked[0].Summary != "A private incident needs you: INC-1" || strings.Contains(asked[0].Body, "sev1") || strings.Contains(asked[0].Body, "checkout") || strings.Contains(asked[0].Body, "alice")):
				return fmt.Errorf("it was told %s", asked[0].Body)
			case !allowed && !strings.Contains(said, "It says no more than the number, for INC-1 is private, and private_incidents is not set."):
				return fmt.Errorf("the answer is %q", said)
			}
			return nil
		})
	}
}

// Opsgenie wakes whom it knows by name; what it cannot is refused with what can be written.
func TestOpsgenieIsAsked(t *testing.T) {
	d := &pagertest.Double{Keys: []string{pagertest.Key}}
	inBubbleBeside(t, slacksim.Options{}, func(b *bubble) { b.has("genie.test:80", d) }, func(s *settings.Settings) {
		c := &opsgenie.Config{URL: "http://genie.test", Travel: integrations.DefaultTravel()}
		c.APIKey.SetSecret(pagertest.Key, "")
		s.Integrations[opsgenie.Name] = c
	}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev1 checkout is down")
		ch := b.place(1)
		if said := b.answers("@bob", ch, "page @alice come"); !strings.Contains(said, `Opsgenie cannot be asked for "@alice". Write one of: opsgenie, team:NAME`) {
			return fmt.Errorf("the answer is %q", said)
		}
		if said := b.answers("@bob", ch, `page team:"Site Reliability" come`); !strings.Contains(said, "Paged the team Site Reliability through Opsgenie.") {
			return fmt.Errorf("the answer is %q", said)
		}
		if said := b.answers("@bob", ch, "page <mailto:dan@example.com|dan@example.com> come"); !strings.Contains(said, "Paged dan@example.com through Opsgenie.") {
			return fmt.Errorf("the answer is %q", said)
		}
		asked := d.Asked()
		if len(asked) != 2 || !strings.Contains(asked[0].Body, `{"type":"team","name":"Site Reliability"}`) || !strings.Contains(asked[1].Body, `{"type":"user","username":"dan@example.com"}`) {
			return fmt.Errorf("it was asked %+v", asked)
		}
		b.says("@bob", ch, "resolve")
		elapse(5 * time.Second)
		if a, c := d.Alert(asked[0].Key), d.Alert(asked[1].Key); a.Status != "resolved" || c.Status != "resolved" {
			return fmt.Errorf("at the end they are %+v and %+v", a, c)
		}
		return nil
	})
}
