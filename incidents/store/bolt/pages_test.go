package bolt

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bbolt "go.etcd.io/bbolt"

	"fireboss/incidents/store"
)

// small is a backup in which every page counts, with the pages of bbolt.
func small(t testing.TB) []byte {
	t.Helper()
	path := filled(t)
	_, _, err := Compact(path)
	must(t, err)
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

// reseal makes the meta pages hold again after something in them was changed.
func reseal(b []byte) {
	for _, at := range []int{0, pageSize} {
		sum := fnv.New64a()
		_, _ = sum.Write(b[at+pageHead : at+pageHead+metaSum])
		binary.NativeEndian.PutUint64(b[at+pageHead+metaSum:], sum.Sum64())
	}
}

// of finds a page of this sort with at least so many rows.
func of(t testing.TB, b []byte, flags uint16, rows uint16) int {
	t.Helper()
	for at := 2 * pageSize; at < len(b); at += pageSize {
		if binary.NativeEndian.Uint16(b[at+8:]) == flags && binary.NativeEndian.Uint16(b[at+10:]) >= rows && binary.NativeEndian.Uint64(b[at:]) == uint64(at/pageSize) {
			return at
		}
	}
	t.Fatalf("there is no page of sort %x", flags)
	return 0
}

// TestForgedBackups changes what bbolt would follow without looking: in circles,
// out of the file, or into memory of any size.
func TestForgedBackups(t *testing.T) {
	whole := small(t)
	must(t, walkPagesOf(whole))
	put := binary.NativeEndian.PutUint64
	meta := func(at int, v uint64) func([]byte) {
		return func(b []byte) {
			put(b[pageHead+at:], v)
			put(b[pageSize+pageHead+at:], v)
			reseal(b)
		}
	}
	for name, forge := range map[string]func(b []byte){
		"a page that leads to itself":      func(b []byte) { at := of(t, b, branchPage, 2); put(b[at+pageHead+8:], uint64(at/pageSize)) },
		"a page that leads to a meta page": func(b []byte) { put(b[of(t, b, branchPage, 2)+pageHead+8:], 0) },
		"two that lead to one": func(b []byte) {
			at := of(t, b, branchPage, 2) + pageHead
			copy(b[at+8:at+16], b[at+elementLen+8:])
		},
		"a page beyond the file":   func(b []byte) { put(b[of(t, b, branchPage, 2)+pageHead+8:], 1<<40) },
		"a page of the whole file": func(b []byte) { binary.NativeEndian.PutUint32(b[of(t, b, leafPage, 1)+12:], 1<<30) },
		"more rows than fit":       func(b []byte) { binary.NativeEndian.PutUint16(b[of(t, b, leafPage, 1)+10:], 0xffff) },
		"a row beyond its page":    func(b []byte) { binary.NativeEndian.PutUint32(b[of(t, b, leafPage, 1)+pageHead+12:], 1<<31) },
		"rows in another order": func(b []byte) { // the second and the first name the same key
			at := of(t, b, leafPage, 3) + pageHead
			first := binary.NativeEndian.Uint32(b[at+4:])
			binary.NativeEndian.PutUint32(b[at+elementLen+4:], first-elementLen)
		},
		"a branch that names no row": func(b []byte) {
			at := of(t, b, branchPage, 2) + pageHead + elementLen
			b[at+int(binary.NativeEndian.Uint32(b[at:]))]++
		},
		"a key over other keys":          func(b []byte) { binary.NativeEndian.PutUint32(b[of(t, b, leafPage, 1)+pageHead+4:], 0) },
		"a row that says it is a bucket": func(b []byte) { b[of(t, b, leafPage, 3)+pageHead] |= bucketFlag },
		"a page of two sorts":            func(b []byte) { b[of(t, b, leafPage, 1)+8] = branchPage | leafPage },
		"a root that is not there":       meta(16, 1<<50),
		"a root that is a meta page":     meta(16, 1),
		"more pages than the file has":   meta(40, 1<<50),
		"no pages":                       meta(40, 0),
		"a list of free pages elsewhere": meta(32, 1<<50),
		"pages of no size":               func(b []byte) { binary.NativeEndian.PutUint32(b[pageHead+8:], 0); reseal(b) },
		"pages of an odd size":           func(b []byte) { binary.NativeEndian.PutUint32(b[pageHead+8:], 5000); reseal(b) },
		"two sizes of pages":             func(b []byte) { binary.NativeEndian.PutUint32(b[pageSize+pageHead+8:], uint32(2*pageSize)); reseal(b) },
		"meta pages that do not hold":    func(b []byte) { b[pageHead+20]++; b[pageSize+pageHead+20]++ },
	} {
		t.Run(name, func(t *testing.T) {
			b := append([]byte{}, whole...)
			forge(b)
			bad, path := filepath.Join(t.TempDir(), "bad"), filepath.Join(t.TempDir(), "fireboss.db")
			must(t, os.WriteFile(bad, b, 0o600))
			_, err := Restore(t.Context(), bad, path, false)
			if err == nil || !strings.Contains(err.Error(), "was not touched") || !strings.Contains(err.Error(), "damaged") {
				t.Errorf("it says %v", err)
			}
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Error("something was put in the store's place")
			}
			alone(t, path)
		})
	}
	torn := append([]byte{}, whole...) // by a crash, in a copy that somebody made by hand
	clear(torn[:pageSize])
	must(t, walkPagesOf(torn))
}

