package incidents

import (
	"strings"
	"unicode"
)

// MaxWord is the length to which a word is cut, in characters.
const MaxWord = 40

// Words cuts a text into what is found of it: its runs of letters, marks and digits,
// in lower case and cut to [MaxWord]. Stores keep them, so that a change needs a migration.
func Words(text string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	for i, w := range list {
		w = strings.Map(unicode.ToLower, w)
		if r := []rune(w); len(r) > MaxWord {
			w = string(r[:MaxWord])
		}
		list[i] = w
	}
	return list
}

// Words are those of an incident's title, type and services, by which lists choose.
func (in Incident) Words() []string {
	return Words(in.Title + "\n" + in.Type + "\n" + strings.Join(in.Services, "\n"))
}
