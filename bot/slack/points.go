package slack

import (
	"maps"
	"slices"
)

// Points on the way of a delivery.
const (
	pointReceived = "a delivery was received"
	pointAcked    = "a delivery was acknowledged"
	pointApplied  = "a command was applied"
	pointWorked   = "a delivery was worked"
	pointAnswered = "a delivery was answered"
)

// What is called there is no method of Slack's.
const (
	responseURL = "response_url"
	fileURL     = "file" // where a file's content is
)

func before(method string) string { return "before " + method }
func after(method string) string  { return "after " + method }

// Points are all places of this package at which the process may end in a test:
// see [Options.Crash]. "after" a call Slack's answer is there, and nothing was
// made of it.
func Points() []string {
	list := []string{pointReceived, pointAcked, pointApplied, pointWorked, pointAnswered}
	for _, method := range append(slices.Sorted(maps.Keys(rates)), responseURL, fileURL) {
		list = append(list, before(method), after(method))
	}
	return list
}
