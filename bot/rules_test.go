package bot

import (
	"reflect"
	"testing"

	"fireboss/bot/settings"
	"fireboss/incidents"
)

// What the configuration says by default is what the rules say where nothing is
// configured, and roles are explained besides.
func TestThePolicyOfADefaultConfiguration(t *testing.T) {
	s := settings.Defaults()
	got := rules(s)
	for _, sev := range incidents.Severities {
		if got.Meanings[sev] != sev.Meaning() {
			t.Errorf("%s means %q", sev, got.Meanings[sev])
		}
	}
	for i, role := range (incidents.Rules{}).RoleList() {
		mine := got.Roles[i]
		if mine.Instructions == "" {
			t.Errorf("%s has no instructions", mine.Name)
		}
		mine.Instructions = ""
		if !reflect.DeepEqual(mine, role) {
			t.Errorf("%+v, want %+v", mine, role)
		}
	}
	if !reflect.DeepEqual(got.Suggest, map[int]incidents.Severity{1: 2}) || got.Pages != "http://127.0.0.1:8080/incidents/" {
		t.Errorf("%+v, %q", got.Suggest, got.Pages)
	}
	var names []string
	for _, typ := range got.Types {
		names = append(names, typ.Name)
		if len(typ.Checklist) == 0 || typ.Meaning == "" || len(got.Missing(incidents.Incident{Type: typ.Name}, incidents.BeforeResolve)) > 0 {
			t.Errorf("%+v", typ)
		}
		if len(got.Missing(incidents.Incident{Type: typ.Name}, incidents.BeforeClose)) == 0 {
			t.Errorf("of %s nothing has to be known in the end", typ.Name)
		}
	}
	if !reflect.DeepEqual(names, []string{"availability", "security", "data", "third-party"}) {
		t.Errorf("%q", names)
	}
	data, _ := got.Type("data")
	if want := (incidents.Field{Name: "personal_data", Ask: "Is it data about people?", Values: []string{"yes", "no"}, Required: incidents.BeforeClose}); !reflect.DeepEqual(data.Fields[0], want) {
		t.Errorf("%+v", data.Fields[0])
	}
	if len(incidents.Rules{}.Types) > 0 || len(got.Missing(incidents.Incident{Type: incidents.DefaultType}, incidents.BeforeResolve, incidents.BeforeClose)) > 0 {
		t.Error("what nobody gave a type has to be more than it is")
	}
}
