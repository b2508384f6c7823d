package blockkit

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

// Any bytes get an answer; what is taken is taken in Slack's form too, and that
// form is JSON and final.
func FuzzBlocks(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		var s struct{ Blocks json.RawMessage }
		if json.Unmarshal(sample(f, file), &s) == nil {
			f.Add([]byte(s.Blocks))
		}
		f.Add(sample(f, file))
	}
	for _, text := range full {
		f.Add([]byte("[" + text + "]"))
		f.Add([]byte(`[{"type":"section","accessory":` + text + `},{"type":"input","element":` + text + `}]`))
	}
	for _, text := range []string{"", "[", `[{"a":1,"a":2}]`, `["\ud800"]`, "[\"\xff\"]", `[1e999999999,-0]`, `[[[[[[]]]]]]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		View(data)
		problems := Message(data)
		out := Normalize(data)
		if json.Valid(data) && !json.Valid(out) {
			t.Errorf("%s is no JSON any more: %s", data, out)
		}
		if again := Normalize(out); string(again) != string(out) {
			t.Errorf("normalized again, %s is %s", out, again)
		}
		if problems == nil {
			if got := Message(out); got != nil {
				t.Errorf("%s was taken, %s is not: %v", data, out, got)
			}
		}
	})
}
