package settings

import "github.com/goccy/go-yaml/token"

// maxNesting bounds how deep a file may nest: the parser recurses, and its work grows with the square of the depth.
const maxNesting = 64

// What YAML can do and a configuration must not, and what to do instead.
var refused = map[token.Type]string{
	token.AnchorType:     "anchors (&name) are not allowed here; write the value out where it is needed",
	token.AliasType:      "aliases (*name) are not allowed here; write the value out, and put a text that begins with * in quotes",
	token.MergeKeyType:   "merge keys (<<) are not allowed here; write the keys out",
	token.TagType:        "tags (!name) are not allowed here; put a text that begins with ! in quotes",
	token.MappingKeyType: "keys are written KEY: VALUE, without a question mark",
	token.DirectiveType:  "directives (%…) are not allowed here; leave the line out",
}

// vet looks at a file's tokens before they are parsed. It reports what is refused, and says whether the rest can be
// parsed.
func (d *decoder) vet(tokens token.Tokens) bool {
	var n nesting
	var docs documents
	for _, tk := range tokens {
		if tk.Type == token.CommentType {
			continue
		}
		if why := refused[tk.Type]; why != "" {
			d.report(tokenPlace(tk), "%s", why)
		}
		if n.next(tk) > maxNesting {
			d.report(tokenPlace(tk), "this is nested more than %d levels deep", maxNesting)
			return false
		}
		if docs.next(tk) > 1 {
			d.report(tokenPlace(tk), "a second document begins here; a configuration is one document, so join them")
			return false
		}
	}
	return true
}

// nesting follows how deep a file nests: brackets that are open, and what nests by standing on one line. Nesting by
// indentation takes a line for each level, and is bounded by the file's size.
type nesting struct{ brackets, line, onLine int }

func (n *nesting) next(tk *token.Token) (depth int) {
	if tk.Position.Line != n.line {
		n.line, n.onLine = tk.Position.Line, 0
	}
	switch tk.Type {
	case token.MappingStartType, token.SequenceStartType:
		n.brackets++
	case token.MappingEndType, token.SequenceEndType:
		n.brackets--
	case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
		n.onLine++
	}
	return max(n.brackets, n.onLine)
}

// documents counts the documents of a file: --- begins one unless it is the first thing there (but for directives), and so
// does whatever follows the end of one.
type documents struct {
	begun     int
	directive int // the line of a directive, whose words are no content
	ended     bool
}

func (c *documents) next(tk *token.Token) (begun int) {
	if tk.Type == token.DirectiveType {
		c.directive = tk.Position.Line
	}
	if tk.Position.Line == c.directive {
		return c.begun
	}
	if c.begun == 0 || c.ended || tk.Type == token.DocumentHeaderType {
		c.begun++
	}
	c.ended = tk.Type == token.DocumentEndType
	return c.begun
}
