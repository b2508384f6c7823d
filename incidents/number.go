package incidents

import (
	"fmt"
	"strconv"
	"strings"
)

// Number is an incident's number: 1, 2, 3 … without gaps, given once and never
// again. Zero is no incident.
type Number uint64

// String is how people write it: INC-12.
func (n Number) String() string { return "INC-" + strconv.FormatUint(uint64(n), 10) }

// ParseNumber reads "INC-12" in any case. A bare "12" is refused: it is more
// often the beginning of a sentence than an incident.
func ParseNumber(s string) (Number, error) {
	rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(s)), "INC-")
	if !ok {
		return 0, fmt.Errorf("%q is not an incident; write it like INC-12", s)
	}
	n, err := strconv.ParseUint(rest, 10, 63)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not an incident; write it like INC-12", s)
	}
	return Number(n), nil
}
