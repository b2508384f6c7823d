package settings

import (
	"fmt"
	"strings"
)

// Postmortem is how postmortems are drafted.
type Postmortem struct {
	Templates Templates `yaml:"templates" doc:"The template for each type of incident, and default for all others: full, security or lightweight, or the path of a Markdown file of your own (NAME.md). What was called off has the lightweight one, and so have, where their type is not named here, drills, sev4 and sev5."`
	Names     bool      `yaml:"names" doc:"true: the narrative names people; false: it says their roles. The timeline names people in any case."`
}

// Templates are the templates by the type of the incident.
type Templates map[string]Template

// DefaultTemplate is the key of the template for all other types.
const DefaultTemplate = "default"

// CheckKey takes a type, or default.
func (Templates) CheckKey(key string) error {
	if key != DefaultTemplate && !typeNames.MatchString(key) {
		return fmt.Errorf("%q cannot be a type; types are lower-case words like security, and %s stands for all others", key, DefaultTemplate)
	}
	return nil
}

// Template is the name of a template that comes with Fireboss, or the path of a file.
type Template string

// Templates that come with Fireboss.
var templates = []string{"full", "security", "lightweight"}

// File reports whether it is the path of a file.
func (t Template) File() bool { return strings.HasSuffix(string(t), ".md") }

// UnmarshalText takes a name, or a path that ends with .md.
func (t *Template) UnmarshalText(text []byte) error {
	*t = Template(text)
	for _, name := range templates {
		if name == string(text) {
			return nil
		}
	}
	if !t.File() || strings.TrimSuffix(string(text), ".md") == "" {
		return fmt.Errorf("%q is no template; there are %s, and the path of a file of your own ends with .md", text, orList(templates))
	}
	return nil
}

// checkFiles reports the files that are no templates; read reads one and says what is
// wrong with it, with the line.
func (p Postmortem) checkFiles(read func(path string) error, report func(key, sentence string)) {
	for _, typ := range sortedKeys(p.Templates) {
		path := string(p.Templates[typ])
		if !p.Templates[typ].File() {
			continue
		}
		if err := read(path); err != nil {
			report("templates."+typ, "the template cannot be used: "+err.Error())
		}
	}
}
