package bot

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fireboss/bot/settings"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
	"fireboss/incidents/store"
	"fireboss/incidents/store/bolt"
)

// sampled is a store with the samples as they were by a moment.
func sampled(t testing.TB, now time.Time) *bolt.DB {
	t.Helper()
	s := builtIn("simulated-key")
	path := filepath.Join(t.TempDir(), "fireboss.db")
	s.Store = settings.NewStore(path)
	people := map[string]incidents.Actor{}
	for _, name := range []string{"alice", "bob", "carol", "dave"} {
		people[name] = incidents.Actor{Kind: incidents.User, ID: "slack:T0FIREBOSS/U-" + name, Name: name}
	}
	if err := seedStore(t.Context(), s, people, now); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, bolt.Options{Rules: func() incidents.Rules { return rules(s) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Whenever the demo begins, its past is whole and varied, and nothing of it is left to
// be done: nobody is told anew, no channel is made, and nothing is due at once.
func TestTheSampleHistory(t *testing.T) {
	for _, now := range []time.Time{
		time.Now(), time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(2028, 2, 29, 23, 59, 59, 0, time.UTC), time.Date(2026, 3, 29, 2, 30, 0, 0, time.UTC),
	} {
		db := sampled(t, now)
		list, err := db.Incidents(t.Context(), store.Query{})
		if err != nil {
			t.Fatal(err)
		}
		noise, err := db.Alerts(t.Context(), store.AlertQuery{})
		due, next, noticeErr := db.DueAlertNotices(t.Context(), now.AddDate(1, 0, 0), 1)
		if err != nil || noticeErr != nil || len(due) > 0 || !next.IsZero() || len(alerts.Tune(noise, 10)) < 3 {
			t.Errorf("%d alerts, of which people are told: %v %v; to tune: %+v (%v %v)", len(noise), due, next, alerts.Tune(noise, 10), err, noticeErr)
		}
		for i, a := range noise {
			if a.Open() || !strings.HasSuffix(a.Title, sampleMark) || a.EndedAt.After(now) || i > 0 && a.ReceivedAt.After(noise[i-1].ReceivedAt) {
				t.Errorf("%s %q is %s, from %s to %s", a.Number, a.Title, a.Status, a.ReceivedAt, a.EndedAt)
			}
		}
		seen, private := map[string]int{}, ""
		for i, in := range list {
			if !strings.HasSuffix(in.Title, " (sample)") || in.Status.Open() || in.DeclaredAt.After(now) || i > 0 && in.DeclaredAt.After(list[i-1].DeclaredAt) {
				t.Errorf("%s %q is %s, declared %s", in.Number, in.Title, in.Status, in.DeclaredAt)
			}
			seen[in.Severity.String()]++
			seen[in.Type]++
			seen[string(in.EndedAs)]++
			for _, f := range in.Followups {
				state := string(f.State)
				if f.State == incidents.TaskOpen && f.Due.Before(now) {
					state = "overdue"
				}
				seen["followup "+state]++
			}
			if in.Drill {
				seen["drill"]++
			}
			seen["postmortem "+string(in.Postmortem.State)]++
			if at := rules(builtIn("simulated-key")).PostmortemDue(in); !at.IsZero() && at.Before(now) {
				seen["postmortem overdue"]++
			}
			if in.Reopened > 0 {
				seen["reopened"]++
			}
			if in.Private {
				private += fmt.Sprint(in.Responders)
			}
			if now.Sub(in.DeclaredAt) < 30*24*time.Hour {
				seen["lately"]++
			}
		}
		if len(list) < 38 || len(list) > 45 || strings.Count(private, "slack:") != 2 || !strings.Contains(private, "alice") || !strings.Contains(private, "bob") {
			t.Errorf("%s: %d incidents, private to %s", now, len(list), private)
		}
		for what, least := range map[string]int{
			"sev1": 4, "sev2": 8, "sev3": 10, "sev4": 5, "sev5": 1, "unset": 1, "availability": 10, "security": 2, "data": 1, "third-party": 4, "incident": 5,
			"resolved": 30, "canceled": 2, "merged": 1, "false_positive": 1, "drill": 2, "reopened": 1, "followup open": 5, "followup overdue": 4, "followup done": 15, "followup dropped": 1, "lately": 12,
			"postmortem draft": 10, "postmortem in_review": 1, "postmortem approved": 1, "postmortem published": 10, "postmortem overdue": 1,
		} {
			if seen[what] < least {
				t.Errorf("%s: %d are %s, want at least %d", now, seen[what], what, least)
			}
		}
		letters, err := db.Outgoing(t.Context())
		if next, err2 := db.NextDue(t.Context()); err != nil || err2 != nil || len(letters) > 0 || next.Before(now) {
			t.Errorf("%s: %d letters are to be sent, %s is due (%v, %v)", now, len(letters), next, err, err2)
		}
		if err := db.AddMirror(t.Context(), "slack"); err != nil {
			t.Fatal(err)
		}
		if behind, err := db.BehindMirror(t.Context(), "slack"); err != nil || len(behind) > 0 {
			t.Errorf("%s: %v are behind (%v)", now, behind, err)
		}
		if a, err := db.Audit(t.Context()); err != nil || a.Wrong != "" {
			t.Errorf("%s: %v %s", now, err, a.Wrong)
		}
	}
}

// The same moment has the same past.
func TestTheSampleHistoryIsTheSame(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	var told []string
	for range 2 {
		db := sampled(t, now)
		var all strings.Builder
		for n := incidents.Number(1); ; n++ {
			list, err := db.Events(t.Context(), n, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, e := range list {
				fmt.Fprintln(&all, e.ID(), e.Kind, e.At, e.RecordedAt, e.Actor.Name, e.Text, string(e.Data))
			}
		}
		told = append(told, all.String())
	}
	if told[0] != told[1] || len(told[0]) < 10_000 {
		t.Error("it was another past")
	}
}

func TestSamplesAreReadStrictly(t *testing.T) {
	const head = "== 3 10:00 alice sev2 incident checkout: it is down\n"
	for text, says := range map[string]string{
		"+1m alice ack": "line 1: somebody speaks", "== 3 10:00 alice sev2 incident checkout": "no title", "== 3 alice: x": "it must be: DAYS", "== x 10:00 alice sev2 incident checkout: y": "invalid syntax",
		"== 3 10:00 alice sev9 incident checkout: y": "not a severity", "== 3 10:00 alice sev2 incident checkout odd: y": `"odd" is not known`, "== 3 10:00 alice sev2 incident checkout, started soon: y": "invalid duration",
		head + "1m alice ack": "line 2: it must be", head + "+soon alice ack": "invalid duration", head + "+1m alice sing": `"sing" is no verb`, head + "+1m alice sev 9": "not a severity", head + "+1m alice status odd": "not a status",
		head + "+1m alice followup bob: x": "it must be: followup", head + "+1m alice done x": "invalid syntax",
	} {
		if _, err := readSamples(text, time.Now()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func BenchmarkSampleHistory(b *testing.B) {
	for b.Loop() {
		sampled(b, time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)).Close()
	}
}
