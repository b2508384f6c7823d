package condition_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"fireboss/incidents/alerts/condition"
)

// names are those of these tests: one of any type, and some whose types are known.
type names struct {
	body any
	now  time.Time
}

type alert struct {
	Severity string         `expr:"severity"`
	Labels   map[string]any `expr:"labels"`
}

func (n names) Names() map[string]any {
	return map[string]any{"body": n.body, "now": n.now, "alert": alert{Severity: "high", Labels: map[string]any{"a": "b"}}}
}

const sent = `{
 "title": "disk full", "n": 3, "f": 1.5, "big": 18446744073709551615, "exact": 9007199254740993, "yes": true, "no": false, "null": null,
 "list": [1, 2, 3], "words": ["a", "B"], "deep": {"er": {"x": "y"}}, "things": [{"k": "a", "v": 1}, {"k": "b"}, null, 7],
 "inner": "{\"id\": 9007199254740993}", "odd name": 1
}`

func body(t testing.TB) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(sent))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return condition.Value(v)
}

func plenty() *condition.Meter { return condition.NewMeter(10_000, 1<<20, nil) }

func run(t testing.TB, text string, m *condition.Meter) (any, error) {
	t.Helper()
	p, err := condition.Expression[names](text).Compile()
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p.Run(names{body(t), time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)}, m)
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		text string
		want any
	}{
		{`body.title`, "disk full"},
		{`body["odd name"]`, 1},
		{`body.title + " (" + body.n + ")"`, "disk full (3)"},
		{`body.n + body.f`, 4.5},
		{`body.big`, "18446744073709551615"},
		{`body.exact`, 9007199254740993},
		{`body.list[-1]`, 3},
		{`filter(body.things, .v > 0)`, nil}, // below, by its length
		{`len(filter(body.things, .v > 0))`, 1},
		{`join(map(body.things, .k), ",")`, "a,b,,"},
		{`body.deep.er.x`, "y"},
		{`upper(body.title)`, "DISK FULL"},
		{`body.words | map(lower(#)) | join(" ")`, "a b"},
		{`replace(body.title, "disk", "memory")`, "memory full"},
		{`fromJSON(body.inner).id`, 9007199254740993},
		{`toJSON(body.list)`, "[\n  1,\n  2,\n  3\n]"},
		{`string(body.n) + string(body.deep)`, "3{\n  \"er\": {\n    \"x\": \"y\"\n  }\n}"},
		{`reduce(body.list, #acc + #, 0)`, 6},
		{`now.Year()`, 2026},
		{`now - duration("1h") < now`, true},
		{`alert.severity`, "high"},
		{`alert.labels.a + alert.labels.none`, "b"},
		{`let x = body.n; x * 2`, 6},
		{`body.yes and not body.no ? "x" : "y"`, "x"},
		{`if body.yes { 1 } else { 2 }`, 1},
		{`"a" in body.words`, true},
		{`get(body, "title")`, "disk full"},

		// What is missing is nothing.
		{`body.none`, nil}, {`body.none.of.it`, nil}, {`body.title.x`, nil}, {`body.n[0]`, nil}, {`body.list.x`, nil}, {`body.list[99]`, nil}, {`body.null.x`, nil},
		{`body?.none?.x`, nil}, {`body.none ?? "else"`, "else"}, {`body.none > 1`, false}, {`body.none < 1`, false}, {`1 >= body.none`, false},
		{`body.title + body.none`, "disk full"}, {`body.none + 1`, 1}, {`body.none + body.none`, nil},
		{`lower(body.none)`, ""}, {`split(body.none, ",")[0]`, ""}, {`replace(body.none, "a", "b")`, ""}, {`fromJSON(body.none)`, nil},
		{`len(body.none)`, 0}, {`any(body.none, .x)`, false}, {`all(body.none, .x)`, true}, {`first(body.none)`, nil}, {`join(body.none, ",")`, ""},
		{`not body.none`, true}, {`body.none && true`, false}, {`body.none ? 1 : 2`, 2}, {`count(body.things, .none)`, 0}, {`body.none contains "x"`, false}, {`"x" in body.none`, false},
		{`body.none == nil`, true}, {`find(body.things, .k == "b").v`, nil},
	} {
		got, err := run(t, c.text, plenty())
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if _, isList := got.([]any); !isList && got != c.want {
			t.Errorf("%s is %#v, not %#v", c.text, got, c.want)
		}
	}
}

// A mistake of the writer is found before anything is sent, and says where it is.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`body.`, "character 5: unexpected end of expression"},
		{`bdy.title`, "character 1: unknown name bdy; known here: alert, body, now"},
		{"body.title +\n  nope", "line 2, character 3: unknown name nope"},
		{`alert.sevrity`, "sevrity"},
		{`"a" + 1`, "character 5: invalid operation"},
		{`nosuch(1)`, "nosuch"},
		{`now()`, "not callable"}, {`N0`, "unknown name N0"}, {`flatten([])`, "flatten"}, {`repeat("a", 3)`, "repeat"},
		{`$env`, "$env is not known"}, {`$env["meter!"]`, "not right"},
		{`meter!`, "not right"}, {`step!()`, "not right"},
		{`body matches "("`, "not right"},
		{strings.Repeat("1+", 1000) + "1", "nodes"},
		{strings.Repeat("(", 5000), "more than 4000"},
		{`filter(body.list, 1)`, "not right"},
	} {
		var x condition.Expression[names]
		err := x.UnmarshalText([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40s: %v, want %s", c.text, err, c.want)
		}
	}
	var says condition.Condition[names]
	if err := says.UnmarshalText([]byte(`"text"`)); err == nil {
		t.Error("a text is taken for true or false")
	}
}

