package main_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fireboss/bot"
	"fireboss/commands"
	"fireboss/incidents"
)

var update = flag.Bool("update", false, "write the generated parts of the documentation anew")

// generated are the parts of the documentation that are made from the program.
// Each stands between <!-- NAME: … --> and <!-- end NAME -->.
var generated = []struct {
	file, name string
	text       func(*testing.T) string
}{
	{"README.md", "verbs", func(*testing.T) string { return verbsByGroup() }},
	{"README.md", "program", programCommands},
	{"README.md", "settings", topSettings},
	{"README.md", "metrics", metricNames},
	{"README.md", "tour", tour},
	{"docs/commands.md", "verbs", func(*testing.T) string { return commands.HelpMarkdown() }},
	{"docs/lifecycle.md", "lifecycle", func(*testing.T) string { return incidents.LifecycleMarkdown() }},
	{"docs/operations.md", "metrics", metricsTable},
	{"docs/regulations.md", "regulations", func(*testing.T) string { return incidents.RegulationsMarkdown() }},
	{"docs/performance.md", "figures", performanceTable},
	{"docs/integrations/README.md", "sources", sourcesTable},
}

// TestDocs holds the generated parts of the documentation to the program. To
// write them anew:
//
//	go test -run TestDocs -update .
func TestDocs(t *testing.T) {
	for _, g := range generated {
		text := read(t, g.file)
		begin := regexp.MustCompile(`<!-- ` + g.name + `: [^>]*-->\n`).FindStringIndex(text)
		end := strings.Index(text, "<!-- end "+g.name+" -->")
		if begin == nil || end < begin[1] {
			t.Errorf("%s has no place for the generated part %q", g.file, g.name)
			continue
		}
		want := text[:begin[1]] + g.text(t) + text[end:]
		switch {
		case text == want:
		case *update:
			if err := os.WriteFile(g.file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("the part %q of %s is not what the program says; run: go test -run TestDocs -update .", g.name, g.file)
		}
	}
}

// verbsByGroup is the short table of what can be said.
func verbsByGroup() string {
	var order []string
	names := map[string][]string{}
	for _, v := range commands.Verbs() {
		if names[v.Group] == nil {
			order = append(order, v.Group)
		}
		names[v.Group] = append(names[v.Group], "`"+v.Name+"`")
	}
	var b strings.Builder
	b.WriteString("| | say `/incident` … |\n|---|---|\n")
	for _, group := range order {
		fmt.Fprintf(&b, "| %s | %s |\n", group, strings.Join(names[group], " "))
	}
	return b.String()
}

var helpLine = regexp.MustCompile(`(?m)^  ([a-z]+) {2,}(\S.*)$`)

// programCommands is the table of the command line, as its own help has it.
func programCommands(t *testing.T) string {
	var help, complaints bytes.Buffer
	if code := bot.Main(t.Context(), []string{"--help"}, func(string) string { return "" }, &help, &complaints); code != 0 {
		t.Fatalf("fireboss --help ended with %d: %s", code, &complaints)
	}
	_, list, _ := strings.Cut(help.String(), "Available Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	var b strings.Builder
	b.WriteString("| command | |\n|---|---|\n")
	for _, m := range helpLine.FindAllStringSubmatch(list, -1) {
		if m[1] != "help" {
			fmt.Fprintf(&b, "| `fireboss %s` | %s |\n", m[1], m[2])
		}
	}
	return b.String()
}

var topKey = regexp.MustCompile(`(?m)((?:^# .*\n)+)^([a-z_]+):`)

// topSettings is the table of the configuration's sections, with the first
// sentence of what config.example.yaml says of each.
func topSettings(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| key | |\n|---|---|\n")
	for _, m := range topKey.FindAllStringSubmatch(read(t, "config.example.yaml"), -1) {
		about := strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(m[1]), "# "), "\n# ", " ")
		if sentence, _, more := strings.Cut(about, ". "); more {
			about = sentence + "."
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", m[2], about)
	}
	return b.String()
}

// metric is one of ours on /metrics.
type metric struct{ name, help string }

// metrics reads the metrics from the source that registers them.
func metrics(t *testing.T) []metric {
	file, err := parser.ParseFile(token.NewFileSet(), "bot/metrics.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []metric
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := map[string]string{}
		for _, e := range lit.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				key, _ := kv.Key.(*ast.Ident)
				if value, ok := kv.Value.(*ast.BasicLit); ok && key != nil && value.Kind == token.STRING {
					fields[key.Name], _ = strconv.Unquote(value.Value)
				}
			}
		}
		if fields["Name"] != "" {
			list = append(list, metric{fields["Name"], fields["Help"]})
		}
		return true
	})
	if len(list) == 0 {
		t.Fatal("bot/metrics.go names no metric")
	}
	slices.SortFunc(list, func(a, b metric) int { return cmp.Compare(a.name, b.name) })
	return list
}

