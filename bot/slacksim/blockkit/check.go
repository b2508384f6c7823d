package blockkit

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// checker walks over a value with its rule and notes what is broken.
type checker struct {
	surface  surfaces
	problems []Problem
	seen     map[scope]map[string]bool // values that must be unique
	set      map[string]bool           // names of the booleans that are set once
}

func newChecker(s surfaces) *checker {
	return &checker{
		surface: s,
		seen:    map[scope]map[string]bool{wholeScope: {}, blockScope: {}},
		set:     make(map[string]bool),
	}
}

func (c *checker) add(at, format string, args ...any) {
	c.problems = append(c.problems, Problem{Pointer: at, Message: fmt.Sprintf(format, args...)})
}

// value checks one value; at is its pointer, name the field it is the value of.
func (c *checker) value(at, name string, n *node, r rule) {
	if r.orNull && n.kind == kindNull {
		return
	}
	switch r.kind {
	case kindAny:
	case kindString:
		c.str(at, name, n, r)
	case kindBool:
		c.boolean(at, name, n, r)
	case kindNumber:
		c.integer(at, n, r)
	case kindList:
		c.list(at, n, r)
	case kindObject:
		c.object(at, n, r)
	}
}

func (c *checker) str(at, name string, n *node, r rule) {
	if n.kind != kindString {
		c.add(at, "must provide a string")
		return
	}
	s := n.text()
	length := int64(utf8.RuneCountInString(s))
	switch {
	case r.bounded && length < r.min:
		c.add(at, "must be more than %d characters", r.min-1)
	case r.bounded && r.max >= r.min && length > r.max:
		c.add(at, "must be less than %d characters", r.max+1)
	case r.enum != nil && !slices.Contains(r.enum, s):
		c.add(at, "must be a valid enum value")
	case r.format != nil && !r.format.ok(s):
		c.add(at, "%s", r.format.says)
	case r.scope != noScope && c.seen[r.scope][s]:
		c.add(at, "`%s` %q already exists", name, s)
	case r.scope != noScope:
		c.seen[r.scope][s] = true
	}
}

func (c *checker) boolean(at, name string, n *node, r rule) {
	switch {
	case n.kind != kindBool:
		c.add(at, "must be a boolean")
	case r.once && n.isTrue() && c.set[name]:
		c.add(at, onlyOnce, name)
	case r.once && n.isTrue():
		c.set[name] = true
	}
}

func (c *checker) integer(at string, n *node, r rule) {
	if n.kind != kindNumber {
		c.add(at, "must provide an integer")
		return
	}
	i, err := strconv.ParseInt(string(n.raw), 10, 64)
	switch {
	case err != nil:
		c.add(at, "must provide an integer")
	case r.bounded && i < r.min:
		c.add(at, "must be greater than %d", r.min) // Slack's words, though min itself is taken
	case r.bounded && r.max >= r.min && i > r.max:
		c.add(at, "must be less than %d", r.max)
	}
}

func (c *checker) list(at string, n *node, r rule) {
	if n.kind != kindList {
		c.add(at, "must provide an array")
		return
	}
	count := int64(len(n.items))
	switch {
	case r.bounded && count < r.min:
		c.add(at, "must provide at least %d items", r.min)
	case r.bounded && r.max >= r.min && count > r.max:
		c.add(at, "no more than %d items allowed", r.max)
	case r.distinct && hasDoubles(n.items):
		c.add(at, "Input contains duplicate items")
	}
	for i, item := range n.items {
		c.value(at+"/"+strconv.Itoa(i), "", item, *r.item)
	}
}

func (c *checker) object(at string, n *node, r rule) {
	if n.kind != kindObject {
		c.add(at, "must provide an object")
		return
	}
	s := c.choose(at, n, r)
	if s == nil {
		return
	}
	if r.in == asBlock {
		c.seen[blockScope] = make(map[string]bool)
	}
	c.names(at, n, s, r.in)
	for _, f := range s.fields {
		if m := n.member(f.name); m != nil && f.rule.allowed(r.in, c.surface) {
			c.value(at+"/"+f.name, f.name, m, f.rule)
		}
	}
	for _, whole := range s.whole {
		whole(c, at, n)
	}
}

// choose finds the object's shape, by its "type" where the rule has several.
func (c *checker) choose(at string, n *node, r rule) *shape {
	if r.shape != nil {
		return r.shape
	}
	typ := n.member("type")
	switch {
	case typ == nil:
		c.add(at, "missing required field: type")
		return nil
	case typ.kind != kindString:
		c.add(at+"/type", "must provide a string")
		return nil
	}
	s := r.choices[typ.text()]
	if s == nil || s.stands[r.in]&c.surface == nowhere {
		c.add(at+"/type", "unsupported type: %s", typ.text())
		return nil
	}
	return s
}

// names checks which fields are there.
func (c *checker) names(at string, n *node, s *shape, in place) {
	for _, f := range s.fields {
		if f.rule.required && n.member(f.name) == nil {
			c.add(at, "missing required field: %s", f.name)
		}
	}
	for _, m := range n.members {
		r, known := s.field(m.name)
		known = known && r.allowed(in, c.surface) || m.name == "type" && s.name != ""
		if !known {
			c.add(at, "invalid additional property: %s", m.name)
		}
	}
	if len(n.members) < s.atLeast {
		c.add(at, "must have minimum %d properties", s.atLeast)
	}
	for _, some := range s.needs {
		c.need(at, n, s, some)
	}
}

func (r rule) allowed(in place, on surfaces) bool {
	return r.only == nil || r.only[in]&on != nowhere
}

// hasDoubles tells whether two of the strings are the same.
func hasDoubles(items []*node) bool {
	seen := make(map[string]bool)
	for _, item := range items {
		if s := item.text(); seen[s] {
			return true
		} else if item.kind == kindString {
			seen[s] = true
		}
	}
	return false
}
