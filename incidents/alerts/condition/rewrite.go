package condition

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"fireboss/incidents"
)

// rewriter makes of an expression one in which what is missing is nothing, and loops and texts are counted.
type rewriter struct {
	err  error
	keys map[string][]string // see Program.Keys
}

// wholly stands among the keys of a name that is looked at as a whole.
const wholly = "*"

// call is a call of one of our own functions.
func call(name string, arguments ...ast.Node) *ast.CallNode {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: arguments}
}

func metered(name string, arguments ...ast.Node) *ast.CallNode {
	return call(name, append([]ast.Node{&ast.IdentifierNode{Value: meter}}, arguments...)...)
}

// loops are the functions that go around, and whether what they ask each time is true or false.
var loops = map[string]bool{
	"all": true, "none": true, "any": true, "one": true, "filter": true, "find": true, "findIndex": true, "findLast": true, "findLastIndex": true, "count": true,
	"map": false, "sum": false, "groupBy": false, "sortBy": false, "reduce": false,
}

// Of these functions nothing is an empty list, or an empty text.
var (
	ofLists = []string{"len", "first", "last", "take", "sort", "uniq", "concat", "reverse", "mean", "median", "max", "min"}
	ofTexts = []string{"lower", "upper", "trim", "trimPrefix", "trimSuffix", "split", "splitAfter", "indexOf", "lastIndexOf", "hasPrefix", "hasSuffix", "toBase64", "fromBase64"}
)

// Visit rewrites one node; those within it are rewritten already.
func (r *rewriter) Visit(node *ast.Node) {
	at := (*node).Location()
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		r.name(n)
		return
	case *ast.MemberNode:
		r.member(n)
		*node = call("at!", n.Node, n.Property)
	case *ast.BinaryNode:
		*node = binary(n)
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			n.Node = call("truth!", n.Node)
		}
		return
	case *ast.ConditionalNode:
		n.Cond = call("truth!", n.Cond)
		return
	case *ast.CallNode:
		if f, ok := n.Callee.(*ast.IdentifierNode); ok && slices.Contains(growing, f.Value) {
			n.Arguments = append([]ast.Node{&ast.IdentifierNode{Value: meter}}, n.Arguments...)
		}
		return
	case *ast.BuiltinNode:
		*node = builtin(n)
	default:
		return
	}
	(*node).SetLocation(at)
}

// name notes a name; what member finds it in takes the note back.
func (r *rewriter) name(n *ast.IdentifierNode) {
	if n.Value == "$env" {
		r.err = incidents.Invalid("this expression is not right: $env is not known here")
	}
	r.keys[n.Value] = append(r.keys[n.Value], wholly)
}

// member notes which member of a name is looked at.
func (r *rewriter) member(n *ast.MemberNode) {
	of, named := n.Node.(*ast.IdentifierNode)
	key, fixed := n.Property.(*ast.StringNode)
	if !named || !fixed {
		return
	}
	keys := r.keys[of.Value]
	if last := slices.Index(keys, wholly); last >= 0 {
		keys = slices.Delete(keys, last, last+1)
	}
	r.keys[of.Value] = append(keys, key.Value)
}

func binary(n *ast.BinaryNode) ast.Node {
	switch n.Operator {
	case "+":
		return metered("+!", n.Left, n.Right)
	case "<", ">", "<=", ">=":
		return call(n.Operator+"!", n.Left, n.Right)
	case "&&", "and", "||", "or":
		n.Left, n.Right = call("truth!", n.Left), call("truth!", n.Right)
	}
	return n
}

func builtin(n *ast.BuiltinNode) ast.Node {
	asks, loop := loops[n.Name]
	switch {
	case len(n.Arguments) == 0:
	case n.Name == "get":
		return call("at!", n.Arguments...)
	case loop || slices.Contains(ofLists, n.Name):
		n.Arguments[0] = call("list!", n.Arguments[0])
	case slices.Contains(ofTexts, n.Name):
		n.Arguments[0] = metered("text!", n.Arguments[0])
	}
	for _, a := range n.Arguments {
		p, ok := a.(*ast.PredicateNode)
		if !ok {
			continue
		}
		if asks {
			p.Node = call("truth!", p.Node)
		}
		p.Node = &ast.SequenceNode{Nodes: []ast.Node{metered("step!"), p.Node}}
	}
	return n
}