func TestTrouble(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`body.n / body.none`, "character 8: invalid operation"},
		{`body.n % 0`, "divide by zero"},
		{`body.title && true`, "expected true or false, found a text"},
		{`filter(body.list, #)`, "expected true or false, found a number"},
		{`lower(body.list)`, "expected a text, found a list"},
		{`body.title + body.deep`, "expected a text, found an object"},
		{`body.title > 1`, "invalid operation"},
		{`body.title()`, "cannot call"},
		{`map(body.n, #)`, ""},
		{`int("x")`, "int(x)"},
		{`date("x")`, ""},
		{`fromJSON(body.title)`, "no JSON"},
		{`body.title matches body.title + "("`, "missing closing"},
	} {
		_, err := run(t, c.text, plenty())
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "interface") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
}

// Whatever is written and sent, it ends.
func TestBounds(t *testing.T) {
	double, last := "let a = body.title + body.title;", "a"
	for range 40 {
		double += "let " + last + "x = " + last + " + " + last + ";"
		last += "x"
	}
	double += "1"
	for _, text := range []string{
		`all(1..1000, all(1..1000, all(1..1000, true)))`,
		`map(1..1000, map(1..1000, #))`,
		`reduce(1..100, #acc + #acc, body.title)`,
		`replace(replace(replace(body.title, "", toJSON(body)), "", toJSON(body)), "", toJSON(body))`,
		`join(map(1..9000, toJSON(body)), "")`,
		`map(1..9000, lower(body.title + body.inner + body.inner))`,
		`len(1..99999999)`,
		double,
	} {
		if v, err := run(t, text, plenty()); err == nil {
			t.Errorf("%.60s gave %.60v", text, v)
		}
	}
	late := 0
	if _, err := run(t, `all(1..1000, true)`, condition.NewMeter(1<<30, 1, func() bool { late++; return late > 1 })); !errors.Is(err, condition.ErrSpent) {
		t.Errorf("it is late, and it is %v", err)
	}
	m := condition.NewMeter(3, 100, nil) // of several together
	for i := range 4 {
		if _, err := run(t, `1`, m); (err != nil) != (i == 3) {
			t.Errorf("run %d: %v", i, err)
		}
	}
}

// A tree whose parts are in it many times is not written out.
func TestSharedParts(t *testing.T) {
	text, last := "let a = [body.title];", "a"
	for range 40 {
		next := last + "x"
		text += "let " + next + " = [" + last + ", " + last + "];"
		last = next
	}
	for _, end := range []string{"toJSON(", "string("} {
		if _, err := run(t, text+end+last+")", plenty()); !errors.Is(err, condition.ErrSpent) {
			t.Errorf("%s gives %v", end, err)
		}
	}
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		text  string
		holds bool
		fails bool
	}{
		{"", true, false}, {"true", true, false}, {"body.none", false, false}, {"body.yes", true, false}, {"body.n > 2 and alert.severity == \"high\"", true, false}, {"body.title", false, true},
	} {
		p, err := condition.Condition[names](c.text).Compile()
		if err != nil {
			t.Fatal(err)
		}
		holds, err := p.Holds(names{body: body(t)}, plenty())
		if holds != c.holds || (err != nil) != c.fails {
			t.Errorf("%q: %v %v", c.text, holds, err)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		text, keys string
		all        bool
	}{
		{`body["a-b"] ?? body.c`, "a-b c", true},
		{`body.a.b`, "a", true},
		{`1`, "", true},
		{`body[alert.severity]`, "*", false},
		{`body.a + toJSON(body)`, "a *", false},
		{`filter(body, .x)`, "*", false},
	} {
		p, err := condition.Expression[names](c.text).Compile()
		if err != nil {
			t.Fatal(err)
		}
		if keys, all := p.Keys("body"); strings.Join(keys, " ") != c.keys || all != c.all {
			t.Errorf("%s: %v %v", c.text, keys, all)
		}
	}
}

func FuzzExpression(f *testing.F) {
	for _, text := range []string{`body.a.b`, `filter(body.list, # > 1)`, `map(body.things, .k + "x")`, `let x = body; x?.y ?? 3`, `reduce(1..9, #acc + #, 0)`, `{"a": [body, now]}`, `body.title[1:3]`, `sortBy(body.things, .v, "desc")`, `groupBy(body.things, .k)`, `a=="" ? 1 : not true`} {
		f.Add(text, []byte(sent))
	}
	f.Fuzz(func(t *testing.T, text string, sent []byte) {
		p, err := condition.Expression[names](text).Compile()
		if err != nil {
			return
		}
		d := json.NewDecoder(bytes.NewReader(sent))
		d.UseNumber()
		var v any
		if d.Decode(&v) != nil {
			return
		}
		value, err := p.Run(names{body: condition.Value(v)}, plenty())
		if err == nil {
			_, _ = condition.Text(value)
		} else if err.Error() == "" || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q fails with %q", text, err)
		}
	})
}
