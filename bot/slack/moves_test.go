package slack

import "testing"

func TestTheLaterMoveCounts(t *testing.T) {
	var m moves
	for _, tt := range []struct {
		user, ts string
		newer    bool
	}{
		{"U1", "1700000000.000100", true},
		{"U1", "1700000000.000300", true},
		{"U1", "1700000000.000200", false},
		{"U1", "1700000000.000300", true}, // the same one again: working it twice changes nothing
		{"U2", "1700000000.000200", true},
	} {
		if got := m.newer("C1", tt.user, tt.ts); got != tt.newer {
			t.Errorf("%s at %s: newer is %v", tt.user, tt.ts, got)
		}
	}
	for ts, want := range map[string]bool{"1700000000.000299": true, "1700000000.000300": false} {
		if got := m.after("C1", "U1", ts); got != want {
			t.Errorf("after %s there is one: %v", ts, got)
		}
	}
	if m.after("C2", "U1", "1") {
		t.Error("a move in another channel counts")
	}
}
