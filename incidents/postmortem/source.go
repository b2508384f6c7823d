package postmortem

import (
	"strings"
	"time"

	"fireboss/incidents"
)

// The names of facts about an incident whose events are looked up. Moments have
// the names of [incidents.TimeNames], services those of serviceFact.
const (
	factTitle    = "title"
	factSummary  = "summary"
	factSeverity = "severity"
	factStatus   = "status"
	factType     = "type"
	factPrivate  = "private"
	factDrill    = "drill"
	factTLP      = "tlp"
)

// trace finds out on which events it stands how the incident is now. What has been
// redacted has no data, but its kind and its time say enough, as a rule.
func (a *account) trace() map[string][]uint64 {
	t := tracer{a: a, of: map[string][]uint64{}}
	for _, e := range a.list {
		t.see(e)
	}
	for _, name := range incidents.TimeNames { // set by hand, by an event that says no more which
		at := a.Incident.Times.Named(name)
		if at.IsZero() {
			delete(t.of, name)
		} else if len(t.of[name]) == 0 && t.blank != 0 {
			t.of[name] = []uint64{t.blank}
		}
	}
	for _, s := range a.Incident.Services {
		if name := serviceFact(s); len(t.of[name]) == 0 {
			t.of[name] = bounded(t.named)
		}
	}
	return t.of
}

type tracer struct {
	a     *account
	of    map[string][]uint64
	blank uint64   // the last redacted event by which a time was set
	named []uint64 // the redacted events by which services were named
}

func (t *tracer) set(name string, e *entry) { t.of[name] = []uint64{e.Seq} }

// first sets what only the first event of its sort sets.
func (t *tracer) first(name string, e *entry) {
	if len(t.of[name]) == 0 {
		t.set(name, e)
	}
}

// plainly are the kinds that set one fact each.
var plainly = map[incidents.Kind]string{
	incidents.Renamed: factTitle, incidents.SummaryChanged: factSummary, incidents.SeverityChanged: factSeverity, incidents.TypeChanged: factType,
	incidents.VisibilityChanged: factPrivate, incidents.TLPChanged: factTLP, incidents.Acknowledged: "acknowledged",
}

// serviceFact is the fact that a service is affected.
func serviceFact(name string) string { return "service " + strings.ToLower(name) }

func (t *tracer) see(e *entry) {
	if e.Redacted && (e.Kind == incidents.Declared || e.Kind == incidents.ServiceAdded) {
		t.named = append(t.named, e.Seq)
	}
	if name := plainly[e.Kind]; name != "" {
		t.set(name, e)
	}
	switch e.Kind {
	case incidents.Declared:
		t.declared(e)
	case incidents.ServiceAdded:
		t.set(serviceFact(e.field("service")), e)
	case incidents.TimeChanged, incidents.ImpactChanged:
		if name := e.field("name"); name != "" {
			t.set(name, e)
		} else {
			t.blank = e.Seq
		}
	case incidents.StatusChanged, incidents.Merged:
		t.moved(e)
	case incidents.AlertAttached:
		t.alert(e)
	}
	if shows[e.Kind] && (e.value("acknowledged") == true || e.Redacted && t.is("acknowledged", e)) {
		t.first("acknowledged", e)
	}
}

// shows are the kinds by which somebody acknowledges who has not said so.
var shows = map[incidents.Kind]bool{incidents.StatusChanged: true, incidents.UpdatePosted: true, incidents.RoleAssigned: true, incidents.HandoffAccepted: true}

func (t *tracer) declared(e *entry) {
	for _, name := range []string{factTitle, factSeverity, factStatus, factType, factPrivate, factDrill, factTLP, "declared"} {
		t.set(name, e)
	}
	if e.field("summary") != "" {
		t.set(factSummary, e)
	}
	if e.field("impact_started") != "" || e.Redacted {
		t.set("impact_started", e)
	}
	if t.is("detected", e) {
		t.set("detected", e)
	}
	services, _ := e.value("services").([]any)
	for _, s := range services {
		if name, ok := s.(string); ok {
			t.set(serviceFact(name), e)
		}
	}
}

// moved keeps what a change of the status sets, as [incidents.Times] has it.
func (t *tracer) moved(e *entry) {
	if e.Kind == incidents.Merged && e.field("into") == "" {
		return
	}
	t.set(factStatus, e)
	to := incidents.Status(e.field("to"))
	if e.Redacted {
		to = t.guess(e)
	}
	switch to {
	case incidents.Identified:
		t.first("identified", e)
	case incidents.Monitoring:
		t.first("mitigated", e)
	case incidents.Resolved:
		t.first("mitigated", e)
		t.set("resolved", e)
	case incidents.Closed:
		t.set("closed", e)
	case incidents.Investigating:
		if e.reopens() {
			delete(t.of, "resolved")
			delete(t.of, "closed")
		}
	}
}

// guess is to which status a redacted event led, by its time.
func (t *tracer) guess(e *entry) incidents.Status {
	for _, s := range []incidents.Status{incidents.Closed, incidents.Resolved, incidents.Identified} {
		if t.is(string(s), e) {
			return s
		}
	}
	if t.is("mitigated", e) {
		return incidents.Monitoring
	}
	return ""
}

// alert keeps the first alert as what the detection stands on, if it is.
func (t *tracer) alert(e *entry) {
	if t.is("detected", e) {
		t.set("detected", e)
	}
}

// is reports whether a moment of the incident is that of an event.
func (t *tracer) is(name string, e *entry) bool {
	at := t.a.Incident.Times.Named(name)
	return at != nil && !at.IsZero() && at.Sub(e.At).Abs() < time.Second
}

// of are the events on which facts of these names stand, as far as they are known.
func (a *account) sourceOf(names ...string) []uint64 {
	var list []uint64
	for _, name := range names {
		list = append(list, a.source[name]...)
	}
	return list
}
