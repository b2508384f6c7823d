package integrations

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// decoded is what encoding/json makes of a text.
func decoded(text []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	_ = d.Decode(&v)
	return v
}

func scanned(t *testing.T, text []byte) {
	t.Helper()
	for _, depth := range []int{MaxDepth, 2} {
		want := json.Valid(text) && !deeper(text, depth)
		if got := Valid(text, depth); got != want {
			t.Fatalf("%q is valid in %d levels: %v, want %v", text, depth, got, want)
		}
		v, ok := tree(text, depth)
		if ok != want {
			t.Fatalf("of %q there is a tree in %d levels: %v, want %v", text, depth, ok, want)
		}
		if ok && !reflect.DeepEqual(v, decoded(text)) {
			t.Fatalf("%q is read as %#v, want %#v", text, v, decoded(text))
		}
	}
}

var scannedTexts = []string{
	"", " ", "null", " true\n", "false", "nul", "truely", "null null", "0", "-0", "-", "01", "1.", "1.5", ".5", "1e", "1e+", "1E-07", "1e5", "+1", "9999999999999999999999", "0x1",
	`""`, `"`, `"a`, `"a\`, `"\u12`, `"\u00e9"`, `"\ud800"`, `"\ud83d\ude00"`, `"\x"`, `"\/\b\f\n\r\t\"\\"`, "\"\x00\"", "\"\x1f\"", "\"\x7f\"", "\"\xff\"", "\"long enough for eight \xc3\xa9 \xc3\"", `"12345678\n12345678"`, "\"1234567\t\"",
	"[]", "[ ]", "[1]", "[1,]", "[,1]", "[1 2]", "[1,2", "[[1],[[2]]]", "[[[]]]", "]", "[}",
	"{}", "{ }", `{"a":1}`, `{"a":1,"a":{"b":2}}`, `{"a" : [ 1 , {"b":null} ] }`, `{"a"}`, `{"a":}`, `{a:1}`, `{"a":1,}`, `{,}`, `{"a":1]`, `{"\u0061":1,"a":2}`, "{\"\xff\":1,\"\xfe\":2}", "\ufeff{}", "\v1", "\u00a01",
	strings.Repeat("[", 100) + strings.Repeat("]", 100), strings.Repeat("[", 101) + strings.Repeat("]", 101), strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100), strings.Repeat("[", 100000),
}

func TestScan(t *testing.T) {
	for _, text := range scannedTexts {
		scanned(t, []byte(text))
	}
	for c := range 256 { // each byte, wherever eight are looked at together
		for at := range 18 {
			text := []byte(`"` + strings.Repeat("x", at) + string([]byte{byte(c)}) + strings.Repeat("x", 17-at) + `"`)
			scanned(t, text)
		}
	}
	text := []byte(`[{"labels":{"a":"b\n"},"n":1.5e3}, null, true]`)
	if n := testing.AllocsPerRun(100, func() { Valid(text, MaxDepth) }); n > 0 {
		t.Errorf("validating allocates %v times", n)
	}
}

// FuzzScan holds our reading of JSON to that of encoding/json: the same texts are taken, and the same is read in them.
func FuzzScan(f *testing.F) {
	for _, text := range scannedTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(scanned)
}

func BenchmarkValid(b *testing.B) {
	one := `{"labels":{"alertname":"HighErrorRate","cluster":"prod-eu","instance":"10.0.0.1:8080","job":"web","n":"0000000001","service":"checkout","severity":"warning","team":"sre"},"annotations":{"summary":"5% of the requests fail","description":"` + strings.Repeat("x", 400) + `"},"startsAt":"2026-11-20T15:00:00Z"}`
	text := []byte("[" + strings.Repeat(one+",", 49) + one + "]")
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"ours", func() { Valid(text, MaxDepth) }}, {"json", func() { _ = json.Valid(text) }},
		{"our-tree", func() { tree(text, MaxDepth) }}, {"json-tree", func() { decoded(text) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for range b.N {
				c.do()
			}
		})
	}
}
