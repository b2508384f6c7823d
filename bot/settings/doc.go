// Package settings reads Fireboss's configuration: one strict YAML file, every mistake in it told at once.
//
// It knows the keys, their defaults, their meaning and what makes a value wrong; it does not know what the
// rest of the program does with them, and it opens no socket and no store.
//
// A configuration is a Go struct and its field tags say everything: [Load] walks the file's syntax tree
// against them, [Example] makes config.example.yaml of them, [Effective] prints the settings in force so
// that they load back.
//
//	yaml:"name,option…"  the key; options below
//	doc:"…"              its meaning, in config.example.yaml
//	example:"…"          YAML shown where there is no default to show; it has to load
//	default:"…"          its value when left out, in a struct that is an element of a list or a map; elsewhere
//	                     defaults are simply the values that the struct holds before it is decoded
//	enum:"a,b"           the only values allowed
//	min:"0" max:"9"      bounds of a number, inclusive
//
// Options: required (must be there and not empty), single (a list may be written as its one element), flow
// (printed on one line), off (a section that may be written 0, which empties it), inline (an embedded
// struct whose keys stand among those of its owner).
//
// Fields are strings, booleans, integers, floats, [time.Duration], structs, maps from string, slices, types
// that implement [encoding.TextUnmarshaler], and secrets. A type checks itself as a whole with a method
// Check(report func(key, sentence string)), and a map its keys with CheckKey(key string) error. None of these
// are this package's own types, so a section of the configuration can live in a package that does not import
// this one; [Options.Integrations] is how such a section gets here.
//
// To add a key: add the field with its tags, its default in [Defaults], and run
//
//	go test ./bot/settings -update
package settings
