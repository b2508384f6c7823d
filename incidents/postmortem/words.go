package postmortem

import (
	"slices"
	"strings"
)

// glue are the words with which an author may put facts together, without any fact
// having them. None of them says how many, how often, why, who, in which order, or
// that something was not: what does has to stand in the facts.
var glue = wordSet(`a an the and or but of to in on at by for from with into as that which whose this these those it its they them their
	there then when while where until between during also meanwhile was were is are be been being had has have did which what how
	incident event events record recorded timeline happened occurred utc said says words following according`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

// Glue are the words that [Check] lets an author use whatever the facts say, so that
// it can be told.
func Glue() []string {
	var list []string
	for w := range glue {
		list = append(list, w)
	}
	slices.Sort(list)
	return list
}

// alsoWords are names that are words as well. Where they stand alone in what people
// wrote they are taken for words.
var alsoWords = wordSet(`will mark may grace art bill rose hope jack frank chase dean drew rob pat sue ray rich gene grant chuck page sky
	joy faith dawn june april august may max min dev ops root admin test team lead support on off guy an al so do go sam
	amber crystal iris ivy olive violet ruby pearl victor miles carry cash chance cliff dale dash dusty fox glen harry heath hunter
	lance lane major mason miller angel archer baker banks baron bishop brook carter cook cooper duke earl fisher ford hall hill king
	knight lake law long marsh may page park parker pierce porter potter price prince queen reed rich rivers rock rush sage shepherd
	smith stone storm summer taylor tiger trace turner wade walker wall ward waters weaver west white wood woods young`)

// common reports whether a name is a word that people write without meaning anybody.
func common(name string) bool {
	w := strings.ToLower(name)
	return glue[w] || alsoWords[w]
}

// numerals are numbers in words.
var numerals = map[string]string{
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18",
	"nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}

// stem is a word without the endings that English gives to what is otherwise the
// same word: rolled, rolling and rolls are roll. It is exact about nothing else.
func stem(w string) string {
	w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
	n := len(w)
	switch {
	case n > 4 && (strings.HasSuffix(w, "ies") || strings.HasSuffix(w, "ied")):
		return w[:n-3] + "y"
	case n > 5 && strings.HasSuffix(w, "ing"):
		w = w[:n-3]
	case n > 4 && strings.HasSuffix(w, "ed"):
		w = w[:n-2]
	case n > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		w = w[:n-1]
	}
	w = strings.TrimSuffix(w, "e")
	if n := len(w); n > 3 && w[n-1] == w[n-2] && strings.IndexByte("bdgmnprt", w[n-1]) >= 0 {
		w = w[:n-1]
	}
	return w
}
