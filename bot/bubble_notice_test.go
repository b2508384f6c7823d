package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
)

// alertsChannel is where people are told of alerts, by the rules that come with the program.
const alertsChannel = "C000ALERTS"

// notices are the messages about an alert that stand in channels, with the channel's id.
func (st simState) notices(n alerts.Number) (where []string, list []simMessage) {
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			if m.kind() == "fireboss_alert" && m.Metadata.EventPayload["alert"] == n.String() {
				where, list = append(where, c.ID), append(list, m)
			}
		}
	}
	return where, list
}

// notice is the one message about an alert, which must have these words in it and may not have those behind "not".
func (b *bubble) notice(n alerts.Number, words ...string) error {
	st, err := b.state()
	if err != nil {
		return err
	}
	where, list := st.notices(n)
	if len(list) != 1 || where[0] != alertsChannel {
		return fmt.Errorf("%s has %d messages, in %s", n, len(list), where)
	}
	text := list[0].words()
	for _, w := range words {
		w, unwanted := strings.CutPrefix(w, "not ")
		if strings.Contains(text, w) == unwanted {
			return fmt.Errorf("the message about %s has %q: %v, in\n%s", n, w, unwanted, text)
		}
	}
	return nil
}

// pressesAlert lets somebody press a button of the message about an alert.
func (b *bubble) pressesAlert(who string, n alerts.Number, label string) error {
	st, err := b.state()
	if err != nil {
		return err
	}
	where, list := st.notices(n)
	if len(list) != 1 {
		return fmt.Errorf("%s has %d messages", n, len(list))
	}
	action := button(list[0].Blocks, label)
	if action == "" {
		return fmt.Errorf("the message about %s has no button %q: %s", n, label, list[0].words())
	}
	b.call(http.MethodPost, "/sim/click", map[string]any{"user": who, "channel": where[0], "ts": list[0].TS, "action_id": action})
	elapse(5 * time.Second)
	return nil
}

// checkNotices wants one message about each alert that people were told of, where the record has it, and none about others.
func (b *bubble) checkNotices(st simState) error {
	list, err := b.prog.store.Alerts(context.Background(), store.AlertQuery{})
	wrong := []error{err}
	for _, a := range list {
		kept, err := b.prog.store.AlertNotice(context.Background(), a.Number)
		where, found := st.notices(a.Number)
		switch {
		case err != nil && !errors.Is(err, store.ErrNotFound):
			wrong = append(wrong, err)
		case kept.TS == "" && len(found) > 0, kept.TS != "" && (len(found) != 1 || where[0] != kept.Channel || found[0].TS != kept.TS):
			wrong = append(wrong, fmt.Errorf("%s is told %d times, in %s; the record has %+v", a.Number, len(found), where, kept))
		}
	}
	return errors.Join(wrong...)
}

func warning(status, name string) string { return notification(status, name, "warning", name) }

// shadowed are rules one of which only says what it would have done.
func shadowed(s *settings.Settings) {
	for i := range s.Alerts.Rules {
		if s.Alerts.Rules[i].Name == "critical" {
			s.Alerts.Rules[i].Shadow = true
		}
	}
}

func TestPeopleAreToldOfAnAlert(t *testing.T) {
	inBubbleWith(t, slacksim.Options{}, shadowed, func(b *bubble) error {
		body := strings.Replace(notification("firing", "disk", "critical", "storage"), `"labels"`, `"generatorURL":"https://prometheus.example.com/graph?g=1","labels"`, 1)
		if err := b.sends("alertmanager", body); err != nil {
			return err
		}
		elapse(3 * time.Second)
		if err := b.notice(1, "disk is down", "AL-1 · critical · firing · storage · from alertmanager · since", `The rule “critical” would have opened an incident.`,
			`People are notified: the rule "the rest" holds.`, "<https://prometheus.example.com/graph?g=1|prometheus.example.com>", "Declare", "Attach to …", "Ignore for 1 h", "not times"); err != nil {
			return err
		}
		// It is said again and again: the count is not changed more often than each minute.
		edits := b.called("chat.update")
		for range 20 {
			if err := b.sends("alertmanager", body); err != nil {
				return err
			}
		}
		elapse(2 * time.Minute)
		if n := b.called("chat.update") - edits; n > 2 {
			return fmt.Errorf("it was changed %d times", n)
		}
		if err := b.notice(1, "21 times"); err != nil {
			return err
		}
		if err := b.sends("alertmanager", notification("resolved", "disk", "critical", "storage")); err != nil {
			return err
		}
		elapse(3 * time.Second)
		if err := b.notice(1, "AL-1 · critical · over", "not Declare", "not Ignore for"); err != nil {
			return err
		}
		// What fires again is a new alert.
		elapse(time.Hour)
		again := strings.Replace(body, "2000-01-01T00:00:00Z", time.Now().UTC().Format(time.RFC3339), 1)
		if err := b.sends("alertmanager", again); err != nil {
			return err
		}
		elapse(3 * time.Second)
		return b.notice(2, "AL-2 · critical · firing", "Declare")
	})
}

