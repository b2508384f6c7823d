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
	"fireboss/integrations/pagertest"
)

// critical changes the rule about what is critical, of those that come with the program.
func critical(change func(*settings.AlertRule)) func(*settings.Settings) {
	return func(s *settings.Settings) {
		for i := range s.Alerts.Rules {
			if s.Alerts.Rules[i].Name == "critical" {
				change(&s.Alerts.Rules[i])
			}
		}
	}
}

// A rule in shadow is made live by a command, counts at once and after a crash, and is in shadow again when it is changed.
func TestARuleIsMadeLive(t *testing.T) {
	shadow := critical(func(r *settings.AlertRule) { r.Shadow = true })
	inBubbleWith(t, slacksim.Options{}, shadow, func(b *bubble) error {
		fires := func(name string) error { return b.sends("alertmanager", notification("firing", name, "critical", "")) }
		if err := fires("db"); err != nil {
			return err
		}
		// The alert says how bad an incident for it may well be.
		elapse(3 * time.Second)
		if err := b.notice(1, "An incident for it may well be sev2: the alert is critical."); err != nil {
			return err
		}
		if said := b.answers("@bob", "#general", "alert live critical"); !strings.Contains(said, "Only @alice may") {
			return fmt.Errorf("bob is told %q", said)
		}
		if said := b.answers("@alice", "#general", "alert live critical"); !strings.Contains(said, `The rule "critical" is live since`) {
			return fmt.Errorf("alice is told %q", said)
		}
		if err := errors.Join(fires("mail"), b.crash(), b.start(context.Background()), fires("cache")); err != nil {
			return err
		}
		elapse(3 * time.Second)
		if one, two, three := b.alert(1), b.alert(2), b.alert(3); one.Incident != 0 || two.Incident != 1 || three.Incident != 2 {
			return fmt.Errorf("it opened %s, %s and %s", one.Incident, two.Incident, three.Incident)
		}
		changed := critical(func(r *settings.AlertRule) { r.Shadow, r.Severity = true, "sev2" })
		if err := errors.Join(b.restartWith(changed), fires("queue"), b.restartWith(shadow), fires("disk")); err != nil {
			return err
		}
		if four, five := b.alert(4), b.alert(5); four.Incident != 0 || five.Incident != 0 || len(four.Decision.Shadow) != 1 {
			return fmt.Errorf("changed it opened %s, and changed back %s", four.Incident, five.Incident)
		}
		return nil
	})
}

// An incident is over by itself where its rule says so, once, whatever ends the program; and not where somebody says otherwise.
func TestAnIncidentIsOverWithItsAlerts(t *testing.T) {
	auto := critical(func(r *settings.AlertRule) {
		r.Resolve, r.Title = "auto", `{{upper(alert.labels.alertname)}} of {{alert.service}}`
	})
	change := func(s *settings.Settings) {
		auto(s)
		s.Open.Invite = settings.Invitations{"unset": {"@bob"}}
	}
	inBubbleWith(t, slacksim.Options{}, change, func(b *bubble) error {
		say := func(status, name string) error {
			return b.sends("alertmanager", notification(status, name, "critical", name))
		}
		if err := errors.Join(say("firing", "db"), say("firing", "mail"), say("firing", "shop")); err != nil {
			return err
		}
		if in := b.incident(1); in.Title != "DB of db" || in.Suggestion.Severity != 2 {
			return fmt.Errorf("it opened %+v", in)
		}
		elapse(20 * time.Second)
		found := b.shows(b.place(1), "It may well be sev2: the alert is critical.")
		if len(found) != 1 {
			return fmt.Errorf("a severity is suggested %d times", len(found))
		}
		b.call(http.MethodPost, "/sim/click", map[string]any{"user": "@alice", "channel": b.place(1), "ts": found[0].TS, "action_id": button(found[0].Blocks, "Set sev2")})
		elapse(3 * time.Second)
		if set, err := b.recorded(1, incidents.SeverityChanged); err != nil || len(set) != 1 || set[0] != "Severity changed from unset to sev2: the alert is critical" {
			return fmt.Errorf("the severity is %q (%w)", set, err)
		}
		if err := errors.Join(say("resolved", "db"), say("resolved", "mail"), say("resolved", "shop")); err != nil {
			return err
		}
		if in := b.incident(1); in.Status != incidents.Monitoring || !in.Alerts.Calm {
			return fmt.Errorf("when its alert is over it is %s, %+v", in.Status, in.Alerts)
		}
		elapse(5 * time.Minute)
		if err := b.crash(); err != nil {
			return err
		}
		if err := b.start(context.Background()); err != nil {
			return err
		}
		b.says("@bob", b.place(2), "status identified it was the certificate")
		b.says("@bob", b.place(3), "alert attach AL-1 INC-3") // of another incident, and by hand
		elapse(20 * time.Minute)
		one, two, three := b.incident(1), b.incident(2), b.incident(3)
		left, err := b.recorded(2, incidents.AlertsLeft)
		if two.Status != incidents.Identified || len(left) != 1 || left[0] != "It is not resolved by itself, but by people: bob changed the status" {
			return fmt.Errorf("bob knew better: %s, %q (%w)", two.Status, left, err)
		}
		if three.Status != incidents.Monitoring || three.Alerts.Left != "bob attached an alert" {
			return fmt.Errorf("with an alert attached by hand it is %s, %+v", three.Status, three.Alerts)
		}
		if one.Status != incidents.Monitoring { // its only alert was taken away from it
			return fmt.Errorf("without an alert it is %s", one.Status)
		}
		if err := say("firing", "disk"); err != nil {
			return err
		}
		if err := say("resolved", "disk"); err != nil {
			return err
		}
		elapse(20 * time.Minute)
		moves, err := b.recorded(4, incidents.StatusChanged)
		want := []string{`Status changed from triage to monitoring: all its alerts are over, and the rule "critical" says so`, `Status changed from monitoring to resolved: all its alerts have been over for 15 minutes, and the rule "critical" says so`}
		if in := b.incident(4); in.Status != incidents.Resolved || len(moves) != 2 || moves[0] != want[0] || moves[1] != want[1] {
			return fmt.Errorf("it is %s by\n%s (%w)", in.Status, strings.Join(moves, "\n"), err)
		}
		return nil
	})
}

