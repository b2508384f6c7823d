package integrations

import (
	"strings"
	"testing"
	"time"
)

// read is a body that has to be JSON.
func read(t *testing.T, text string) JSON {
	t.Helper()
	j, err := ReadJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return j
}

func TestWhatIsNoJSON(t *testing.T) {
	for _, text := range []string{"", " ", "x", "{", "{} {}", "{}x", `{"a":1,}`, "NaN", "01", "'a'", "\xef\xbb\xbf{}", strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), strings.Repeat(`{"a":`, 20_000)} {
		if _, err := ReadJSON([]byte(text)); err == nil {
			t.Errorf("%.50q is read", text)
		}
	}
	for _, text := range []string{"null", " 1 ", `"["`, `"\"[[[["`, strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), `"` + strings.Repeat("[", 1000) + `"`} {
		read(t, text)
	}
}

// Whatever is missing, null or of another type, there is nothing, and no end.
func TestWhatIsNotThere(t *testing.T) {
	j := read(t, `{"a": null, "b": {"c": null}, "d": [null, 1], "e": "text", "f": [], "g": 1.5}`)
	for _, path := range []string{"a", "a b c", "b c", "b c d", "x", "d 0", "e f", "g h"} {
		v := j.At(strings.Fields(path)...)
		if v.Is() || v.Text() != "" || v.True() || v.Number() != 0 || v.Count() != 0 || len(v.List()) != 0 || len(v.Texts()) != 0 || !v.Time().IsZero() || v.Object() {
			t.Errorf("at %q is %v", path, v.Value())
		}
	}
	if got := j.At("a").Or(j.At("x"), j.At("b"), j.At("e"), j.At("g")).Text(); got != "text" {
		t.Errorf("the first text is %q", got)
	}
	if n := len(j.At("d").List()); n != 2 {
		t.Errorf("a list with null has %d members", n)
	}
	if n := len(j.At("e").List()); n != 1 {
		t.Errorf("a value as a list has %d members", n)
	}
	if got := read(t, `{"a": 1, "b": null, "c": {"x": 1}, "d": true, "e": "f"}`).Texts(); len(got) != 3 || got["a"] != "1" || got["d"] != "true" || got["e"] != "f" {
		t.Errorf("labels are %v", got)
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]struct {
		text  string
		value float64
		count int
	}{
		`9007199254740993`:      {"9007199254740993", 9007199254740992, 1e9}, // above 2^53 the text is what is told apart by
		`18446744073709551616`:  {"18446744073709551616", 18446744073709551616, 1e9},
		`"9007199254740993"`:    {"9007199254740993", 9007199254740992, 1e9},
		`7`:                     {"7", 7, 7},
		`"7"`:                   {"7", 7, 7},
		`" 7.0 "`:               {" 7.0 ", 7, 7},
		`7.50`:                  {"7.50", 7.5, 7},
		`-3`:                    {"-3", -3, 0},
		`1e400`:                 {"1e400", 0, 0},
		`"NaN"`:                 {"NaN", 0, 0},
		`"Infinity"`:            {"Infinity", 0, 0},
		`"seven"`:               {"seven", 0, 0},
		`true`:                  {"true", 0, 0},
		`-0`:                    {"-0", 0, 0},
		`1.7000000000000000001`: {"1.7000000000000000001", 1.7, 1},
	} {
		if j := read(t, text); j.Text() != want.text || j.Number() != want.value || j.Count() != want.count {
			t.Errorf("%s is %q, %v and %d things", text, j.Text(), j.Number(), j.Count())
		}
	}
}

func TestTimes(t *testing.T) {
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return m.UTC()
	}
	for text, want := range map[string]string{
		`"2026-11-23T08:46:42.568Z"`:       "2026-11-23T08:46:42.568Z",
		`"2026-11-23T09:46:42.568+01:00"`:  "2026-11-23T08:46:42.568Z",
		`"2019-02-15T23:53:45.093+0000"`:   "2019-02-15T23:53:45.093Z", // CloudWatch
		`"2024-05-06T08:11:00+0200"`:       "2024-05-06T06:11:00Z",
		`"2022-12-07 17:36:05.076"`:        "2022-12-07T17:36:05.076Z",
		`"2021-09-18 20:38:52Z"`:           "2021-09-18T20:38:52Z",
		`"2021-06-13T19:35:58.532086161Z"`: "2021-06-13T19:35:58.532086161Z",
		`"2021-06-13T19:35:58"`:            "2021-06-13T19:35:58Z",
		`" 2021-06-13 19:35:58 UTC "`:      "2021-06-13T19:35:58Z",
		`1759343824`:                       "2025-10-01T18:37:04Z",
		`"1759343824"`:                     "2025-10-01T18:37:04Z",
		`1759343824.25`:                    "2025-10-01T18:37:04.25Z",
		`1759343824250`:                    "2025-10-01T18:37:04.25Z",
		`"1759343824250"`:                  "2025-10-01T18:37:04.25Z",
		`1759343824250125`:                 "2025-10-01T18:37:04.250125Z",
		`1759343824250125375`:              "2025-10-01T18:37:04.250125375Z",
		`1.759343824e9`:                    "2025-10-01T18:37:04Z",
		`1.75934382425e12`:                 "2025-10-01T18:37:04.25Z",
		`0`:                                "", `-1`: "", `""`: "", `null`: "", `"soon"`: "", `{}`: "", `1e400`: "", `"0001-01-01T00:00:00Z"`: "", `"$DATE"`: "", `99999999999999999999999`: "",
	} {
		got := read(t, text).Time()
		if want == "" && !got.IsZero() || want != "" && !got.Equal(at(want)) {
			t.Errorf("%s is %s, not %q", text, got.Format(time.RFC3339Nano), want)
		}
	}
}