func metricNames(t *testing.T) string {
	var names []string
	for _, m := range metrics(t) {
		names = append(names, "`"+m.name+"`")
	}
	return strings.Join(names, ",\n") + "\n"
}

func metricsTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| metric | |\n|---|---|\n")
	for _, m := range metrics(t) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", m.name, m.help)
	}
	return b.String()
}

// tour is the first sentence of what every package says of itself in doc.go.
func tour(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| room | |\n|---|---|\n")
	for _, dir := range rooms(t) {
		f, err := parser.ParseFile(token.NewFileSet(), path.Join(dir, "doc.go"), nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "| [%s](%s) | %s |\n", dir, dir, new(doc.Package).Synopsis(f.Doc.Text()))
	}
	return b.String()
}

// rooms are the folders with Go packages in them, but for main's.
func rooms(t *testing.T) []string {
	var list []string
	for _, file := range files(t, ".go") {
		if dir := path.Dir(file); dir != "." && !strings.Contains(dir, "testdata") {
			list = append(list, dir)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

var (
	fence = regexp.MustCompile("(?ms)^```.*?^```$")
	link  = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	title = regexp.MustCompile(`(?m)^#+ (.+)$`)
	dropt = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
)

// TestLinksLead follows every relative link of every Markdown file.
func TestLinksLead(t *testing.T) {
	for _, file := range files(t, ".md") {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(read(t, file), ""), -1) {
			to := m[1] + m[2]
			if strings.Contains(to, ":") {
				continue // somewhere else
			}
			at, anchor, _ := strings.Cut(to, "#")
			target := file
			if at != "" {
				target = path.Join(path.Dir(file), at)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s points to %s, which is not there", file, to)
			} else if anchor != "" && !slices.Contains(anchors(read(t, target)), anchor) {
				t.Errorf("%s points to %s, which has no such heading", file, to)
			}
		}
	}
}

// anchors are the names by which the headings of a Markdown text can be linked.
func anchors(text string) []string {
	var list []string
	for _, m := range title.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		list = append(list, strings.ReplaceAll(dropt.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return list
}

var said = regexp.MustCompile("(?:`|^|\\s)(?:/incident|@fireboss|/inc) ([a-z]+)")

// TestDocsSayWhatCanBeSaid checks that the documentation tells nobody to type
// a verb that does not exist.
func TestDocsSayWhatCanBeSaid(t *testing.T) {
	known := map[string]bool{}
	for _, v := range commands.Verbs() {
		for _, name := range append([]string{v.Name}, v.Aliases...) {
			known[name] = true
		}
	}
	for _, file := range files(t, ".md") {
		for _, m := range said.FindAllStringSubmatch(read(t, file), -1) {
			if !known[m[1]] {
				t.Errorf("%s says %q, which is no verb", file, strings.TrimSpace(m[0]))
			}
		}
	}
}

// TestImageIsBuiltWithOurGo keeps the Dockerfile's Go that of go.mod.
func TestImageIsBuiltWithOurGo(t *testing.T) {
	m := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(read(t, "go.mod"))
	if m == nil || !strings.Contains(read(t, "Dockerfile"), "FROM golang:"+m[1]+" AS") {
		t.Errorf("the Dockerfile does not build with go.mod's Go, %v", m)
	}
}

// TestLicense looks whether the licence that the README names is there.
func TestLicense(t *testing.T) {
	text := read(t, "LICENSE")
	for _, part := range []string{"Apache License", "Version 2.0, January 2004", "END OF TERMS AND CONDITIONS"} {
		if !strings.Contains(text, part) {
			t.Errorf("LICENSE does not say %q", part)
		}
	}
}

// TestNoPathsOfAMachine looks for names of folders that are somebody's own.
func TestNoPathsOfAMachine(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	homes := regexp.MustCompile(`/(?:home|Users)/[A-Za-z][\w.-]*/`)
	for _, file := range files(t, "") {
		text := read(t, file)
		if strings.Contains(text, here+"/") {
			t.Errorf("%s names the folder %s", file, here)
		}
		if m := homes.FindString(text); m != "" {
			t.Errorf("%s names the folder %s", file, m)
		}
	}
}

// files are the project's files of this ending, sorted: what git has or would
// take, or all there are where the source is no git checkout.
func files(t *testing.T, ending string) []string {
	var list []string
	if _, err := os.Stat(".git"); err == nil {
		out, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
		if err != nil {
			t.Fatalf("git ls-files: %v", err)
		}
		list = strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	} else if err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			list = append(list, filepath.ToSlash(name))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	list = slices.DeleteFunc(list, func(name string) bool {
		_, err := os.Stat(name) // git knows also what was removed and not yet committed
		return err != nil || !strings.HasSuffix(name, ending)
	})
	slices.Sort(list)
	return slices.Compact(list)
}

func read(t *testing.T, file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
