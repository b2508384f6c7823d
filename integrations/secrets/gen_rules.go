//go:build ignore

// This program writes rules.json from the rules of gitleaks, of the version below. It fetches the module through the
// Go proxy, which checks its sum.
//
//	go generate ./integrations/secrets
package main

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

const gitleaks = "github.com/zricethezav/gitleaks/v8@v8.30.1"

// upstream is what of gitleaks.toml counts for a text without a file name.
type upstream struct {
	Allowlist allowlist
	Rules     []struct {
		ID, Regex   string
		SecretGroup int
		Entropy     float64
		Keywords    []string
		Allowlists  []allowlist
	}
}

type allowlist struct {
	Condition, RegexTarget    string
	Paths, Regexes, StopWords []string
}

// The shapes of rules.json; rules.go reads them.
type (
	file struct {
		Source  string   `json:"source"`
		Licence string   `json:"licence"`
		Never   []string `json:"never"` // what is no secret, whichever rule found it
		Rules   []rule   `json:"rules"`
	}
	rule struct {
		ID       string   `json:"id"`
		Where    string   `json:"where"` // the secret is by its keyword: see rules.go
		Regex    string   `json:"regex"`
		Group    int      `json:"group,omitempty"`
		Entropy  float64  `json:"entropy,omitempty"`
		Keywords []string `json:"keywords"`
		Allow    []allow  `json:"allow,omitempty"`
	}
	allow struct {
		Target    string   `json:"target,omitempty"`
		Regexes   []string `json:"regexes,omitempty"`
		StopWords []string `json:"stop_words,omitempty"`
	}
)

func main() {
	dir := fetch()
	var up upstream
	if _, err := toml.DecodeFile(filepath.Join(dir, "config", "gitleaks.toml"), &up); err != nil {
		log.Fatal(err)
	}
	licence, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
	if err != nil {
		log.Fatal(err)
	}
	out := file{Source: gitleaks, Licence: string(licence)}
	for _, re := range up.Allowlist.Regexes {
		out.Never = append(out.Never, whole(re))
	}
	for _, r := range up.Rules {
		if r.Regex == "" { // it knows files by their names
			continue
		}
		if slices.Contains(ours, r.ID) {
			continue
		}
		var allowed []allow
		for _, a := range r.Allowlists {
			onlyInFiles := strings.EqualFold(a.Condition, "and") && len(a.Paths) > 0
			if !onlyInFiles && len(a.Regexes)+len(a.StopWords) > 0 {
				allowed = append(allowed, allow{a.RegexTarget, a.Regexes, a.StopWords})
			}
		}
		for _, p := range places(r.ID, r.Regex, r.Keywords) {
			out.Rules = append(out.Rules, rule{r.ID, p.where, p.regex, r.SecretGroup, r.Entropy, p.keywords, allowed})
		}
	}
	write(out)
}

// fetch is the folder of the module's source.
func fetch() string {
	text, err := exec.Command("go", "mod", "download", "-json", gitleaks).Output()
	if err != nil {
		log.Fatal(err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(text, &module); err != nil {
		log.Fatal(err)
	}
	return module.Dir
}

// whole makes an expression one of the whole text. As gitleaks has them, an alternative in
// the middle of "^true|false|null$" takes every secret with "false" in it for none.
func whole(re string) string { return `^(?:` + re + `)$` }

// ours are what prose.go knows better.
var ours = []string{"curl-auth-header", "curl-auth-user", "hashicorp-tf-password", "private-key"}

// around are those whose keyword is in no token, with what to know them by.
var around = map[string][]string{
	"freemius-secret-key":    {"secret_key"},
	"kubernetes-secret-yaml": {"kind: secret", "kind:secret", `kind: "secret`, "kind: 'secret"},
	"nuget-config-password":  {"<add key="},
}

const (
	// What stands before a name, which need not be found to find the secret behind it; to look
	// for it costs the most of all.
	before = `(?i)[\w.-]{0,50}?`
	// What ends a secret in source code. In prose a full stop does, or a bracket.
	ends, endsInProse = `(?:[\x60'"\s;]|\\[nr]|$)`, `(?:\W|$)`
)

// placed is an expression with where the secret is by its keywords.
type placed struct {
	where, regex string
	keywords     []string
}

// places are where a rule's secrets are: behind a keyword (then the expression begins there), in the same word, or
// around it.
func places(id, re string, keywords []string) []placed {
	whole := strings.ReplaceAll(re, ends, endsInProse)
	if near := around[id]; near != nil {
		return []placed{{"around", whole, near}}
	}
	rest, named := strings.CutPrefix(whole, before)
	if !named {
		return []placed{{"in", whole, keywords}}
	}
	group := strings.ToLower(rest[:strings.Index(rest, `)(?:[ \t\w.-]{0,20})`)+1])
	begins := regexp.MustCompile(`(?i)^` + strings.ReplaceAll(group, "(?-i:", "(?:"))
	names, others := []string{}, []string{}
	for _, k := range keywords {
		if begins.MatchString(k) || strings.Contains(group, "(?:"+k) || strings.Contains(group, "|"+k) {
			names = append(names, k)
		} else {
			others = append(others, k)
		}
	}
	var all []placed
	if len(names) > 0 {
		all = append(all, placed{"behind", `(?i)^` + rest, names})
	}
	if len(others) > 0 {
		log.Printf("%s: %q are no names", id, others)
		all = append(all, placed{"in", whole, others})
	}
	return all
}

func write(out file) {
	f, err := os.Create("rules.json")
	if err != nil {
		log.Fatal(err)
	}
	e := json.NewEncoder(f)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(out); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}
