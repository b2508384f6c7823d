package settings

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	integrations "fireboss/integrations/all"
)

func TestExampleIsFresh(t *testing.T) {
	golden(t, "../../config.example.yaml", string(Example(integrations.Configs())))
}

// The example is a configuration, and it changes nothing.
func TestExampleLoads(t *testing.T) {
	s, err := Load("../../config.example.yaml", Options{NeedSlack: true, Env: slackEnv, Integrations: integrations.Configs()})
	if err != nil {
		t.Fatal(err)
	}
	want := Defaults()
	want.Slack.BotToken, want.Slack.AppToken = slackTokens()
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

// The sections of integrations are comments; without their "# " they load too.
func TestExampleOfIntegrations(t *testing.T) {
	text := string(Example(fakeIntegrations()))
	golden(t, "testdata/integrations.example", text[strings.Index(text, "integrations:\n"):strings.Index(text, "\n# Alerts")])
	if s := parse(t, text, Options{Env: slackEnv, Integrations: fakeIntegrations()}); len(s.Integrations) != 0 {
		t.Error("integrations are on in the example")
	}
	on := strings.ReplaceAll(text, "\n  # ", "\n  ")
	on = on[strings.Index(on, "integrations:\n"):strings.Index(on, "\n# Alerts")]
	key := Secret{}
	key.SetSecret("k", "${ALERTMANAGER_KEY}")
	alertmanager := fakeIntegrations()["alertmanager"]().(*alertmanagerConfig)
	alertmanager.Key = []Secret{key}
	webhook := &webhookConfig{Timeout: 30e9}
	webhook.Inner.Field = "title"
	s := parse(t, on, Options{Env: env(map[string]string{"ALERTMANAGER_KEY": "k"}), Integrations: fakeIntegrations()})
	if want := (Integrations{"alertmanager": alertmanager, "webhook": webhook}); !reflect.DeepEqual(s.Integrations, want) {
		t.Errorf("%+v", s.Integrations)
	}
}

// eachField visits the keys of a section and of the sections in it.
func eachField(t reflect.Type, path string, visit func(path string, f field)) {
	for _, f := range fieldsOf(t) {
		at := join(path, f.name)
		visit(at, f)
		inner := f.typ
		for inner.Kind() == reflect.Map || inner.Kind() == reflect.Slice && !isText(inner) {
			inner = inner.Elem()
		}
		if isSection(inner) {
			eachField(inner, at, visit)
		}
	}
}

func TestEveryKeyIsExplained(t *testing.T) {
	eachField(reflect.TypeFor[Settings](), "", func(path string, f field) {
		if f.doc == "" {
			t.Errorf("%s has no doc tag", path)
		}
		if strings.TrimSpace(f.doc) != f.doc || strings.Contains(f.doc, "\n") {
			t.Errorf("%s: %q is not one line", path, f.doc)
		}
	})
}

// What stands in an example tag is a value that its key takes.
func TestExamplesLoad(t *testing.T) {
	for form, section := range map[string]reflect.Type{
		"%s: %s":          reflect.TypeFor[Settings](),
		"slack: {%s: %q}": reflect.TypeFor[Slack](),
		"open: {%s: %s}":  reflect.TypeFor[Open](),
	} {
		for _, f := range fieldsOf(section) {
			if f.example == "" {
				continue
			}
			src := fmt.Sprintf(form, f.name, f.example)
			s, err := Parse("c", []byte(src), Options{Env: slackEnv})
			if err != nil {
				t.Errorf("%s: %v", src, err)
			} else if reflect.DeepEqual(s, Defaults()) && f.name != "store" {
				t.Errorf("%s says nothing", src)
			}
		}
	}
}
