// Package alerts is what an alert is, and what becomes of it.
//
// A source's delivery is read into a [Report] of [Signal]s: what it says of each of its alerts, in one common form. It
// is pure: no I/O, no goroutine, no time.Now. Everything in a signal was written by a stranger; [Signal.Clean] bounds it.
package alerts
