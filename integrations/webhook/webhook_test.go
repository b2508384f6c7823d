package webhook_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fireboss/bot/settings"
	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/sourcetest"
	"fireboss/integrations/webhook"
)

// configured is the source that a section makes; the section lacks its key.
func configured(t testing.TB, section string) (*integrations.Source, error) {
	t.Helper()
	o := settings.Options{Integrations: map[string]func() any{webhook.Name: webhook.Kind.Config}, Env: func(string) (string, bool) { return "", false }}
	s, err := settings.Parse("c.yaml", []byte("integrations:\n  webhook:\n"+section), o)
	if err != nil {
		return nil, err
	}
	in, err := webhook.Kind.New(s.Integrations[webhook.Name], integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts, nil
}

// source is the one of a mapping, each line a key.
func source(t testing.TB, mapping string) *integrations.Source {
	t.Helper()
	s, err := configured(t, "    key: correct-horse\n    severity: {sev-a: critical}\n    map:\n"+mapping)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const mapping = `
      each: body.alerts ?? body
      when: not (alert.ignore ?? false)
      fingerprint: alert.id ?? alert.check_id
      status: alert.current_state != "UP"
      severity: 'alert.n > 5 ? "critical" : alert.severity'
      title: (alert.title ?? alert.check_name) + " on " + alert.check_params.hostname
      description: join(map(alert.things ?? [], .text), "\n")
      service: lower(split(alert.check_name, " ")[0])
      url: '"https://x.example.com/" + alert.id'
      labels: alert.check_params
      started: alert.state_changed_timestamp
      id: headers["X-Delivery"]
`

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t, "")) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t, "")) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f, "")) }

func TestRubbishMapped(t *testing.T) { sourcetest.Rubbish(t, source(t, mapping)) }
func FuzzReadMapped(f *testing.F)    { sourcetest.Fuzz(f, source(f, mapping)) }

