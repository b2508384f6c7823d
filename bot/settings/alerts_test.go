package settings

import (
	"strings"
	"testing"
)

// TestRulesHaveNamesOfTheirOwn: what an alert's decision says is never read as something else.
func TestRulesHaveNamesOfTheirOwn(t *testing.T) {
	for src, want := range map[string]string{
		`rules: [{name: a, when: "true", do: notify}, {name: a, when: "true", do: notify}]`: `alerts.rules[1].name: an earlier rule is called "a" too`,
		`rules: [{name: silenced, when: "true", do: notify}]`:                               `alerts.rules[0].name: "silenced" is what Fireboss calls a decision of its own; call the rule something else, such as "my silenced"`,
		`rules: [{name: over, when: "true", do: notify}]`:                                   `alerts.rules[0].name: "over" is what Fireboss`,
	} {
		_, err := Parse("c.yaml", []byte("alerts:\n  "+src+"\n"), Options{Env: env(nil)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got  %v\n want %s", src, err, want)
		}
	}
}
