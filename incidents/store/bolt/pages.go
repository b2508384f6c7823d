package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	bbolt "go.etcd.io/bbolt"
)

// bbolt trusts its file: a page that leads to itself makes it walk in circles
// until memory is full, which nothing can recover from. So a file that comes
// from elsewhere is walked here first, with every step checked. The layout is
// that of bbolt's internal/common (page.go, meta.go, bucket.go).
const (
	pageHead   = 16 // id 8, flags 2, count 2, overflow 4
	elementLen = 16 // branch: pos 4, ksize 4, page 8; leaf: flags 4, pos 4, ksize 4, vsize 4
	bucketHead = 16 // root 8, sequence 8
	metaLen    = 64
	metaSum    = 56 // of what stands before it

	metaMagic   = 0xED0CDAED
	metaVersion = 2

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketFlag   = 0x01
	noFreelist   = ^uint64(0)
)

// walk is a walk over the pages of a file.
type walk struct {
	file io.ReaderAt
	size uint64          // of a page
	end  uint64          // the first page that is none
	seen map[uint64]bool // pages that are in use or free
	todo []branch        // pages to look at
}

// branch is a page to look at, with what its keys may be: they begin with low,
// as bbolt would otherwise write beside it instead of in its place, and end
// before high; nil has no bound.
type branch struct {
	page      uint64
	low, high []byte
}

// checkPages looks whether a file is a tree of pages: every page within the
// file, in one place only, everything in it within the page, and keys in order.
func checkPages(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if err := walkPages(f, uint64(st.Size())); err != nil {
		return &DamageError{Path: path, What: err.Error()}
	}
	return nil
}

func walkPages(f io.ReaderAt, size uint64) error {
	meta, err := readMeta(f)
	if err != nil {
		return err
	}
	w := walk{file: f, size: uint64(binary.NativeEndian.Uint32(meta[8:])), end: binary.NativeEndian.Uint64(meta[40:]), seen: map[uint64]bool{0: true, 1: true}}
	if w.end < 2 || w.end > size/w.size {
		return fmt.Errorf("it has %d bytes, which are not %d pages", size, w.end)
	}
	if free := binary.NativeEndian.Uint64(meta[32:]); free != noFreelist {
		if err := w.free(free); err != nil {
			return err
		}
	}
	w.todo = []branch{{page: binary.NativeEndian.Uint64(meta[16:])}}
	for len(w.todo) > 0 {
		next := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		page, err := w.page(next.page)
		if err == nil {
			err = w.elements(page, next, false)
		}
		if err != nil {
			return fmt.Errorf("page %d: %w", next.page, err)
		}
	}
	return nil
}

// readMeta finds the meta page that counts, as bbolt does: the later of those
// two that hold.
func readMeta(f io.ReaderAt) ([]byte, error) {
	var best []byte
	size := int64(0)
	for at := int64(0); at <= 1<<16; at = max(2*at, 1<<10) { // the second stands behind the first page, whatever its size
		var b [metaLen]byte
		if _, err := f.ReadAt(b[:], at+pageHead); err != nil {
			break
		}
		if size != 0 && at != size || !holds(b[:]) {
			continue
		}
		said := int64(binary.NativeEndian.Uint32(b[8:]))
		if said < 1<<10 || said > 1<<16 || said&(said-1) != 0 || at != 0 && at != said {
			return nil, fmt.Errorf("it says that a page has %d bytes", said)
		}
		size = said
		if best == nil || binary.NativeEndian.Uint64(b[48:]) > binary.NativeEndian.Uint64(best[48:]) {
			best = b[:]
		}
	}
	if best == nil {
		return nil, errors.New("it has no page that says where the others are")
	}
	return best, nil
}

// holds reports whether a meta page is what was once written.
func holds(meta []byte) bool {
	sum := fnv.New64a()
	_, _ = sum.Write(meta[:metaSum])
	return binary.NativeEndian.Uint32(meta) == metaMagic && binary.NativeEndian.Uint32(meta[4:]) == metaVersion &&
		binary.NativeEndian.Uint64(meta[metaSum:]) == sum.Sum64()
}

