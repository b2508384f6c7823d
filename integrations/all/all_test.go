package all_test

import (
	"context"
	"net"
	"os"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fireboss/bot/settings"
	"fireboss/integrations"
	"fireboss/integrations/all"
)

// shared are the folders of integrations that are none.
var shared = []string{"all", "pagertest", "secrets", "silencetest", "sourcetest"}

// The list has each folder, once and in order.
func TestListIsWhole(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	var folders, names []string
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(shared, e.Name()) {
			folders = append(folders, e.Name())
		}
	}
	for _, k := range all.Kinds() {
		names = append(names, k.Name)
	}
	if !slices.Equal(folders, names) {
		t.Errorf("the folders are %v, the list is %v", folders, names)
	}
	if configs := all.Configs(); len(configs) != len(names) {
		t.Errorf("%d integrations have %d names", len(names), len(configs))
	}
}

// minimal is a configuration with a section that says only what has to be said, as its
// examples have it.
func minimal(k integrations.Kind) string {
	var b strings.Builder
	b.WriteString("integrations:\n  " + k.Name + ":\n")
	t := reflect.TypeOf(k.Config()).Elem()
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if strings.Contains(options, "required") {
			b.WriteString("    " + name + ": " + t.Field(i).Tag.Get("example") + "\n")
		}
	}
	return b.String()
}

// set is an environment in which every variable is set.
func set(string) (string, bool) { return "correct-horse", true }

// With what has to be said, and nothing else, each can be made; making it calls nobody.
func TestDefaultsServe(t *testing.T) {
	for _, k := range all.Kinds() {
		s, err := settings.Parse("c.yaml", []byte(least(k)), settings.Options{Integrations: all.Configs(), Env: set})
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		out := &integrations.Outbound{Dial: nobody(t)}
		in, err := k.New(s.Integrations[k.Name], integrations.Deps{Outbound: out})
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		if in.Author == nil && in.Check == nil && in.Alerts == nil {
			t.Errorf("%s can do nothing", k.Name)
		}
		if in.Alerts != nil && (in.Alerts.Try == "" || strings.HasSuffix(in.Alerts.Try, ".")) {
			t.Errorf("of %s nobody knows how to try it: %q", k.Name, in.Alerts.Try)
		}
		if a := in.Author; a != nil && (a.Write == nil || a.Budget.Calls <= 0 || a.Budget.Tokens <= 0 || a.Budget.Time <= 0 || in.Travel.TLP == "") {
			t.Errorf("%s writes without bounds: %+v", k.Name, a.Budget)
		}
		out.Close()
	}
}

// A factory makes something new each time, so that two configurations share nothing.
func TestConfigsAreTheirOwn(t *testing.T) {
	for _, k := range all.Kinds() {
		a, b := k.Config(), k.Config()
		if reflect.ValueOf(a).Kind() != reflect.Pointer || reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %T", k.Name, a)
		}
	}
}

var secretive = regexp.MustCompile(`(^|_)(key|keys|secret|token|password|credentials?)$`)

// Each key has a meaning, and what is secret the type that hides itself.
func TestKeysAreExplained(t *testing.T) {
	for _, k := range all.Kinds() {
		config := reflect.TypeOf(k.Config()).Elem()
		if blank, ok := config.FieldByName("_"); !ok || blank.Tag.Get("doc") == "" {
			t.Errorf("%s does not say what it is: it wants _ struct{} `doc:\"…\"`", k.Name)
		}
		explained(t, k.Name, config)
	}
}

func explained(t *testing.T, at string, section reflect.Type) {
	secret := reflect.TypeFor[integrations.Secret]()
	for i := range section.NumField() {
		f := section.Field(i)
		name, options, tagged := strings.Cut(f.Tag.Get("yaml"), ",")
		if !tagged && name == "" {
			continue
		}
		here, inner := at+"."+name, f.Type
		for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Map {
			inner = inner.Elem()
		}
		if doc := f.Tag.Get("doc"); options != "inline" && (doc == "" || strings.TrimSpace(doc) != doc) {
			t.Errorf("%s has the doc tag %q", here, doc)
		}
		if secretive.MatchString(name) && inner != secret {
			t.Errorf("%s is a secret by its name, and a %s by its type", here, inner)
		}
		if inner.Kind() == reflect.Struct && inner != secret {
			explained(t, here, inner)
		}
	}
}

