package sourcetest

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

var update = flag.Bool("update", false, "write down what the deliveries in testdata say now")

// Came is when every delivery of these tests comes, unless a test says otherwise.
var Came = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// Delivery is the delivery in testdata/NAME.json.
func Delivery(t testing.TB, name string) integrations.Request {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	r := integrations.Request{Header: http.Header{}, Body: body, At: Came}
	lines, err := os.ReadFile(filepath.Join("testdata", name+".headers"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			r.Header.Set(key, strings.TrimSpace(value))
		}
	}
	return r
}

// names are those of the deliveries in testdata.
func names(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no deliveries in testdata: %v", err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".json")
	}
	return files
}

// Payloads reads each delivery in testdata and compares what it says with what is expected.
func Payloads(t *testing.T, s *integrations.Source) {
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			report, err := s.Read(Delivery(t, name))
			said := map[string]any{}
			if err != nil {
				said["error"] = err.Error()
			} else {
				said["report"] = cleaned(t, report)
			}
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(said); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".want")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil { //nolint:gosec // a file of the repository
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; make it with go test -update, and read it", err)
			}
			if d := cmp.Diff(string(want), got.String()); d != "" {
				t.Error(d)
			}
		})
	}
}

// cleaned is a report as it is kept. What the source itself has to see to is checked before.
func cleaned(t testing.TB, r alerts.Report) alerts.Report {
	t.Helper()
	for i, s := range r.Signals {
		if s.Fingerprint == "" {
			t.Errorf("signal %d has no fingerprint: %+v", i, s)
		}
		if !slices.Contains([]alerts.Status{alerts.Firing, alerts.Resolved, alerts.Acknowledged, alerts.NoData, alerts.Info, alerts.Update}, s.Status) {
			t.Errorf("signal %d has the status %q", i, s.Status)
		}
		r.Signals[i] = s.Clean(Came)
	}
	if empty := len(r.Signals)+len(r.Groups)+len(r.Changes) == 0; empty != (r.Nothing != "") {
		t.Errorf("it says nothing and not why, or something and why not: %+v", r)
	}
	return r
}

// most is how many spoilt forms of one delivery are tried, about: others each time, since maps are walked in another order.
const most = 250

// Rubbish reads what nobody should send, and each delivery in testdata with each of its values in turn missing or of
// another type: nothing panics, and whatever is read can be kept.
func Rubbish(t *testing.T, s *integrations.Source) {
	for _, body := range []string{"", " ", "null", "{}", "[]", "[null]", "[[]]", "[{}]", "1", `""`, "true", "{", "{} {}", `{"a":1}x`, "\xff\xfe", strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 20_000)} {
		taken(t, s, integrations.Request{Header: http.Header{}, Body: []byte(body), At: Came})
	}
	for _, name := range names(t) {
		whole := Delivery(t, name)
		var v any
		d := json.NewDecoder(bytes.NewReader(whole.Body))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			continue
		}
		ways, turn := 0, 0
		spoilt(v, func(n any) { v = n }, func() { ways++ })
		spoilt(v, func(n any) { v = n }, func() {
			if turn++; turn%(ways/most+1) != 0 {
				return // a large one in part: trying each of its values takes the square of its size
			}
			body, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			whole.Body = body
			taken(t, s, whole)
		})
	}
}

// others are what a value is replaced by.
var others = []any{nil, true, json.Number("-1"), json.Number("1e400"), json.Number("9007199254740993"), "", "<!channel> <b>x</b>", "\u202e\x00", []any{}, []any{nil, map[string]any{}}, map[string]any{}, map[string]any{"a": nil}}

// spoilt replaces every value within v in turn, and calls try with each.
func spoilt(v any, set func(any), try func()) {
	for _, o := range others {
		set(o)
		try()
	}
	set(v)
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			spoilt(inner, func(n any) { v[name] = n }, try)
			delete(v, name)
			try()
			v[name] = inner
		}
	case []any:
		for i, inner := range v {
			spoilt(inner, func(n any) { v[i] = n }, try)
		}
	}
}

// taken reads a delivery, and checks what it says as far as it can be checked of any.
func taken(t testing.TB, s *integrations.Source, r integrations.Request) {
	t.Helper()
	report, err := s.Read(r)
	if err != nil {
		if err.Error() == "" || len(err.Error()) > 400 {
			t.Errorf("%.200q is refused by %.500q", r.Body, err)
		}
		return
	}
	before := t.Failed()
	cleaned(t, report)
	again, err := s.Read(r)
	if err != nil {
		t.Errorf("what was read once is then refused: %v", err)
	}
	if again = cleaned(t, again); !reflect.DeepEqual(report, again) { // which is asked so often that a difference is looked for only where there is one
		t.Errorf("what is read twice says two things: %s", cmp.Diff(report, again))
	}
	if t.Failed() && !before {
		t.Logf("of: %.1000q", r.Body)
	}
}

// Fuzz reads deliveries made of those in testdata.
func Fuzz(f *testing.F, s *integrations.Source) {
	var headers []http.Header
	for i, name := range names(f) {
		d := Delivery(f, name)
		headers = append(headers, d.Header)
		f.Add(d.Body, uint8(i))
	}
	f.Fuzz(func(t *testing.T, body []byte, like uint8) {
		taken(t, s, integrations.Request{Header: headers[int(like)%len(headers)], Body: body, At: Came})
	})
}
