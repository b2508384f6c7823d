package commands

import (
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestTimes(t *testing.T) {
	const winter, forward, back = "2026-11-20T13:30:00Z", "2026-03-29T10:00:00Z", "2026-10-25T10:00:00Z"
	for _, c := range []struct {
		name, zone, now, said string
		which                 sense
		want, rest            string
	}{
		{"today", "UTC", winter, "13:02 rest of it", last, "2026-11-20T13:02:00Z", "rest of it"},
		{"with seconds", "UTC", winter, "13:02:07", last, "2026-11-20T13:02:07Z", ""},
		{"one digit", "UTC", winter, "9:05", last, "2026-11-20T09:05:00Z", ""},
		{"yesterday", "UTC", winter, "13:45", last, "2026-11-19T13:45:00Z", ""},
		{"this minute", "UTC", winter, "13:30", last, "2026-11-20T13:30:00Z", ""},
		{"a clock that is ahead", "UTC", winter, "13:31", last, "2026-11-20T13:31:00Z", ""},
		{"a clock that is ahead at midnight", "UTC", "2026-11-20T23:59:30Z", "00:00", last, "2026-11-21T00:00:00Z", ""},
		{"yesterday by name", "Europe/Berlin", winter, "Yesterday 14:45, rest", last, "2026-11-19T13:45:00Z", "rest"},
		{"yesterday where it is today elsewhere", "Pacific/Auckland", winter, "yesterday 23:00", last, "2026-11-20T10:00:00Z", ""},
		{"today by name", "UTC", winter, "today 13:02:07 rest", last, "2026-11-20T13:02:07Z", "rest"},
		{"today, and it is to come", "UTC", winter, "today 13:45", last, "2026-11-20T13:45:00Z", ""},
		{"who works in the afternoon", "UTC", winter, "13:02 PM signed it", last, "2026-11-20T13:02:00Z", "PM signed it"},
		{"the caller's zone", "Europe/Berlin", winter, "14:02", last, "2026-11-20T13:02:00Z", ""},
		{"yesterday in the caller's zone", "Asia/Tokyo", winter, "23:00", last, "2026-11-19T14:00:00Z", ""},
		{"another day there", "Pacific/Auckland", winter, "02:00", last, "2026-11-20T13:00:00Z", ""},
		{"next is today", "UTC", winter, "13:45", next, "2026-11-20T13:45:00Z", ""},
		{"next is tomorrow", "UTC", winter, "13:02", next, "2026-11-21T13:02:00Z", ""},
		{"next is never now", "UTC", winter, "13:30", next, "2026-11-21T13:30:00Z", ""},
		{"a date", "America/New_York", winter, "2026-11-20 08:02 x", last, "2026-11-20T13:02:00Z", "x"},
		{"a date with a T", "America/New_York", winter, "2026-11-20T08:02 x", last, "2026-11-20T13:02:00Z", "x"},
		{"RFC 3339", "America/New_York", winter, "2026-11-20T14:02:00+01:00 x", last, "2026-11-20T13:02:00Z", "x"},
		{"RFC 3339 in lower case", "UTC", winter, "2026-11-20t14:02:00.5z", last, "2026-11-20T14:02:00.5Z", ""},
		{"now", "UTC", winter, "NOW x", last, winter, "x"},
		{"a day to be due", "Europe/Berlin", winter, "2026-12-01", next, "2026-12-01T22:59:00Z", ""},
		{"the day clocks go forward has no 02:30", "Europe/Berlin", forward, "02:30", last, "2026-03-28T01:30:00Z", ""},
		{"nor does it for what is due", "Europe/Berlin", "2026-03-28T20:00:00Z", "02:30", next, "2026-03-30T00:30:00Z", ""},
		{"the last of two", "Europe/Berlin", back, "02:30", last, "2026-10-25T01:30:00Z", ""},
		{"the first of two, before the second", "Europe/Berlin", "2026-10-25T01:00:00Z", "02:30", last, "2026-10-25T00:30:00Z", ""},
		{"the next of two", "Europe/Berlin", "2026-10-25T01:00:00Z", "02:30", next, "2026-10-25T01:30:00Z", ""},
		{"after clocks went forward", "Europe/Berlin", forward, "03:00", last, "2026-03-29T01:00:00Z", ""},
		{"a day that was left out", "Pacific/Apia", "2011-12-30T12:00:00Z", "23:00", last, "2011-12-30T09:00:00Z", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			call := &call{Request: Request{At: instant(t, c.now), Zone: zone(t, c.zone)}}
			got, rest, found, err := call.timeAt(c.said, c.which)
			if err != nil || !found {
				t.Fatalf("found %v, error %v", found, err)
			}
			if want := instant(t, c.want); !got.Equal(want) || rest != c.rest {
				t.Errorf("got %v and %q, want %v and %q", got.UTC(), rest, want, c.rest)
			}
		})
	}
}

