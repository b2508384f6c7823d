package bolt

import (
	"encoding/json"
	"strings"

	"fireboss/incidents"
)

// Bounds of what is found by search: the runes of a word, and the words of one event.
const (
	minWord  = 2
	maxWords = 8192
)

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
	for _, w := range incidents.Words(text) {
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