// What is printed of a configuration in effect loads back, and has no secret in it.
func TestEffective(t *testing.T) {
	for _, k := range all.Kinds() {
		o := settings.Options{Integrations: all.Configs(), Env: set}
		src := minimal(k) + secrets(k)
		s, err := settings.Parse("c.yaml", []byte(src), o)
		if err != nil {
			t.Fatalf("%s: %v\n%s", k.Name, err, src)
		}
		text, err := settings.Effective(s, nil)
		if err != nil {
			t.Fatalf("%s: %v", k.Name, err)
		}
		back, err := settings.Parse("c.yaml", text, o)
		if err != nil {
			t.Fatalf("%s: %v\n%s", k.Name, err, text)
		}
		if !reflect.DeepEqual(s.Integrations, back.Integrations) {
			t.Errorf("%s: %+v\n%+v", k.Name, s.Integrations[k.Name], back.Integrations[k.Name])
		}
	}
}

// secrets sets each secret that is not required by a variable, and by its example what wants one.
func secrets(k integrations.Kind) string { return secretsOf(reflect.TypeOf(k.Config()).Elem()) }

func secretsOf(t reflect.Type) string {
	var b strings.Builder
	one, many := reflect.TypeFor[integrations.Secret](), reflect.TypeFor[[]integrations.Secret]()
	for i := range t.NumField() {
		f := t.Field(i)
		switch name, options, _ := strings.Cut(f.Tag.Get("yaml"), ","); {
		case options == "inline":
			b.WriteString(secretsOf(f.Type))
		case (f.Type == one || f.Type == many) && !strings.Contains(options, "required"):
			b.WriteString("    " + name + ": ${" + strings.ToUpper(name) + "}\n")
		case strings.Contains(f.Tag.Get("doc"), " Wants "):
			b.WriteString("    " + name + ": " + f.Tag.Get("example") + "\n")
		}
	}
	return b.String()
}

// least is the least that serves: what takes alerts has to be sent a proof.
func least(k integrations.Kind) string {
	if in, err := k.New(k.Config(), integrations.Deps{Outbound: &integrations.Outbound{}}); err == nil && in.Alerts != nil {
		return minimal(k) + secrets(k)
	}
	return minimal(k)
}

// Nobody can be let in who has nothing to show.
func TestAlertsWantAProof(t *testing.T) {
	for _, k := range all.Kinds() {
		in, err := k.New(k.Config(), integrations.Deps{Outbound: &integrations.Outbound{Dial: nobody(t)}})
		if err != nil || in.Alerts == nil {
			continue
		}
		if in.Alerts.Verify != nil { // without a secret: by what the sender signs with itself, as Amazon does
			if _, err := settings.Parse("c.yaml", []byte("integrations: {"+k.Name+": {}}\n"), settings.Options{Integrations: all.Configs(), Env: set}); err == nil {
				t.Errorf("%s is taken without saying from whom", k.Name)
			}
			continue
		}
		if _, err := settings.Parse("c.yaml", []byte(minimal(k)), settings.Options{Integrations: all.Configs(), Env: set}); err == nil {
			t.Errorf("%s is taken without a key or a secret", k.Name)
		}
		for _, short := range []string{"", "x", "seven77"} {
			if _, err := settings.Parse("c.yaml", []byte(least(k)), settings.Options{Integrations: all.Configs(), Env: func(string) (string, bool) { return short, true }}); err == nil {
				t.Errorf("%s is taken with the secret %q", k.Name, short)
			}
		}
		if in.Alerts.Read == nil {
			t.Errorf("%s reads nothing", k.Name)
		}
	}
}

// Each that sends has its page, which says where to.
func TestSourcesHaveTheirPage(t *testing.T) {
	for _, k := range all.Kinds() {
		if in, err := k.New(k.Config(), integrations.Deps{Outbound: &integrations.Outbound{Dial: nobody(t)}}); err != nil || in.Alerts == nil {
			continue
		}
		text, err := os.ReadFile("../../docs/integrations/" + k.Name + ".md")
		if err != nil || !strings.Contains(string(text), "/hooks/"+k.Name) || !strings.Contains(string(text), "\n     "+k.Name+":\n") {
			t.Errorf("docs/integrations/%s.md does not say where it sends to, or not how it is configured: %v", k.Name, err)
		}
	}
}

// Each has its page.
func TestDocsNameThem(t *testing.T) {
	example, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all.Kinds() {
		if !strings.Contains(string(example), "\n  # "+k.Name+":\n") {
			t.Errorf("config.example.yaml does not have %s; run go test ./bot/settings -update", k.Name)
		}
		if path.Base(reflect.TypeOf(k.Config()).Elem().PkgPath()) != k.Name {
			t.Errorf("%s has its settings in another folder", k.Name)
		}
	}
}

// nobody is a network on which nobody may be called.
func nobody(t *testing.T) func(context.Context, string, string) (net.Conn, error) {
	return func(_ context.Context, _, address string) (net.Conn, error) {
		t.Errorf("%s was called", address)
		return nil, net.ErrClosed
	}
}
