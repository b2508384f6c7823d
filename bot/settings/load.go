package settings

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
)

// Options say what a configuration is read for.
type Options struct {
	// NeedSlack is set where the program will speak to Slack: then the slack section has to be complete. Otherwise it may
	// be left out, and of one that is there only the form counts: its variables need not be set.
	NeedSlack bool

	// Serving is set where the program will listen: then the certificate of http.tls has to be there.
	Serving bool

	// Integrations makes, for each integration by its name, a pointer to a struct with its defaults, which its
	// section is decoded into. A name that is not here is an unknown key.
	Integrations map[string]func() any

	// SkipIntegrations is set where the program will not use them: then only the form of their sections counts, and their
	// variables need not be set.
	SkipIntegrations bool

	// Template reads the file of a template of a postmortem, and says what is wrong with
	// it; nil: nobody looks.
	Template func(path string) error

	// Env looks up a variable; os.LookupEnv where it is nil.
	Env func(name string) (value string, set bool)
}

// Load reads a configuration file. Where the file has mistakes, the error is Problems: all of them.
func Load(path string, o Options) (Settings, error) {
	src, err := readBounded(path)
	if err != nil {
		return Settings{}, &UnreadError{err}
	}
	return Parse(path, src, o)
}

// UnreadError is that a file cannot be read at all.
type UnreadError struct{ Err error }

// Error says what to do where the file is the program's own configuration.
func (e *UnreadError) Error() string {
	return fmt.Sprintf("the configuration cannot be read: %s; name another file with --config, or begin with a copy of config.example.yaml", e.Err)
}

// Unwrap is why.
func (e *UnreadError) Unwrap() error { return e.Err }

// readBounded reads a file, and of one that is too large only so much as shows
// that: it may be a device without an end.
func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	src, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	return src, errors.Join(err, file.Close())
}

// Parse is Load for a file that has been read; name is how its problems call it.
func Parse(name string, src []byte, o Options) (Settings, error) {
	s := Defaults()
	if problems := decode(name, src, o, &s); len(problems) > 0 {
		return Settings{}, problems
	}
	return s, nil
}

// decode reads a source into a pointer to a struct that holds the defaults.
func decode(name string, src []byte, o Options, into any) Problems {
	d := &decoder{
		file: name, lookup: o.Env, integrations: o.Integrations,
		places: map[string]place{}, bad: map[string]bool{},
	}
	if d.lookup == nil {
		d.lookup = os.LookupEnv
	}
	if !o.NeedSlack {
		d.unneeded = append(d.unneeded, "slack")
	}
	if o.SkipIntegrations {
		d.unneeded = append(d.unneeded, "integrations")
	}
	d.doc = d.parse(src)
	if d.doc.lines == nil {
		return d.problems
	}
	v := reflect.ValueOf(into).Elem()
	fill(v)
	d.section(rootOf(d.doc), target{v: v, key: place{1, 1}})
	d.check(v, "")
	if s, ok := into.(*Settings); ok && o.Serving {
		s.HTTP.TLS.checkFiles(d.reporter("http.tls"))
	}
	if s, ok := into.(*Settings); ok && o.Template != nil {
		s.Postmortem.checkFiles(o.Template, d.reporter("postmortem"))
	}
	d.problems.sort()
	return d.problems
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