func TestNoTimes(t *testing.T) {
	call := &call{Request: Request{At: noon, Zone: zone(t, "Europe/Berlin")}}
	for said, wrong := range map[string]bool{ // whether it looks like a time and is none
		"":                          false,
		"the moment":                false,
		"3 nodes":                   false,
		"nowhere":                   false,
		"2026":                      false,
		"ratio 1:2":                 false,
		"yesterday":                 false,
		"yesterday noon":            false,
		"2:30 pm":                   true,
		"12:30 A.M. it began":       true,
		"yesterday 25:00":           true,
		"24:00":                     true,
		"14:60":                     true,
		"14:02:60":                  true,
		"14:2":                      true,
		"14:02h":                    true,
		"2026-11-20":                true,
		"2026-13-20 14:02":          true,
		"2026-02-30 14:02":          true,
		"2026-1-2 14:02":            true,
		"2026-03-29 02:30":          true, // clocks went forward over it
		"0001-01-01T00:00:00Z":      true,
		"9999-01-01 00:00":          true,
		"2026-11-20T14:02:00":       false, // with seconds, and without a zone: in the caller's
		"2026-11-20T14:02:00+25:00": true,
	} {
		_, _, found, err := call.timeAt(said, last)
		if (err != nil) != wrong {
			t.Errorf("%q: error %v", said, err)
		}
		if found && said != "2026-11-20T14:02:00" {
			t.Errorf("%q was taken for a time", said)
		}
	}
}

func TestDurations(t *testing.T) {
	for said, want := range map[string]time.Duration{
		"20m": 20 * time.Minute, "2h": 2 * time.Hour, "3d": 72 * time.Hour, "1h30m": 90 * time.Minute, "1w": 168 * time.Hour,
		"90s": 90 * time.Second, "20min": 20 * time.Minute, "30Minutes": 30 * time.Minute, "1hour30mins": 90 * time.Minute, "2hrs": 2 * time.Hour, "1day": 24 * time.Hour, "10sec": 10 * time.Second, "2weeks": 336 * time.Hour,
		"2H": 2 * time.Hour, "0m": 0, "999999999w": 876000 * time.Hour, "999999999w999999999w": 876000 * time.Hour,
	} {
		if got, ok := duration(said); !ok || got != want {
			t.Errorf("%q: %v, %v; want %v", said, got, ok, want)
		}
	}
	for _, said := range []string{"", "m", "20", "-5m", "1.5h", "20 m", "20months", "20me", "h2", "1234567890m", "٣d"} {
		if got, ok := duration(said); ok {
			t.Errorf("%q was taken for %v", said, got)
		}
	}
}

func TestHowLongAgo(t *testing.T) {
	for said, want := range map[string]struct {
		length time.Duration
		rest   string
		said   bool
	}{
		"10m":                   {10 * time.Minute, "", false},
		"10m checkout is down":  {10 * time.Minute, "checkout is down", false},
		"10m, checkout is down": {10 * time.Minute, "checkout is down", false},
		"20m ago the queue":     {20 * time.Minute, "the queue", true},
		"20 min AGO: the queue": {20 * time.Minute, "the queue", true},
		"1h 30m checkout":       {90 * time.Minute, "checkout", false},
		"1 h 30 min ago":        {90 * time.Minute, "", true},
		"3 days ago":            {72 * time.Hour, "", true},
		"10m 5m of delay":       {10 * time.Minute, "5m of delay", false}, // two lengths, of which the first is meant
		"10m 3 nodes":           {10 * time.Minute, "3 nodes", false},
	} {
		length, rest, ago, ok := ago(said)
		if !ok || length != want.length || rest != want.rest || ago != want.said {
			t.Errorf("%q: %v, %q, %v, %v", said, length, rest, ago, ok)
		}
	}
	for _, said := range []string{"", "ago", "checkout", "10", "10 nodes", "m 10", "14:02", "a week ago", "5 five m"} {
		if length, rest, _, ok := ago(said); ok {
			t.Errorf("%q was taken for %v and %q", said, length, rest)
		}
	}
}

