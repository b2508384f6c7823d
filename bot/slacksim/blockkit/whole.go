package blockkit

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rules between several fields, elements or blocks.

// Problems for which no answer of Slack's is known: these words are ours.
const (
	bothDefined   = "must define only one of %s"
	onlyOnce      = "only one element may set `%s`"
	markdownTotal = "markdown blocks must be less than %d characters in total"
	tooManyBytes  = "must be less than %d bytes"
)

// need checks that the fields are there of which some, or one, must be.
func (c *checker) need(at string, n *node, s *shape, some need) {
	var given int
	for _, name := range some.fields {
		if n.member(name) != nil {
			given++
		}
	}
	names := "`" + strings.Join(some.fields, "` or `") + "`"
	switch {
	case given == 0 && s.name != "":
		c.add(at+"/type", "must define either %s", names) // Slack points at the type, as seen for section
	case given == 0:
		c.add(at, "must define either %s", names)
	case given > 1 && some.exactly:
		c.add(at, bothDefined, names)
	}
}

// initialIsOffered checks that what a choice begins with is among its options.
func initialIsOffered(c *checker, at string, n *node) {
	offered := make(map[string]bool)
	for _, o := range n.list("options") {
		offered[o.option()] = true
	}
	for _, g := range n.list("option_groups") {
		for _, o := range g.list("options") {
			offered[o.option()] = true
		}
	}
	if o := n.member("initial_option"); o != nil && !offered[o.option()] {
		c.add(at+"/initial_option", "must be one of the provided options")
	}
	for _, o := range n.list("initial_options") {
		if !offered[o.option()] {
			c.add(at+"/initial_options", "must be one of the provided options")
			return
		}
	}
}

// option is a text that two options share if Slack sees them as the same: the order
// of their members and how they were written does not count, nor what Slack fills in.
func (n *node) option() string {
	if n == nil || n.kind != kindObject {
		return ""
	}
	var b strings.Builder
	for _, path := range [][]string{{"value"}, {"text", "type"}, {"text", "text"}, {"description", "text"}, {"url"}} {
		m := n
		for _, name := range path {
			m = m.member(name)
		}
		b.WriteString(strconv.Quote(m.text()))
	}
	return b.String()
}

// filesDispatchNothing: a file_input cannot stand in an input that dispatches its
// actions; Slack's page says that it is "an unsupported type" then.
func filesDispatchNothing(c *checker, at string, n *node) {
	if n.member("dispatch_action").isTrue() && n.member("element").member("type").text() == "file_input" {
		c.add(at+"/element/type", "unsupported type: file_input")
	}
}

// lengthsInOrder checks that a plain_text_input can be filled in at all.
func lengthsInOrder(c *checker, at string, n *node) {
	least, ok := n.member("min_length").number()
	most, ok2 := n.member("max_length").number()
	if ok && ok2 && least > most {
		c.add(at+"/min_length", "must be less than %v", most)
	}
}

// numbersInOrder checks a number_input's bounds, and that its numbers are whole
// where no others are allowed.
func numbersInOrder(c *checker, at string, n *node) {
	whole := n.member("is_decimal_allowed") != nil && !n.member("is_decimal_allowed").isTrue()
	value := func(name string) (float64, bool) {
		s := n.member(name).text()
		if !numberFormat.ok(s) {
			return 0, false
		}
		if whole && strings.Contains(s, ".") {
			c.add(at+"/"+name, "must provide an integer")
		}
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	least, hasLeast := value("min_value")
	most, hasMost := value("max_value")
	initial, hasInitial := value("initial_value")
	if hasLeast && hasMost && least > most {
		c.add(at+"/min_value", "must be less than %s", n.member("max_value").text())
	}
	if hasLeast && hasInitial && initial < least {
		c.add(at+"/initial_value", "must be greater than %s", n.member("min_value").text())
	}
	if hasMost && hasInitial && initial > most {
		c.add(at+"/initial_value", "must be less than %s", n.member("max_value").text())
	}
}

// number is the value of a JSON number.
func (n *node) number() (float64, bool) {
	if n == nil || n.kind != kindNumber {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(n.raw), 64)
	return f, err == nil
}

// inputsAreSubmitted: a modal with an input needs a submit button. The pointer is
// Slack's own, odd as it is.
func inputsAreSubmitted(c *checker, at string, n *node) {
	if n.member("submit") != nil {
		return
	}
	for i, b := range n.list("blocks") {
		if b.member("type").text() == "input" {
			c.add(at+"/blocks/"+strconv.Itoa(i)+"/input", "must define `submit` to use an `input` block in modals")
		}
	}
}

// oneTable: Slack's name for the mistake is only_one_table_allowed.
func oneTable(c *checker, blocks []*node) {
	tables := 0
	for i, b := range blocks {
		if b.member("type").text() != "table" {
			continue
		}
		if tables++; tables > 1 {
			c.add("/blocks/"+strconv.Itoa(i), "only_one_table_allowed")
		}
	}
}

// markdownInAll bounds what a message's markdown blocks hold together.
func markdownInAll(c *checker, blocks []*node) {
	total := 0
	for i, b := range blocks {
		if b.member("type").text() != "markdown" {
			continue
		}
		length := utf8.RuneCountInString(b.member("text").text())
		if total <= MaxMarkdown && length <= MaxMarkdown && total+length > MaxMarkdown {
			c.add("/blocks/"+strconv.Itoa(i)+"/text", markdownTotal, MaxMarkdown+1)
		}
		total += length
	}
}