// page reads a page that nothing else leads to, with those that continue it.
func (w *walk) page(id uint64) ([]byte, error) {
	var head [pageHead]byte
	if id >= w.end {
		return nil, errors.New("it is not there")
	}
	if _, err := w.file.ReadAt(head[:], int64(id*w.size)); err != nil {
		return nil, err
	}
	more := uint64(binary.NativeEndian.Uint32(head[12:]))
	if binary.NativeEndian.Uint64(head[:]) != id || more >= w.end-id {
		return nil, errors.New("it is another one, or longer than the file")
	}
	for p := id; p <= id+more; p++ {
		if w.seen[p] {
			return nil, errors.New("it is used twice")
		}
		w.seen[p] = true
	}
	page := make([]byte, (more+1)*w.size)
	_, err := w.file.ReadAt(page, int64(id*w.size))
	return page, err
}

// free marks the pages that nothing uses.
func (w *walk) free(id uint64) error {
	page, err := w.page(id)
	if err != nil {
		return fmt.Errorf("the list of free pages: %w", err)
	}
	list, n := page[pageHead:], uint64(binary.NativeEndian.Uint16(page[10:]))
	if n == 0xFFFF { // so many that their number stands before them
		n, list = binary.NativeEndian.Uint64(list), list[8:]
	}
	if binary.NativeEndian.Uint16(page[8:]) != freelistPage || n > uint64(len(list)/8) {
		return errors.New("the list of free pages is none, or longer than its page")
	}
	for i := range n {
		p := binary.NativeEndian.Uint64(list[8*i:])
		if p >= w.end || w.seen[p] {
			return fmt.Errorf("page %d is free, and is not there or used", p)
		}
		w.seen[p] = true
	}
	return nil
}

// elements looks at what is in a page; within marks one that stands in the value
// of a small bucket.
func (w *walk) elements(page []byte, of branch, within bool) error {
	flags, n := binary.NativeEndian.Uint16(page[8:]), int(binary.NativeEndian.Uint16(page[10:]))
	if flags != leafPage && (flags != branchPage || within) || n == 0 && (flags == branchPage || of.low != nil) || pageHead+n*elementLen > len(page) {
		return errors.New("it holds no rows, or more than fit")
	}
	var last []byte
	for i := range n {
		at := pageHead + i*elementLen
		e := page[at:]
		pos, size, value := binary.NativeEndian.Uint32(e), binary.NativeEndian.Uint32(e[4:]), uint32(0)
		if flags == leafPage {
			pos, size, value = binary.NativeEndian.Uint32(e[4:]), binary.NativeEndian.Uint32(e[8:]), binary.NativeEndian.Uint32(e[12:])
		}
		begin := uint64(at) + uint64(pos)
		if begin < uint64(pageHead+n*elementLen) || size > bbolt.MaxKeySize || begin+uint64(size)+uint64(value) > uint64(len(page)) {
			return fmt.Errorf("row %d reaches beyond it", i)
		}
		end := begin + uint64(size)
		k := page[begin:end]
		if i == 0 && of.low != nil && !bytes.Equal(k, of.low) || i > 0 && bytes.Compare(k, last) <= 0 ||
			of.high != nil && bytes.Compare(k, of.high) >= 0 {
			return fmt.Errorf("row %d is out of order", i)
		}
		last = k
		switch {
		case flags == branchPage:
			w.branch(binary.NativeEndian.Uint64(e[8:]), k, of.high, i > 0)
		case binary.NativeEndian.Uint32(e)&bucketFlag != 0:
			if err := w.bucket(page[end:end+uint64(value)], within); err != nil {
				return fmt.Errorf("row %d: %w", i, err)
			}
		}
	}
	return nil
}

// branch notes a page to look at; its keys end where those of the next one of
// the same page begin.
func (w *walk) branch(page uint64, low, high []byte, more bool) {
	if more {
		w.todo[len(w.todo)-1].high = low
	}
	w.todo = append(w.todo, branch{page, low, high})
}

// bucket looks at a row that is a bucket: its root is a page, or stands in it.
func (w *walk) bucket(value []byte, within bool) error {
	if within || len(value) < bucketHead {
		return errors.New("it is no bucket")
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		w.todo = append(w.todo, branch{page: root})
		return nil
	}
	if len(value) < bucketHead+pageHead {
		return errors.New("it is no bucket")
	}
	return w.elements(value[bucketHead:], branch{}, true)
}
