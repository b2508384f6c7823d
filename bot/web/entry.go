package web

import (
	"strings"
	"time"

	"fireboss/incidents"
)

// telling are the kinds of events that tell the story on their own.
var telling = map[incidents.Kind]bool{
	incidents.Declared: true, incidents.SeverityChanged: true, incidents.StatusChanged: true, incidents.UpdatePosted: true,
	incidents.DecisionMade: true, incidents.HandoffAccepted: true, incidents.VisibilityChanged: true, incidents.Merged: true, incidents.MessageMarked: true,
}

// talk are what people wrote in the channel.
var talk = map[incidents.Kind]bool{
	incidents.MessagePosted: true, incidents.MessageEdited: true, incidents.MessageDeleted: true,
}

// entryOf is an event as the timeline shows it.
func entryOf(e incidents.Event) entry {
	out := entry{Event: e, Word: kindWord(e.Kind), Class: "plain", Clock: e.At.UTC().Format("15:04:05")}
	if dayName(e.At) != dayName(e.RecordedAt) {
		out.Clock = e.At.UTC().Format("2 Jan 15:04")
	}
	switch {
	case telling[e.Kind]:
		out.Class = "key"
	case talk[e.Kind]:
		out.Class = "talk"
	}
	if late := e.RecordedAt.Sub(e.At); late >= time.Minute {
		out.Later = "written down " + span(late) + " later"
	}
	return out
}

// kindWord is a kind for people: "severity changed".
func kindWord(k incidents.Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

// dayName is the heading below which an event stands.
func dayName(t time.Time) string { return t.UTC().Format("Monday 2 January 2006") }
