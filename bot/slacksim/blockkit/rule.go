package blockkit

import (
	"regexp"
	"slices"
)

// kind is what sort of JSON value something is.
type kind int

const (
	kindAny kind = iota // in a rule: whatever it is
	kindNull
	kindBool
	kindNumber
	kindString
	kindObject
	kindList
)

// surfaces is a set of the places where Slack draws blocks.
type surfaces uint8

const (
	message surfaces = 1 << iota
	modal
	home

	nowhere    surfaces = 0
	everywhere          = message | modal | home
)

// place is a slot that holds one of several objects, told apart by their "type".
type place int

const (
	anyPlace         place = iota
	asBlock                // an item of "blocks"
	inSection              // the accessory of a section
	inActions              // an element of an actions block
	inInput                // the element of an input block
	inContext              // an element of a context block
	inContextActions       // an element of a context_actions block
	inCell                 // a cell of a table
	inRichText             // an element of a rich_text block
	inRichTextList         // an element of a rich_text_list
	inLine                 // an element of a rich_text_section or a rich_text_quote
	inCode                 // an element of a rich_text_preformatted
	asInitial              // the initial value of a rich_text_input
)

// stands says in which places something may stand, and on which surfaces there.
type stands map[place]surfaces

// rule says what one value must be.
type rule struct {
	kind     kind
	required bool

	// min and max bound a string's characters, a list's items or a number's
	// value. They hold where bounded is set; a max below min is no bound.
	bounded  bool
	min, max int64

	enum     []string // a string's allowed values; nil: any
	format   *format  // a string's form; nil: any
	distinct bool     // no two items of the list are alike
	item     *rule    // what each item of a list must be
	orNull   bool     // null is allowed too

	// An object has one shape, or one of those in choices, by its "type" and by
	// whether they stand in the place.
	shape   *shape
	choices map[string]*shape
	in      place

	only  stands // nil: wherever the object itself may stand
	scope scope  // within which the value must be unique
	once  bool   // a boolean that only one object of a message or view may set
}

// scope is within what a value must be unique.
type scope int

const (
	noScope scope = iota
	wholeScope
	blockScope
)

// shape says what an object holds.
type shape struct {
	name   string // the value of its "type"; "" where it has none
	stands stands
	fields []field
	// needs are the fields of which some must be there.
	needs []need
	// atLeast is how many fields must be there, whichever they are.
	atLeast int
	// whole are the rules between several fields.
	whole []func(c *checker, at string, object *node)
	// fills are the fields that Slack adds where they are left out.
	fills []fill
}

// field is a member of an object.
type field struct {
	name string
	rule rule
}

// need says that at least one of the fields must be there, or exactly one.
type need struct {
	fields  []string
	exactly bool
}

// fill is a field and the JSON that Slack gives it.
type fill struct {
	name, value string
	kind        kind
}

// format is the form a string must have.
type format struct {
	says string // the problem
	ok   func(string) bool
}

func (s *shape) field(name string) (rule, bool) {
	for i := range s.fields {
		if s.fields[i].name == name {
			return s.fields[i].rule, true
		}
	}
	return rule{}, false
}

const noMax = -1

// must makes a field required.
func must(r rule) rule {
	r.required = true
	return r
}

// str is a string of min to max characters (Unicode code points).
func str(min, max int64) rule {
	return rule{kind: kindString, bounded: true, min: min, max: max}
}

func enum(values ...string) rule { return rule{kind: kindString, enum: values} }

func boolean() rule { return rule{kind: kindBool} }

// integer is a whole number from min to max.
func integer(min, max int64) rule {
	return rule{kind: kindNumber, bounded: true, min: min, max: max}
}

// list is an array of min to max items.
func list(min, max int64, item rule) rule {
	return rule{kind: kindList, bounded: true, min: min, max: max, item: &item}
}

func distinct(r rule) rule {
	r.distinct = true
	return r
}

// object is an object of one shape.
func object(s *shape) rule { return rule{kind: kindObject, shape: s} }

// among is an object of one of the shapes that stand in the place.
func among(in place, tables ...[]*shape) rule {
	choices := make(map[string]*shape)
	for _, table := range tables {
		for _, s := range table {
			if s.stands[in] != nowhere {
				choices[s.name] = s
			}
		}
	}
	return rule{kind: kindObject, choices: choices, in: in}
}

// formatted adds a form to a string.
func formatted(r rule, f *format) rule {
	r.format = f
	return r
}

// matching is a form given by a regular expression, which the problem shows.
func matching(pattern string) *format {
	return &format{says: "input must match regex pattern: " + pattern, ok: regexp.MustCompile(pattern).MatchString}
}

// with joins lists of fields.
func with(lists ...[]field) []field {
	return slices.Concat(lists...)
}
