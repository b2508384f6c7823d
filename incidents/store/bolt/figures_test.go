package bolt

import (
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fireboss/incidents"
)

// anyFigures draws figures with everything that there can be.
func anyFigures(t *rapid.T) incidents.Figures {
	text := rapid.StringN(0, 20, 60)
	texts := rapid.Custom(func(t *rapid.T) []string {
		if list := rapid.SliceOfN(text, 0, 4).Draw(t, "texts"); len(list) > 0 {
			return list
		}
		return nil
	})
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		ms := rapid.OneOf(rapid.Just(int64(math.MinInt64)), rapid.SampledFrom([]int64{-1, 0, 1}), rapid.Int64Range(-62135596799999, 253402300799999)).Draw(t, "ms")
		if ms == math.MinInt64 {
			return time.Time{}
		}
		return time.UnixMilli(ms).UTC()
	})
	f := incidents.Figures{
		Number: 7, Severity: incidents.Severity(rapid.IntRange(0, 5).Draw(t, "severity")), Status: incidents.Status(text.Draw(t, "status")),
		EndedAs: incidents.EndedAs(text.Draw(t, "as")), Type: text.Draw(t, "type"), Services: texts.Draw(t, "services"), People: texts.Draw(t, "people"),
		Drill: rapid.Bool().Draw(t, "drill"), Private: rapid.Bool().Draw(t, "private"), Backfilled: rapid.Bool().Draw(t, "backfilled"),
		Reopened: rapid.Int().Draw(t, "reopened"), Declarer: text.Draw(t, "declarer"),
	}
	for _, name := range incidents.TimeNames {
		*f.Times.Named(name) = moment.Draw(t, name)
	}
	for range rapid.IntRange(0, 3).Draw(t, "tallies") {
		f.Tallies = append(f.Tallies, incidents.RuleTally{Rule: text.Draw(t, "rule"), Tally: incidents.Tally{Kept: rapid.Int().Draw(t, "kept"), PutOff: 1, Missed: 2, Sent: rapid.Int().Draw(t, "sent"), Late: 3}})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "followups") {
		f.Followups = append(f.Followups, incidents.FollowupFigure{
			Number: i, State: incidents.TaskState(text.Draw(t, "state")), Priority: incidents.Priority(text.Draw(t, "priority")),
			Owner: incidents.Person{ID: text.Draw(t, "id"), Name: text.Draw(t, "name")}, Due: moment.Draw(t, "due"), Ended: moment.Draw(t, "ended"),
		})
	}
	return f
}

// TestFiguresAreReadAsWritten: whatever stands in them, and a row that is cut is damage
// and nothing else.
func TestFiguresAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyFigures(t)
		row := appendFigures(make([]byte, hashSize), want)
		read := newFigureReader()
		if got := read.figures(7, row); !reflect.DeepEqual(got, want) || len(read.rest) > 0 {
			t.Fatalf("\n got  %+v\n want %+v\n rest %x", got, want, read.rest)
		}
		cut := rapid.IntRange(0, len(row)-1).Draw(t, "cut")
		defer func() {
			if recover() == nil {
				t.Fatalf("%d of %d bytes were read as if they were all", cut, len(row))
			}
		}()
		read.figures(7, row[:cut])
	})
}

func TestLoadIsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := incidents.Load{Day: rapid.IntRange(0, 2_932_896).Draw(t, "day")}
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			id := rapid.StringN(0, 3, 9).Draw(t, "id")
			want.Add(incidents.Person{ID: id, Name: id + " of today"}, rapid.IntRange(0, 95).Draw(t, "quarter"))
		}
		read := newFigureReader()
		if got := read.load(loadDay(loadKey(1, want.Day)), loadRow(want)); !reflect.DeepEqual(got, want) {
			t.Fatalf("\n got  %+v\n want %+v", got, want)
		}
	})
}

// FuzzFigures: a row that a disk has spoiled is read, or it panics; it never takes more
// memory than it has bytes for.
func FuzzFigures(f *testing.F) {
	f.Add(appendFigures(make([]byte, hashSize), incidents.Figures{Number: 7, Services: []string{"x"}, Followups: []incidents.FollowupFigure{{Number: 1}}}))
	f.Add(make([]byte, hashSize))
	f.Fuzz(func(t *testing.T, row []byte) {
		defer func() { _ = recover() }()
		read := newFigureReader()
		got := read.figures(7, row)
		if n := len(got.Services) + len(got.People) + len(got.Tallies) + len(got.Followups); n > len(row) {
			t.Errorf("%d entries in %d bytes", n, len(row))
		}
		read.load(1, row)
	})
}

func TestWhatIsCountedAlready(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := incidents.Load{}
		ids := rapid.SampledFrom([]string{"", "a", "aa", "b"})
		for range rapid.IntRange(0, 20).Draw(t, "acts") {
			l.Add(incidents.Person{ID: ids.Draw(t, "id"), Name: "x"}, rapid.IntRange(0, 95).Draw(t, "quarter"))
		}
		id, i := ids.Draw(t, "asked"), rapid.IntRange(0, 95).Draw(t, "quarter asked")
		if got, want := counted(loadRow(l), id, i), !l.Add(incidents.Person{ID: id}, i); got != want {
			t.Fatalf("%q in quarter %d of %+v: %v", id, i, l, got)
		}
	})
}
