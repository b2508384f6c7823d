package main_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"fireboss/bot/settings"
	"fireboss/incidents/alerts"
	"fireboss/incidents/alerts/condition"
	"fireboss/integrations"
	"fireboss/integrations/all"
)

// sourcesTable is the table of all that sends alerts: its name, what it is and how it proves itself.
func sourcesTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| name | what comes | how it proves itself |\n|---|---|---|\n")
	for _, k := range all.Kinds() {
		in, err := k.New(k.Config(), integrations.Deps{Outbound: &integrations.Outbound{}})
		if err != nil {
			t.Fatal(err)
		}
		if in.Alerts == nil {
			continue
		}
		config := reflect.TypeOf(k.Config()).Elem()
		blank, _ := config.FieldByName("_")
		about, _, _ := strings.Cut(blank.Tag.Get("doc"), ", sent to ")
		about, _, _ = strings.Cut(about, "; see ")
		proofs := proofsOf(config)
		if len(proofs) == 0 {
			proofs = []string{"by its own certificate"}
		}
		fmt.Fprintf(&b, "| [`%s`](%s.md) | %s | %s |\n", k.Name, k.Name, about, strings.Join(proofs, ", or "))
	}
	return b.String()
}

// proofsOf are the settings that hold what a sender proves itself by, in words.
func proofsOf(config reflect.Type) (list []string) {
	one, many := reflect.TypeFor[integrations.Secret](), reflect.TypeFor[[]integrations.Secret]()
	for i := range config.NumField() {
		f := config.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			list = append(list, proofsOf(f.Type)...)
		case f.Type != one && f.Type != many:
		case name == "key":
			list = append(list, "it presents `key`")
		case strings.HasSuffix(name, "secret"):
			list = append(list, "it signs with `"+name+"`")
		}
	}
	return list
}

var whens = regexp.MustCompile(`when: '((?:[^']|'')*)'`)

// TestAlertsAreExplained: docs/alerts.md names every name that a condition can use, its examples can be asked, and the
// rules that it shows are those that come with it.
func TestAlertsAreExplained(t *testing.T) {
	text := read(t, "docs/alerts.md")
	for part, names := range (alerts.Env{}).Names() {
		typ := reflect.TypeOf(names)
		for i := range typ.NumField() {
			if name := part + "." + typ.Field(i).Tag.Get("expr"); !strings.Contains(text, "\n| `"+name+"` |") {
				t.Errorf("docs/alerts.md does not explain %s", name)
			}
		}
	}
	examples := whens.FindAllStringSubmatch(text, -1)
	if len(examples) < 10 {
		t.Errorf("there are only %d examples", len(examples))
	}
	for _, m := range examples {
		program, err := alerts.Condition(strings.ReplaceAll(m[1], "''", "'")).Compile()
		if err != nil {
			t.Errorf("%s: %v", m[1], err)
			continue
		}
		if _, err := program.Holds(alerts.Env{}, condition.NewMeter(1000, 1<<20, nil)); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
	}
	_, shown, _ := strings.Cut(text, "```yaml\nalerts:\n")
	shown, _, _ = strings.Cut(shown, "```")
	s, err := settings.Parse("docs/alerts.md", []byte("alerts:\n"+shown), settings.Options{SkipIntegrations: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := settings.Defaults().Alerts.Rules; !reflect.DeepEqual(fmt.Sprint(s.Alerts.Rules), fmt.Sprint(want)) {
		t.Errorf("\n shown    %v\n shipped  %v", s.Alerts.Rules, want)
	}
	for _, r := range settings.Defaults().Alerts.Rules {
		if !strings.Contains(text, "`"+string(r.Do)+"`") {
			t.Errorf("docs/alerts.md does not explain %s", r.Do)
		}
	}
}
