package condition

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/expr-lang/expr/vm/runtime"
)

// functions are what a rewritten expression calls. One with ! cannot be written; the others take the place of the
// language's own, whose result may be much larger than what they are given.
var functions = map[string]func(...any) (any, error){
	"step!":  func(a ...any) (any, error) { return nil, a[0].(*Meter).step() },
	"at!":    func(a ...any) (any, error) { return member(a[0], a[1]), nil },
	"truth!": func(a ...any) (any, error) { return truth(a[0]) },
	"list!":  func(a ...any) (any, error) { return list(a[0]), nil },
	"text!":  func(a ...any) (any, error) { return text(a[0].(*Meter), a[1]) },
	"+!":     func(a ...any) (any, error) { return add(a[0].(*Meter), a[1], a[2]) },
	"<!":     compared(runtime.Less),
	">!":     compared(runtime.More),
	"<=!":    compared(runtime.LessOrEqual),
	">=!":    compared(runtime.MoreOrEqual),

	"join":    joined,
	"replace": replaced,
	"string": func(a ...any) (any, error) {
		if len(a) == 2 {
			if s, err := Text(a[1]); err == nil {
				return s, a[0].(*Meter).make(len(s))
			}
		}
		return written(a...)
	},
	"toJSON":   written,
	"fromJSON": read,
}

// growing are the functions that are given the meter, beside what is written.
var growing = []string{"join", "replace", "string", "toJSON", "fromJSON"}

// member is what stands at a name or a place of a value, counted from the end where it is negative; nothing where
// nothing does.
func member(of, at any) any {
	switch v := of.(type) {
	case nil, string, bool, int, float64:
		return nil
	case map[string]any:
		name, ok := at.(string)
		if !ok {
			return nil
		}
		return v[name]
	case time.Time, time.Duration:
		return runtime.Fetch(of, at)
	}
	v := reflect.ValueOf(of)
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		i, ok := at.(int)
		if i < 0 {
			i += v.Len()
		}
		if !ok || i < 0 || i >= v.Len() {
			return nil
		}
		return v.Index(i).Interface()
	case reflect.Map, reflect.Struct:
		if _, ok := at.(string); ok {
			return runtime.Fetch(of, at)
		}
	}
	return nil
}

func truth(value any) (bool, error) {
	switch v := value.(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	}
	return false, fmt.Errorf("expected true or false, found %s", kind(value))
}

// kind says what a value is.
func kind(value any) string {
	switch value.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int, float64:
		return "a number"
	case time.Time:
		return "a time"
	}
	switch reflect.ValueOf(value).Kind() {
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	}
	return "something else"
}

func list(value any) any {
	if value == nil {
		return []any{}
	}
	return value
}

// text is a value of which a text is wanted.
func text(m *Meter, value any) (any, error) {
	s, err := Text(value)
	if err != nil {
		return nil, err
	}
	return s, m.make(len(s))
}

func compared(less func(a, b any) bool) func(...any) (any, error) {
	return func(a ...any) (any, error) { return a[0] != nil && a[1] != nil && less(a[0], a[1]), nil }
}

// add adds numbers, times and durations, and joins texts. Beside a text, numbers and the like are texts as well.
func add(m *Meter, a, b any) (any, error) {
	_, left := a.(string)
	_, right := b.(string)
	switch {
	case a == nil:
		return b, nil
	case b == nil:
		return a, nil
	case !left && !right:
		return runtime.Add(a, b), nil
	}
	x, err := Text(a)
	y, other := Text(b)
	if err := errors.Join(err, other); err != nil {
		return nil, err
	}
	return x + y, m.make(len(x) + len(y))
}

func joined(a ...any) (any, error) {
	if len(a) < 2 || len(a) > 3 {
		return nil, errors.New("join takes a list and what stands between its texts")
	}
	m, between := a[0].(*Meter), ""
	if len(a) == 3 {
		between, _ = a[2].(string)
	}
	v := reflect.ValueOf(list(a[1]))
	if v.Kind() != reflect.Slice {
		return nil, fmt.Errorf("join takes a list, and this is %s", kind(a[1]))
	}
	var b strings.Builder
	for i := range v.Len() {
		s, err := Text(v.Index(i).Interface())
		if i > 0 {
			s = between + s
		}
		if err := errors.Join(err, m.make(len(s))); err != nil {
			return nil, err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func replaced(a ...any) (any, error) {
	if len(a) < 4 || len(a) > 5 {
		return nil, errors.New("replace takes a text, what to replace and by what")
	}
	var texts [3]string
	for i := range texts {
		var err error
		if texts[i], err = Text(a[i+1]); err != nil {
			return nil, err
		}
	}
	s, old, by := texts[0], texts[1], texts[2]
	n := strings.Count(s, old)
	if len(a) == 5 {
		if limit := runtime.ToInt(a[4]); limit >= 0 {
			n = min(n, limit)
		}
	}
	if err := a[0].(*Meter).make(len(s) + n*len(by)); err != nil {
		return nil, err
	}
	return strings.Replace(s, old, by, n), nil
}

// written is a value as JSON.
func written(a ...any) (any, error) {
	if len(a) != 2 {
		return nil, errors.New("toJSON and string take one value")
	}
	if err := weigh(a[0].(*Meter), reflect.ValueOf(a[1])); err != nil {
		return nil, err
	}
	s, err := json.MarshalIndent(a[1], "", "  ")
	return string(s), err
}

// read is the value of a JSON text: some senders put one into another.
func read(a ...any) (any, error) {
	if len(a) != 2 || a[1] == nil {
		return nil, nil //nolint:nilnil // of nothing there is nothing to read
	}
	s, err := Text(a[1])
	if err := errors.Join(err, a[0].(*Meter).make(len(s))); err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, errors.New("the text is no JSON")
	}
	return Value(v), nil
}

// weigh takes from the meter what a value takes to be written: the same part may be in it many times.
func weigh(m *Meter, v reflect.Value) error {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	bytes := 16
	if v.Kind() == reflect.String {
		bytes += v.Len()
	}
	if err := m.make(bytes); err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := weigh(m, v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if err := errors.Join(weigh(m, key), weigh(m, v.MapIndex(key))); err != nil {
				return err
			}
		}
	}
	return nil
}
