package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fireboss/incidents"
)

// Page sizes of lists.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

// query reads the parameters of a GET; the first thing that is wrong is kept.
type query struct {
	values url.Values
	err    error
}

// readQuery accepts these names and no other: a filter with a typing mistake
// must not answer as if it were not there.
func readQuery(raw string, names ...string) *query {
	values, err := url.ParseQuery(raw)
	q := &query{values: values}
	there := "There are: " + strings.Join(names, ", ") + "."
	if len(names) == 0 {
		there = "There are none."
	}
	if err != nil {
		q.wrong("The query cannot be read: %s. Send parameters as ?NAME=VALUE. %s", shorten(err.Error(), 80), there)
	}
	for name, list := range values {
		if !slices.Contains(names, name) {
			q.wrong("%q is not a parameter here. %s", shorten(name, 40), there)
		} else if len(list) > 1 {
			q.wrong("%q stands there twice. Send it once.", name)
		}
	}
	return q
}

func (q *query) wrong(format string, args ...any) {
	if q.err == nil {
		q.err = invalidf(format, args...)
	}
}

// text is a parameter, empty where it is not there.
func (q *query) text(name string) string { return q.values.Get(name) }

// given reports whether a parameter is there and says something.
func (q *query) given(name string) bool { return q.values.Get(name) != "" }

// maxSearch is the longest search, in characters; a reader with a token must
// not be able to keep the store busy with one.
const maxSearch = 200

// words are what q asks for.
func (q *query) words() []string {
	s := q.text("q")
	if n := len([]rune(s)); n > maxSearch {
		q.wrong("q has %d characters, at most %d fit. A few words are enough.", n, maxSearch)
		return nil
	}
	list := incidents.Words(s)
	if q.given("q") && len(list) == 0 {
		q.wrong("q is %q; it must hold a word to look for.", shorten(s, 40))
	}
	return list
}

func (q *query) limit() int {
	if !q.given("limit") {
		return defaultLimit
	}
	n, err := strconv.Atoi(q.text("limit"))
	if err != nil || n < 1 || n > maxLimit {
		q.wrong("limit is %q; it must be a number from 1 to %d.", shorten(q.text("limit"), 40), maxLimit)
	}
	return n
}

func (q *query) after() uint64 { return q.seq("after") }

// uint is a parameter that is a number; rule says what it must be.
func (q *query) uint(name, rule string) uint64 {
	n, err := strconv.ParseUint(q.text(name), 10, 63)
	if err != nil {
		q.wrong("%s is %q; %s", name, shorten(q.text(name), 40), rule)
	}
	return n
}

// version is that of a postmortem's text; 0: the newest.
func (q *query) version() int {
	if !q.given("version") {
		return 0
	}
	n, err := strconv.Atoi(q.text("version"))
	if err != nil || n < 1 {
		q.wrong("version is %q; it must be a number from 1.", shorten(q.text("version"), 40))
	}
	return n
}

func (q *query) severity() *incidents.Severity {
	if !q.given("severity") {
		return nil
	}
	v, ok := incidents.ParseSeverityAlone(q.text("severity"))
	if !ok {
		q.wrong("severity is %q; it must be one of sev1, sev2, sev3, sev4, sev5, unset.", shorten(q.text("severity"), 40))
	}
	return &v
}

func (q *query) status() incidents.Status {
	if !q.given("status") {
		return ""
	}
	v, ok := incidents.ParseStatus(q.text("status"))
	if !ok {
		q.wrong("status is %q; it must be one of %s.", shorten(q.text("status"), 40), statusNames())
	}
	return v
}

// cursor is where the page before ended.
func (q *query) cursor() incidents.Number {
	if !q.given("cursor") {
		return 0
	}
	n, err := incidents.ParseNumber(q.text("cursor"))
	if err != nil {
		q.wrong("cursor is %q; send the next_cursor of the page before as it was.", shorten(q.text("cursor"), 40))
	}
	return n
}

func statusNames() string {
	var list []string
	for _, s := range incidents.Statuses {
		list = append(list, string(s))
	}
	return enumerated(list)
}

func enumerated(list []string) string { return strings.Join(list, ", ") }
