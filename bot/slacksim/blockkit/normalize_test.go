package blockkit

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var drawnID = regexp.MustCompile(`"(block_id|action_id)":"[A-Za-z0-9]{5}"`)

// normalized shows drawn ids as "?".
func normalized(blocks string) string {
	return drawnID.ReplaceAllString(string(Normalize([]byte(blocks))), `"$1":"?"`)
}

func TestNormalize(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", `[]`, `[]`},
		{"a divider", ` [ { "type" : "divider" } ] `, `[{"type":"divider","block_id":"?"}]`},
		{"texts", `[{"type":"section","text":{"type":"mrkdwn","text":"a"},"fields":[{"type":"plain_text","text":"b"},{"type":"plain_text","text":"c","emoji":false},{"type":"mrkdwn","text":"d","verbatim":true}]}]`,
			`[{"type":"section","block_id":"?","text":{"type":"mrkdwn","text":"a","verbatim":false},"fields":[{"type":"plain_text","text":"b","emoji":true},{"type":"plain_text","text":"c","emoji":false},{"type":"mrkdwn","text":"d","verbatim":true}]}]`},
		{"texts of a context", `[{"type":"context","elements":[{"type":"mrkdwn","text":"a"},{"type":"image","alt_text":"b","image_url":"c"}]}]`,
			`[{"type":"context","block_id":"?","elements":[{"type":"mrkdwn","text":"a","verbatim":false},{"type":"image","alt_text":"b","image_url":"c"}]}]`},
		{"elements", `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"a"}},{"type":"overflow","action_id":"mine","options":[{"text":{"type":"plain_text","text":"o"},"value":"v"}]}]}]`,
			`[{"type":"actions","block_id":"?","elements":[{"type":"button","action_id":"?","text":{"type":"plain_text","text":"a","emoji":true}},{"type":"overflow","action_id":"mine","options":[{"text":{"type":"plain_text","text":"o","emoji":true},"value":"v"}]}]}]`},
		{"confirm, placeholder, label", `[{"type":"input","block_id":"mine","label":{"type":"plain_text","text":"l"},"element":{"type":"static_select","placeholder":{"type":"plain_text","text":"p"},"confirm":{"text":{"type":"mrkdwn","text":"t"}},"option_groups":[{"label":{"type":"plain_text","text":"g"}}]}}]`,
			`[{"type":"input","block_id":"mine","label":{"type":"plain_text","text":"l","emoji":true},"element":{"type":"static_select","action_id":"?","placeholder":{"type":"plain_text","text":"p","emoji":true},"confirm":{"text":{"type":"mrkdwn","text":"t","verbatim":false}},"option_groups":[{"label":{"type":"plain_text","text":"g","emoji":true}}]}}]`},
		{"rich text, also in cells", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]},{"type":"table","rows":[[{"type":"rich_text","elements":[]}]]}]`,
			`[{"type":"rich_text","block_id":"?","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]},{"type":"table","block_id":"?","rows":[[{"type":"rich_text","elements":[]}]]}]`},
		{"numbers, escapes and order stay", `[{"z":1.50e+3,"type":"later","a":{"type":"plain_text","n":10000000000000000000001},"s":"\u00e9\/é\ud83d\ude00 \ud800"}]`,
			`[{"z":1.50e+3,"type":"later","block_id":"?","a":{"type":"plain_text","n":10000000000000000000001},"s":"\u00e9\/é\ud83d\ude00 \ud800"}]`},
		{"no objects", `[1,null,["a"],"b",true]`, `[1,null,["a"],"b",true]`},
		{"not an array", `{"type": "divider"}`, `{"type": "divider"}`},
		{"not JSON", `[{`, `[{`},
		{"nothing", ``, ``},
	} {
		if got := normalized(tt.in); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// What Slack itself sent in frames of Socket Mode is in the form already.
func TestNormalizeLeavesSlacksOwn(t *testing.T) {
	for _, blocks := range []string{
		`[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Click Me!","emoji":true},"value":"underlying"}]}]`,
		`[{"type":"rich_text","block_id":"K8xp","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U222"},{"type":"text","text":" hey"}]}]}]`,
		`[{"type":"section","block_id":"qBPT","text":{"type":"mrkdwn","text":"any","verbatim":false}},{"type":"divider","block_id":"2HNO"}]`,
	} {
		if got := string(Normalize([]byte(blocks))); got != blocks {
			t.Errorf("got %s, want %s", got, blocks)
		}
	}
}

func TestNormalizedIDsAreUnlike(t *testing.T) {
	actions := `{"type":"actions","elements":[` + items(25, `{"type":"button","text":`+plain(1)+`}`) + `]}`
	out := Normalize([]byte(`[` + items(50, actions) + `]`))
	ids := drawnID.FindAllString(string(out), -1)
	seen := make(map[string]bool)
	for _, id := range ids {
		_, value, _ := strings.Cut(id, ":")
		if seen[value] {
			t.Fatalf("%s twice", value)
		}
		seen[value] = true
	}
	if len(ids) != 50+50*25 {
		t.Errorf("%d ids", len(ids))
	}
}

// Slack draws ids at each call, so that an app which names no block loses what a
// person had entered.
func TestNormalizeDrawsAnew(t *testing.T) {
	if a, b := Normalize([]byte(`[`+divider+`]`)), Normalize([]byte(`[`+divider+`]`)); string(a) == string(b) {
		t.Errorf("%s twice", a)
	}
}

func TestNormalizedSamplesAreValidAndStay(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		var s map[string]json.RawMessage
		if err := json.Unmarshal(sample(t, file), &s); err != nil {
			t.Fatal(err)
		}
		once := Normalize(s["blocks"])
		if twice := Normalize(once); string(twice) != string(once) {
			t.Errorf("%s: changes when normalized again:\n%s\n%s", file, once, twice)
		}
		s["blocks"] = once
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, written(checkSample(again)))
	}
}
