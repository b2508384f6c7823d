package blockkit

import "encoding/json"

// Limits of whole messages and views
// (https://docs.slack.dev/reference/block-kit/blocks, …/surfaces/modals).
const (
	// MaxMessageBlocks is how many blocks a message may have.
	MaxMessageBlocks = 50
	// MaxViewBlocks is how many blocks a modal or an app home may have.
	MaxViewBlocks = 100
	// MaxViewBytes is how many bytes of JSON a view may have; the methods answer
	// view_too_large above it.
	MaxViewBytes = 250 << 10
	// MaxMarkdown is how many characters the markdown blocks of a message may have together.
	MaxMarkdown = 12_000
)

// Message checks the blocks of a message; none means that Slack would take them.
// What is not a JSON array at all has the problem "must provide an array"; the
// methods answer invalid_blocks_format to that, and invalid_blocks to the others.
func Message(blocks json.RawMessage) []Problem {
	c := newChecker(message)
	n := parse(blocks)
	if n == nil {
		n = &node{kind: kindNull}
	}
	c.value("/blocks", "blocks", n, messageBlocks)
	oneTable(c, n.items)
	markdownInAll(c, n.items)
	return c.problems
}

// View checks a modal or an app home; none means that Slack would take it. Whether
// it is too large is a problem here too, for which the methods answer view_too_large.
func View(v json.RawMessage) []Problem {
	n := parse(v)
	if n == nil {
		n = &node{kind: kindNull}
	}
	on := modal
	if n.member("type").text() == "home" {
		on = home
	}
	c := newChecker(on)
	if len(v) > MaxViewBytes {
		c.add("/view", tooManyBytes, MaxViewBytes+1)
	}
	c.value("/view", "view", n, view)
	return c.problems
}
