package settings

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// decoder walks one file's tree against Go values and gathers what is wrong. It never stops at a mistake.
type decoder struct {
	file         string
	lookup       func(name string) (string, bool)
	integrations map[string]func() any
	unneeded     []string // top-level sections of which only the form counts; see Options

	doc      document
	problems Problems
	places   map[string]place // where the value of each path that the file gives stands
	bad      map[string]bool  // paths that a problem has been reported for
}

// target is where a value goes: the Go value, the path by which people know it, where its key stands, and what
// the tags say of it (for an element: what they say of its list or map).
type target struct {
	v     reflect.Value
	path  string
	key   place
	field field
}

func (d *decoder) report(at place, format string, args ...any) {
	d.problems = append(d.problems, Problem{d.file, at.line, at.col, oneLine(fmt.Sprintf(format, args...))})
}

// complain reports what is wrong with the value of a path.
func (d *decoder) complain(at place, path, sentence string) {
	d.bad[path] = true
	d.report(at, "%s: %s", path, sentence)
}

var simpleKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// join is the path of a key within the section of a path.
func join(path, key string) string {
	if !simpleKey.MatchString(key) {
		key = strconv.Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// value decodes any node.
func (d *decoder) value(n ast.Node, t target) {
	n = bare(n)
	d.places[t.path] = nodePlace(n)
	if _, ok := n.(*ast.MappingNode); ok {
		d.places[t.path] = t.key
	}
	switch n.(type) {
	case *ast.AliasNode: // refused already
		d.bad[t.path] = true
	case *ast.NullNode:
		d.nothing(t)
	default:
		d.something(n, t)
	}
}

// something decodes a node that holds a value, as its target's type is written.
func (d *decoder) something(n ast.Node, t target) {
	typ := t.v.Type()
	switch {
	case isSecret(typ):
		d.secret(n, t)
	case typ == integrationsType:
		d.sections(n, t)
	case t.field.off && isSection(typ) && isZeroNode(n):
		t.v.SetZero()
	case isSection(typ):
		d.section(n, t)
	case isMapOrList(typ) && typ.Kind() == reflect.Map:
		d.mapping(n, t)
	case isMapOrList(typ):
		d.list(n, t)
	default:
		d.scalarValue(n, t)
	}
}

func isZeroNode(n ast.Node) bool {
	_, ok := n.(*ast.IntegerNode)
	return ok && n.GetToken().Value == "0"
}

// nothing is a key without a value: for sections, maps and lists the same as left out, so that all of a section can be
// commented out; for anything else most likely a slip.
func (d *decoder) nothing(t target) {
	typ := t.v.Type()
	d.places[t.path] = t.key
	switch {
	case d.excused(t.path):
	case isSection(typ):
		d.missing(t.v, t.path, t.key)
	case isMapOrList(typ):
	default:
		d.complain(t.key, t.path, "has no value; leave the key out to keep its default, and put a value that begins with # in quotes")
	}
}

// section decodes a mapping of fixed keys.
func (d *decoder) section(n ast.Node, t target) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		or := ""
		if t.field.off {
			or = " or 0"
		}
		d.complain(nodePlace(n), t.path, "expected keys with values"+or+", found "+describe(n))
		return
	}
	fields := fieldsOf(t.v.Type())
	given := map[string]bool{}
	for key, pair := range d.pairs(m.Values, t.path) {
		path := join(t.path, key.text)
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == key.text })
		if i < 0 {
			d.report(key.at, "unknown key %s%s", path, didYouMean(key.text, names(fields)))
			continue
		}
		given[key.text] = true
		d.value(pair.Value, target{t.v.FieldByIndex(fields[i].index), path, key.at, fields[i]})
	}
	for _, f := range fields {
		if path := join(t.path, f.name); !given[f.name] && !slices.Contains(d.doc.broken, path) {
			d.leftOut(f, t.v.FieldByIndex(f.index), path, t.key)
		}
	}
}

// key is a key of a mapping, and where it stands.
type key struct {
	text string
	at   place
}

// pairs goes through the entries of a mapping, each key once: what comes a second time is a mistake.
func (d *decoder) pairs(all []*ast.MappingValueNode, path string) func(yield func(key, *ast.MappingValueNode) bool) {
	return func(yield func(key, *ast.MappingValueNode) bool) {
		first := map[string]place{}
		for _, pair := range all {
			at := nodePlace(pair.Key)
			text, ok := keyText(pair.Key)
			if !ok {
				d.notAKey(pair.Key, at)
				continue
			}
			if before, ok := first[text]; ok {
				d.report(at, "%s is there already, in line %d; a key is written once", join(path, text), before.line)
				continue
			}
			first[text] = at
			if !yield(key{text, at}, pair) {
				return
			}
		}
	}
}

