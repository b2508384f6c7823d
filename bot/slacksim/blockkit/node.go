package blockkit

import (
	"bytes"
	"encoding/json"
	"slices"
)

// node is a JSON value that keeps its numbers and strings as they were written,
// and the order of its members. encoding/json's maps and interfaces keep neither.
type node struct {
	kind    kind
	raw     []byte   // a scalar as written
	members []member // of an object
	items   []*node  // of an array
}

// member is a name and its value in an object.
type member struct {
	raw   []byte // the name as written, with its quotes
	name  string
	value *node
}

// parse reads one JSON value; nil where data is not JSON.
func parse(data []byte) *node {
	// Valid bounds the nesting too (10,000), and so the reader's recursion.
	if !json.Valid(data) {
		return nil
	}
	return (&reader{data: data}).value()
}

// reader walks over data known to be valid JSON.
type reader struct {
	data []byte
	pos  int
}

// next skips white space and returns the byte it stops at.
func (r *reader) next() byte {
	for {
		switch c := r.data[r.pos]; c {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return c
		}
	}
}

func (r *reader) value() *node {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return &node{kind: kindString, raw: r.quoted()}
	case 't', 'f':
		return &node{kind: kindBool, raw: r.word()}
	case 'n':
		return &node{kind: kindNull, raw: r.word()}
	default:
		return &node{kind: kindNumber, raw: r.word()}
	}
}

func (r *reader) object() *node {
	n := &node{kind: kindObject}
	at := make(map[string]int)
	for r.pos++; r.next() != '}'; {
		if r.data[r.pos] == ',' {
			r.pos++
			r.next()
		}
		raw := r.quoted()
		name := unquote(raw)
		r.next() // at the colon
		r.pos++
		value := r.value()
		if i, twice := at[name]; twice { // the last of a name counts, as with any JSON reader
			n.members[i].value = value
			continue
		}
		at[name] = len(n.members)
		n.members = append(n.members, member{raw: raw, name: name, value: value})
	}
	r.pos++
	return n
}

func (r *reader) array() *node {
	n := &node{kind: kindList}
	for r.pos++; r.next() != ']'; {
		if r.data[r.pos] == ',' {
			r.pos++
		}
		n.items = append(n.items, r.value())
	}
	r.pos++
	return n
}

func (r *reader) quoted() []byte {
	start := r.pos
	for r.pos++; r.data[r.pos] != '"'; r.pos++ {
		if r.data[r.pos] == '\\' {
			r.pos++
		}
	}
	r.pos++
	return r.data[start:r.pos]
}

func (r *reader) word() []byte {
	rest := r.data[r.pos:]
	if end := bytes.IndexAny(rest, ",]} \t\r\n"); end >= 0 {
		rest = rest[:end]
	}
	r.pos += len(rest)
	return rest
}

func unquote(raw []byte) string {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return string(raw) // not reached: raw is a valid JSON string
	}
	return s
}

// text is the value of a string; "" for any other kind.
func (n *node) text() string {
	if n == nil || n.kind != kindString {
		return ""
	}
	return unquote(n.raw)
}

// isTrue tells whether the value is the boolean true.
func (n *node) isTrue() bool {
	return n != nil && n.kind == kindBool && n.raw[0] == 't'
}

// member returns the value of a name in an object, nil where there is none.
func (n *node) member(name string) *node {
	if n == nil {
		return nil
	}
	for i := range n.members {
		if n.members[i].name == name {
			return n.members[i].value
		}
	}
	return nil
}

// list returns the items of an array under a name, nil where there is none.
func (n *node) list(name string) []*node {
	if m := n.member(name); m != nil {
		return m.items
	}
	return nil
}

// insert puts a member behind the one called after, or at the end.
func (n *node) insert(after, name string, value []byte, k kind) {
	at := slices.IndexFunc(n.members, func(m member) bool { return m.name == after }) + 1
	if at == 0 {
		at = len(n.members)
	}
	m := member{raw: []byte(`"` + name + `"`), name: name, value: &node{kind: k, raw: value}}
	n.members = slices.Insert(n.members, at, m)
}

// write appends the value to b, without white space between its parts.
func (n *node) write(b *bytes.Buffer) {
	switch n.kind {
	case kindObject:
		b.WriteByte('{')
		for i, m := range n.members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(m.raw)
			b.WriteByte(':')
			m.value.write(b)
		}
		b.WriteByte('}')
	case kindList:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	default:
		b.Write(n.raw)
	}
}
