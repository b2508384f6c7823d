package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// flaw is a reference that leads nowhere; nth counts the ${ of its text from 0.
type flaw struct {
	nth int
	why string
}

// maxFlaws is how many of one text are reported: who has so many has made one mistake, not hundreds, and to find the
// place of each takes the longer the more there are.
const maxFlaws = 100

// expand replaces each ${NAME} by the variable's value, once, and each $${ by ${. It works on scalars that have
// been parsed, so what a variable holds is never read as YAML.
func expand(raw string, lookup func(string) (string, bool)) (text string, expanded bool, flaws []flaw) {
	var b strings.Builder
	for nth := 0; ; nth++ {
		before, after, found := strings.Cut(raw, "${")
		if !found || len(flaws) == maxFlaws {
			b.WriteString(raw)
			return b.String(), expanded, flaws
		}
		if strings.HasSuffix(before, "$") {
			b.WriteString(before + "{")
			raw = after
			continue
		}
		b.WriteString(before)
		name, rest, closed := strings.Cut(after, "}")
		if !closed || !isVariable(name) {
			flaws = append(flaws, flaw{nth, "${ begins a variable's name, as in ${NAME}; write $${ where ${ itself is meant"})
			raw = after
			continue
		}
		value, set := lookup(name)
		switch {
		case !set:
			flaws = append(flaws, flaw{nth, fmt.Sprintf("the environment variable %s is not set", name)})
		case !utf8.ValidString(value):
			flaws = append(flaws, flaw{nth, fmt.Sprintf("the environment variable %s is not UTF-8 text", name)})
		}
		b.WriteString(value)
		raw, expanded = rest, true
	}
}

// escape makes of a text one that expands to it.
func escape(text string) string { return strings.ReplaceAll(text, "${", "$${") }

// isVariable says whether a name is one as POSIX has them (Base Definitions 8.1), in either case.
func isVariable(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// reference is where the nth ${ of a scalar stands in the source. In a text with escapes the count would not hold,
// so there it is where the scalar begins.
func (d *decoder) reference(n ast.Node, nth int) place {
	at := nodePlace(n)
	tk := n.GetToken()
	if tk.Type == token.DoubleQuoteType && strings.Contains(tk.Origin, `\`) {
		return at
	}
	col := at.col - 1
	for i := at.line - 1; i < len(d.doc.lines); i++ {
		line := []rune(d.doc.lines[i])
		for ; col+1 < len(line); col++ {
			if line[col] != '$' || line[col+1] != '{' {
				continue
			}
			if nth == 0 {
				return place{i + 1, col + 1}
			}
			nth--
		}
		col = 0
	}
	return at
}

// filePrefix begins a secret that is kept in a file.
const filePrefix = "file:"

// maxSecret bounds what is read as a secret; the longest are certificate chains.
const maxSecret = 1 << 20

// readSecret reads a secret from its file, without the line end that editors and echo put there.
func readSecret(path string) (string, error) {
	if !filepath.IsAbs(path) {
		return "", fmt.Errorf("%q is not a full path; write file:/run/secrets/name", path)
	}
	info, err := os.Stat(path) // before opening: opening a pipe would wait
	if err != nil {
		return "", fmt.Errorf("the secret's file cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file", path)
	}
	// Windows has no such modes.
	if mode := info.Mode().Perm(); mode&0o027 != 0 && runtime.GOOS != "windows" {
		return "", fmt.Errorf("%s is open to others (mode %04o); run chmod 600 on it, or 640 for a group", path, mode)
	}
	return readText(path)
}

func readText(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("the secret's file cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("the secret's file cannot be read: %w", err)
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	switch {
	case len(text) > maxSecret:
		return "", fmt.Errorf("%s has more than %d bytes, which no secret needs", path, maxSecret)
	case secret == "":
		return "", errors.New(path + " is empty")
	case !utf8.ValidString(secret):
		return "", errors.New(path + " is not UTF-8 text")
	}
	return secret, nil
}
