package settings

import (
	"errors"
	"strings"
	"testing"
)

// TestDeepNesting: a file that nobody would write costs neither time nor the stack.
func TestDeepNesting(t *testing.T) {
	const levels = 100_000
	var stairs strings.Builder
	for i := range 2000 {
		stairs.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for name, src := range map[string]string{
		"lists":               "services: " + strings.Repeat("[", levels) + strings.Repeat("]", levels),
		"lists without end":   "services: " + strings.Repeat("[", levels),
		"maps":                strings.Repeat("{a: ", levels) + strings.Repeat("}", levels),
		"maps without end":    strings.Repeat("{a: ", levels),
		"dashes":              strings.Repeat("- ", levels) + "a",
		"stairs":              stairs.String(),
		"questions":           strings.Repeat("? ", levels) + "a",
		"anchors":             strings.Repeat("&a ", levels) + "a",
		"tags":                strings.Repeat("!!str ", levels) + "a",
		"aliases of aliases":  "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
		"a merge of itself":   "store: &s\n  <<: *s\n",
		"documents":           strings.Repeat("---\n", levels),
		"quotes":              strings.Repeat("\"", levels),
		"colons":              strings.Repeat(":", levels),
		"a very long key":     strings.Repeat("k", 1<<20) + ": 1",
		"references":          "store: " + strings.Repeat("${", levels),
		"a reference of many": "store: " + strings.Repeat("${A}", levels),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("c", []byte(src), Options{Env: env(map[string]string{"A": "${A}${A}"})})
			var problems Problems
			if err != nil && !errors.As(err, &problems) {
				t.Errorf("not problems: %.300v", err)
			}
			for _, p := range problems {
				if len(p.Message) > 1<<21 {
					t.Errorf("a problem of %d bytes", len(p.Message))
				}
			}
		})
	}
}
