package web

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"
)

// FuzzBodies: whatever is posted, the readers do not panic, and what they
// refuse they refuse as invalid, in words.
func FuzzBodies(f *testing.F) {
	for _, s := range []string{
		openExample, commandExample, down, `{}`, `[]`, `{"title":`, `{"title":"a","title":"b"}`, `{"severity":1}`, `{"services":[null]}`,
		`{"started":"2020-11-20T14:02:00Z","resolved":null,"private":true,"drill":false}`, "\xff", `{"text":"\ud800"}`, `{"a":{"b":[[[[]]]]}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !utf8.ValidString(body) {
			return // readBody has refused it
		}
		_, openErr := readOpen(body)
		_, commandErr := readCommand(body)
		for _, err := range []error{openErr, commandErr} {
			if err == nil {
				var v map[string]json.RawMessage
				if json.Unmarshal([]byte(body), &v) != nil {
					t.Errorf("%q was read, and is no object", body)
				}
				continue
			}
			var p *Problem
			if !errors.As(err, &p) || p.Code != "invalid" || p.Detail == "" || !utf8.ValidString(p.Detail) || len(p.Detail) > 1000 {
				t.Errorf("%q was refused with %#v", body, err)
			}
		}
		o := order{Token: "t", Scope: Write, Body: body}
		raw, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var again order
		if err := json.Unmarshal(raw, &again); err != nil || again != o || again.digest() != o.digest() {
			t.Errorf("%q does not come back from the inbox: %+v, %v", body, again, err)
		}
	})
}
