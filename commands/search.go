package commands

import (
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
	form: func(*call) Form {
		return Form{Title: "Search incidents", Submit: "Search", Fields: []Field{
			lineField("text", "Words").hint("All of them occur in what is found; a word also finds those that begin with it."),
		}}
	},
	fill: retyped("text"),
	run: func(c *call) (Reply, error) {
		words := strings.Fields(strings.ToLower(c.args))
		if len(words) == 0 {
			return Reply{}, incidents.Missing("text", "What for? Example: /incident search certificate expired")
		}
		if n := len([]rune(c.args)); n > maxSearch {
			return Reply{}, incidents.Invalid("A search has at most %d characters; this has %d. A few words are enough. Example: /incident search certificate expired", maxSearch, n)
		}
		number, _ := numbered(c.args)
		found, err := c.search(words, number)
		if err != nil {
			return Reply{}, err
		}
		noun := "incident%s with " + strings.ReplaceAll(quote(c.args), "%", "%%")
		return c.rows(found, maxRows+1, noun, "Fewer words find more; a word also finds those that begin with it."), nil
	},
}
