package alerts

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

var checkout = Alert{Source: "alertmanager", Signal: Signal{
	Fingerprint: "fp:1", Group: "web", Severity: Critical, Title: "the cart is empty", Service: "Checkout",
	Labels: map[string]string{"alertname": "HighErrorRate", "severity": "page", "k8s.ns.name": "shop", "team": "payments", "path": `C:\"x"`},
}}

func TestMatchers(t *testing.T) {
	for text, want := range map[string]bool{
		"alertname=HighErrorRate": true, `alertname="HighErrorRate"`: true, "alertname=highErrorRate": false, "alertname!=HighErrorRate": false, "alertname=~High": false, "alertname=~High.*": true,
		`service=~"Check.*"`: true, "service!~Check.*": false, "service=checkout": true, "service!=CHECKOUT": false, "checkout": true, "cart": false,
		"severity=critical": true, "severity=P1": true, "severity!=critical": false, "labels.severity=page": true, "labels.severity=critical": false, `severity=~"critical|high"`: true,
		"source=alertmanager": true, "fingerprint=fp:1": true, "group=web": true, `title="the cart is empty"`: true, `title=~".*cart.*"`: true, "k8s.ns.name=shop": true, "nothing=": true, "nothing!=": false, "team!=": true,
		"{alertname=HighErrorRate}": true, `{ alertname = "HighErrorRate", team=payments, }`: true, "alertname=HighErrorRate,team=search": false, "alertname=HighErrorRate, team=payments": true,
		"alertname=“HighErrorRate”": true, `path="C:\\\"x\""`: true, `alertname=~"High\w+|\d"`: true, `alertname=~"a|HighErrorRate"`: true, "alertname=~(?i)higherrorrate": true, `alertname=~"h{1,2}|.{13}"`: true,
	} {
		m, err := ParseMatcher(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := m.Matches(checkout); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if (Matcher{}).Matches(checkout) {
		t.Error("nothing matches something")
	}
	if m := MatcherOf(checkout); !m.Matches(checkout) || m.Matches(Alert{Source: "grafana", Signal: checkout.Signal}) {
		t.Errorf("that of an alert: %s", m)
	}
}

func TestMatchersRefused(t *testing.T) {
	for text, want := range map[string]string{
		"": "Which alerts?", "=x": "Which alerts?", "alertname=": "", "a=b c": `"c"`, "a=b,c": "operator is missing", "{a=b": "brace }", "{checkout}": "operator is missing", "a=b}": `"}"`, `a="b`: "quote at the end", `a=b"c"`: "in quotes", "a==b": "in quotes",
		"a=~(": "no regular expression", "a=~b)|(c": "no regular expression", `a=~"` + strings.Repeat("b", 301) + `"`: "more than 300", "a=" + strings.Repeat("b", 501): "too long", strings.Repeat("a", 101) + "=b": "too long",
		strings.Repeat("a=b,", 21) + "a=b": "at most 20 terms", "severity=awful": "labels.severity=", "a=\"b\x07\"": "cannot be seen", "labels.=x": "name of a label is missing", "a=b,,c=d": "Which alerts?", "a=~a{1,2}": "in quotes",
	} {
		_, err := ParseMatcher(text)
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	for text, narrow := range map[string]bool{
		"a=b": true, "a=~b.+": true, "checkout": true, "severity!=critical,a=b": true, "severity=low": true, "source=~alert.*": true,
		"severity!=critical": false, "a=~.*": false, "a=~.+": false, `source=~"(.|x)*"`: false, "a=": false, "a!=,b!~c": false, `a=~"b|"`: false, `a=~"[^x]+|x"`: false,
	} {
		m, err := ParseMatcher(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Narrow(); (err == nil) != narrow {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatStandsBehindAMatcher(t *testing.T) {
	for text, want := range map[string][2]string{
		"checkout 2h": {`service="checkout"`, "2h"}, "a=b, c=d 2h why not": {`a="b",c="d"`, "2h why not"}, `{a="b"}2h`: {`a="b"`, "2h"}, `a=~"b c" 2h`: {`a=~"b c"`, "2h"}, "a = b 2h": {`a="b"`, "2h"},
	} {
		m, rest, err := CutMatcher(text)
		if err != nil || m.String() != want[0] || rest != want[1] {
			t.Errorf("%q: %s, %q, %v", text, m, rest, err)
		}
	}
}

// Outside systems know labels, and would silence more where what is here a service is no label there.
func TestMatchersOutside(t *testing.T) {
	for text, want := range map[string]string{
		"alertname=x,team!=y":      `[alertname="x" team!="y"]`,
		"labels.severity=page":     `[severity="page"]`,
		"service=x.y,a=b":          `[app=~"(?i:x\\.y)" a="b"]`,
		"service=~x.*":             `[app=~"x.*"]`,
		"labels.service=x":         `[service="x"]`,
		"severity=crit,a=b":        "a severity is what Fireboss makes of the word that stands there; name the label",
		"severity=~crit.*,a=b":     "a severity is what Fireboss makes of the word",
		"service!=x,a=b":           "an alert may have a service there without a label that says so",
		"title=x":                  "a title is no label",
		"source=alertmanager,a=b":  `[a="b"]`,
		"source=grafana,a=b":       "none of its",
		"source!=alertmanager,a=b": "none of its",
	} {
		m, err := ParseMatcher(text)
		if err != nil {
			t.Fatal(err)
		}
		terms, why, concerned := m.In("alertmanager", "app")
		got := why
		var list []string
		for _, term := range terms {
			list = append(list, term.String())
		}
		switch {
		case !concerned:
			got = "none of its"
		case why == "":
			got = "[" + strings.Join(list, " ") + "]"
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// In which label a system says a service is known only by what it has sent.
func TestInWhichLabelAServiceIs(t *testing.T) {
	sent := func(source, service string, labels ...string) Alert {
		a := Alert{Source: source, Signal: Signal{Service: service, Labels: map[string]string{}}}
		for i := 0; i < len(labels); i += 2 {
			a.Labels[labels[i]] = labels[i+1]
		}
		return a
	}
	app, named := sent("alertmanager", "checkout", "app", "checkout", "job", "node"), sent("alertmanager", "checkout", "service", "checkout", "app", "cart")
	for name, c := range map[string]struct {
		matcher string
		seen    []Alert
		want    string
	}{
		"nothing was sent":       {"service=checkout", nil, ""},
		"by its app":             {"service=Checkout", []Alert{app, sent("grafana", "checkout"), sent("alertmanager", "mail")}, "app"},
		"by its plainest":        {"service=~check.*", []Alert{named}, "service"},
		"now so and now so":      {"service=checkout", []Alert{app, named}, ""},
		"by no label":            {"service=checkout", []Alert{sent("alertmanager", "checkout", "app", "other")}, ""},
		"it is not asked for":    {"a=b,service!=x", []Alert{app}, ""},
		"another system's alert": {"service=checkout", []Alert{sent("grafana", "checkout", "app", "checkout")}, ""},
	} {
		m, err := ParseMatcher(c.matcher)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.serviceIn("alertmanager", c.seen); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if _, why, _ := m.In("alertmanager", c.want); (why == "") != (c.want != "") {
			t.Errorf("%s: %s", name, why)
		}
	}
}

// Whatever is written is refused, or means the same when it is written down and read again.
func FuzzMatcher(f *testing.F) {
	for _, s := range []string{"checkout 2h", `{alertname="x", service=~"check.*"} 2h why`, "a!=b,c!~d", `a="\\\"\d"`, "a=“b”", "{a=b,}", "a=~(((((", "severity=page"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, rest, err := CutMatcher(s)
		if err != nil {
			return
		}
		if len(rest) > len(s) {
			t.Fatalf("%q leaves more than there was: %q", s, rest)
		}
		again, err := ParseMatcher(m.String())
		if err != nil || again.String() != m.String() {
			t.Fatalf("%q is %s, and then %s (%v)", s, m, again, err)
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var stored Matcher
		if err := json.Unmarshal(text, &stored); err != nil || stored.Matches(checkout) != m.Matches(checkout) || !reflect.DeepEqual(again.String(), stored.String()) {
			t.Fatalf("%q is stored as %s (%v)", s, text, err)
		}
	})
}
