package slacksim

import (
	"slices"
	"strings"
	"testing"
)

// Whatever way the bytes come in, each message is known by its frames, and pings between them do not count.
func TestFrameWatch(t *testing.T) {
	const (
		text, more, ping, final = 0x1, 0x0, 0x9, 0x80
		mask                    = "\x80\x81\x82\x83"
	)
	frame := func(first byte, size int) string {
		head := string([]byte{first, frameMasked | byte(size)})
		switch {
		case size >= 1<<16:
			head = string([]byte{first, frameMasked | frameLength64, 0, 0, 0, 0, byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)})
		case size >= frameLength16:
			head = string([]byte{first, frameMasked | frameLength16, byte(size >> 8), byte(size)})
		}
		return head + mask + strings.Repeat("\x81", size)
	}
	wire := frame(final|text, 0) + frame(final|text, 125) + frame(final|ping, 3) + frame(final|text, 126) +
		frame(text, 10) + frame(final|ping, 0) + frame(more, 70000) + frame(final|more, 0) +
		frame(final|text, 70000) + frame(text, 1)
	want := []bool{true, true, true, false, true, false} // the last one never ends
	for _, step := range []int{1, 2, 7, 4096, len(wire)} {
		f := &frameWatch{}
		for chunk := range slices.Chunk([]byte(wire), step) {
			f.feed(chunk)
		}
		for i, whole := range want {
			if got := f.next(); got != whole {
				t.Errorf("in steps of %d: message %d is whole: %v, want %v", step, i, got, whole)
			}
		}
	}
}
