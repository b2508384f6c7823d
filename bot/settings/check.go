package settings

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// check asks every section that can check itself. It goes by the values in effect, so that a default that does not go
// with what was written is found too; what has been reported already is not reported twice.
func (d *decoder) check(v reflect.Value, path string) {
	if d.excused(path) {
		return
	}
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	d.checkSelf(v, path)
	switch {
	case isSection(v.Type()):
		for _, f := range fieldsOf(v.Type()) {
			d.check(v.FieldByIndex(f.index), join(path, f.name))
		}
	case v.Kind() == reflect.Map:
		for _, key := range sortedMapKeys(v) {
			d.check(v.MapIndex(key), join(path, key.String()))
		}
	case v.Kind() == reflect.Slice && !isText(v.Type()):
		for i := range v.Len() {
			d.check(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

func (d *decoder) checkSelf(v reflect.Value, path string) {
	self := reflect.New(v.Type())
	self.Elem().Set(v)
	c, ok := self.Interface().(checker)
	if !ok {
		return
	}
	c.Check(d.reporter(path))
}

// reporter reports what is wrong with the keys of a section, once each.
func (d *decoder) reporter(path string) func(key, sentence string) {
	return func(key, sentence string) {
		full := strings.Trim(path+"."+key, ".")
		if strings.HasPrefix(key, "[") { // an element of a list
			full = path + key
		}
		if !d.reported(full) {
			d.complain(d.placeOf(full), full, sentence)
		}
	}
}

// reported says whether a path, what it is in or what is in it has a problem already.
func (d *decoder) reported(path string) bool {
	for bad := range d.bad {
		if within(path, bad) || within(bad, path) {
			return true
		}
	}
	return slices.ContainsFunc(d.doc.broken, func(key string) bool { return within(path, key) })
}

// within says whether a path is another or lies in it.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[' || outer == "")
}

// placeOf is where a path's value stands, or where the innermost section that holds it does.
func (d *decoder) placeOf(path string) place {
	for {
		if at, ok := d.places[path]; ok {
			return at
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return place{1, 1}
		}
		path = path[:cut]
	}
}

func sortedMapKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
