package condition

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"fireboss/incidents"
)

// Names are what an expression can speak of, by name. Those of the zero value say of what type each is; nil: of any. The map is
// a new one each time.
type Names interface{ Names() map[string]any }

// Expression is a text that gives a value. In a configuration it is compiled to see whether it can be.
type Expression[N Names] string

// UnmarshalText takes one that can be compiled.
func (x *Expression[N]) UnmarshalText(text []byte) error {
	*x = Expression[N](text)
	_, err := x.Compile()
	return err
}

// Compile makes it work; nothing, where it is empty.
func (x Expression[N]) Compile() (*Program[N], error) { return compile[N](string(x)) }

// Condition is a text that says true or false.
type Condition[N Names] string

// UnmarshalText takes one that can be compiled.
func (x *Condition[N]) UnmarshalText(text []byte) error {
	*x = Condition[N](text)
	_, err := x.Compile()
	return err
}

// Compile makes it work; nothing, where it is empty.
func (x Condition[N]) Compile() (*Program[N], error) { return compile[N](string(x), expr.AsBool()) }

// The bounds of a text.
const (
	maxLength = 4000 // bytes
	maxNodes  = 1000
)

// Program is an expression that can be run, by many at a time.
type Program[N Names] struct {
	program *vm.Program
	keys    map[string][]string
}

// compile compiles a text twice: as its writer meant it, so that mistakes are found, and then as it is run, where what is
// missing is nothing.
func compile[N Names](text string, options ...expr.Option) (p *Program[N], err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil //nolint:nilnil // no expression is no program
	}
	if len(text) > maxLength {
		return nil, incidents.Invalid("this expression has more than %d characters", maxLength)
	}
	defer func() { // the compiler is a large piece of somebody else's work
		if r := recover(); r != nil {
			p, err = nil, incidents.Invalid("this expression cannot be compiled: %v", r)
		}
	}()
	var names N
	known := names.Names()
	// The optimizer would work constants out before they can be counted.
	common := []expr.Option{expr.MaxNodes(maxNodes), expr.Optimize(false)}
	for _, name := range leftOut {
		common = append(common, expr.DisableBuiltin(name))
	}
	if _, err := expr.Compile(text, append(append(options, common...), expr.Env(typed(known)))...); err != nil {
		return nil, mistake(err, known)
	}
	v := &rewriter{keys: map[string][]string{}}
	common = append(common, expr.MaxNodes(0), expr.Env(map[string]any{}), expr.AllowUndefinedVariables(), expr.Patch(v))
	for name, f := range functions {
		common = append(common, expr.Function(name, f))
	}
	program, err := expr.Compile(text, common...)
	if err == nil {
		err = v.err
	}
	if err != nil {
		return nil, mistake(err, nil)
	}
	return &Program[N]{program, v.keys}, nil
}

// typed is a struct with a field for each name, by which the language knows what is of which type.
func typed(names map[string]any) any {
	var fields []reflect.StructField
	for i, name := range slices.Sorted(maps.Keys(names)) {
		t := reflect.TypeFor[any]()
		if names[name] != nil {
			t = reflect.TypeOf(names[name])
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("N%d", i), Type: t, Tag: reflect.StructTag(fmt.Sprintf("expr:%q", name))})
	}
	return reflect.Zero(reflect.StructOf(fields)).Interface()
}

// leftOut are the language's functions that it does not have here.
var leftOut = []string{"now", "flatten", "repeat"}

// mistake is an error of the language, as a sentence on one line that says where.
func mistake(err error, known map[string]any) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return incidents.Invalid("this expression is not right: %s", plain(err.Error()))
	}
	where := fmt.Sprintf("character %d", at.Column+1)
	if at.Line > 1 {
		where = fmt.Sprintf("line %d, %s", at.Line, where)
	}
	sentence := plain(at.Message)
	if len(known) > 0 && strings.HasPrefix(sentence, "unknown name") {
		sentence += "; known here: " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")
	}
	if of, field, ok := strings.Cut(sentence, " has no field "); ok {
		sentence = fieldless(strings.TrimPrefix(of, "type "), field, known)
	}
	return incidents.Invalid("this expression is not right at %s: %s", where, sentence)
}

// fieldless says that a name has no field that an expression speaks of, and which it has, the nearest first. It is given the
// name's type, which is none of the writer's business.
func fieldless(of, field string, known map[string]any) string {
	for _, name := range slices.Sorted(maps.Keys(known)) {
		t := reflect.TypeOf(known[name])
		if t == nil || t.Kind() != reflect.Struct || t.String() != of {
			continue
		}
		var has []string
		for i := range t.NumField() {
			has = append(has, t.Field(i).Tag.Get("expr"))
		}
		slices.SortStableFunc(has, func(a, b string) int { return alike(field, b) - alike(field, a) })
		return fmt.Sprintf("%s has no %s; it has %s", name, field, strings.Join(has, ", "))
	}
	return fmt.Sprintf("there is no %s in it", field)
}

// alike is how many letters two words have in common at their beginning and at their end.
func alike(a, b string) int {
	most, begin, end := min(len(a), len(b)), 0, 0
	for begin < most && a[begin] == b[begin] {
		begin++
	}
	for end < most-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	return begin + end
}

// plain is a message in fewer of the language's own words.
func plain(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	return words.Replace(message)
}

var words = strings.NewReplacer(
	"interface conversion: ", "", "interface {} is ", "it is ", "interface {}", "anything",
	"map[string]anything", "an object", "map[string]interface {}", "an object", "[]interface {}", "a list", "<nil>", "nothing", " nil", " nothing",
)

// Keys are the keys by which an expression looks at members of a name, such as a header's; false where it also looks at
// it in another way, so that these are not all.
func (p *Program[N]) Keys(name string) ([]string, bool) {
	if p == nil {
		return nil, true
	}
	return p.keys[name], !slices.Contains(p.keys[name], wholly)
}

// Run works it out. No program gives nothing.
func (p *Program[N]) Run(names N, m *Meter) (any, error) {
	if p == nil {
		return nil, nil //nolint:nilnil // nothing is a value here
	}
	if err := m.step(); err != nil {
		return nil, err
	}
	env := names.Names()
	env[meter] = m
	machine := vm.VM{MemoryBudget: maxValues}
	value, err := machine.Run(p.program, env)
	if errors.Is(err, ErrSpent) {
		return nil, ErrSpent
	}
	if err != nil {
		return nil, mistake(err, nil)
	}
	return value, nil
}

// Holds works a condition out: nothing is not true. No program holds.
func (p *Program[N]) Holds(names N, m *Meter) (bool, error) {
	if p == nil {
		return true, nil
	}
	value, err := p.Run(names, m)
	if err != nil {
		return false, err
	}
	return truth(value)
}
