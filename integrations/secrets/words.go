package secrets

import "strings"

// words finds in one pass which keywords are where in a text.
type words struct {
	begins  [1 << 16]uint16 // two bytes -> 1 + index in lists; 0: no keyword begins so
	lists   [][]word
	singles [256][]word // keywords of one byte
}

// word is a keyword, and the rule that it is of: one of the library, or one of prose.
type word struct {
	text  string
	rule  *rule
	prose *proseRule
}

func (w *words) add(k word) {
	if len(k.text) == 1 {
		w.singles[k.text[0]] = append(w.singles[k.text[0]], k)
		return
	}
	first := int(k.text[0])<<8 | int(k.text[1])
	if w.begins[first] == 0 {
		w.lists = append(w.lists, nil)
		w.begins[first] = uint16(len(w.lists))
	}
	at := &w.lists[w.begins[first]-1]
	*at = append(*at, k)
}

// each calls for every keyword in a text in lower case, in their order.
func (w *words) each(lower string, found func(at int, k word)) {
	for i := range len(lower) {
		for _, k := range w.singles[lower[i]] {
			found(i, k)
		}
		if i+1 == len(lower) {
			return
		}
		list := w.begins[int(lower[i])<<8|int(lower[i+1])]
		if list == 0 {
			continue
		}
		for _, k := range w.lists[list-1] {
			if strings.HasPrefix(lower[i:], k.text) {
				found(i, k)
			}
		}
	}
}

// lowered is a text in lower case, byte by byte, so that places in it are those of
// the text.
func lowered(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
