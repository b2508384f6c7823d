// Package incidents is what Fireboss knows about incidents, and nothing else.
//
// A [Command] says what somebody wants, [Decide] says what follows from it: a
// [Change] with the incident as it is afterwards, the events that say so, the
// deadlines, and what has to be said to single people. Nothing here opens a
// file or a socket, starts a goroutine or asks what time it is, so every rule
// can be tested with values alone.
//
// To add an act: write its type in the file of its noun with a decide method,
// give it a row in [Lifecycle], and a table test. A command that a refusal
// proposes is a [Say], so that it is right wherever the refusal is read.
package incidents
