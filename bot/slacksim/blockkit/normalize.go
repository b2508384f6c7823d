package blockkit

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
)

// Normalize returns blocks as Slack stores and echoes them: each block has a
// block_id, each interactive element an action_id, each plain_text object an
// "emoji" and each mrkdwn object a "verbatim". All that is given stays as it is,
// digit for digit, also what the rules do not know; white space does not. What is
// not a JSON array is returned unchanged.
//
// The ids are Slack's kind: five letters and digits, unlike all others in blocks.
// They are drawn anew at each call, as Slack does: an app that leaves out its ids
// finds what a person had entered gone when it updates the view.
func Normalize(blocks json.RawMessage) json.RawMessage {
	n := parse(blocks)
	if n == nil || n.kind != kindList {
		return blocks
	}
	z := &normalizer{ids: make(map[string]bool)}
	z.note(n)
	for _, b := range n.items {
		z.block(b)
	}
	var out bytes.Buffer
	n.write(&out)
	return out.Bytes()
}

// normalizer fills in what Slack fills in.
type normalizer struct {
	ids map[string]bool // taken
}

// note takes down the ids that are given, wherever they stand.
func (z *normalizer) note(n *node) {
	for _, item := range n.items {
		z.note(item)
	}
	for _, m := range n.members {
		if m.name == "block_id" || m.name == "action_id" {
			z.ids[m.value.text()] = true
		}
		z.note(m.value)
	}
}

func (z *normalizer) block(n *node) {
	if n.kind != kindObject {
		return
	}
	each(n, block, z.fill)
	// Last, so that it stands right behind the type; blocks that the rules do not
	// know have one too.
	if n.member("block_id") == nil {
		n.insert("type", "block_id", z.id(), kindString)
	}
}

func (z *normalizer) fill(n *node, s *shape) {
	for _, f := range s.fills {
		if n.member(f.name) == nil {
			n.insert("", f.name, []byte(f.value), f.kind)
		}
	}
	if _, acts := s.field("action_id"); acts && n.member("action_id") == nil {
		n.insert("type", "action_id", z.id(), kindString)
	}
}

// each visits every object under n that the rules know.
func each(n *node, r rule, visit func(*node, *shape)) {
	switch {
	case r.kind == kindList && n.kind == kindList:
		for _, item := range n.items {
			each(item, *r.item, visit)
		}
	case r.kind == kindObject && n.kind == kindObject:
		s := r.shape
		if s == nil {
			s = r.choices[n.member("type").text()]
		}
		if s == nil {
			return
		}
		for _, f := range s.fields {
			if m := n.member(f.name); m != nil {
				each(m, f.rule, visit)
			}
		}
		visit(n, s)
	}
}

const idLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// id draws an id that is not taken, and quotes it.
func (z *normalizer) id() []byte {
	for {
		id := make([]byte, 5)
		for i := range id {
			id[i] = idLetters[rand.IntN(len(idLetters))]
		}
		if !z.ids[string(id)] {
			z.ids[string(id)] = true
			return []byte(`"` + string(id) + `"`)
		}
	}
}
