package settings

import (
	"fmt"
	"reflect"
	"strings"
)

// outline prints sections over many lines, with what the tags say about the keys where docs is set.
type outline struct {
	printer
	docs bool
	b    strings.Builder
	said map[string]bool // what the present top-level section has explained already
}

// width is where lines of explanation end.
const width = 100

func (o *outline) line(indent, text string) {
	o.b.WriteString(strings.TrimRight(indent+text, " ") + "\n")
}

// comment writes a text as comment lines; what follows its first line is set in by hang.
func (o *outline) comment(indent, text, hang string) {
	line := indent + "#"
	for word := range strings.FieldsSeq(text) {
		if len([]rune(line))+1+len([]rune(word)) > width {
			o.line("", line)
			line = indent + "#" + hang
		}
		line += " " + word
	}
	o.line("", line)
}

// section prints the keys of a section.
func (o *outline) section(v reflect.Value, path, indent string) {
	for i, f := range fieldsOf(v.Type()) {
		if indent == "" {
			o.said = map[string]bool{}
		}
		if o.docs && (i > 0 || indent == "") {
			o.b.WriteString("\n")
		}
		fv := v.FieldByIndex(f.index)
		if o.docs {
			o.explain(f, fv, indent)
		}
		o.entry(f, fv, join(path, f.name), indent)
	}
}

// entry prints a key and its value.
func (o *outline) entry(f field, v reflect.Value, path, indent string) {
	switch {
	case v.Type() == integrationsType:
		o.integrations(f, v, path, indent)
	case unsayable(v), o.docs && f.required && v.IsZero():
		o.unset(f, indent)
	case isSection(v.Type()) && !f.flow:
		o.line(indent, f.name+":")
		o.section(v, path, indent+"  ")
	case v.Kind() == reflect.Map && v.Len() > 0:
		o.line(indent, f.name+":")
		for _, key := range sortedMapKeys(v) {
			o.line(indent+"  ", quote(key.String(), false)+": "+o.element(v.MapIndex(key), f, join(path, key.String())))
		}
	case v.Kind() == reflect.Slice && v.Len() > 0 && isSection(v.Type().Elem()):
		o.line(indent, f.name+":")
		for i := range v.Len() {
			o.item(v.Index(i), f, fmt.Sprintf("%s[%d]", path, i), indent+"  ")
		}
	default:
		o.line(indent, f.name+": "+o.inline(v, f, path))
	}
}

// longItem is how long an element of a list can be on one line; a longer one has
// a line for each of its keys.
const longItem = 120

// item prints an element of a list of sections.
func (o *outline) item(v reflect.Value, f field, path, indent string) {
	if whole := "- " + o.element(v, f, path); len([]rune(indent+whole)) <= longItem {
		o.line(indent, whole)
		return
	}
	for i, entry := range o.entries(v, path, true) {
		lead := "  "
		if i == 0 {
			lead = "- "
		}
		o.line(indent, lead+entry)
	}
}

// unset prints a key that has no value. Effective leaves it out.
func (o *outline) unset(f field, indent string) {
	switch {
	case !o.docs:
	case f.required:
		o.line(indent, f.name+": "+f.example)
	default:
		o.line(indent, "# "+f.name+": "+f.example)
	}
}

func (o *outline) integrations(f field, v reflect.Value, path, indent string) {
	if v.Len() == 0 {
		o.line(indent, f.name+": {}")
		return
	}
	o.line(indent, f.name+":")
	for _, key := range sortedMapKeys(v) {
		o.line(indent+"  ", key.String()+":")
		o.section(v.MapIndex(key).Elem().Elem(), join(path, key.String()), indent+"    ")
	}
}

// explain writes what a key means: its own doc, those of the keys that stand on its line, and an example where the
// value is an empty list or map.
func (o *outline) explain(f field, v reflect.Value, indent string) {
	o.comment(indent, f.doc, "")
	inner := v.Type()
	if isMapOrList(inner) {
		inner = inner.Elem()
	}
	if isSection(inner) && (inner != v.Type() || f.flow) {
		o.legend(fieldsOf(inner), indent)
	}
	empty := isMapOrList(v.Type()) && v.Len() == 0
	if empty && f.example != "" && !f.required {
		o.line(indent, "# For example:")
		o.line(indent, "#   "+f.name+": "+f.example)
	}
}

// legend explains keys in two columns, each once in a top-level section.
func (o *outline) legend(fields []field, indent string) {
	var names, docs []string
	longest := 0
	for _, f := range fields {
		name := f.name
		if f.group != "" {
			name = f.group
		}
		said := name + ": " + f.doc
		if f.doc == "" || o.said[said] {
			continue
		}
		o.said[said] = true
		names, docs = append(names, name), append(docs, f.doc)
		longest = max(longest, len([]rune(name)))
	}
	for i, name := range names {
		pad := strings.Repeat(" ", longest-len([]rune(name)))
		o.column(indent, "  "+name+pad+"  ", docs[i])
	}
}

// column writes a text beside its name, and what does not fit on the line below itself.
func (o *outline) column(indent, name, text string) {
	line := indent + "# " + name
	empty := true
	for word := range strings.FieldsSeq(text) {
		if !empty && len([]rune(line))+1+len([]rune(word)) > width {
			o.line("", line)
			line, empty = indent+"# "+strings.Repeat(" ", len([]rune(name))), true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	o.line("", line)
}