func TestMapping(t *testing.T) {
	at := time.Date(2017, 6, 30, 22, 25, 43, 0, time.UTC)
	s := source(t, mapping)
	r := sourcetest.Delivery(t, "pingdom_down")
	r.Header.Set("X-Delivery", "d-1")
	got, err := s.Read(r)
	if err != nil {
		t.Fatal(err)
	}
	want := alerts.Report{ID: "d-1", Signals: []alerts.Signal{{
		Fingerprint: "key:803318", Status: alerts.Firing, Severity: alerts.Medium, Title: "Alerta API on OpenShift on api.alerta.io",
		Description: "HTTP Error 503", Service: "alerta", URL: "https://x.example.com/", StartedAt: at,
		Labels: map[string]string{"url": "/", "encryption": "false", "hostname": "api.alerta.io", "basic_auth": "false", "port": "80", "header": "User-Agent:Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "ipv6": "false", "full_url": "http://api.alerta.io/"},
	}}}
	// Of the severity the mapping finds nothing, so it is looked for: HIGH.
	want.Signals[0].Severity = alerts.High
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Svix-Id", "Webhook-Id", "X-Delivery"}, s.Headers); d != "" {
		t.Error(d)
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct{ mapping, body, want string }{
		{"      when: alert.type != \"test\"", `{"type": "test", "title": "a"}`, "nothing: nothing that map.when holds for"},
		{"      when: alert.type", `{"type": "test", "title": "a"}`, "firing medium title::a a | Fireboss could not read all that this alert says. In the configuration of the webhook: map.when: expected true or false, found a text."},
		{"      each: body.events", `{"title": "a"}`, "nothing: no alerts"},
		{"      each: body.events", `{"events": {"title": "a"}}`, "firing medium title::a a"},
		{"      each: filter(body.events, .n > 1)", `{"events": [{"title": "a", "n": 1}, {"title": "b", "n": 2}, 7, null]}`, "firing medium title::b b"},
		{"      each: body.events", `{"events": [{"title": "a"}, {}]}`, "firing medium title::a a; unread: alert 2 of 2 has nothing that is known as its title"},
		{"      each: body.events", `{"events": [{}, {}]}`, "error: alert 1 of 2 has nothing that is known as its title"},
		{"      each: body.events\n      severity: 'alert.priority <= 2 ? \"high\" : \"low\"'", `{"events": [{"title": "a", "priority": 1}, {"title": "b", "priority": "high", "text": "more"}, {"title": "c", "priority": 3}]}`,
			"firing high title::a a; firing medium title::b b | Fireboss could not read all that this alert says. In the configuration of the webhook: map.severity: this expression"},
		{"      fingerprint: alert.a / 2\n      status: alert.a > 1", `{"a": "x", "id": 7, "status": "ok"}`, "firing medium key:7 7 | Fireboss could not read"},
		{"      labels: alert.a / 2\n      id: body.a / 2", `{"title": "a", "a": "x"}`, "firing medium title::a a | Fireboss could not read"},
		{"      title: 'alert.n > 1 ? string(all(1..99999, all(1..99999, true))) : \"a\"'\n", `[{"n": 1}, {"n": 2}, {"n": 1}]`, "firing medium title::a a; unread: alert 2 of 3 and all behind it: map.title: the expressions take too much"},
		{"      title: alert.list", `{"list": [1]}`, "error: alert 1 of 1 has nothing that is known as its title or its fingerprint; say with map.title in the configuration where that stands (map.title: expected a text, found a list)"},
		{"      title: alert.a / alert.b", `{"a": 1, "b": "x"}`, "error: alert 1 of 1 has nothing that is known as its title or its fingerprint; say with map.title in the configuration where that stands (map.title: this expression is not right at character 9: invalid operation"},
		{"      title: alert.a", `{"title": "b"}`, "firing medium title::b b"},
		{"      status: 'alert.ok ? \"ok\" : \"down\"'", `{"title": "b", "ok": true}`, "resolved medium title::b b"},
		{"      severity: alert.grade", `{"title": "b", "grade": "SEV-A"}`, "firing critical title::b b"},
		{"      severity: '\"p\" + alert.priority'", `{"title": "b", "priority": 2}`, "firing high title::b b"},
		{"      fingerprint: alert.n", `{"n": 18446744073709551615}`, "firing medium key:18446744073709551615 18446744073709551615"},
		{"      fingerprint: alert.n", `{"n": 9007199254740993}`, "firing medium key:9007199254740993 9007199254740993"},
		{"      group: body.g", `{"title": "b", "g": "x"}`, "firing medium title::b b x"},
		{"      title: now.Format(\"2006\") + headers[\"x-kind\"] + headers.Other", `{}`, "firing medium title::2026wall 2026wall"},
		{"      title: 'all(1..99999, all(1..99999, true)) ? \"a\" : \"b\"'", `{}`, "error: alert 1 of 1 and all behind it: map.title: the expressions take too much time or memory"},
	} {
		got, err := source(t, c.mapping).Read(integrations.Request{Header: http.Header{"X-Kind": {"wall"}}, Body: []byte(c.body), At: sourcetest.Came})
		var said []string
		switch {
		case err != nil:
			said = append(said, "error: "+err.Error())
		case got.Nothing != "":
			said = append(said, "nothing: "+got.Nothing)
		}
		for _, s := range got.Signals {
			said = append(said, strings.TrimSpace(strings.Join([]string{string(s.Status), string(s.Severity), s.Fingerprint, s.Title, s.Group}, " ")))
			if s.Description != "" {
				said[len(said)-1] += " | " + s.Description
			}
		}
		for _, u := range got.Unread {
			said = append(said, "unread: "+u)
		}
		if all := strings.Join(said, "; "); !strings.HasPrefix(all, c.want) {
			t.Errorf("%s of %s is %s, not %s", c.mapping, c.body, all, c.want)
		}
	}
}

func TestLabels(t *testing.T) {
	for body, want := range map[string]map[string]string{
		`{"title": "a", "tags": ["a:b:c", "d=e", "f", 1, null, {}]}`:     {"a": "b:c", "d": "e", "f": "", "1": ""},
		`{"title": "a", "labels": {"a": 1, "b": null, "c": {"d": [1]}}}`: {"a": "1", "c": `{"d":[1]}`},
		`{"title": "a", "labels": "x"}`:                                  nil,
	} {
		got, err := source(t, "").Read(integrations.Request{Header: http.Header{}, Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got.Signals[0].Labels); d != "" {
			t.Errorf("%s: %s", body, d)
		}
	}
}

// The examples of the mapping are expressions, as they stand.
func TestExamples(t *testing.T) {
	section := reflect.TypeFor[webhook.Mapping]()
	for i := range section.NumField() {
		f := section.Field(i)
		if _, err := configured(t, "    key: correct-horse\n    map:\n      "+f.Tag.Get("yaml")+": "+f.Tag.Get("example")+"\n"); err != nil || f.Tag.Get("example") == "" {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// Mistakes are found when the configuration is read, and say where they stand.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ section, want string }{
		{"    key: correct-horse\n    map: {title: a}\n", "c.yaml:4:18: integrations.webhook.map.title: this expression is not right at character 1: unknown name a; known here: alert, body, headers, now"},
		{"    key: correct-horse\n    map: {each: alert.x}\n", "integrations.webhook.map.each: this expression is not right at character 1: unknown name alert; known here: body, headers, now"},
		{"    key: correct-horse\n    map: {when: '\"text\"'}\n", "integrations.webhook.map.when: this expression is not right"},
		{"    key: correct-horse\n    map:\n      title: |\n        alert.a +\n          alert.\n", "integrations.webhook.map.title: this expression is not right at line 2"},
		{"    key: correct-horse\n    map: {id: toJSON(headers)}\n", "integrations.webhook.map: headers are looked at by name"},
		{"    key: correct-horse\n    map: {titel: alert.x}\n", "unknown key integrations.webhook.map.titel; did you mean title?"},
		{"", "c.yaml:2:3: integrations.webhook.key: is missing"},
		{"    key: short\n", "integrations.webhook.key: has less than 8"},
		{"    secret: short\n", "integrations.webhook.secret: has less than 8"},
		{"    secret: correct-horse\n    signature: {scheme: standard}\n", "integrations.webhook.secret: is no secret of Standard Webhooks"},
		{"    secret: correct-horse\n    signature: {algorithm: sha1}\n", "integrations.webhook.signature.algorithm: sha1 is no longer safe"},
		{"    secret: correct-horse\n    signature: {algorithm: crc}\n", "write sha256 or sha512"},
		{"    secret: correct-horse\n    signature: {encoding: rot13}\n", "is not one of hex or base64"},
		{"    secret: correct-horse\n    signature: {tolerance: 2d}\n", "signature.tolerance: has to be more than 0"},
		{"    secret: correct-horse\n    signature: {header: \"\"}\n", "signature.header: is missing"},
		{"    secret: correct-horse\n    signature: {signed: \"{timestamp}{body}\"}\n", "signature.signed: has {timestamp}"},
		{"    secret: correct-horse\n    signature: {signed: \"{body}\", timestamp: T}\n", "signature.signed: lacks {timestamp}"},
		{"    secret: correct-horse\n    signature: {signed: \"x\"}\n", "signature.signed: has to have {body}"},
	} {
		_, err := configured(t, c.section)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", c.section, err, c.want)
		}
	}
}

// However much is sent, it is answered for soon; that a body of a million bytes can hold many alerts is no mistake.
func TestManyAlerts(t *testing.T) {
	var list []map[string]any
	for i := range 5000 {
		list = append(list, map[string]any{"id": i, "title": "a", "check_name": "B c"})
	}
	body, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	got, err := source(t, mapping).Read(integrations.Request{Header: http.Header{}, Body: body})
	if err != nil || len(got.Signals) != 5000 {
		t.Errorf("%d are read: %v", len(got.Signals), err)
	}
}
