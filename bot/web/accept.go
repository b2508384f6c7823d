package web

import (
	"mime"
	"strconv"
	"strings"
)

// accepted is the one of the media types offered that the caller likes best by its
// Accept header (RFC 9110, section 12.5.1), the first of them where it likes several
// as much; empty where it takes none. Who does not say takes anything.
func accepted(header string, offers ...string) string {
	ranges := readAccept(header)
	if len(ranges) == 0 {
		return offers[0]
	}
	best, like := "", 0.0
	for _, offer := range offers {
		if q := quality(ranges, offer); q > like {
			best, like = offer, q
		}
	}
	return best
}

// mediaRange is a part of an Accept header: "text/*;q=0.5".
type mediaRange struct {
	name string
	q    float64
}

// readAccept reads the header; what cannot be read is left out.
func readAccept(header string) (list []mediaRange) {
	for part := range unquoted(header, ',') {
		name, params, err := mime.ParseMediaType(part)
		if err != nil || !strings.Contains(name, "/") {
			continue
		}
		r := mediaRange{name, 1}
		if said, ok := params["q"]; ok {
			if r.q, err = strconv.ParseFloat(said, 64); err != nil || !(r.q >= 0 && r.q <= 1) {
				continue
			}
		}
		list = append(list, r)
	}
	return list
}

// unquoted are the parts of a header between a separator; one within quotes is none.
func unquoted(s string, separator byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] == '\\' && quoted:
				i++
			case s[i] == '"':
				quoted = !quoted
			case s[i] == separator && !quoted:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}

// quality is how much a media type is liked: what the most specific range says that
// it falls into.
func quality(ranges []mediaRange, name string) (q float64) {
	group, _, _ := strings.Cut(name, "/")
	closest := 0
	for _, r := range ranges {
		fits := map[string]int{name: 3, group + "/*": 2, "*/*": 1}[r.name]
		if fits > closest || fits == closest && fits > 0 && r.q > q {
			closest, q = fits, r.q
		}
	}
	return q
}
