package settings

import (
	"encoding"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// reading is a text, what it means, and how that is printed; want is nil where the text is refused.
type reading[T any] struct {
	text  string
	want  *T
	shown string
}

func read[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](t *testing.T, cases []reading[T]) {
	t.Helper()
	for _, c := range cases {
		var got T
		err := P(&got).UnmarshalText([]byte(c.text))
		if (err == nil) != (c.want != nil) {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if err != nil {
			continue
		}
		if diff := cmp.Diff(*c.want, got); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
		if shown, err := any(got).(encoding.TextMarshaler).MarshalText(); string(shown) != c.shown || err != nil {
			t.Errorf("%q prints as %q, %v, want %q", c.text, shown, err, c.shown)
		}
	}
}

func TestDuration(t *testing.T) {
	d := func(std time.Duration) *Duration { return (*Duration)(&std) }
	read(t, []reading[Duration]{
		{"0", d(0), "0"},
		{"0s", d(0), "0"},
		{"250ms", d(250 * time.Millisecond), "250ms"},
		{"90s", d(90 * time.Second), "1m30s"},
		{"5m", d(5 * time.Minute), "5m"},
		{"2h", d(2 * time.Hour), "2h"},
		{"24h", d(24 * time.Hour), "24h"},
		{"1d", d(24 * time.Hour), "24h"},
		{"36h", d(36 * time.Hour), "1d12h"},
		{"3d", d(72 * time.Hour), "3d"},
		{"400d", d(400 * 24 * time.Hour), "400d"},
		{"1d2h3m4s5ms", d(26*time.Hour + 3*time.Minute + 4*time.Second + 5*time.Millisecond), "1d2h3m4s5ms"},
		{"106751d", d(106751 * 24 * time.Hour), "106751d"},
		{"106752d", nil, ""},
		{"106751d24h", nil, ""},
		{"99999999999999999999d", nil, ""},
		{"", nil, ""}, {"5", nil, ""}, {"m", nil, ""}, {"5 m", nil, ""}, {"-5m", nil, ""}, {"1.5h", nil, ""}, {"5M", nil, ""},
		{"1m1h", nil, ""}, {"1h1h", nil, ""}, {"1h ", nil, ""}, {"00", nil, ""}, {"1w", nil, ""}, {"٣m", nil, ""},
	})
	if std := Duration(time.Hour).Std(); std != time.Hour {
		t.Error(std)
	}
	if odd := (Duration(time.Hour) + 1).String(); odd != "1h0m0.000000001s" {
		t.Error(odd)
	}
}

func TestBusinessDays(t *testing.T) {
	n := func(d BusinessDays) *BusinessDays { return &d }
	read(t, []reading[BusinessDays]{
		{"0", n(0), "0"}, {"0d", n(0), "0"}, {"3d", n(3), "3d"}, {"3650d", n(3650), "3650d"},
		{"3651d", nil, ""}, {"3", nil, ""}, {"24h", nil, ""}, {"1d1d", nil, ""}, {"-1d", nil, ""}, {"", nil, ""},
	})
}

func TestByteSize(t *testing.T) {
	n := func(s ByteSize) *ByteSize { return &s }
	read(t, []reading[ByteSize]{
		{"0", n(0), "0"}, {"1B", n(1), "1B"}, {"500KB", n(500e3), "500KB"}, {"5MB", n(5e6), "5MB"}, {"1000MB", n(1e9), "1GB"},
		{"2GB", n(2e9), "2GB"}, {"512KiB", n(512 << 10), "512KiB"}, {"1MiB", n(1 << 20), "1MiB"}, {"1GiB", n(1 << 30), "1GiB"},
		{"9223372036GB", n(9223372036e9), "9223372036GB"},
		{"9223372037GB", nil, ""}, {"5", nil, ""}, {"5M", nil, ""}, {"5Mb", nil, ""}, {"5mb", nil, ""}, {"-5MB", nil, ""}, {"5 MB", nil, ""}, {"1MB1KB", nil, ""}, {"", nil, ""},
	})
}

func TestZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	read(t, []reading[Zone]{
		{"UTC", &Zone{}, "UTC"}, {"Europe/Berlin", &Zone{berlin}, "Europe/Berlin"},
		{"", nil, ""}, {"Local", nil, ""}, {"Mars", nil, ""}, {"../etc/passwd", nil, ""},
	})
	if l := (Zone{}).Location(); l != time.UTC {
		t.Error(l)
	}
}

func TestHours(t *testing.T) {
	workdays := everyWorkday(9*60, 17*60)
	weekend := Hours{{time.Saturday, 0, 24 * 60}, {time.Sunday, 0, 24 * 60}}
	split := Hours{
		{time.Monday, 540, 720}, {time.Monday, 780, 1020}, {time.Tuesday, 540, 720}, {time.Tuesday, 780, 1020}, {time.Friday, 540, 725},
	}
	around := Hours{{time.Monday, 600, 601}, {time.Saturday, 600, 601}, {time.Sunday, 600, 601}}
	read(t, []reading[Hours]{
		{"Mon-Fri 09:00-17:00", &workdays, "Mon-Fri 09:00-17:00"},
		{"Wed-Fri 09:00-17:00,Mon 09:00-17:00,  Tue   09:00-17:00", &workdays, "Mon-Fri 09:00-17:00"},
		{"Sat-Sun 00:00-24:00", &weekend, "Sat-Sun 00:00-24:00"},
		{"Mon-Tue 13:00-17:00, Mon-Tue 09:00-12:00, Fri 09:00-12:05", &split, "Mon-Tue 09:00-12:00, Mon-Tue 13:00-17:00, Fri 09:00-12:05"},
		{"Sat-Mon 10:00-10:01", &around, "Mon 10:00-10:01, Sat-Sun 10:00-10:01"},
		{"", nil, ""}, {"Mon", nil, ""}, {"09:00-17:00", nil, ""}, {"mon 09:00-17:00", nil, ""}, {"Mon 9:00-17:00", nil, ""},
		{"Mon 09:00-17:60", nil, ""}, {"Mon 09:00-25:00", nil, ""}, {"Mon 09:00", nil, ""}, {"Mon 17:00-09:00", nil, ""},
		{"Mon 09:00-09:00", nil, ""}, {"Mon-Fri 09:00-17:00, Fri 16:59-18:00", nil, ""}, {"Mon-Fri 09:00-17:00,", nil, ""},
		{"Mon-Xyz 09:00-17:00", nil, ""}, {"Mon-Fri 09:00-17:00 x", nil, ""},
	})
}

func TestHoliday(t *testing.T) {
	read(t, []reading[Holiday]{
		{"2026-12-24", &Holiday{2026, time.December, 24}, "2026-12-24"},
		{"12-25", &Holiday{0, time.December, 25}, "12-25"},
		{"02-29", &Holiday{0, time.February, 29}, "02-29"},
		{"2028-02-29", &Holiday{2028, time.February, 29}, "2028-02-29"},
		{"2026-02-29", nil, ""}, {"02-30", nil, ""}, {"0000-01-01", nil, ""}, {"1-1", nil, ""}, {"", nil, ""}, {"25.12.", nil, ""},
	})
}

func TestBySeverity(t *testing.T) {
	b := BySeverity[int]{1, 2, 3, 4, 5}
	for severity, want := range map[string]int{"sev1": 1, "sev2": 2, "sev3": 3, "sev4": 4, "sev5": 5, "unset": 0, "sev6": 0, "": 0} {
		if got := b.For(severity); got != want {
			t.Errorf("%s: %d", severity, got)
		}
		if KnownSeverity(severity) != (want != 0 || severity == "unset") {
			t.Errorf("%s is known or not", severity)
		}
	}
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{
		"listn": "listen", "lisetn": "listen", "Listen": "listen", "public-url": "public_url", "tsl": "tls", "acknowledgement": "acknowledge",
		"": "", "x": "", "sev9": "", "größe": "",
	} {
		if got := nearest(word, []string{"listen", "public_url", "tls", "sev1", "acknowledge"}); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}

func TestTimesThatComeAgain(t *testing.T) {
	for text, want := range map[string]string{
		"": "never", "0 9 * * 1-5": "2026-11-23 09:00", "*/15 * * * *": "2026-11-20 12:15", "30 8 1 * *": "2026-12-01 08:30", "0 0 29 2 *": "2028-02-29 00:00",
		"0 9 * * mon": "2026-11-23 09:00", "* * * *": "", "0 0 9 * * *": "", "@daily": "", "@every 1h": "", "TZ=0": "", "TZ=UTC 0 9 * * *": "", "CRON_TZ=Asia/Tokyo 0 9 * * *": "",
		"61 * * * *": "", "0 9 31 2 *": "", "nine": "", "0 9 * * 1-": "", "*/0 * * * *": "", "0 9 * * 8": "", " ": "",
	} {
		var c Cron
		err := c.UnmarshalText([]byte(text))
		if (err != nil) != (want == "") {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if want == "" {
			continue
		}
		got := "never"
		if next := c.Next(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), time.UTC); !next.IsZero() {
			got = next.Format("2006-01-02 15:04")
		}
		if got != want {
			t.Errorf("%q comes %s, want %s", text, got, want)
		}
	}
	if !Cron("TZ=").Next(time.Now(), time.UTC).IsZero() {
		t.Error("what cannot be read comes all the same")
	}
}

// Nine o'clock is nine by the clocks of the place, the whole year.
func TestTimesThatComeAgainByTheClocksOfAPlace(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 28, 12, 0, 0, 0, zone)
	for range 3 {
		at = Cron("0 9 * * *").Next(at, zone)
		if at.Hour() != 9 {
			t.Errorf("%s", at)
		}
	}
}

func FuzzCron(f *testing.F) {
	for _, s := range []string{"0 9 * * 1-5", "TZ=0", "*/0 * * * *", "1-2-3 * * * *", "@every 1h", "? ? ? ? ?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var c Cron
		if c.UnmarshalText([]byte(s)) == nil && s != "" && c.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC).IsZero() {
			t.Errorf("%q was taken, and never comes", s)
		}
	})
}

func TestTermsOfRegulations(t *testing.T) {
	read(t, []reading[RegulationTerm]{
		{"72h from start", &RegulationTerm{72, "hour", "start"}, "72 hours from start"},
		{"1 hour from start", &RegulationTerm{1, "hour", "start"}, "1 hour from start"},
		{"14d from fix_available", &RegulationTerm{14, "day", "fix_available"}, "14 days from fix_available"},
		{"1 month from submitted notification", &RegulationTerm{1, "month", "submitted notification"}, "1 month from submitted notification"},
		{"4 business days from start", &RegulationTerm{4, "business day", "start"}, "4 business days from start"},
		{"72h", nil, ""}, {"0h from start", nil, ""}, {"-1h from start", nil, ""}, {"2 weeks from start", nil, ""}, {"1h from Start", nil, ""}, {"1h from submitted", nil, ""}, {"", nil, ""},
	})
}
