package bolt

import (
	"encoding/json"
	"strings"
	"unicode"

	"fireboss/incidents"
)

// Bounds of what is found by search, in runes and in words of one event.
const (
	minWord  = 2
	maxWord  = 40
	maxWords = 8192
)

// split cuts a text into words: runs of letters, marks and digits in lower
// case. What is longer than [maxWord] is cut to it.
func split(text string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	for i, w := range list {
		w = strings.Map(unicode.ToLower, w)
		if r := []rune(w); len(r) > maxWord {
			w = string(r[:maxWord])
		}
		list[i] = w
	}
	return list
}

// wordsOf are the words by which an event is found, each once: those of its
// text, and of what people wrote with it that the text does not repeat. A
// redaction removes exactly these, so changing this needs a migration.
func wordsOf(e incidents.Event) []string {
	text := e.Text
	var said struct {
		Summary  string   `json:"summary"`
		Services []string `json:"services"`
	}
	if json.Unmarshal(e.Data, &said) == nil {
		text += "\n" + said.Summary + "\n" + strings.Join(said.Services, "\n")
	}
	seen := map[string]bool{}
	var list []string
	for _, w := range split(text) {
		if len([]rune(w)) < minWord || seen[w] || len(list) == maxWords {
			continue
		}
		seen[w] = true
		list = append(list, w)
	}
	return list
}

func wordKey(word string, n incidents.Number, seq uint64) key {
	return append(key(word), 0).event(n, seq)
}
