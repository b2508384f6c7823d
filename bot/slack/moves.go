package slack

import "sync"

// moves remembers when people last came or went, by Slack's own time, so that
// of two events that overtook each other the later one counts.
type moves struct {
	mu   sync.Mutex
	last map[string]string // channel and user -> event_ts
}

// maxMoves bounds what is remembered; whoever is forgotten is asked about where
// it matters, see [Intake.outdated].
const maxMoves = 10000

// newer notes a move and reports whether none after it is known.
func (m *moves) newer(channel, user, ts string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil || len(m.last) >= maxMoves {
		m.last = map[string]string{}
	}
	key := channel + "/" + user
	if ts < m.last[key] {
		return false
	}
	m.last[key] = ts
	return true
}

// after reports whether a move is known that was after a time.
func (m *moves) after(channel, user, ts string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last[channel+"/"+user] > ts
}