// notAKey reports a key that is no text, unless it has been refused already.
func (d *decoder) notAKey(n ast.MapKeyNode, at place) {
	switch n.(type) {
	case *ast.NullNode, *ast.InfinityNode, *ast.NanNode, *ast.LiteralNode:
		d.report(at, "a key is plain text; put this one in quotes")
	}
}

// leftOut reports what a key that is not in the file should have said.
func (d *decoder) leftOut(f field, v reflect.Value, path string, at place) {
	switch {
	case d.excused(path):
	case f.required && v.IsZero():
		d.bad[path] = true
		d.report(at, "%s is missing%s", path, forExample(f))
	case isSection(v.Type()):
		d.missing(v, path, at)
	}
}

func (d *decoder) missing(v reflect.Value, path string, at place) {
	for _, f := range fieldsOf(v.Type()) {
		d.leftOut(f, v.FieldByIndex(f.index), join(path, f.name), at)
	}
}

func forExample(f field) string {
	if f.example == "" {
		return ""
	}
	return fmt.Sprintf("; write for example %s: %s", f.name, f.example)
}

// excused says whether a path is in a section whose content does not count.
func (d *decoder) excused(path string) bool {
	return slices.ContainsFunc(d.unneeded, func(section string) bool { return within(path, section) })
}

// mapping decodes a mapping whose keys are free.
func (d *decoder) mapping(n ast.Node, t target) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		d.complain(nodePlace(n), t.path, "expected keys with values, found "+describe(n))
		return
	}
	t.v.SetZero()
	checks, _ := t.v.Interface().(keyChecker)
	for key, pair := range d.pairs(m.Values, t.path) {
		path := join(t.path, key.text)
		if checks != nil {
			if err := checks.CheckKey(key.text); err != nil {
				d.complain(key.at, path, err.Error())
			}
		}
		if t.v.IsNil() {
			t.v.Set(reflect.MakeMap(t.v.Type()))
		}
		element := reflect.New(t.v.Type().Elem()).Elem()
		fill(element)
		d.value(pair.Value, target{element, path, key.at, t.field.element()})
		t.v.SetMapIndex(reflect.ValueOf(key.text).Convert(t.v.Type().Key()), element)
	}
}

// list decodes a sequence. An empty one is nil, as one that is left out.
func (d *decoder) list(n ast.Node, t target) {
	var elements []ast.Node
	switch s := n.(type) {
	case *ast.SequenceNode:
		elements = s.Values
	case *ast.MappingNode:
		d.complain(nodePlace(n), t.path, "expected a list, found keys with values")
		return
	default:
		if !t.field.single {
			d.complain(nodePlace(n), t.path, "expected a list like [a, b], found "+describe(n))
			return
		}
		elements = []ast.Node{n}
	}
	t.v.SetZero()
	if len(elements) == 0 && t.field.required {
		d.complain(nodePlace(n), t.path, "must not be empty")
	}
	each := t.field.element()
	each.required = true // an empty key or name in a list is a slip
	for i, e := range elements {
		element := reflect.New(t.v.Type().Elem()).Elem()
		fill(element)
		d.value(e, target{element, t.path + "[" + strconv.Itoa(i) + "]", nodePlace(bare(e)), each})
		t.v.Set(reflect.Append(t.v, element))
	}
}

// sections decodes the integrations: a section for each, into what its factory makes.
func (d *decoder) sections(n ast.Node, t target) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		d.complain(nodePlace(n), t.path, "expected a section for each integration, found "+describe(n))
		return
	}
	all := Integrations{}
	for key, pair := range d.pairs(m.Values, t.path) {
		factory := d.integrations[key.text]
		if factory == nil {
			d.report(key.at, "unknown integration %s%s", key.text, didYouMean(key.text, sortedKeys(d.integrations)))
			continue
		}
		section := factory()
		v := reflect.ValueOf(section).Elem()
		fill(v)
		d.value(pair.Value, target{v, join(t.path, key.text), key.at, field{}})
		all[key.text] = section
	}
	if len(all) > 0 {
		t.v.Set(reflect.ValueOf(all))
	}
}