// What is ignored, and what opens an incident by itself, is no matter for the channel.
func TestPeopleAreToldOfNothingElse(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		err := errors.Join(b.sends("alertmanager", notification("firing", "db", "critical", "checkout")), b.sends("alertmanager", notification("firing", "cache", "warning", "checkout")))
		elapse(time.Minute)
		return errors.Join(err, b.wantsSaid(0, alertsChannel, "is down"))
	})
}

func TestAnAlertIsDecidedByButtons(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		for _, name := range []string{"disk", "mail", "cache"} {
			if err := b.sends("alertmanager", warning("firing", name)); err != nil {
				return err
			}
		}
		elapse(3 * time.Second)
		if err := b.pressesAlert("@bob", 1, "Declare"); err != nil {
			return err
		}
		elapse(10 * time.Second)
		if in := b.incident(1); in.Title != "disk is down" || in.DeclaredBy.Name != "bob" || in.Alerts.Firing != 1 {
			return fmt.Errorf("it opened %+v", in)
		}
		if err := b.notice(1, "bob declared an incident. It is INC-1.", "<#"+b.room(1).ID+">", "not Attach to"); err != nil {
			return err
		}
		// Attach to … asks to which of those that are open.
		if err := b.pressesAlert("@carol", 2, "Attach to …"); err != nil {
			return err
		}
		st, err := b.state()
		if err != nil || len(st.Views) != 1 {
			return fmt.Errorf("carol has %d forms (%w)", len(st.Views), err)
		}
		b.call(http.MethodPost, "/sim/submit", map[string]any{"user": "@carol", "view_id": st.Views[0].ID, "values": map[string]any{"incident": "INC-1"}})
		elapse(5 * time.Second)
		if err := b.notice(2, "carol attached it to INC-1.", "not Declare"); err != nil {
			return err
		}
		// Ignored for an hour it leads to nothing, whatever becomes of it.
		if err := b.pressesAlert("@dave", 3, "Ignore for 1 h"); err != nil {
			return err
		}
		if err := b.notice(3, "dave ignores it until", "Declare", "not Ignore for 1 h"); err != nil {
			return err
		}
		if err := b.sends("alertmanager", warning("resolved", "cache")); err != nil {
			return err
		}
		elapse(10 * time.Minute)
		again := func() error {
			err := b.sends("alertmanager", strings.Replace(warning("firing", "cache"), "2000-01-01T00:00:00Z", time.Now().UTC().Format(time.RFC3339), 1))
			elapse(3 * time.Second)
			return err
		}
		if err := again(); err != nil {
			return err
		}
		if a := b.alert(4); a.Decision.Action != alerts.Ignore || a.Fingerprint != b.alert(3).Fingerprint {
			return fmt.Errorf("while it is ignored it is %+v", a)
		}
		return b.wantsSaid(1, alertsChannel, "cache is down")
	})
}

// When the hour is over an alert that still fires can be ignored again.
func TestAnAlertIsIgnoredForAnHour(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.sends("alertmanager", warning("firing", "disk")); err != nil {
			return err
		}
		elapse(3 * time.Second)
		if err := errors.Join(b.pressesAlert("@dave", 1, "Ignore for 1 h"), b.notice(1, "not Ignore for 1 h")); err != nil {
			return err
		}
		elapse(time.Hour)
		return b.notice(1, "Ignore for 1 h")
	})
}

// A stranger's words call nobody and lead nowhere else, wherever they stand.
func TestWordsOfAnAlertStayText(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		evil := `<!channel> <b>x</b> <https://evil.example.com|prometheus> @here *y* &lt;!here&gt;`
		for i, service := range []string{"a", "b"} {
			body := strings.Replace(notification("firing", "disk", "warning", service), "disk is down", strings.ReplaceAll(evil, `"`, `\"`), 1)
			body = strings.Replace(body, `"annotations":{`, `"annotations":{"description":"<!channel> read this",`, 1)
			if err := b.sends("alertmanager", body); err != nil {
				return err
			}
			elapse(3 * time.Second)
			if err := b.notice(alerts.Number(i+1), "&lt;!channel&gt; &lt;b&gt;x&lt;/b&gt; &lt;https://evil.example.com|prometheus&gt;", "not <!channel>", "not <https://evil.example.com|"); err != nil {
				return err
			}
		}
		b.says("@alice", "#general", "open sev2 checkout is down")
		b.says("@alice", "#general", "alert attach AL-1 INC-1")
		elapse(10 * time.Second)
		for _, c := range []string{alertsChannel, b.room(1).ID} {
			for _, bad := range []string{"<!channel>", "<!here>", "<https://evil.example.com|"} {
				if err := b.wantsSaid(0, c, bad); err != nil {
					return err
				}
			}
		}
		return b.wantsSaid(1, b.room(1).ID, "Alerts: 1 firing, 0 over")
	})
}