// TestPagesOfAWornFile writes and removes rows at random, as years of work would:
// what bbolt makes of it is always taken for whole.
func TestPagesOfAWornFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "worn.db")
	b, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoGrowSync: true, FreelistType: bbolt.FreelistArrayType})
	must(t, err)
	defer b.Close()
	dice := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		must(t, b.Update(func(tx *bbolt.Tx) error {
			rows, err := tx.CreateBucketIfNotExists([]byte{'a' + byte(dice.IntN(3))})
			must(t, err)
			from, put := dice.IntN(3000), dice.IntN(2) == 0
			for i := range dice.IntN(300) {
				k := key{}.uint(uint64(from + i*dice.IntN(3)))
				if put {
					must(t, rows.Put(k, make([]byte, dice.IntN(1+dice.IntN(2000)))))
				} else {
					must(t, rows.Delete(k))
				}
			}
			return nil
		}))
		must(t, checkPages(path))
	}
}

func walkPagesOf(b []byte) error {
	return walkPages(strings.NewReader(string(b)), uint64(len(b)))
}

// FuzzRestore forges two places of a backup: it is refused in words and the
// store is left as it is, or it is a store of which everything can be used.
func FuzzRestore(f *testing.F) {
	whole := small(f)
	pages := len(whole) / pageSize
	f.Add(uint16(0), uint16(pageHead+32), uint64(3), uint16(1), uint16(pageHead+40), uint64(1<<40), true)
	f.Add(uint16(2), uint16(8), uint64(1), uint16(3), uint16(pageHead+8), uint64(3), false)
	f.Add(uint16(4), uint16(pageHead), uint64(1)<<32|1, uint16(4), uint16(12), uint64(1)<<32, true)
	f.Fuzz(func(t *testing.T, page1, at1 uint16, value1 uint64, page2, at2 uint16, value2 uint64, seal bool) {
		b := append([]byte{}, whole...)
		binary.NativeEndian.PutUint64(b[int(page1)%pages*pageSize+int(at1)%(pageSize-8):], value1)
		binary.NativeEndian.PutUint64(b[int(page2)%pages*pageSize+int(at2)%(pageSize-8):], value2)
		if seal {
			reseal(b)
		}
		dir := t.TempDir()
		bad, path := filepath.Join(dir, "bad"), filepath.Join(dir, "fireboss.db")
		must(t, os.WriteFile(bad, b, 0o600))
		must(t, os.WriteFile(path, []byte("what was there"), 0o600))
		_, err := Restore(t.Context(), bad, path, true)
		alone(t, path)
		if err != nil {
			was, e := os.ReadFile(path)
			if e != nil || string(was) != "what was there" || !strings.Contains(err.Error(), "was not touched") {
				t.Errorf("%v; the store holds %.40q, %v", err, was, e)
			}
			return
		}
		db, err := Open(path, Options{})
		must(t, err)
		everything(db)
		if _, err := db.Incidents(t.Context(), store.Query{}); err != nil {
			t.Error(err)
		}
		_ = db.Close() // rows may be damaged that no audit reads
	})
}
