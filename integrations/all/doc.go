// Package all is the one list of the integrations, and the tests that hold for each.
//
// To add one: its line in all.go. What is missing about it then, its tests say.
package all
