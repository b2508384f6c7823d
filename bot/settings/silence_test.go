package settings

import (
	"strings"
	"testing"
	"time"
)

func TestWindowsInTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		cron   Cron
		length time.Duration
		at     string // UTC
		until  string // UTC; empty: it is in none
	}{
		{"0 2 * * 0", 2 * time.Hour, "2026-11-29 00:59", ""}, // a Sunday; 01:59 in Berlin
		{"0 2 * * 0", 2 * time.Hour, "2026-11-29 01:00", "2026-11-29 03:00"},
		{"0 2 * * 0", 2 * time.Hour, "2026-11-29 02:59", "2026-11-29 03:00"},
		{"0 2 * * 0", 2 * time.Hour, "2026-11-29 03:00", ""},
		{"0 2 * * 0", 2 * time.Hour, "2026-11-30 01:30", ""},
		{"0 22 * * 5", 60 * time.Hour, "2026-11-29 12:00", "2026-11-30 09:00"}, // from Friday to Monday
		{"30 2 * * *", time.Hour, "2026-03-29 01:29", ""},                      // there is no 02:30 on that day: it is 03:30
		{"30 2 * * *", time.Hour, "2026-03-29 01:30", "2026-03-29 02:30"},
		{"0 3 * * *", time.Hour, "2026-03-29 01:00", "2026-03-29 02:00"},
		{"30 2 * * *", time.Hour, "2026-10-25 00:30", "2026-10-25 01:30"}, // 02:30 comes twice: the first counts
		{"30 2 * * *", time.Hour, "2026-10-25 01:30", ""},
		{"0 0 * * 0", 24 * time.Hour, "2026-10-25 21:59", "2026-10-25 22:00"}, // a day of 25 hours, of which 24 count
		{"0 0 * * 0", 24 * time.Hour, "2026-10-25 22:00", ""},
		{"", time.Hour, "2026-10-25 22:00", ""},
	} {
		at, err := time.Parse("2006-01-02 15:04", c.at)
		if err != nil {
			t.Fatal(err)
		}
		until, in := SilenceWindow{Cron: c.cron, For: Duration(c.length)}.Within(berlin)(at)
		got := ""
		if in {
			got = until.UTC().Format("2006-01-02 15:04")
		}
		if got != c.until {
			t.Errorf("%q for %s at %s: until %q, want %q", c.cron, c.length, c.at, got, c.until)
		}
	}
}

// An answer that is remembered is the one that would be given, also to who asks about an earlier moment.
func TestAWindowRemembers(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := SilenceWindow{Cron: "*/10 2 * * *", For: Duration(90 * time.Second)}
	kept := w.Within(berlin)
	for i, from := 0, time.Date(2026, 11, 29, 0, 58, 0, 0, time.UTC); i < 600; i++ {
		at := from.Add(time.Duration(i*7%1500) * time.Second)
		until, in := kept(at)
		if wantUntil, want := w.Within(berlin)(at); in != want || !until.Equal(wantUntil) {
			t.Fatalf("at %s: %s, %v, want %s, %v", at, until, in, wantUntil, want)
		}
	}
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	if n := testing.AllocsPerRun(100, func() { kept(at) }); n > 0 {
		t.Errorf("to ask again takes %v allocations", n)
	}
}

func TestWindowsAreChecked(t *testing.T) {
	good := `{name: a, when: 'true', cron: "0 2 * * 0", for: 2h}`
	for text, want := range map[string]string{
		good:               "",
		good + ", " + good: "c.yaml:2:74: alerts.silences[1].name: an earlier window is called \"a\" too",
		`{name: a, when: 'alert.servic == "x"', cron: "0 2 * * 0", for: 2h}`: "c.yaml:2:30: alerts.silences[0].when: this expression is not right",
		`{name: a, when: 'true', cron: "0 25 * * 0", for: 2h}`:               "alerts.silences[0].cron: \"0 25 * * 0\" is no time that comes again",
		`{name: a, when: 'true', cron: "", for: 2h}`:                         "alerts.silences[0].cron: must not be empty",
		`{name: a, when: 'true', cron: "0 2 * * 0"}`:                         "alerts.silences[0].for",
		`{name: a, when: 'true', cron: "0 2 * * 0", for: 2s}`:                "must be from 1m to 31d",
		`{name: a, when: 'true', cron: "0 2 * * *", for: 24h}`:               "the window begins again after 24h",
		`{name: a, when: 'true', cron: "0 2,3 * * 0", for: 90m}`:             "the window begins again after 1h",
	} {
		_, err := Parse("c.yaml", []byte("alerts:\n  silences: ["+text+"]\n"), Options{SkipIntegrations: true})
		if want == "" {
			if err != nil && strings.Contains(err.Error(), "silences") {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got  %v\n want %s", text, err, want)
		}
	}
}
