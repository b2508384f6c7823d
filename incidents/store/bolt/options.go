package bolt

import (
	"crypto/rand"
	"errors"
	"io"
	"runtime"
	"strconv"
	"time"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents"
)

// Options are what a store needs to know. The zero value serves.
type Options struct {
	// Rules is the policy of the moment; nil: the zero [incidents.Rules]. It is
	// called for every command, one at a time, and must be quick.
	Rules func() incidents.Rules
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Committed is told, after each commit and before those who asked for it are
	// answered, which incidents changed, by number. Nobody else can write
	// meanwhile: it must not block.
	Committed func([]incidents.Number)
	// Rand is where salts and the store's name come from; nil: crypto/rand.
	Rand io.Reader
	// Crash is called at every one of [Points]; a test may end the process
	// there. Nil: nothing is called.
	Crash func(point string)

	readOnly bool
	maxSize  int // of the file in bytes, to play a full disk; 0: no limit
}

// errReadOnly is the answer to a write where [OpenReadOnly] opened the file.
var errReadOnly = errors.New("the store was opened for reading only")

func (o Options) withDefaults() Options {
	if o.Rules == nil {
		o.Rules = func() incidents.Rules { return incidents.Rules{} }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return o
}

// mapped is how much address space is mapped at the start, in bytes. bbolt
// must map anew when the file outgrows it, and for that waits until nobody
// reads. Address space costs nothing where there is plenty of it; Windows
// would make the file as long.
func mapped() int {
	if strconv.IntSize < 64 || runtime.GOOS == "windows" {
		return 0
	}
	return 1 << 30
}

// bboltOptions are how bbolt is used:
//
//   - The list of free pages is kept in the file (NoFreelistSync false).
//     Without it every start and every failed commit would read the whole file;
//     it costs eight bytes a free page at each commit. It is kept in a slice: a
//     map is sorted at each commit and takes pages from anywhere, so that with
//     10,000 incidents a commit took half as long again (BenchmarkHistory, in
//     memory).
//   - No MAP_POPULATE. It makes reading a whole cold file thirty times as fast,
//     but nothing here reads the whole file at the start (the indexes are in
//     it), and it would repeat at each growth. What does read all of it, an
//     audit of a stopped store or compact, reads the file once from front to
//     end beforehand; see warm.
//   - Syncing is never switched off.
func (o Options) bboltOptions() *bbolt.Options {
	return &bbolt.Options{
		Timeout:         lockWait, // our own lock is held already: only programs that do not know it can have this one
		FreelistType:    bbolt.FreelistArrayType,
		InitialMmapSize: mapped(),
		ReadOnly:        o.readOnly,
		MaxSize:         o.maxSize,
		NoStatistics:    true,
	}
}