// A note that begins with at is text, unless what follows can only be a time.
func TestNotesThatAreAtNoTime(t *testing.T) {
	w := newWorld(t)
	w.does("bob", "open checkout is down")
	w.here = 1
	for _, text := range []string{
		"at risk: checkout", "at the moment nothing works", "at least 3 nodes", "at 5m requests per minute it falls over", "at 20m depth", "at 99.95 percent", "at today's standup we saw it",
		"at monday's review", "at Monday standup we decided", "at 3 nodes", "at 2 of 14 sites", "at 1.20.13 of the client", "at 10.0.0.1 nothing answers", "at 50%", "at tomorrowland", "at 2h of uptime", "at noonday", "at 7/9 shards",
	} {
		w.does("bob", "note "+text)
		events := w.events(1)
		if e := events[len(events)-1]; e.Text != text || !e.At.Equal(w.at) {
			t.Errorf("%q: %q at %v", text, e.Text, e.At)
		}
	}
	before := len(w.events(1))
	for _, text := range []string{
		"at yesterday it began", "at Yesterday, it began", "at today", "at tomorrow we go on", "at noon we met", "at midnight: backup", "at tonight x", "at 2pm x", "at 2 pm x", "at 2:30pm x", "at 2.30 p.m. x",
		"at 14.02 x", "at 9.30, x", "at 14.02 Uhr x", "at 14h02 x", "at 2 o'clock x", "at monday 14:02 x", "at 20.11.2026 x", "at 11/20/2026 x", "at 2026/11/20 14:02 x", "at yesterday noon x", "at 25:00 x", "at 14:60 x", "at 2:30 pm x",
	} {
		if r := w.says("bob", "note "+text); r.Refused != incidents.CodeInvalid || !strings.Contains(r.Text, "Write 14:02, ") {
			t.Errorf("%q: %q", text, r.Text)
		}
	}
	const want = `"yesterday" is not a time that I read; if none was meant, begin with another word than at. Write 14:02, yesterday 14:02, 2026-11-20 14:02, 2026-11-20T14:02:00Z or 20m ago. ` +
		"Example: /incident note at 2026-11-19 14:02 traffic moved to eu-west"
	if r := w.says("bob", "note at yesterday it began"); r.Text != want {
		t.Error(r.Text)
	}
	if got := len(w.events(1)); got != before {
		t.Errorf("%d events came of refusals", got-before)
	}
	for said, want := range map[string]string{"note at 20m ago it began": "11:40", "note at yesterday 14:02 it began": "14:02"} {
		w.does("bob", said)
		events := w.events(1)
		if e := events[len(events)-1]; e.Text != "it began" || e.At.Format("15:04") != want {
			t.Errorf("%q: %q at %v", said, e.Text, e.At)
		}
	}
}

// A refusal says times as the clocks of whoever reads it do.
func TestRefusalsSayTimesInTheReadersZone(t *testing.T) {
	w := newWorld(t)
	w.does("bob", "open checkout is down")
	w.here = 1
	for said, want := range map[string]string{
		"open --started 2026-11-21 14:00 x": "The impact cannot have started in the future (2026-11-21 14:00 JST).",
		"note at 2026-11-21 14:00 x":        "A note cannot be about the future (2026-11-21 14:00 JST). Example: /incident note at 14:02",
		"time detected 2026-11-21 14:00":    "2026-11-21 14:00 JST is in the future",
	} {
		r := w.request("bob", said)
		r.Zone = zone(t, "Asia/Tokyo")
		if got := w.desk.Handle(t.Context(), r); got.Refused == "" || !strings.HasPrefix(got.Text, want) {
			t.Errorf("%q: %q", said, got.Text)
		}
		if got := w.says("bob", strings.Replace(said, "14:00", "15:00", 1)); !strings.Contains(got.Text, "2026-11-21 15:00 UTC") {
			t.Errorf("%q: %q", said, got.Text)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 40 * time.Second: "40s", 65 * time.Minute: "1h 5m", 74 * time.Hour: "3d 2h", 72 * time.Hour: "3d", 3*time.Hour + 2*time.Second: "3h",
	} {
		if got := span(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestClockNamesTheDayOfAnotherDay(t *testing.T) {
	call := &call{Request: Request{At: noon, Zone: zone(t, "Europe/Berlin")}}
	if got := call.clock(noon.Add(-time.Hour)); got != "12:00 CET" {
		t.Error(got)
	}
	if got := call.clock(noon.Add(-24 * time.Hour)); got != "2026-11-19 13:00 CET" {
		t.Error(got)
	}
}

func TestAPromiseMayBeWrittenAsPeopleDo(t *testing.T) {
	for said, want := range map[string]struct {
		text string
		next time.Duration
	}{
		"we look next 30m":       {"we look", 30 * time.Minute},
		"we look NEXT 30 min":    {"we look", 30 * time.Minute},
		"we look next 1h 30m":    {"we look", 90 * time.Minute},
		"we look next":           {"we look next", 0},
		"we look next week":      {"we look next week", 0},
		"what comes next 30 x":   {"what comes next 30 x", 0},
		"next 30m we look":       {"next 30m we look", 0},
		"we look next 5 or 30 m": {"we look next 5 or 30 m", 0},
	} {
		text, next, _ := promised(said)
		if text != want.text || next != want.next {
			t.Errorf("%q: %q, %v; want %+v", said, text, next, want)
		}
	}
}

func TestATimeMayEndWithAComma(t *testing.T) {
	w := newWorld(t)
	w.does("bob", "open checkout is down")
	w.here = 1
	for said, want := range map[string]string{
		"note at 11:02, it began":                  "it began",
		"note at 11:02: traffic moved":             "traffic moved",
		"note at 2026-11-19 11:02: the first call": "the first call",
		"note at 2026-11-19T11:02:00Z, it began":   "it began",
	} {
		w.does("bob", said)
		events := w.events(1)
		if e := events[len(events)-1]; e.Text != want || e.At.Minute() != 2 {
			t.Errorf("%q: %q at %v", said, e.Text, e.At)
		}
	}
}
