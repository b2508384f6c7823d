package slack

import (
	"bytes"
	"slices"
)

// What an acknowledgement needs to know of an envelope are a few short strings;
// most of an envelope is the message that somebody clicked on. encoding/json
// reads all of it, and for each level of an envelope once more, which takes
// longer than making it durable. So these strings are picked out here, where
// they stand as Slack writes them. Whatever looks in the least unusual is not
// judged: the caller then asks encoding/json.

// pick finds the values of an object's members with these names, as they stand;
// nil for one that is not there. ok is false where encoding/json has to be asked:
// it is no object, or a name is escaped or comes twice. What is skipped need not
// be valid.
func pick(raw []byte, names ...string) (values [][]byte, ok bool) {
	values = make([][]byte, len(names))
	i := blank(raw, 0)
	if !at(raw, i, '{') {
		return nil, false
	}
	i = blank(raw, i+1)
	if at(raw, i, '}') {
		return values, blank(raw, i+1) == len(raw)
	}
	for at(raw, i, '"') {
		end := skipString(raw, i)
		colon := blank(raw, end)
		begin := blank(raw, colon+1)
		if end > len(raw) || !at(raw, colon, ':') || begin >= len(raw) {
			return nil, false
		}
		name := raw[i+1 : end-1]
		end = skip(raw, begin)
		if bytes.IndexByte(name, '\\') >= 0 || end > len(raw) {
			return nil, false
		}
		for n := range names {
			if !same(name, names[n]) {
				continue
			}
			if values[n] != nil {
				return nil, false
			}
			values[n] = raw[begin:end]
		}
		i = blank(raw, end)
		if at(raw, i, '}') {
			return values, blank(raw, i+1) == len(raw)
		}
		if !at(raw, i, ',') {
			return nil, false
		}
		i = blank(raw, i+1)
	}
	return nil, false
}

// without is JSON with null for a value in it, which pick found there.
func without(raw, value []byte) []byte {
	begin := cap(raw) - cap(value) // value is a part of raw
	return slices.Concat(raw[:begin], []byte("null"), raw[begin+len(value):])
}

// same reports whether encoding/json would take a name for this one: it does
// not mind case.
func same(name []byte, as string) bool {
	return string(name) == as || bytes.EqualFold(name, []byte(as))
}

// word is the text of a string that stands as it is, without escapes; an absent
// one is empty.
func word(value []byte) (s string, ok bool) {
	if value == nil {
		return "", true
	}
	n := len(value)
	if n < 2 || value[0] != '"' || value[n-1] != '"' {
		return "", false
	}
	for _, c := range value[1 : n-1] {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return "", false
		}
	}
	return string(value[1 : n-1]), true
}

func at(raw []byte, i int, c byte) bool { return i < len(raw) && raw[i] == c }

// blank is where the white space ends that begins here.
func blank(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// skip is where the value ends that begins here; beyond raw if it does not end.
func skip(raw []byte, i int) int {
	for depth := 0; i < len(raw); {
		switch raw[i] {
		case '"':
			i = skipString(raw, i)
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			depth--
			i++
		default:
			i++
			if depth > 0 || i < len(raw) && bytes.IndexByte(ends, raw[i]) < 0 {
				continue
			}
		}
		if depth <= 0 {
			return i
		}
	}
	return len(raw) + 1
}

// ends are what ends a number, true, false or null.
var ends = []byte(",]} \n\t\r")

// skipString is where the string ends whose first quote stands here; beyond raw
// if it does not end.
func skipString(raw []byte, i int) int {
	for i++; ; i++ {
		n := bytes.IndexByte(raw[min(i, len(raw)):], '"')
		if n < 0 {
			return len(raw) + 1
		}
		i += n
		escapes := 0
		for raw[i-1-escapes] == '\\' { // the first quote ends it at the latest
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}
