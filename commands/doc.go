// Package commands is what can be said to Fireboss: one file a verb, the same
// for every chat and for the API. A [Request] goes in, a [Reply] comes out;
// who draws the reply, and how, is the door's business.
//
// To add a verb: write its file with a [Verb] value, add it to the list in
// verbs.go, and tell its rule's refusals in a test.
package commands
