package bolt

import (
	"bytes"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fireboss/incidents"
)

// TestMomentsSort compares moments and their keys.
func TestMomentsSort(t *testing.T) {
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		sec := rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64Range(-1<<40, 1<<40)).Draw(t, "seconds")
		return time.Unix(sec, rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := moment.Draw(t, "a"), moment.Draw(t, "b")
		if got, want := bytes.Compare(key{}.moment(a), key{}.moment(b)), a.Compare(b); got != want {
			t.Errorf("%s and %s compare as %d, their keys as %d", a, b, want, got)
		}
		if back, rest := takeMoment(key{}.moment(a).raw("rest")); !back.Equal(a) || string(rest) != "rest" {
			t.Errorf("%s is read as %s", a, back)
		}
	})
	if back, _ := takeMoment(key{}.moment(time.Time{})); !back.IsZero() {
		t.Errorf("the zero moment is read as %#v", back)
	}
}

// TestNamesAreKeptApart puts names with any bytes in keys and reads them.
func TestNamesAreKeptApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.RuneFrom([]rune{'a', 'b', 0, '/', 0x10FFFF}))
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		n := incidents.Number(rapid.Uint64().Draw(t, "number"))
		seq := rapid.Uint64Max(math.MaxUint64).Draw(t, "seq")
		k := key{}.name(a).name(b).event(n, seq)
		gotA, rest := takeName(k)
		gotB, rest := takeName(rest)
		gotN, rest := takeNumber(rest)
		gotSeq, rest := takeUint(rest)
		if gotA != a || gotB != b || gotN != n || gotSeq != seq || len(rest) != 0 {
			t.Errorf("%q %q %d %d is read as %q %q %d %d", a, b, n, seq, gotA, gotB, gotN, gotSeq)
		}
		if a != b && bytes.HasPrefix(k, key{}.name(b)) {
			t.Errorf("%q is found by %q", a, b)
		}
	})
}
