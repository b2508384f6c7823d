package settings

import (
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// scalar is a single value: as written, and with its variables.
type scalar struct {
	raw, text string
	quoted    bool
	expanded  bool // a variable was in it
	isText    bool // to YAML; otherwise a number, or true or false
}

// scalar reads a node that has to be a single value, and says whether there is one.
func (d *decoder) scalar(n ast.Node, t target) (scalar, bool) {
	s := scalar{isText: true}
	switch node := n.(type) {
	case *ast.StringNode:
		s.raw = node.Value
		s.quoted = node.Token.Type != token.StringType
	case *ast.LiteralNode:
		s.raw = node.Value.Value
		s.quoted = true
	case *ast.MappingNode, *ast.SequenceNode:
		d.complain(nodePlace(n), t.path, "expected a single value, found "+describe(n))
		return s, false
	default:
		s.raw = n.GetToken().Value
		s.isText = false
	}
	var flaws []flaw
	s.text, s.expanded, flaws = expand(s.raw, d.lookup)
	for _, f := range flaws {
		d.bad[t.path] = true
		if !d.excused(t.path) {
			d.complain(d.reference(n, f.nth), t.path, f.why)
		}
	}
	return s, len(flaws) == 0
}

// scalarValue decodes a text, a number, true or false, or what is made of a text.
func (d *decoder) scalarValue(n ast.Node, t target) {
	s, ok := d.scalar(n, t)
	if !ok {
		return
	}
	kind := t.v.Kind()
	switch {
	case isText(t.v.Type()): // says itself what it takes
	case kind == reflect.String && !s.isText:
		d.complain(nodePlace(n), t.path, "expected text, found "+describe(n)+"; put it in quotes")
		return
	case kind != reflect.String && s.quoted && !s.expanded:
		d.complain(nodePlace(n), t.path, "expected "+expected(kind)+", found text; write it without quotes")
		return
	}
	if s.text == "" && t.field.required {
		d.complain(nodePlace(n), t.path, "must not be empty")
		return
	}
	if err := setText(t.v, t.field, s.text); err != nil {
		d.complain(nodePlace(n), t.path, err.Error())
	}
}

func expected(kind reflect.Kind) string {
	switch kind {
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "a number"
	}
	return "a whole number"
}

// secret decodes a secret: in full, by ${NAME}, or from a file. Only file: as written leads to a file; a variable
// that holds such a text is a secret that begins so.
func (d *decoder) secret(n ast.Node, t target) {
	s, ok := d.scalar(n, t)
	if !ok {
		return
	}
	if !s.isText {
		d.complain(nodePlace(n), t.path, "expected text, found "+describe(n)+"; put it in quotes")
		return
	}
	value, source := s.text, ""
	if s.expanded {
		source = s.raw
	}
	if path, ok := strings.CutPrefix(s.text, filePrefix); ok && strings.HasPrefix(s.raw, filePrefix) {
		if d.excused(t.path) {
			return
		}
		text, err := readSecret(path)
		if err != nil {
			d.complain(nodePlace(n), t.path, err.Error())
			return
		}
		value, source = text, s.raw
	}
	if value == "" && t.field.required && !d.excused(t.path) {
		d.complain(nodePlace(n), t.path, "must not be empty")
		return
	}
	t.v.Addr().Interface().(secretSetter).SetSecret(value, source)
}
