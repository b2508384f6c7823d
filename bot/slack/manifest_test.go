package slack

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schema is Slack's own (slackapi/manifest-schema, MIT), but for two patterns
// with a look-ahead, which Go's regular expressions do not have.
func TestSlackAcceptsTheManifest(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []Needs{{}, {Emails: true}, {Redirect: "https://fires.example.com/sign-in/callback"}} {
		raw, err := Manifest(n)
		if err != nil {
			t.Fatal(err)
		}
		var m any
		if err := yaml.Unmarshal(raw, &m); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(jsonable(m)); err != nil {
			t.Errorf("%v\n%s", err, raw)
		}
		text := string(raw)
		if strings.Contains(text, "users:read.email") != n.Emails || strings.Contains(text, "openid") != (n.Redirect != "") || !strings.Contains(text, n.Redirect) {
			t.Errorf("for %+v:\n%s", n, text)
		}
	}
}

// jsonable turns YAML's numbers into those that the schema's checker knows.
func jsonable(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = jsonable(x)
		}
	case []any:
		for i, x := range v {
			v[i] = jsonable(x)
		}
	case uint64:
		return float64(v)
	}
	return v
}
