package slack

import (
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
	raw, err := Manifest()
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
