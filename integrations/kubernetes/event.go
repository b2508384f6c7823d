package kubernetes

import (
	"errors"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Read reads an event (core/v1), also as a watch tells of it: {"type": "ADDED", "object": {…}}. Its parts write in two
// ways: older ones with firstTimestamp, lastTimestamp, count and source, newer ones with eventTime, series and
// reportingComponent, and the others null.
func (c Config) Read(told integrations.JSON, at time.Time) (alerts.Report, error) {
	event := told
	if told.At("object").Object() {
		event = told.At("object")
		switch told.At("type").Text() {
		case added, modified:
		case deleted:
			return alerts.Report{Nothing: "an event that the cluster forgets, as it does with all after an hour"}, nil
		case bookmark:
			return alerts.Report{Nothing: "a bookmark"}, nil
		default:
			return alerts.Report{}, errors.New("it is no change of an event: its type is none of ADDED, MODIFIED, DELETED and BOOKMARK")
		}
	}
	about, reason := event.At("involvedObject"), event.At("reason").Text()
	if !about.Object() || strings.TrimSpace(reason) == "" {
		return alerts.Report{}, errors.New("it is no event of Kubernetes: it lacks an involvedObject or a reason")
	}
	namespace := about.At("namespace").Text()
	switch {
	case event.At("type").Text() != "Warning":
		return alerts.Report{Nothing: "an event that is no warning"}, nil
	case !c.wants(namespace, reason):
		return alerts.Report{Nothing: "a warning whose reason or namespace is not asked for"}, nil
	}
	report := alerts.Report{Signals: []alerts.Signal{c.signal(event, about, at)}}
	if uid, version := event.At("metadata", "uid").Text(), version(event); uid != "" && version != "" {
		report.ID = uid + "/" + version
	}
	return report, nil
}

func (c Config) signal(event, about integrations.JSON, at time.Time) alerts.Signal {
	namespace, name, reason, message := about.At("namespace").Text(), about.At("name").Text(), event.At("reason").Text(), event.At("message").Text()
	where := name
	if namespace != "" {
		where = namespace + "/" + name
	}
	uid := about.At("uid").Text()
	if uid == "" {
		uid = about.At("kind").Text() + ":" + where
	}
	s := alerts.Signal{
		Fingerprint: "k8s:" + uid + ":" + reason,
		Status:      alerts.Firing,
		Severity:    c.rank(reason),
		Title:       reason + " " + where + ": " + message,
		Description: message,
		Service:     namespace,
		StartedAt:   first(event.At("firstTimestamp"), event.At("eventTime"), event.At("metadata", "creationTimestamp")),
		SaidAt:      seen(event, at),
		Count:       event.At("count").Or(event.At("series", "count")).Count(),
		Labels:      labels(event, about),
	}
	if c.Quiet > 0 {
		s.Expires = seen(event, at).Add(c.Quiet)
	}
	return s
}

// labels are what an event says of where it happened.
func labels(event, about integrations.JSON) map[string]string {
	all := map[string]string{
		"namespace": about.At("namespace").Text(),
		"kind":      about.At("kind").Text(),
		"name":      about.At("name").Text(),
		"reason":    event.At("reason").Text(),
		"component": event.At("reportingComponent").Or(event.At("source", "component")).Text(),
		"host":      event.At("source", "host").Text(),
	}
	// spec.containers{checkout}
	if _, container, ok := strings.Cut(about.At("fieldPath").Text(), "{"); ok {
		all["container"] = strings.TrimSuffix(container, "}")
	}
	for name, value := range all {
		if value == "" {
			delete(all, name)
		}
	}
	return all
}

// first is the first of the times that are there.
func first(all ...integrations.JSON) time.Time {
	for _, j := range all {
		if t := j.Time(); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// seen is when an event happened last, as far as it says; not after it came.
func seen(event integrations.JSON, at time.Time) time.Time {
	last := first(event.At("series", "lastObservedTime"), event.At("lastTimestamp"), event.At("eventTime"), event.At("metadata", "creationTimestamp"))
	if last.IsZero() || last.After(at) {
		return at
	}
	return last
}

// version is the resourceVersion of an object: where a watch got to that has told of it.
func version(object integrations.JSON) string { return object.At("metadata", "resourceVersion").Text() }

// later says whether a version is after another. They are numbers that grow within a resource (KEP-5504); should they be
// none, every version is.
func later(version, than string) bool {
	return !number(version) || !number(than) || len(version) > len(than) || len(version) == len(than) && version > than
}

func number(s string) bool { return s != "" && s[0] != '0' && strings.Trim(s, "0123456789") == "" }