// Whom an alert belongs to that was attached to a private incident, only those learn who are in it; also when it becomes so.
func TestPrivateIncidentsAreNotNamedWhereAlertsAreTold(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open private sev1 the vault is open")
		b.says("@alice", "#general", "open sev2 mail is slow")
		for _, name := range []string{"disk", "mail", "cache"} {
			if err := b.sends("alertmanager", warning("firing", name)); err != nil {
				return err
			}
		}
		for _, said := range []string{"alert attach AL-1 INC-1", "alert attach AL-2 INC-2", "alert attach AL-3 INC-2", "alert detach AL-3"} {
			b.says("@alice", "#general", said)
		}
		elapse(10 * time.Second)
		if err := errors.Join(b.notice(1, "People are notified.", "not INC-1"), b.notice(2, "alice attached it to INC-2."), b.notice(3, "It is ignored.", "not INC-2")); err != nil {
			return err
		}
		if err := b.pressesAlert("@bob", 1, "Declare"); err != nil {
			return err
		}
		if n := b.whispered(bobID, "AL-1 is being seen to already"); n != 1 {
			return fmt.Errorf("bob is told %d times that it is seen to", n)
		}
		b.says("@alice", "#general", "private INC-2 keys are in a mail")
		elapse(time.Minute)
		if err := b.notice(2, "People are notified.", "not INC-2", "not alice"); err != nil {
			return err
		}
		return errors.Join(b.wantsSaid(0, alertsChannel, "INC-"), b.wantsSaid(0, alertsChannel, "vault"), b.wantsSaid(1, b.room(1).ID, "Alerts: 1 firing"))
	})
}

