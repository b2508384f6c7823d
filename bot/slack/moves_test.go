package slack

import "testing"

func TestTheLaterMoveCounts(t *testing.T) {
	var m moves
	for _, tt := range []struct {
		user, ts    string
		came, newer bool
	}{
		{"U1", "1700000000.000100", true, true},
		{"U1", "1700000000.000300", true, true},
		{"U1", "1700000000.000200", false, false},
		{"U1", "1700000000.000300", true, true}, // the same one again: working it twice changes nothing
		{"U2", "1700000000.000200", true, true},
		{"U2", "1700000000.000300", false, true},
	} {
		if got := m.newer("C1", tt.user, tt.ts, tt.came); got != tt.newer {
			t.Errorf("%s at %s: newer is %v", tt.user, tt.ts, got)
		}
	}
	for _, tt := range []struct {
		channel, user, ts string
		came, undone      bool
	}{
		{"C1", "U1", "1700000000.000299", false, true},
		{"C1", "U1", "1700000000.000299", true, false},
		{"C1", "U1", "1700000000.000300", false, false},
		{"C1", "U2", "1700000000.000100", true, true},
		{"C1", "U2", "1700000000.000100", false, false},
		{"C2", "U1", "1", false, false},
	} {
		if got := m.undone(tt.channel, tt.user, tt.ts, tt.came); got != tt.undone {
			t.Errorf("what %s did in %s at %s (came: %v) is undone: %v", tt.user, tt.channel, tt.ts, tt.came, got)
		}
	}
}