// An alert that flaps stays with its incident, which knows whether it fires; nobody is told of each turn.
func TestAnAlertThatFlapsBelongsToAnIncident(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		say := func(status string) error {
			body := strings.Replace(notification(status, "db", "critical", "checkout"), "2000-01-01T00:00:00Z", time.Now().UTC().Format(time.RFC3339), 1)
			return b.sends("alertmanager", body)
		}
		for turn := range 12 {
			if err := say("firing"); err != nil {
				return err
			}
			if in := b.incident(1); in.Alerts.Firing != 1 || !in.Alerts.Over.IsZero() {
				return fmt.Errorf("in turn %d one fires, and it has %+v", turn, in.Alerts)
			}
			elapse(20 * time.Second)
			if err := say("resolved"); err != nil {
				return err
			}
			if in := b.incident(1); in.Alerts.Firing != 0 || in.Alerts.Over.IsZero() {
				return fmt.Errorf("in turn %d all are over, and it has %+v", turn, in.Alerts)
			}
			elapse(20 * time.Second)
		}
		last := b.alert(4)
		if again, err := b.recorded(1, incidents.AlertRefired); err != nil || len(again) == 0 || !last.Flapping || last.Decision.Action != alerts.Attach {
			return fmt.Errorf("it fired again %d times, and is %+v (%w)", len(again), last, err)
		}
		return b.wantsSaid(0, b.place(1), "fires again")
	})
}

// People are told once that an alert flaps, and the rules are asked about one that keeps still and fires.
func TestAnAlertThatFlapsAndStays(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		for turn := range 9 {
			body := strings.Replace(notification([]string{"firing", "resolved"}[turn%2], "disk", "warning", "mail"), "2000-01-01T00:00:00Z", time.Now().UTC().Format(time.RFC3339), 1)
			if err := b.sends("alertmanager", body); err != nil {
				return err
			}
			elapse(time.Minute)
		}
		last := b.alert(4)
		if !last.Flapping || !last.Open() || !last.Notifies() || !strings.Contains(last.Decision.Reason, "It flaps: 7 changes within 30 minutes") {
			return fmt.Errorf("while it flaps it is %+v", last)
		}
		elapse(31 * time.Minute)
		if last = b.alert(4); last.Flapping || last.Decision.Rule != "the rest" || !strings.HasSuffix(last.Decision.Reason, "It flapped before.") {
			return fmt.Errorf("once it keeps still it is %+v", last)
		}
		return nil
	})
}

