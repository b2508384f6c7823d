package settings

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxBytes bounds what is parsed at all; nobody writes by hand what is larger.
const maxBytes = 1 << 20

// maxTokens bounds its words and signs: the parser's work grows with the square
// of the keys at one level.
const maxTokens = 40_000

// document is the syntax tree of a file, or as much of it as could be read.
type document struct {
	pairs  []*ast.MappingValueNode // the keys at the top, with their values
	lines  []string                // the source, for places within a value
	broken []string                // top keys whose section could not be read: that they lack something means nothing
}

// parse reads the source into a tree. A syntax mistake spoils only the top-level section that it is in:
// the others are parsed by themselves, so that their mistakes are told as well.
func (d *decoder) parse(src []byte) document {
	if len(src) > maxBytes {
		d.report(place{1, 1}, "the file has more than %d bytes, which no configuration needs", maxBytes)
		return document{}
	}
	text, ok := d.normal(src)
	if !ok {
		return document{}
	}
	doc := document{lines: strings.Split(text, "\n")}
	tokens := lexer.Tokenize(text)
	if !d.vet(tokens) {
		return document{}
	}
	if len(tokens) > maxTokens {
		d.report(place{1, 1}, "the file has more than %d words and signs, which no configuration needs", maxTokens)
		return document{}
	}
	pairs, problem := d.tree(text)
	if problem == nil {
		doc.pairs = pairs
		return doc
	}
	d.parseSections(&doc, problem)
	return doc
}

// normal is the source as UTF-8 with plain line ends and without a byte order mark.
func (d *decoder) normal(src []byte) (string, bool) {
	text := strings.TrimPrefix(string(src), "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if utf8.ValidString(text) {
		return text, true
	}
	at := place{1, 1}
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			break
		}
		if at.col++; r == '\n' {
			at = place{at.line + 1, 1}
		}
	}
	d.report(at, "this is not UTF-8 text")
	return "", false
}

// syntaxProblem is where and why the parser stopped.
type syntaxProblem struct {
	at  place
	why string
}

// tree parses one text into the pairs of its mapping.
func (d *decoder) tree(text string) (pairs []*ast.MappingValueNode, problem *syntaxProblem) {
	defer func() {
		if r := recover(); r != nil { // the parser has met a text that its authors did not foresee
			pairs, problem = nil, &syntaxProblem{place{1, 1}, "something in it cannot be understood"}
		}
	}()
	file, err := parser.Parse(lexer.Tokenize(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, asSyntaxProblem(err)
	}
	for _, doc := range file.Docs {
		switch body := bare(doc.Body).(type) {
		case nil, *ast.DirectiveNode, *ast.NullNode:
		case *ast.MappingNode:
			pairs = append(pairs, body.Values...)
		default:
			return nil, &syntaxProblem{nodePlace(body), fmt.Sprintf("expected keys with values (KEY: VALUE), found %s", describe(body))}
		}
	}
	return pairs, nil
}

func asSyntaxProblem(err error) *syntaxProblem {
	var located interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &located) || located.GetToken() == nil {
		return &syntaxProblem{place{1, 1}, err.Error()}
	}
	return &syntaxProblem{tokenPlace(located.GetToken()), located.GetMessage() + hint(located.GetMessage())}
}

// What people most often meant where the parser says so, most telling first.
var hints = []struct{ said, advice string }{
	{"reserved character", "; put the value in quotes"},
	{"mapping value is not allowed", "; put a value that contains \": \" in quotes, and check the indentation"},
	{"'}' must be specified", "; within { } a value like ${NAME} has to be in quotes"},
	{"']' must be specified", "; within [ ] a value like ${NAME} has to be in quotes"},
	{"cannot start any token", "; indent with spaces, not with tabs"},
	{"value is not allowed", "; check the indentation and the quotes"},
}

func hint(message string) string {
	for _, h := range hints {
		if strings.Contains(message, h.said) {
			return h.advice
		}
	}
	return ""
}

// parseSections parses each top-level section of a text that is no YAML as a whole.
func (d *decoder) parseSections(doc *document, whole *syntaxProblem) {
	found := false
	for _, s := range sectionsOf(doc.lines) {
		pairs, problem := d.tree(strings.Repeat("\n", s.line) + s.text)
		doc.pairs = append(doc.pairs, pairs...)
		if problem != nil {
			d.report(problem.at, "%s", problem.why)
			doc.broken = append(doc.broken, s.key)
			found = true
		}
	}
	if !found {
		d.report(whole.at, "%s", whole.why)
	}
}

// section is a top-level key with its lines; line counts from 0.
type section struct {
	line      int
	key, text string
}

// maxSections bounds the work on a broken file; a configuration has a dozen.
const maxSections = 200

// sectionsOf cuts a source at the lines that begin with a top-level key.
func sectionsOf(lines []string) []section {
	var all []section
	for i, line := range lines {
		begins := line != "" && !strings.ContainsAny(line[:1], " \t#-]}'") && !strings.HasPrefix(line, "...")
		switch {
		case begins && len(all) < maxSections:
			key, _, _ := strings.Cut(line, ":")
			all = append(all, section{i, strings.Trim(key, ` "`), line + "\n"})
		case len(all) > 0:
			all[len(all)-1].text += line + "\n"
		case strings.HasPrefix(line, "---"):
		case line != "" && !strings.HasPrefix(strings.TrimSpace(line), "#"):
			all = append(all, section{i, "", line + "\n"})
		}
	}
	return all
}

func tokenPlace(tk *token.Token) place {
	return place{max(1, tk.Position.Line), max(1, tk.Position.Column)}
}
