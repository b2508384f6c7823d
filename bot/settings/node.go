package settings

import "github.com/goccy/go-yaml/ast"

// bare is a node without the anchors and tags around it; they have been refused already, and what they hold
// is looked at all the same.
func bare(n ast.Node) ast.Node {
	for {
		switch outer := n.(type) {
		case *ast.AnchorNode:
			n = outer.Value
		case *ast.TagNode:
			n = outer.Value
		case *ast.MappingValueNode:
			return &ast.MappingNode{BaseNode: outer.BaseNode, Start: outer.Start, Values: []*ast.MappingValueNode{outer}}
		default:
			return n
		}
	}
}

// keyText is a key as text. Keys that have been refused already, or cannot be keys, have none.
func keyText(n ast.MapKeyNode) (string, bool) {
	switch key := n.(type) {
	case *ast.StringNode:
		return key.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return key.GetToken().Value, true
	}
	return "", false
}

// nodePlace is where a value begins. A block mapping begins at its first key, though the tree says its colon.
func nodePlace(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if n == nil || n.GetToken() == nil {
		return place{1, 1}
	}
	return tokenPlace(n.GetToken())
}

// describe says what a value is, for "expected …, found …".
func describe(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	case *ast.StringNode:
		return "text" // and not which: it may be a secret in the wrong place
	case *ast.LiteralNode:
		return "text of several lines"
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	}
	return "something else"
}

// rootOf is the mapping that a document is.
func rootOf(doc document) ast.Node {
	return &ast.MappingNode{Values: doc.pairs}
}
