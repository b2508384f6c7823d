package settings

import (
	"fmt"
	"math"
	"strconv"
)

// ByteSize is a number of bytes, written 5MB, 512KiB or 0. KB, MB and GB are powers of 1,000, KiB, MiB and GiB
// of 1,024 (IEC 80000-13).
type ByteSize int64

var sizeUnits = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"KB", 1e3}, {"B", 1}}

// String is the form with the largest unit that loses nothing.
func (s ByteSize) String() string {
	if s == 0 {
		return "0"
	}
	for _, u := range sizeUnits {
		if int64(s)%u.size == 0 {
			return strconv.FormatInt(int64(s)/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// MarshalText is String.
func (s ByteSize) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a number with its unit, or 0.
func (s *ByteSize) UnmarshalText(text []byte) error {
	if string(text) == "0" {
		*s = 0
		return nil
	}
	n, unit, rest, ok := splitQuantity(string(text))
	for _, u := range sizeUnits {
		if ok && rest == "" && u.name == unit && n <= math.MaxInt64/u.size {
			*s = ByteSize(n * u.size)
			return nil
		}
	}
	return fmt.Errorf("%q is no size; write one like 500KB, 5MB, 1GB or 0", text)
}
