package commands

import (
	"slices"
	"strings"

	"fireboss/incidents"
)

// maxSearch is the longest search, in characters.
const maxSearch = 200

var searchVerb = Verb{
	Name: "search", Group: groupOpen,
	Usage:    []string{"search TEXT"},
	Does:     "finds incidents, open or not, in whose texts all of these words occur",
	Examples: []string{"search certificate expired"},
	run: func(c *call) (Reply, error) { // an incident is found by its number too
		words := strings.Fields(strings.ToLower(c.args))
		if len(words) == 0 {
			return Reply{}, incidents.Invalid("What for? Example: /incident search certificate expired")
		}
		if n := len([]rune(c.args)); n > maxSearch {
			return Reply{}, incidents.Invalid("A search has at most %d characters; this has %d. A few words are enough. Example: /incident search certificate expired", maxSearch, n)
		}
		numbers, err := c.desk.Store.Search(c.ctx, words, 0)
		if err != nil {
			return Reply{}, err
		}
		if n, ok := numbered(c.args); ok {
			numbers = append([]incidents.Number{n}, slices.DeleteFunc(numbers, func(m incidents.Number) bool { return m == n })...)
		}
		found, err := c.each(numbers)
		if err != nil {
			return Reply{}, err
		}
		noun := "incident%s with " + strings.ReplaceAll(quote(c.args), "%", "%%")
		return c.rows(found, noun, "Fewer words find more; a word also finds those that begin with it."), nil
	},
}