// What fires goes along when an incident is merged, so that the other one is not taken for over; and who resolves one is told
// what still fires.
func TestAlertsGoAlongWithAMerge(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		b.says("@alice", "#general", "open sev3 the shop is slow")
		b.says("@alice", "#general", "open sev3 the basket is empty")
		for i, name := range []string{"db", "cache", "queue"} {
			if err := b.sends("alertmanager", notification("firing", name, "warning", "")); err != nil {
				return err
			}
			b.says("@alice", "#general", fmt.Sprintf("alert inc-%d attach AL-%d", min(i+1, 2), i+1))
		}
		if err := b.sends("alertmanager", notification("resolved", "queue", "warning", "")); err != nil {
			return err
		}
		b.says("@alice", "#general", "merge INC-2 INC-1 one cause")
		first, second, moved := b.incident(1), b.incident(2), b.alert(2)
		if first.Alerts.Firing != 2 || first.Alerts.Total != 2 || second.Alerts.Total != 1 || second.Alerts.Firing != 0 || moved.Incident != 1 || b.alert(3).Incident != 2 {
			return fmt.Errorf("%+v, %+v, %+v", first.Alerts, second.Alerts, moved)
		}
		if err := b.sends("alertmanager", notification("resolved", "cache", "warning", "")); err != nil {
			return err
		}
		b.says("@alice", "#general", "resolve INC-1 it is back")
		moves, err := b.recorded(1, incidents.StatusChanged)
		if want := "Status changed from investigating to resolved, while 1 of its alerts still fires: it is back"; err != nil || len(moves) != 1 || moves[0] != want {
			return fmt.Errorf("it is said %q (%w)", moves, err)
		}
		attached, err := b.recorded(1, incidents.AlertAttached)
		detached, err2 := b.recorded(2, incidents.AlertDetached)
		if len(attached) != 2 || !strings.HasSuffix(attached[1], "it came along from INC-2") || len(detached) != 1 || !strings.HasSuffix(detached[0], "it goes on in INC-1") {
			return errors.Join(fmt.Errorf("attached %q, detached %q", attached, detached), err, err2)
		}
		return errors.Join(b.settle(), b.check())
	})
}

// A rule that pages opens an incident, has somebody woken once and gives roles.
func TestARulePages(t *testing.T) {
	withPager(t, nil, nil, func(b *bubble, d *pagertest.Double) error {
		pages := critical(func(r *settings.AlertRule) {
			r.Do, r.Page, r.Severity, r.Roles = settings.AlertPage, "checkout", "suggested", settings.AlertRoles{"scribe": "@bob", "commander": "@oncall", "comms": "@nobodyhere"}
		})
		before := b.change
		if err := b.restartWith(func(s *settings.Settings) { before(s); pages(s) }); err != nil {
			return err
		}
		for _, name := range []string{"db", "cache"} {
			if err := b.sends("alertmanager", notification("firing", name, "critical", "checkout")); err != nil {
				return err
			}
		}
		elapse(10 * time.Second)
		in, a := b.incident(1), b.alert(1)
		asked := d.Asked()
		if in.Status != incidents.Triage || in.Severity != 1 || a.Decision.Action != alerts.Page || a.Incident != 1 || !strings.Contains(a.Decision.Reason, "To be woken is checkout") {
			return fmt.Errorf("it opened %+v for %+v", in, a.Decision)
		}
		if len(asked) != 1 || !strings.Contains(asked[0].Summary, "INC-1 (sev1) db is down") {
			return fmt.Errorf("woken are %+v", asked)
		}
		if _, led := in.Commander(); led || in.Roles["scribe"].Name != "bob" || b.alert(2).Incident != 1 {
			return fmt.Errorf("roles are %+v", in.Roles)
		}
		notes, err := b.recorded(1, incidents.NoteAdded)
		if err != nil || len(notes) != 2 || notes[0] != "The role commander is meant for one of @oncall: alice, bob. To take it: /incident role INC-1 commander me" ||
			notes[1] != "The role communications is meant for @nobodyhere, and nobody is there. To take it: /incident role INC-1 communications me" {
			return fmt.Errorf("it is noted %q (%w)", notes, err)
		}
		why, err := b.recorded(1, incidents.SeveritySuggested)
		if err != nil || len(why) != 1 || why[0] != "sev1, as it is suggested: the alert is critical, checkout is tier 1" {
			return fmt.Errorf("it is suggested %q (%w)", why, err)
		}
		// A name that nobody has is said on the card, and leaves nothing to be caught up with.
		if rec, err := b.prog.store.Record(context.Background(), "slack", 1); err != nil || rec.SyncedVersion != b.incident(1).Version || strings.Contains(b.log.String(), "a mirror is behind") {
			return fmt.Errorf("it is at %d of %d (%w)", rec.SyncedVersion, b.incident(1).Version, err)
		}
		return b.wantsSaid(1, b.place(1), "Fireboss could not call @nobodyhere: nobody here and no group goes by that name")
	})
}
