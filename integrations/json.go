package integrations

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxDepth is how deeply a delivery may be nested: real ones reach about ten.
const MaxDepth = 100

// JSON is a value that a stranger sent. Its methods take whatever is there: of what is missing, null or of another type
// they give nothing. The zero value is null.
type JSON struct{ value any }

// ReadJSON reads one value (RFC 8259) and nothing after it.
func ReadJSON(text []byte) (JSON, error) {
	v, ok := tree(text, MaxDepth)
	switch {
	case ok:
		return JSON{v}, nil
	case deeper(text, MaxDepth):
		return JSON{}, errors.New("the JSON is nested too deeply")
	case json.NewDecoder(bytes.NewReader(text)).Decode(new(any)) == nil:
		return JSON{}, errors.New("there is something after the JSON")
	}
	return JSON{}, errors.New("the body is not JSON")
}

// deeper says whether arrays and objects are nested in more than limit levels.
func deeper(text []byte, limit int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// At is what stands at a path of names.
func (j JSON) At(path ...string) JSON {
	for _, name := range path {
		m, _ := j.value.(map[string]any)
		j = JSON{m[name]}
	}
	return j
}

// Is says whether there is anything but null.
func (j JSON) Is() bool { return j.value != nil }

// Value is the value as encoding/json has it, with numbers as json.Number.
func (j JSON) Value() any { return j.value }

// Object says whether it is an object.
func (j JSON) Object() bool { _, ok := j.value.(map[string]any); return ok }

// Text is a string, or a number or truth value as it was written; of all else nothing.
func (j JSON) Text() string {
	switch v := j.value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// Or is the first of the texts that is not empty.
func (j JSON) Or(others ...JSON) JSON {
	for _, o := range others {
		if strings.TrimSpace(j.Text()) != "" {
			break
		}
		j = o
	}
	return j
}

// True says whether it is true, also where it is written as a text.
func (j JSON) True() bool { return strings.EqualFold(j.Text(), "true") }

// Number is a number, also where it is written as a text; 0 where there is none.
func (j JSON) Number() float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(j.Text()), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

// Count is a number of things: not negative, and no more than a billion.
func (j JSON) Count() int { return int(min(max(j.Number(), 0), 1e9)) }

// Array says whether it is an array.
func (j JSON) Array() bool { _, ok := j.value.([]any); return ok }

// List are the members of an array; of one value that is no array, that value.
func (j JSON) List() []JSON {
	var all []JSON
	switch v := j.value.(type) {
	case nil:
	case []any:
		for _, e := range v {
			all = append(all, JSON{e})
		}
	default:
		all = append(all, j)
	}
	return all
}

// Fields are the members of an object, by name.
func (j JSON) Fields() iter.Seq2[string, JSON] {
	m, _ := j.value.(map[string]any)
	return func(yield func(string, JSON) bool) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !yield(name, JSON{m[name]}) {
				return
			}
		}
	}
}

// Texts are the members of an object that have a text, such as labels.
func (j JSON) Texts() map[string]string {
	all := map[string]string{}
	for name, v := range j.Fields() {
		if v.Is() && !v.Object() {
			all[name] = v.Text()
		}
	}
	return all
}

// layouts are the ways in which times were seen written that are no RFC 3339.
var layouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999Z0700", // CloudWatch, Wazuh
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999 Z0700",
	"2006-01-02T15:04:05.999999999", // without a zone: UTC
	"2006-01-02 15:04:05.999999999",
	"2006-01-02 15:04:05.999999999 MST",
}

// Time is a moment: in any of the usual ways of writing it, or a number of seconds, milliseconds, microseconds or
// nanoseconds since 1970, told apart by its size (seconds up to the year 5138). Zero where there is none.
func (j JSON) Time() time.Time { return ReadTime(j.Text()) }

// ReadTime reads a moment as [JSON.Time] does.
func ReadTime(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(fraction, "0123456789") != "" {
		n, fraction = 0, ""
		if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1e18 { // 1.7e12
			n = int64(f)
		}
	}
	switch {
	case n <= 0:
		return time.Time{}
	case n < 1e11:
		f, _ := strconv.ParseFloat("0."+fraction+"0", 64)
		return time.Unix(n, int64(math.Round(f*1e3))*1e6).UTC()
	case n < 1e14:
		return time.UnixMilli(n).UTC()
	case n < 1e17:
		return time.UnixMicro(n).UTC()
	}
	return time.Unix(0, n).UTC()
}
