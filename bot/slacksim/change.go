package slacksim

import (
	"sync"
	"time"
)

// keptChanges is how many changes a reader may lag behind before it must read the whole state again.
const keptChanges = 4096

// feed is the stream of changes for the page. Revisions begin at the present in milliseconds, so that a page that
// knew the workspace before its last restart is seen to be behind.
type feed struct {
	mu      sync.Mutex
	first   int64    // the revision of changes[0]
	changes [][]byte // encoded; consecutive revisions
	more    chan struct{}
}

func newFeed(now time.Time) *feed {
	return &feed{first: now.UnixMilli() + 1, more: make(chan struct{})}
}

// add appends a change of the given kind.
func (f *feed) add(kind string, change object) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change["rev"], change["kind"] = f.last()+1, kind
	f.changes = append(f.changes, mustJSON(change))
	if len(f.changes) > 2*keptChanges {
		f.first += keptChanges
		f.changes = append([][]byte(nil), f.changes[keptChanges:]...)
	}
	close(f.more)
	f.more = make(chan struct{})
}

func (f *feed) last() int64 { return f.first + int64(len(f.changes)) - 1 }

// revision is that of the newest change.
func (f *feed) revision() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last()
}

// since returns the changes after rev and a channel that is closed when there are more. ok is false where the
// changes after rev are not all known: the reader must begin again.
func (f *feed) since(rev int64) (changes [][]byte, more <-chan struct{}, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if rev < f.first-1 || rev > f.last() {
		return nil, f.more, false
	}
	return f.changes[rev-f.first+1:], f.more, true
}

// resetChange tells a reader to fetch /sim/state again.
func resetChange(rev int64) []byte {
	return mustJSON(object{"rev": rev, "kind": "reset"})
}
