package incidents

import "strings"

// Status is where an incident stands in its life.
type Status string

// The statuses, in the order in which most incidents pass them.
const (
	Triage        Status = "triage"
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	Resolved      Status = "resolved"
	Closed        Status = "closed"
	Canceled      Status = "canceled"
)

// Statuses are all of them in order.
var Statuses = []Status{Triage, Investigating, Identified, Monitoring, Resolved, Closed, Canceled}

// ParseStatus reads a status in any case.
func ParseStatus(s string) (Status, bool) {
	want := Status(strings.ToLower(strings.TrimSpace(s)))
	if want == "cancelled" {
		want = Canceled
	}
	for _, st := range Statuses {
		if st == want {
			return st, true
		}
	}
	return "", false
}

// Open reports whether people are still working on it.
func (s Status) Open() bool { return !s.Ended() }

// Ended reports whether it is resolved, closed or canceled.
func (s Status) Ended() bool { return s == Resolved || s == Closed || s == Canceled }

// EndedAs says how an incident ended; empty while it is open.
type EndedAs string

// How incidents end.
const (
	EndedResolved      EndedAs = "resolved"
	EndedCanceled      EndedAs = "canceled"
	EndedMerged        EndedAs = "merged"
	EndedFalsePositive EndedAs = "false_positive"
)

// Meaning is a clause that helps to choose.
func (s Status) Meaning() string {
	switch s {
	case Triage:
		return "is it an incident, and how bad?"
	case Investigating:
		return "looking for the cause"
	case Identified:
		return "the cause is known"
	case Monitoring:
		return "the impact is over, it seems; watching"
	case Resolved:
		return "the impact is over"
	case Closed:
		return "the work on it is over"
	case Canceled:
		return "it was none"
	}
	return ""
}
