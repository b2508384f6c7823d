package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/bot/slacksim"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

const incidentsChannel = "#incidents"

// digested are the digests that stand in #incidents.
func (b *bubble) digested() []string { return b.digestedIn(incidentsChannel) }

// digestedIn are those of another channel.
func (b *bubble) digestedIn(channel string) (list []string) {
	st, err := b.state()
	if err != nil {
		return nil
	}
	for _, c := range st.Channels {
		for _, m := range c.Messages {
			if m.kind() == "fireboss_digest" && "#"+c.Name == channel {
				list = append(list, m.words())
			}
		}
	}
	return list
}

// wantsDigests wants so many of them, and these words in the last.
func (b *bubble) wantsDigests(n int, words ...string) error {
	list := b.digested()
	if len(list) != n {
		return fmt.Errorf("on %s there are %d digests, want %d: %q", time.Now().UTC().Format("Mon 15:04"), len(list), n, list)
	}
	for _, w := range words {
		if !strings.Contains(list[n-1], w) {
			return fmt.Errorf("%q is not in %q", w, list[n-1])
		}
	}
	return nil
}

func withDigests(s *settings.Settings) {
	s.Digests.Daily = settings.Digest{Cron: "0 9 * * 1-5"}
	s.Digests.Weekly = settings.Digest{Cron: "30 9 * * 1", Channel: incidentsChannel}
}

// Digests come at their time and once, over restarts; one that was missed comes
// late and once; nothing private and no drill is in them.
func TestDigestsComeOnce(t *testing.T) {
	inBubble(t, idle(), func(b *bubble) error {
		if err := b.skips(12 * time.Hour); err != nil { // it is Saturday noon, and by default there are none
			return err
		}
		b.says("@alice", "#general", "open sev3 search is slow")
		b.says("@alice", "#general", "open sev1 private the vault is open")
		b.says("@alice", "#general", "open sev2 mail is down")
		b.says("@alice", "#general", "drill the house burns")
		b.says("@alice", b.place(3), "lead me")
		b.says("@alice", b.place(3), "resolve it is up")
		if err := b.stop(); err != nil {
			return err
		}
		b.change = withDigests
		if err := b.start(context.Background()); err != nil {
			return err
		}
		if err := b.skips(44*time.Hour + 55*time.Minute); err != nil { // to Monday, a few minutes before nine
			return err
		}
		if err := b.wantsDigests(0); err != nil {
			return err
		}
		for range 20 { // the bot ends and comes back all the time
			elapse(30 * time.Second)
			if err := b.crash(); err != nil {
				return err
			}
			if err := b.start(context.Background()); err != nil {
				return err
			}
		}
		if err := b.wantsDigests(1, "1 incident is open", "INC-1", "<#C", "sev3, investigating, commander: nobody yet"); err != nil {
			return err
		}
		elapse(time.Hour)
		if err := b.wantsDigests(2, "Incidents of the last seven days", "sev2: 1; acknowledged after less than a minute; mitigated after less than a minute", "sev3: 1", "Times are medians."); err != nil {
			return err
		}
		for _, said := range b.digested() {
			for _, secret := range []string{"vault", "house", "sev1", "late"} {
				if strings.Contains(said, secret) {
					return fmt.Errorf("a digest says %q", said)
				}
			}
		}
		if err := b.stop(); err != nil {
			return err
		}
		elapse(4 * 24 * time.Hour) // to Friday
		if err := b.start(context.Background()); err != nil {
			return err
		}
		elapse(time.Minute)
		if err := b.wantsDigests(3, "1 incident is open", "This comes late: it was due"); err != nil {
			return err
		}
		if err := b.skips(2*24*time.Hour + 20*time.Hour); err != nil { // to Monday
			return err
		}
		elapse(4 * time.Hour)
		return b.wantsDigests(5, "There were none.")
	})
}

