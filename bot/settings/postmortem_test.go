package settings

import (
	"errors"
	"strings"
	"testing"
)

func TestTemplates(t *testing.T) {
	s := parse(t, "postmortem: {templates: {network: notes/network.md, data: lightweight}, names: true}", Options{}).Postmortem
	if s.Templates["network"] != "notes/network.md" || !s.Templates["network"].File() || s.Templates["data"].File() || len(s.Templates) != 2 {
		t.Errorf("%+v", s.Templates)
	}
	if !s.Names {
		t.Error("names are lost")
	}
}

// What is wrong with a template's own file is said where its name stands.
func TestTemplateFiles(t *testing.T) {
	var read []string
	look := func(path string) error {
		read = append(read, path)
		if path == "bad.md" {
			return errors.New("bad.md:3: there is no slot moon")
		}
		return nil
	}
	src := "postmortem:\n  templates:\n    default: full\n    data: bad.md\n    network: good.md\n"
	_, err := Parse("c.yaml", []byte(src), Options{Template: look})
	if err == nil || err.Error() != "c.yaml:4:11: postmortem.templates.data: the template cannot be used: bad.md:3: there is no slot moon" {
		t.Errorf("%v", err)
	}
	if got := strings.Join(read, " "); got != "bad.md good.md" {
		t.Errorf("looked at %s", got)
	}
}
