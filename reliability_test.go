package main_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	testNamed    = regexp.MustCompile("`(Test\\w+)`")
	guardOf      = regexp.MustCompile("\\(`([a-z_/]+\\.go)`\\) \\|")
)

// TestReliability holds the table of guards to the code: each names a file and a
// test that exist. Whether the test notices is tried by taking the guard out.
func TestReliability(t *testing.T) {
	tests := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range testFunction.FindAllSubmatch(b, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	guards, doc := 0, read(t, "docs/reliability.md")
	for line := range strings.Lines(doc) {
		for _, m := range testNamed.FindAllStringSubmatch(line, -1) {
			if !tests[m[1]] {
				t.Errorf("there is no %s", m[1])
			}
		}
		if m := guardOf.FindStringSubmatch(line); m != nil {
			guards++
			if _, err := os.Stat(m[1]); err != nil {
				t.Error(err)
			}
			if !testNamed.MatchString(line) {
				t.Errorf("no test is named for %s", line)
			}
		}
	}
	if said := fmt.Sprintf("\n%d guards.", guards); !strings.Contains(doc, said) {
		t.Errorf("%d guards are listed, and the page says another number", guards)
	}
}
