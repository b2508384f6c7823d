package settings

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// field is one key of a section, as the tags of its struct field describe it.
type field struct {
	name    string
	index   []int // for reflect.Value.FieldByIndex
	typ     reflect.Type
	doc     string
	group   string // for the keys of an inlined struct: what they are called together, such as sev1 … sev5
	example string
	initial string // the default tag
	enum    []string
	min     string
	max     string

	required, single, flow, off bool
}

// What the types of fields may be able to do; see the package's comment.
type (
	secretSetter interface{ SetSecret(value, source string) }
	secretGetter interface {
		Reveal() string
		Source() string
	}
	// publicSecret is one that may turn out to hold nothing secret.
	publicSecret interface{ Public() bool }
	checker      interface {
		Check(report func(key, sentence string))
	}
	keyChecker interface{ CheckKey(key string) error }
)

var (
	secretType       = reflect.TypeFor[secretSetter]()
	textType         = reflect.TypeFor[encoding.TextUnmarshaler]()
	durationType     = reflect.TypeFor[time.Duration]()
	integrationsType = reflect.TypeFor[Integrations]()
)

func isSecret(t reflect.Type) bool { return reflect.PointerTo(t).Implements(secretType) }

// isText says whether a type reads itself from a text.
func isText(t reflect.Type) bool {
	return t == durationType || reflect.PointerTo(t).Implements(textType)
}

// isSection says whether a type is written as a mapping of fixed keys.
func isSection(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && !isSecret(t) && !isText(t)
}

// fieldsOf reads the tags of a struct type. Tags that make no sense are a programmer's mistake and panic: every
// section that exists passes through here in the tests.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		sf := t.Field(i)
		tag, ok := sf.Tag.Lookup("yaml")
		if !ok || tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" && options == "inline" {
			all = append(all, inlined(sf, i)...)
			continue
		}
		f := fieldOf(sf, name, options)
		f.index = []int{i}
		all = append(all, f)
	}
	for i := range all {
		for j := range i {
			if all[i].name == all[j].name {
				panic(fmt.Sprintf("settings: %s has the key %s twice", t, all[i].name))
			}
		}
	}
	return all
}

func inlined(sf reflect.StructField, at int) []field {
	fields := fieldsOf(sf.Type)
	for i := range fields {
		fields[i].index = append([]int{at}, fields[i].index...)
		if doc := sf.Tag.Get("doc"); doc != "" {
			fields[i].doc = doc
			fields[i].group = fields[0].name + " … " + fields[len(fields)-1].name
		}
	}
	return fields
}

func fieldOf(sf reflect.StructField, name, options string) field {
	f := field{
		name: name, typ: sf.Type,
		doc: sf.Tag.Get("doc"), example: sf.Tag.Get("example"), initial: sf.Tag.Get("default"),
		min: sf.Tag.Get("min"), max: sf.Tag.Get("max"),
	}
	if enum := sf.Tag.Get("enum"); enum != "" {
		f.enum = strings.Split(enum, ",")
	}
	flags := map[string]*bool{"required": &f.required, "single": &f.single, "flow": &f.flow, "off": &f.off}
	for option := range strings.SplitSeq(options, ",") {
		if option == "" {
			continue
		}
		flag := flags[option]
		if flag == nil {
			panic(fmt.Sprintf("settings: %s: unknown option %s in its yaml tag", sf.Name, option))
		}
		*flag = true
	}
	if name == "" || !sf.IsExported() {
		panic(fmt.Sprintf("settings: %s needs a name in its yaml tag and a capital letter", sf.Name))
	}
	return f
}

// docOf is what a section says of itself: the doc tag of its blank field.
//
//	_ struct{} `doc:"Prometheus Alertmanager."`
func docOf(t reflect.Type) string {
	if sf, ok := t.FieldByName("_"); ok {
		return sf.Tag.Get("doc")
	}
	return ""
}

// isMapOrList says whether a type is written as a mapping of free keys or as a list.
func isMapOrList(t reflect.Type) bool {
	return (t.Kind() == reflect.Map || t.Kind() == reflect.Slice) && !isText(t) && !isSecret(t)
}

func names(fields []field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.name
	}
	return all
}

// fill gives the zero fields of a section the values of their default tags.
func fill(v reflect.Value) {
	if !isSection(v.Type()) {
		return
	}
	for _, f := range fieldsOf(v.Type()) {
		fv := v.FieldByIndex(f.index)
		if f.initial != "" && fv.IsZero() {
			if err := setText(fv, f, f.initial); err != nil {
				panic(fmt.Sprintf("settings: default of %s in %s: %v", f.name, v.Type(), err))
			}
		}
		fill(fv)
	}
}

// setText gives a value of a scalar type what a text says. Its errors are sentences for people.
func setText(v reflect.Value, f field, text string) error {
	if v.Type() == durationType {
		var d Duration
		err := d.UnmarshalText([]byte(text))
		v.SetInt(int64(d))
		return err
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		if err := inEnum(f, text); err != nil {
			return err
		}
		v.SetString(text)
		return nil
	case reflect.Bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("expected true or false, found %q", text)
		}
		v.SetBool(text == "true")
		return nil
	case reflect.Int, reflect.Int64, reflect.Int32:
		return setInt(v, f, text)
	case reflect.Float64:
		return setFloat(v, f, text)
	}
	panic(fmt.Sprintf("settings: a field of type %s cannot be read", v.Type()))
}

func inEnum(f field, text string) error {
	if len(f.enum) == 0 {
		return nil
	}
	for _, known := range f.enum {
		if text == known {
			return nil
		}
	}
	return fmt.Errorf("%q is not one of %s", text, orList(f.enum))
}

func setInt(v reflect.Value, f field, text string) error {
	n, err := strconv.ParseInt(text, 10, v.Type().Bits())
	// 017 is 15 to some readers of YAML and 17 to others; +5 and 1_000 are for machines.
	if err != nil || strconv.FormatInt(n, 10) != text {
		return fmt.Errorf("expected a whole number, found %q", text)
	}
	v.SetInt(n)
	return inBounds(f, float64(n))
}

func setFloat(v reflect.Value, f field, text string) error {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "-.0123456789") != "" {
		return fmt.Errorf("expected a number, found %q", text)
	}
	v.SetFloat(x)
	return inBounds(f, x)
}

func inBounds(f field, x float64) error {
	if low, err := strconv.ParseFloat(f.min, 64); err == nil && x < low {
		return fmt.Errorf("must be at least %s", f.min)
	}
	if high, err := strconv.ParseFloat(f.max, 64); err == nil && x > high {
		return fmt.Errorf("must be at most %s", f.max)
	}
	return nil
}

// orList is a, b or c.
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// element is what a list's or map's tags say of each of its elements.
func (f field) element() field {
	return field{name: f.name, enum: f.enum, min: f.min, max: f.max, single: f.single}
}
