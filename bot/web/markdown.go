package web

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// rendered is Markdown as HTML that can stand on a page. What people wrote in HTML is
// left out before (goldmark without its unsafe option), and what is left goes through
// a list of what may stand there (bluemonday): each alone would do.
//
// A citation, "[T14]" or "[T4, T7]", becomes small links to the events of the timeline,
// by event.
func rendered(markdown string, event func(seq uint64) string) template.HTML {
	var b bytes.Buffer
	writer := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithParserOptions(
			parser.WithInlineParsers(util.Prioritized(citationParser{}, 150)), // links have 200
			parser.WithASTTransformers(util.Prioritized(lowered{}, 100)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(citationRenderer{event}, 500))),
	)
	if err := writer.Convert([]byte(markdown), &b); err != nil { // a buffer takes everything
		return template.HTML(template.HTMLEscapeString(markdown)) //nolint:gosec // it is escaped
	}
	return template.HTML(mayStand.SanitizeReader(&b).String()) //nolint:gosec // that is what it was sanitised for
}

// mayStand is what HTML from Markdown may have: text, lists, tables, and links to
// places on the web and on the page itself.
var mayStand = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "code", "pre", "em", "strong", "del", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^cite$`)).OnElements("sup")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	return p
}()

// citationNode is a citation in a text.
type citationNode struct {
	ast.BaseInline
	seqs []uint64
}

var citationKind = ast.NewNodeKind("Citation")

// Kind is the kind of the node.
func (*citationNode) Kind() ast.NodeKind { return citationKind }

// Dump prints the node, for those who look for a mistake.
func (n *citationNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// citationParser finds citations. The text of a link is none, and neither is what has a
// backslash before it: the parser never comes to that.
type citationParser struct{}

var citing = regexp.MustCompile(`^\[T[1-9][0-9]{0,17}(?:, ?T[1-9][0-9]{0,17})*\]`)

// Trigger are the bytes at which a citation can begin.
func (citationParser) Trigger() []byte { return []byte{'['} }

// Parse reads a citation, if there is one.
func (citationParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	found := citing.Find(line)
	if found == nil {
		return nil
	}
	if rest := line[len(found):]; len(rest) > 0 && (rest[0] == '(' || rest[0] == ':' || rest[0] == '[') {
		return nil
	}
	block.Advance(len(found))
	n := &citationNode{}
	for word := range strings.SplitSeq(string(found[1:len(found)-1]), ",") {
		seq, _ := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(word), "T"), 10, 64) // it is a number by its pattern
		n.seqs = append(n.seqs, seq)
	}
	return n
}

// citationRenderer draws citations.
type citationRenderer struct{ event func(seq uint64) string }

// RegisterFuncs says what it can draw.
func (c citationRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(citationKind, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		n, ok := node.(*citationNode)
		if !entering || !ok {
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString(`<sup class="cite">`)
		for i, seq := range n.seqs {
			if i > 0 {
				_, _ = w.WriteString(" ")
			}
			_, _ = fmt.Fprintf(w, `<a href="%s">T%d</a>`, template.HTMLEscapeString(c.event(seq)), seq)
		}
		_, _ = w.WriteString("</sup>")
		return ast.WalkContinue, nil
	})
}

// lowered puts headings below that of the section they stand in.
type lowered struct{}

// Transform lowers every heading by two.
func (lowered) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it never fails
		if h, ok := n.(*ast.Heading); ok && entering {
			h.Level = min(h.Level+2, 6)
		}
		return ast.WalkContinue, nil
	})
}
