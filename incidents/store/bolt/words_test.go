package bolt

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fireboss/incidents"
)

func TestWords(t *testing.T) {
	long := strings.Repeat("é", 100)
	for text, want := range map[string][]string{
		"":                         nil,
		"Checkout is DOWN, is it?": {"checkout", "is", "down", "it"},
		"node-17 v2.3 a b":         {"node", "17", "v2"},
		"Größe ÉLASTIC नमस्ते 日本語":       {"größe", "élastic", "नमस्ते", "日本語"},
		"https://x.example.com/a?b=c%20": {"https", "example", "com", "20"},
		long:                             {strings.Repeat("é", incidents.MaxWord)},
	} {
		if got := wordsOf(incidents.Event{Text: text}); !slices.Equal(got, want) {
			t.Errorf("words of %q: %q, want %q", text, got, want)
		}
	}
	e := incidents.Event{Text: "Declared", Data: json.RawMessage(`{"summary":"Cards fail","services":["payments"],"title":"unsaid"}`)}
	if got := wordsOf(e); !slices.Equal(got, []string{"declared", "cards", "fail", "payments"}) {
		t.Errorf("words of a declaration: %q", got)
	}
}

// FuzzWords holds every word to being one: of a length that can be a key, in
// lower case, each once, and found by itself.
func FuzzWords(f *testing.F) {
	f.Add("Checkout is DOWN", []byte(`{"summary":"x"}`))
	f.Add("İstanbul ǅ \x00\xff ﬁ 1️⃣", []byte(`{"services":[null,1]}`))
	f.Fuzz(func(t *testing.T, text string, data []byte) {
		list := wordsOf(incidents.Event{Text: text, Data: data})
		seen := map[string]bool{}
		for _, w := range list {
			n := utf8.RuneCountInString(w)
			if n < minWord || n > incidents.MaxWord || seen[w] || strings.Contains(w, "\x00") || !utf8.ValidString(w) {
				t.Errorf("%q of %q is no word", w, text)
			}
			seen[w] = true
			if again := incidents.Words(w); len(again) != 1 || again[0] != w {
				t.Errorf("%q is looked for as %q", w, again)
			}
		}
		if len(list) > maxWords {
			t.Errorf("%d words", len(list))
		}
	})
}
