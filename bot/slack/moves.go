package slack

import "sync"

// moves remembers when people last came or went, by Slack's own time, so that
// of two events that overtook each other the later one counts.
type moves struct {
	mu   sync.Mutex
	last map[string]lastMove // by channel and user
}

// lastMove is the last move of somebody that is known.
type lastMove struct {
	ts   string // event_ts
	came bool
}

// maxMoves bounds what is remembered; whoever is forgotten is asked about where
// it matters, see [Intake.outdated].
const maxMoves = 10000

// newer notes a move and reports whether none after it is known.
func (m *moves) newer(channel, user, ts string, came bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last == nil || len(m.last) >= maxMoves {
		m.last = map[string]lastMove{}
	}
	key := channel + "/" + user
	if ts < m.last[key].ts {
		return false
	}
	m.last[key] = lastMove{ts, came}
	return true
}

// undone reports whether it is known that after a time somebody did the opposite: left where they came, came where they left.
func (m *moves) undone(channel, user, ts string, came bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	last, known := m.last[channel+"/"+user]
	return known && last.came != came && last.ts > ts
}
