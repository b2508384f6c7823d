package integrations

import (
	"encoding/binary"
	"encoding/json"
	"unicode/utf8"
)

// scan reads JSON (RFC 8259) in one pass, as encoding/json does: it takes every text that json.Valid takes and no other,
// up to its depth. So what is no UTF-8 within a string, half of a surrogate pair and one name twice in an object are
// taken. [FuzzScan] holds both together.
type scan struct {
	text  []byte
	at    int
	depth int    // how many levels more there may be
	whole string // the text, where a tree is made: its strings are parts of this one
}

// Valid says whether a text is one JSON value, as json.Valid does, in which arrays and objects are nested in at most so
// many levels. It allocates nothing.
func Valid(text []byte, depth int) bool {
	s := scan{text: text, depth: depth}
	s.space()
	return s.value() && s.ends()
}

// tree is the value as encoding/json makes it of a text, with numbers as json.Number; false where [Valid] says so.
func tree(text []byte, depth int) (v any, ok bool) {
	s := scan{text: text, depth: depth, whole: string(text)}
	s.space()
	v, ok = s.tree()
	return v, ok && s.ends()
}

func (s *scan) ends() bool {
	s.space()
	return s.at == len(s.text)
}

func (s *scan) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// next is the next byte; 0 at the end.
func (s *scan) next() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// is steps over a byte, if it is the next.
func (s *scan) is(c byte) bool {
	if s.next() != c {
		return false
	}
	s.at++
	return true
}

// value steps over a value.
func (s *scan) value() bool {
	switch c := s.next(); c {
	case '{', '[':
		return s.members(c == '{', func(string) bool { return s.value() })
	case '"':
		_, ok := s.quoted()
		return ok
	default:
		return s.plain()
	}
}

// members steps over an object or array. Each value in it is member's to step over, which is given its name where a tree is
// made.
func (s *scan) members(object bool, member func(name string) bool) bool {
	end := byte(']')
	if object {
		end = '}'
	}
	if s.depth == 0 {
		return false
	}
	s.depth--
	s.at++
	s.space()
	if s.is(end) {
		s.depth++
		return true
	}
	for {
		name := ""
		if object {
			start := s.at
			escaped, ok := s.quoted()
			if !ok {
				return false
			}
			if s.whole != "" {
				name = s.string(start, escaped)
			}
			s.space()
			if !s.is(':') {
				return false
			}
			s.space()
		}
		if !member(name) {
			return false
		}
		s.space()
		if s.is(end) {
			s.depth++
			return true
		}
		if !s.is(',') {
			return false
		}
		s.space()
	}
}

// tree makes a value.
func (s *scan) tree() (v any, ok bool) {
	start := s.at
	switch s.next() {
	case '{':
		m := make(map[string]any)
		ok = s.members(true, func(name string) bool {
			v, ok := s.tree()
			m[name] = v
			return ok
		})
		return m, ok
	case '[':
		list := make([]any, 0)
		ok = s.members(false, func(string) bool {
			v, ok := s.tree()
			list = append(list, v)
			return ok
		})
		return list, ok
	case '"':
		escaped, ok := s.quoted()
		if !ok {
			return nil, false
		}
		return s.string(start, escaped), true
	}
	if !s.plain() {
		return nil, false
	}
	switch word := s.whole[start:s.at]; word {
	case "null":
		return nil, true
	case "true", "false":
		return word == "true", true
	default:
		return json.Number(word), true
	}
}

// string is what a string that was stepped over says.
func (s *scan) string(start int, escaped bool) string {
	if in := s.whole[start+1 : s.at-1]; !escaped && utf8.ValidString(in) {
		return in
	}
	var text string
	_ = json.Unmarshal(s.text[start:s.at], &text) // it was stepped over, so it is one
	return text
}

// Eight bytes at once: the lowest and the highest bit of each.
const lows, highs = 0x0101010101010101, 0x8080808080808080

// marked says whether one of eight bytes ends a string, escapes or may not be in one. It may say so of others, too.
func marked(w uint64) bool {
	quote, escape := w^lows*'"', w^lows*'\\'
	return ((w-lows*0x20)&^w|(quote-lows)&^quote|(escape-lows)&^escape)&highs != 0
}

// quoted steps over a string; escaped says that it has escapes.
func (s *scan) quoted() (escaped, ok bool) {
	if !s.is('"') {
		return false, false
	}
	text, i := s.text, s.at
	for {
		for i+8 <= len(text) && !marked(binary.LittleEndian.Uint64(text[i:])) {
			i += 8
		}
		for stop := min(i+8, len(text)); i < stop; i++ {
			switch c := text[i]; {
			case c == '"':
				s.at = i + 1
				return escaped, true
			case c < ' ':
				return false, false
			case c == '\\':
				escaped = true
				n := escapes(text[i:])
				if n == 0 {
					return false, false
				}
				i += n - 1
			}
		}
		if i >= len(text) {
			return false, false
		}
	}
}

// escapes is how long the escape is that a text begins with; 0 where it is none.
func escapes(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(text) < 6 {
			return 0
		}
		for _, c := range text[2:6] {
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
				return 0
			}
		}
		return 6
	}
	return 0
}

// plain steps over a number, a truth value or null.
func (s *scan) plain() bool {
	switch s.next() {
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	s.is('-')
	if !s.is('0') && !s.digits() {
		return false
	}
	if s.is('.') && !s.digits() {
		return false
	}
	if s.is('e') || s.is('E') {
		if !s.is('+') {
			s.is('-')
		}
		return s.digits()
	}
	return true
}

func (s *scan) word(w string) bool {
	if len(s.text)-s.at < len(w) || string(s.text[s.at:s.at+len(w)]) != w {
		return false
	}
	s.at += len(w)
	return true
}

// digits steps over digits; false where there are none.
func (s *scan) digits() bool {
	start := s.at
	for c := s.next(); c >= '0' && c <= '9'; c = s.next() {
		s.at++
	}
	return s.at > start
}