// The week of alerts is told once where people are told of alerts, over deaths, with what to tune; nothing of a private
// incident is in it, and of a week without alerts nothing is told.
func TestTheWeekOfAlertsIsToldOnce(t *testing.T) {
	inBubble(t, slacksim.Options{}, func(b *bubble) error {
		if err := b.skips(12 * time.Hour); err != nil { // it is Saturday noon
			return err
		}
		for range 6 {
			for _, status := range []string{"firing", "resolved"} {
				body := strings.Replace(notification(status, "disk <!channel>", "warning", "disk"), "2000-01-01T00:00:00Z", time.Now().UTC().Format(time.RFC3339), 1)
				if err := b.sends("alertmanager", body); err != nil {
					return err
				}
			}
			elapse(time.Hour)
		}
		if err := b.sends("alertmanager", notification("firing", "vault", "warning", "vault")); err != nil {
			return err
		}
		b.says("@alice", "#general", "open sev1 private somebody was in it")
		b.says("@alice", b.place(1), "alert attach AL-7")
		if a := b.alert(7); a.Incident != 1 {
			return fmt.Errorf("the vault's alert is %+v", a)
		}
		if err := b.skips(38*time.Hour + 50*time.Minute); err != nil { // to Monday, a few minutes before nine
			return err
		}
		for range 10 {
			elapse(2 * time.Minute)
			if err := b.again(); err != nil {
				return err
			}
		}
		list := b.digestedIn("#alerts")
		if len(list) != 1 {
			return fmt.Errorf("at %s there are %d digests: %q", time.Now().UTC().Format("Mon 15:04"), len(list), list)
		}
		for _, want := range []string{"7 alerts from 1 source · 0 led to an incident · about 7 minutes of people", "was over within 2 minutes each of 6 times and fired 6 times, and nobody ever acted on it.", "Let it fire only after", "/alerts/noise"} {
			if !strings.Contains(list[0], want) {
				return fmt.Errorf("%q is not in %q", want, list[0])
			}
		}
		for _, secret := range []string{"INC-1", "somebody was in it", "<!channel>", "late"} {
			if strings.Contains(list[0], secret) {
				return fmt.Errorf("the digest says %q", list[0])
			}
		}
		if err := b.skips(7 * 24 * time.Hour); err != nil {
			return err
		}
		if list = b.digestedIn("#alerts"); len(list) != 1 {
			return fmt.Errorf("of a week without alerts is told %q", list)
		}
		return nil
	})
}

// A digest whose posting was not answered, or was and the bot died over it, is
// there once.
func TestADigestWhoseAnswerIsLost(t *testing.T) {
	for _, kind := range []string{"drop_after", "drop_before", "http500", "error"} {
		t.Run(kind, func(t *testing.T) {
			inBubble(t, slacksim.Options{}, func(b *bubble) error {
				if err := b.stop(); err != nil {
					return err
				}
				b.change = func(s *settings.Settings) { s.Digests.Daily = settings.Digest{Cron: "0 9 * * *"} }
				if err := b.start(context.Background()); err != nil {
					return err
				}
				if err := b.skips(8*time.Hour + 59*time.Minute - time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))); err != nil {
					return err
				}
				b.call(http.MethodPost, "/sim/faults", map[string]any{"method": "chat.postMessage", "kind": kind, "times": 3, "error": "internal_error"})
				elapse(62 * time.Second)
				if err := b.crash(); err != nil {
					return err
				}
				if err := b.start(context.Background()); err != nil {
					return err
				}
				elapse(10 * time.Minute)
				return b.wantsDigests(1, "No incident is open")
			})
		})
	}
}

// board is a channel on which posting fails as often as it is told to.
type board struct {
	db    *bolt.DB
	fail  int
	keys  []string
	tried []bool
	rows  []store.Timer // what was written down when it was posted
}

func (b *board) Post(ctx context.Context, _, key string, _ slack.Digest, tried bool) error {
	row, err := b.db.Timer(ctx, "digest daily")
	if err != nil {
		return err
	}
	b.keys, b.tried, b.rows = append(b.keys, key), append(b.tried, tried), append(b.rows, row)
	if b.fail--; b.fail >= 0 {
		return errors.New("internal_error")
	}
	return nil
}

// A digest is written down before it is posted: whatever ends the process, the next
// start knows that it may be there, and looks for it.
func TestADigestIsWrittenDownBeforeItIsPosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, err := bolt.Open(filepath.Join(t.TempDir(), "fireboss.db"), bolt.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var set settings.Settings
		set.Digests.Daily = settings.Digest{Cron: "0 9 * * *", Channel: "#general"}
		b := &board{db: db, fail: 2}
		d := newDigests(db, b, set, zerolog.Nop())
		d.once(t.Context(), time.Now())
		time.Sleep(24 * time.Hour)
		d.once(t.Context(), time.Now())
		d.once(t.Context(), time.Now())
		d = newDigests(db, b, set, zerolog.Nop()) // another start
		for range 3 {
			d.once(t.Context(), time.Now())
		}
		if fmt.Sprint(b.tried) != "[false true true]" || b.keys[0] != b.keys[2] {
			t.Errorf("posted as %q, tried before: %v", b.keys, b.tried)
		}
		for _, row := range b.rows {
			if row.Came.IsZero() || !row.Next.After(time.Now()) {
				t.Errorf("written down is %+v", row)
			}
		}
	})
}