// Whatever Slack says to the message, and whenever the bot dies, it stands there once.
func TestPeopleAreToldOnce(t *testing.T) {
	for _, fault := range []string{"drop_after", "drop_before", "http500", "error internal_error", "error not_in_channel", "error token_revoked", "ratelimit", "latency"} {
		t.Run(fault, func(t *testing.T) {
			kind, code, _ := strings.Cut(fault, " ")
			inBubble(t, slacksim.Options{}, func(b *bubble) error {
				b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "chat.postMessage", "kind": kind, "times": 3, "error": code, "retry_after": 7, "ms": 15000})
				for i := range 4 {
					if err := b.sends("alertmanager", warning("firing", fmt.Sprint("disk", i))); err != nil {
						return err
					}
					elapse(time.Duration(i) * 400 * time.Millisecond)
					if err := b.crash(); err != nil {
						return err
					}
					if err := b.start(context.Background()); err != nil {
						return err
					}
				}
				elapse(5 * time.Minute)
				for n := alerts.Number(1); n <= 4; n++ {
					if err := b.notice(n, "Declare"); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

// A message that Slack posts although its caller is dead, after it was posted again, is taken away.
func TestAMessageAboutAnAlertThatComesTwice(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.crash(); err != nil {
			return err
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		if err := b.sends("alertmanager", warning("firing", "disk")); err != nil {
			return err
		}
		elapse(time.Second)
		st, err := b.state()
		if err != nil {
			return err
		}
		where, list := st.notices(1)
		if len(list) != 1 {
			return fmt.Errorf("there are %d", len(list))
		}
		b.post("chat.postMessage", where[0], list[0])
		elapse(10 * time.Second)
		return b.notice(1, "Declare")
	})
}

// Where people can be told nothing that is said once, where somebody reads it who can do something; nothing else waits.
func TestAChannelForAlertsThatIsNotThere(t *testing.T) {
	change := func(s *settings.Settings) {
		s.Alerts.Rules = []settings.AlertRule{
			{Name: "gone", When: `alert.service == "disk"`, Do: settings.AlertNotify, Channel: "#nowhere"},
			{Name: "another", When: `alert.service == "mail"`, Do: settings.AlertNotify, Channel: "#random"},
			{Name: "anywhere", When: "true", Do: settings.AlertNotify}, // where incidents are announced
		}
	}
	inBubbleWith(t, slacksim.Options{}, change, func(b *bubble) error {
		for _, name := range []string{"disk", "mail", "cache"} {
			if err := b.sends("alertmanager", warning("firing", name)); err != nil {
				return err
			}
		}
		elapse(10 * time.Minute)
		if err := b.crash(); err != nil {
			return err
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		if err := b.sends("alertmanager", notification("firing", "other", "warning", "disk")); err != nil {
			return err
		}
		elapse(2 * time.Hour)
		trouble := "Slack does not let Fireboss tell of alerts in #nowhere: invite Fireboss to that channel"
		if err := errors.Join(b.wantsSaid(1, "CINCIDENTS", trouble), b.wantsSaid(1, "CINCIDENTS", "cache is down"), b.wantsSaid(1, "C000RANDOM", "mail is down")); err != nil {
			return err
		}
		if n := b.called("chat.postMessage"); n > 60 {
			return fmt.Errorf("it was tried %d times", n)
		}
		b.call(http.MethodPost, "/sim/create", map[string]any{"user": "@alice", "name": "nowhere"})
		elapse(90 * time.Minute)
		where := b.channelNamed("nowhere").ID
		return errors.Join(b.wantsSaid(1, where, "disk is down"), b.wantsSaid(1, where, "other is down"), b.wantsSaid(0, "CINCIDENTS", trouble))
	})
}

// Of very many alerts at once the channel stays one that people can read; all of them can be found.
func TestAFloodOfAlerts(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		const many = 400
		for i := range many {
			if err := b.sends("alertmanager", warning("firing", fmt.Sprint("disk", i))); err != nil {
				return err
			}
			if i%100 == 50 {
				elapse(20 * time.Second)
			}
		}
		elapse(3 * time.Minute)
		if err := b.stop(); err != nil {
			return err
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(time.Minute)
		st, err := b.state()
		if err != nil {
			return err
		}
		counted, told := 0, 0
		for _, m := range st.channel(alertsChannel).Messages {
			var n int
			switch m.kind() {
			case "fireboss_alert":
				told++
			case "fireboss_alert_flood":
				if _, err := fmt.Sscanf(m.Text, "Many alerts at once: %d more", &n); err != nil {
					return err
				}
				counted += n
			}
		}
		if told+counted != many || told > 100 {
			return fmt.Errorf("%d are told one by one and %d counted", told, counted)
		}
		// Later ones are told again.
		elapse(10 * time.Minute)
		if err := b.sends("alertmanager", warning("firing", "mail")); err != nil {
			return err
		}
		elapse(5 * time.Second)
		return b.notice(many+1, "mail is down")
	})
}

// The alerts of an incident stand in one message of its channel, and how many fire on its card.
func TestTheAlertsOfAnIncident(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.sends("alertmanager", notification("firing", "db0", "critical", "checkout")); err != nil {
			return err
		}
		elapse(10 * time.Second)
		ch := b.room(1).ID
		for i := 1; i < 12; i++ {
			if err := b.sends("alertmanager", notification("firing", fmt.Sprint("db", i), "warning", "checkout")); err != nil {
				return err
			}
		}
		elapse(time.Minute)
		if err := errors.Join(b.wantsSaid(1, ch, "Alerts: 12 firing, 0 over"), b.wantsSaid(1, ch, "AL-12 db11 is down (alertmanager, medium, firing since"),
			b.wantsSaid(0, ch, "AL-2 db1 is down"), b.wantsSaid(1, ch, "… and 2 more"), b.wantsSaid(1, ch, "*Alerts*\n12 fire")); err != nil {
			return err
		}
		if err := b.crash(); err != nil {
			return err
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		for i := range 12 {
			severity := "warning"
			if i == 0 {
				severity = "critical"
			}
			if err := b.sends("alertmanager", notification("resolved", fmt.Sprint("db", i), severity, "checkout")); err != nil {
				return err
			}
		}
		elapse(time.Minute)
		if err := errors.Join(b.wantsSaid(1, ch, "Alerts: 0 firing, 12 over"), b.wantsSaid(1, ch, "All of them are over since"), b.wantsSaid(0, ch, "*Alerts*")); err != nil {
			return err
		}
		if in := b.incident(1); in.Status != incidents.Triage {
			return fmt.Errorf("nobody said so, and it is %s", in.Status)
		}
		found := b.eventless(ch, "All of them are over")
		if found == nil {
			return errors.New("the list is not there")
		}
		b.call(http.MethodPost, "/sim/click", map[string]any{"user": "@bob", "channel": ch, "ts": found.TS, "action_id": button(found.Blocks, "Resolve")})
		elapse(10 * time.Second)
		if in := b.incident(1); in.Status != incidents.Resolved {
			return fmt.Errorf("after the button it is %s", in.Status)
		}
		return b.wantsSaid(0, ch, "Is the impact over too?")
	})
}

// eventless is the message with these words that stands in a channel for no event.
func (b *bubble) eventless(channel, words string) *simMessage {
	st, err := b.state()
	if err != nil {
		return nil
	}
	for _, m := range st.channel(channel).Messages {
		if m.kind() != "fireboss_event" && strings.Contains(m.words(), words) {
			return &m
		}
	}
	return nil
}
