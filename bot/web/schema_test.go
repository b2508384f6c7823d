package web

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// schemas check values against the part of JSON Schema 2020-12 that
// openapi.json uses. A keyword it does not know is a mistake, not a pass.
type schemas struct{ doc map[string]any }

// at follows a reference such as #/components/schemas/Incident.
func (s schemas) at(ref string) map[string]any {
	var here any = s.doc
	for _, name := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		m, ok := here.(map[string]any)
		if !ok {
			return nil
		}
		here = m[name]
	}
	m, _ := here.(map[string]any)
	return m
}

// check says what is wrong with a value; nothing if all holds.
func (s schemas) check(schema map[string]any, v any, where string) (wrong []string) {
	fail := func(format string, args ...any) {
		wrong = append(wrong, where+": "+fmt.Sprintf(format, args...))
	}
	for keyword, rule := range schema {
		switch keyword {
		case "description", "example", "default", "format", "contentEncoding":
		case "$ref":
			target := s.at(rule.(string))
			if target == nil {
				fail("%s leads nowhere", rule)
				continue
			}
			wrong = append(wrong, s.check(target, v, where)...)
		case "type":
			if !isType(rule, v) {
				fail("%v is not of type %v", v, rule)
			}
		case "enum":
			if !slices.Contains(rule.([]any), v) {
				fail("%v is none of %v", v, rule)
			}
		case "pattern":
			if text, ok := v.(string); ok && !regexp.MustCompile(rule.(string)).MatchString(text) {
				fail("%q does not match %s", text, rule)
			}
		case "minimum":
			if n, ok := v.(float64); ok && n < rule.(float64) {
				fail("%v is less than %v", n, rule)
			}
		case "maximum":
			if n, ok := v.(float64); ok && n > rule.(float64) {
				fail("%v is more than %v", n, rule)
			}
		case "maxLength":
			if text, ok := v.(string); ok && len(text) > int(rule.(float64)) {
				fail("%q is too long", text)
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				wrong = append(wrong, s.check(rule.(map[string]any), item, fmt.Sprintf("%s[%d]", where, i))...)
			}
		case "oneOf":
			fits := 0
			for _, option := range rule.([]any) {
				if len(s.check(option.(map[string]any), v, where)) == 0 {
					fits++
				}
			}
			if fits != 1 {
				fail("%v fits %d of the alternatives", v, fits)
			}
		case "required":
			m, ok := v.(map[string]any)
			for _, name := range rule.([]any) {
				if _, there := m[name.(string)]; ok && !there {
					fail("%s is missing", name)
				}
			}
		case "properties", "additionalProperties":
			if keyword == "properties" || schema["properties"] == nil {
				wrong = append(wrong, s.members(schema, v, where)...)
			}
		default:
			fail("the test does not know the keyword %s", keyword)
		}
	}
	return wrong
}

// members checks what an object holds.
func (s schemas) members(schema map[string]any, v any, where string) (wrong []string) {
	m, _ := v.(map[string]any)
	known, _ := schema["properties"].(map[string]any)
	for name, value := range m {
		if p, ok := known[name].(map[string]any); ok {
			wrong = append(wrong, s.check(p, value, where+"."+name)...)
			continue
		}
		switch rest := schema["additionalProperties"].(type) {
		case bool:
			if !rest {
				wrong = append(wrong, where+": "+name+" is not described")
			}
		case map[string]any:
			wrong = append(wrong, s.check(rest, value, where+"."+name)...)
		}
	}
	return wrong
}

func isType(rule, v any) bool {
	if list, ok := rule.([]any); ok {
		return slices.ContainsFunc(list, func(r any) bool { return isType(r, v) })
	}
	switch x := v.(type) {
	case nil:
		return rule == "null"
	case bool:
		return rule == "boolean"
	case string:
		return rule == "string"
	case float64:
		return rule == "number" || rule == "integer" && x == math.Trunc(x)
	case []any:
		return rule == "array"
	case map[string]any:
		return rule == "object"
	}
	return false
}

func generic(body string) (v any, err error) {
	err = json.Unmarshal([]byte(body), &v)
	return v, err
}
