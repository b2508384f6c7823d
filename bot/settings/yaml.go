package settings

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/token"
)

// Both Example and Effective print values by the tags that the decoder reads. What this file prints, Parse reads back.

// printer prints values as YAML, and says how it could not.
type printer struct {
	literal  func(key string) bool // which secrets may be written out
	problems []string
}

// inline is a value on one line; path is its key, for what can go wrong.
func (p *printer) inline(v reflect.Value, f field, path string) string {
	switch {
	case isSecret(v.Type()):
		return p.secret(v, path)
	case isText(v.Type()):
		return quote(escape(textOf(v)), true)
	case v.Kind() == reflect.String:
		return quote(escape(v.String()), false)
	case isSection(v.Type()):
		if f.off && v.IsZero() {
			return "0"
		}
		return "{" + strings.Join(p.entries(v, path, false), ", ") + "}"
	case v.Kind() == reflect.Map:
		var entries []string
		for _, key := range sortedMapKeys(v) {
			value := p.element(v.MapIndex(key), f, join(path, key.String()))
			entries = append(entries, quote(key.String(), false)+": "+value)
		}
		return "{" + strings.Join(entries, ", ") + "}"
	case v.Kind() == reflect.Slice:
		elements := make([]string, v.Len())
		for i := range elements {
			elements[i] = p.element(v.Index(i), f, fmt.Sprintf("%s[%d]", path, i))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	}
	return textOf(v)
}

// entries are the keys of a section with their values; sparse leaves out what is empty anyway.
func (p *printer) entries(v reflect.Value, path string, sparse bool) []string {
	var all []string
	for _, f := range fieldsOf(v.Type()) {
		fv := v.FieldByIndex(f.index)
		if unsayable(fv) || sparse && fv.IsZero() && f.initial == "" && !f.required {
			continue
		}
		all = append(all, f.name+": "+p.inline(fv, f, join(path, f.name)))
	}
	return all
}

// element is an element of a list or a map, on one line. Of a section, only what says something.
func (p *printer) element(v reflect.Value, f field, path string) string {
	if isSection(v.Type()) {
		return "{" + strings.Join(p.entries(v, path, true), ", ") + "}"
	}
	return p.inline(v, f.element(), path)
}

// unsayable says whether a value has no text that reads back: an empty one of a type whose texts are not empty. It is what
// the key has when it is left out.
func unsayable(v reflect.Value) bool {
	if isSecret(v.Type()) {
		s := v.Interface().(secretGetter)
		return s.Reveal() == "" && s.Source() == ""
	}
	return isText(v.Type()) && textOf(v) == ""
}

func (p *printer) secret(v reflect.Value, path string) string {
	s, ok := v.Interface().(secretGetter)
	if !ok {
		panic(fmt.Sprintf("settings: %s is a secret without Reveal and Source", v.Type()))
	}
	if s.Source() != "" {
		return quote(s.Source(), false)
	}
	public, ok := s.(publicSecret)
	if allowed := ok && public.Public() || p.literal != nil && p.literal(path); !allowed {
		p.problems = append(p.problems, path+" is a secret that was not given by ${NAME} or file:/path; it is not written out")
	}
	if strings.HasPrefix(s.Reveal(), filePrefix) {
		p.problems = append(p.problems, path+" begins with file: and would be read as a file's name")
	}
	return quote(escape(s.Reveal()), false)
}

// textOf is the text that setText reads.
func textOf(v reflect.Value) string {
	if v.Type() == durationType {
		return Duration(v.Interface().(time.Duration)).String()
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		if err != nil {
			panic(fmt.Sprintf("settings: %s does not print: %v", v.Type(), err))
		}
		return string(text)
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return strconv.FormatInt(v.Int(), 10)
}

// What may stand without quotes in every place of a file and means the same to every reader of YAML: no flow
// indicators, nothing that looks like a key, no spaces at the ends.
var (
	plain     = regexp.MustCompile(`^[A-Za-z0-9/](?:[A-Za-z0-9_./+-]| [A-Za-z0-9]|:[A-Za-z0-9/])*$`)
	simple    = regexp.MustCompile(`^[ -&(-~]+$`)               // ASCII without single quotes
	otherBool = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off)$`) // to readers of YAML 1.1
)

// quote is a text as a YAML scalar. What looks like a number has quotes unless a number will do.
func quote(text string, numberWillDo bool) string {
	if plain.MatchString(text) && !otherBool.MatchString(text) {
		switch token.New(text, text, &token.Position{}).Type {
		case token.StringType:
			return text
		case token.IntegerType:
			if numberWillDo {
				return text
			}
		}
	}
	if strings.Contains(text, `"`) && simple.MatchString(text) {
		return "'" + text + "'"
	}
	// JSON's strings are YAML's (YAML 1.2.2, section 1.3).
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(fmt.Sprintf("settings: a text that is no JSON: %v", err)) // strings always are
	}
	return strings.TrimSuffix(b.String(), "\n")
}
