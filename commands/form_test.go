package commands

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
)

// fills lets somebody send a form.
func (w *world) fills(who, command string, values map[string][]string) Reply {
	w.t.Helper()
	r := w.request(who, command)
	r.Values, r.Mentions = values, map[string]incidents.Person{"@UB": inhabitants["bob"], "@UC": inhabitants["carol"]}
	return w.desk.Handle(w.t.Context(), r)
}

// What a verb needs and was not given is asked for, with what was typed filled in;
// what is filled in does the same as typing it.
func TestFormsAskForWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		typed   string
		filled  map[string]string // what the form holds before
		values  map[string][]string
		command string // the form's own; empty: the verb and the incident
		says    string // in the answer
		kind    incidents.Kind
	}{
		{"sev", map[string]string{"severity": "unset"}, map[string][]string{"severity": {"sev2"}, "why": {"wider than thought"}}, "", "INC-1 is now sev2.", incidents.SeverityChanged},
		{"status", map[string]string{"status": "investigating"}, map[string][]string{"status": {"monitoring"}}, "", "monitoring", incidents.StatusChanged},
		{"update next 25m", map[string]string{"next": "25m"}, map[string][]string{"text": {"it works next 5m"}, "next": {"25m"}}, "", "The next one is due at 12:25 UTC.", incidents.UpdatePosted},
		{"update", map[string]string{"next": "policy"}, map[string][]string{"text": {"it works"}, "next": {"policy"}}, "", "is posted", incidents.UpdatePosted},
		{"role scribe", map[string]string{"role": "scribe"}, map[string][]string{"role": {"scribe"}, "to": {"@UB"}}, "", "bob is now scribe", incidents.RoleAssigned},
		{"lead", nil, map[string][]string{"to": {"@UB"}}, "", "bob is now incident commander", incidents.RoleAssigned},
		{"summary", nil, map[string][]string{"text": {"cards fail"}}, "", "is set", incidents.SummaryChanged},
		{"note at 11:30", map[string]string{"at": "2026-11-20 11:30"}, map[string][]string{"text": {"at the moment nothing works"}, "at": {"20m"}}, "", "at 11:40 UTC", incidents.NoteAdded},
		{"decision", nil, map[string][]string{"text": {"roll back"}}, "", "stands in the timeline", incidents.DecisionMade},
		{"task add due 30m", nil, map[string][]string{"text": {"look @nobody due 1h"}, "to": {"@UC"}, "due": {"30m"}}, "task INC-1 add", "(carol, due 12:30 UTC)", incidents.TaskAdded},
		{"followup add", nil, map[string][]string{"text": {"an alert for it"}}, "followup INC-1 add", "Follow-up 1 is added", incidents.FollowupAdded},
		{"task done", nil, map[string][]string{"number": {"1"}}, "task INC-1 done", "Task 1 of INC-1 is done", incidents.TaskDone},
		{"task assign", nil, map[string][]string{"number": {"1"}, "to": {"@UB"}}, "task INC-1 assign", "is now bob's", incidents.TaskAssigned},
		{"link", nil, map[string][]string{"url": {"https://example.com/a"}, "name": {"a page"}}, "", "is added", incidents.LinkAdded},
		{"service", map[string]string{"way": "add"}, map[string][]string{"name": {"checkout"}, "way": {"add"}}, "", "is now among the services", incidents.ServiceAdded},
		{"handoff", nil, map[string][]string{"to": {"@UC"}, "text": {"it is failing over"}}, "", "You offered command of INC-1 to carol", incidents.HandoffOffered},
		{"invite", nil, map[string][]string{"people": {"@UB", "@UC"}}, "", "Invited to INC-1: bob and carol.", incidents.ResponderJoined},
		{"rename", map[string]string{"title": "x"}, map[string][]string{"title": {"y"}}, "", "is now called: y", incidents.Renamed},
		{"type", map[string]string{"type": "incident"}, map[string][]string{"type": {"availability"}}, "", "is now availability", incidents.TypeChanged},
		{"field region", map[string]string{"name": "region"}, map[string][]string{"name": {"region"}, "value": {"eu west"}}, "", "is now: eu west", incidents.FieldChanged},
		{"impact start", map[string]string{"end": "start"}, map[string][]string{"end": {"start"}, "at": {"11:00"}}, "", "impact of INC-1 started at 11:00", incidents.ImpactChanged},
		{"time detected", map[string]string{"name": "detected"}, map[string][]string{"name": {"detected"}, "at": {"11:00"}}, "", "was detected at 11:00", incidents.TimeChanged},
		{"tlp", map[string]string{"level": "AMBER"}, map[string][]string{"level": {"RED"}}, "", "is now TLP:RED", incidents.TLPChanged},
		{"hold", map[string]string{"way": "on"}, map[string][]string{"way": {"on"}, "why": {"the regulator asks"}}, "", "is under a legal hold", incidents.HoldChanged},
		{"redact", nil, map[string][]string{"number": {"2"}}, "", "is gone", incidents.Redacted},
		{"merge", nil, map[string][]string{"into": {"INC-2"}, "why": {"one cause"}}, "", "is now merged into INC-2", incidents.Merged},
		{"clock start", nil, map[string][]string{"of": {"gdpr"}, "at": {"20m"}}, "clock INC-1 start", "counts from 11:40 UTC", incidents.ClockStarted},
		{"clock submitted", nil, map[string][]string{"of": {"dora initial"}}, "clock INC-1 submitted", "was submitted at 12:00 UTC", incidents.ClockSubmitted},
		{"clock mark", nil, map[string][]string{"of": {"dora classified"}}, "clock INC-1 mark", "classified at 12:00 UTC", incidents.ClockMarked},
		{"clock stop", nil, map[string][]string{"of": {"dora"}, "why": {"no bank"}}, "clock INC-1 stop", "is stopped", incidents.ClockStopped},
		{"snooze", map[string]string{"length": "30m", "rule": "all"}, map[string][]string{"length": {"30m"}, "rule": {"all"}}, "", "put off until 12:30", incidents.ReminderSnoozed},
	} {
		t.Run(c.typed, func(t *testing.T) {
			w := newWorld(t)
			w.says("alice", "open x")
			w.says("alice", "open another")
			w.here = 1
			w.says("alice", "task add first")
			w.says("alice", "clock start dora")
			asked := w.says("alice", c.typed)
			if asked.Form == nil {
				t.Fatalf("%q has no form: %+v", c.typed, asked)
			}
			verb, _ := cut(c.typed)
			if want := verb + " INC-1"; asked.Form.Command != want && asked.Form.Command != c.command {
				t.Errorf("sending it says %q", asked.Form.Command)
			}
			for _, f := range asked.Form.Fields {
				if want := c.filled[f.Name]; want != strings.Join(f.Value, " ") && want != "" {
					t.Errorf("%s holds %q, want %q", f.Name, f.Value, want)
				}
			}
			w.here = 0 // a form is sent from nowhere
			done := w.fills("alice", asked.Form.Command, c.values)
			if !strings.Contains(done.Text, c.says) || len(done.Events) == 0 || !slices.ContainsFunc(done.Events, func(e incidents.Event) bool { return e.Kind == c.kind }) {
				t.Errorf("sending it answers %q with %d events", done.Text, len(done.Events))
			}
		})
	}
}

// Every form is one that Slack can show, and that can be sent.
func TestFormsAreWhole(t *testing.T) {
	w := newWorld(t)
	w.says("alice", "open x")
	for _, v := range verbs {
		if (v.form == nil) != (v.fill == nil) {
			t.Errorf("%s has a form or a way to fill it in, and not both", v.Name)
		}
		if v.form == nil {
			continue
		}
		c := &call{Request: w.request("alice", v.Name), ctx: t.Context(), desk: w.desk, verbs: verbs, verb: v, number: 1}
		f, names := c.asks(), map[string]bool{}
		if n := len([]rune(f.Title)); n == 0 || n > 24 {
			t.Errorf("%s: the title %q has %d characters", v.Name, f.Title, n)
		}
		if n := len(f.Submit); n == 0 || n > 24 {
			t.Errorf("%s: the button %q", v.Name, f.Submit)
		}
		for _, field := range f.Fields {
			if names[field.Name] || field.Label == "" {
				t.Errorf("%s: field %q %q", v.Name, field.Name, field.Label)
			}
			names[field.Name] = true
			if choice := field.Kind == FieldChoice || field.Kind == FieldMany || field.Kind == FieldTick; choice != (len(field.Options) > 0) {
				t.Errorf("%s: field %q has %d options", v.Name, field.Name, len(field.Options))
			}
		}
	}
}

// Nobody is asked to fill in what would be refused, and what is wrong is said at
// its field.
func TestFormsRefuse(t *testing.T) {
	w := newWorld(t)
	w.says("alice", "open private x")
	w.says("alice", "open y")
	w.here = 2
	w.says("alice", "close")
	if r := w.says("alice", "sev"); r.Form != nil {
		t.Errorf("a closed incident asks %+v", r.Form)
	}
	w.here = 0
	if r := w.says("bob", "sev INC-1"); r.Form != nil || r.Refused != incidents.CodeNotFound {
		t.Errorf("bob is shown the form of what is not open to him: %+v", r)
	}
	if r := w.fills("bob", "sev INC-1", map[string][]string{"severity": {"sev1"}}); r.Form != nil || r.Refused != incidents.CodeNotFound {
		t.Errorf("bob fills in what is not open to him: %+v", r)
	}
	for field, values := range map[string]map[string][]string{
		"title":    {"title": {strings.Repeat("x", 201)}},
		"started":  {"title": {"x"}, "started": {"in a while"}},
		"severity": {"title": {"x"}, "severity": {"sev9"}},
		"services": {"title": {"x"}, "services": {strings.Repeat("x", 81)}},
	} {
		r := w.fills("alice", "open", values)
		if r.Refused != incidents.CodeInvalid || r.Field != field || r.Form == nil {
			t.Errorf("%v: refused as %q at %q: %s", values, r.Refused, r.Field, r.Text)
			continue
		}
		for _, f := range r.Form.Fields {
			if said := values[f.Name]; len(said) > 0 && !slices.Equal(f.Value, said) {
				t.Errorf("what was written into %s is lost: %q", f.Name, f.Value)
			}
		}
	}
	if r := w.fills("alice", "open", map[string][]string{"title": {"x"}, "started": {"2031-01-01 10:00"}}); r.Field != "started" || !strings.Contains(r.Text, "future") {
		t.Errorf("the future is refused at %q: %s", r.Field, r.Text)
	}
}

// Bare /incident asks what is wrong; a type that is private ticks that it is, and
// what is open for the same service is shown, to those who may see it.
func TestTheDeclareForm(t *testing.T) {
	w := newWorld(t)
	w.says("alice", "open checkout is down")
	w.says("alice", "service INC-1 add checkout")
	w.says("alice", "open private checkout was broken into")
	w.says("alice", "service INC-2 add checkout")
	first := w.says("bob", "")
	if first.Form == nil || first.Form.Command != "open" {
		t.Fatalf("bare /incident asks %+v", first.Form)
	}
	var labels []string
	for _, f := range first.Form.Fields {
		labels = append(labels, f.Label)
	}
	if want := []string{"Title", "Severity", "Type", "Services", "Summary", "Private", "Started"}; !slices.Equal(labels, want) {
		t.Errorf("the fields are %q", labels)
	}
	for id, ago := range map[string]time.Duration{"deployed v122": 3 * time.Hour, "deployed v123": time.Hour} {
		if err := w.store.PutServiceChange(t.Context(), incidents.ServiceChange{ID: id, Service: "checkout", Title: id, At: noon.Add(-ago)}); err != nil {
			t.Fatal(err)
		}
	}
	r := w.request("bob", "open")
	r.Redraw, r.Values = true, map[string][]string{"services": {"checkout"}, "type": {"security"}, "private": {}}
	again := w.desk.Handle(t.Context(), r)
	if len(again.Events) > 0 || again.Form == nil || len(again.Form.Notes) != 2 || again.Form.Notes[1].Choice.Command != "join INC-1" ||
		again.Form.Notes[0].Text != "checkout was changed at 11:00 UTC: deployed v123" {
		t.Fatalf("with a service it is %+v", again.Form)
	}
	tick := again.Form.Fields[5]
	if tick.Name != "private_security" || !slices.Equal(tick.Value, []string{"yes"}) {
		t.Errorf("a security incident is private as %+v", tick)
	}
	for name, c := range map[string]struct {
		values map[string][]string
		want   bool
	}{
		"ticked":                        {map[string][]string{"private": {"yes"}}, true},
		"not ticked":                    {map[string][]string{"private": {}}, false},
		"by type":                       {map[string][]string{"private": {}, "type": {"security"}}, true},
		"by type, ticked":               {map[string][]string{"private_security": {"yes"}, "type": {"security"}}, true},
		"by type, and the tick removed": {map[string][]string{"private_security": {}, "type": {"security"}}, false},
	} {
		c.values["title"] = []string{name}
		if done := w.fills("bob", "open", c.values); done.Incident == nil || done.Incident.Private != c.want {
			t.Errorf("%s: %+v", name, done)
		}
	}
}

// An incident that is opened from a message begins with it, at its own time.
func TestOpeningFromAMessage(t *testing.T) {
	w := newWorld(t)
	r := w.request("alice", "open payments fail")
	r.Source = &incidents.Source{URL: "https://example.slack.com/archives/C1/p1", Text: "502 since noon", Author: inhabitants["dave"], At: noon.Add(-5 * time.Minute)}
	done := w.desk.Handle(t.Context(), r)
	if len(done.Events) != 3 || done.Events[0].Kind != incidents.Declared {
		t.Fatalf("it caused %+v", done.Events)
	}
	said := done.Events[1]
	if said.Kind != incidents.MessagePosted || said.Text != "502 since noon" || said.Actor.Name != "dave" || !said.At.Equal(r.Source.At) || !said.RecordedAt.Equal(noon) {
		t.Errorf("the message is %+v", said)
	}
	if len(done.Incident.Links) != 1 || done.Incident.Links[0].URL != r.Source.URL {
		t.Errorf("the links are %+v", done.Incident.Links)
	}
}

// What is opened from where not everybody can read is private unless somebody says
// otherwise, and the form says who will read it; what was opened from that message
// already is shown.
func TestOpeningFromAPrivateMessage(t *testing.T) {
	w := newWorld(t)
	w.rules.PrivateTypes = nil
	source := incidents.Source{URL: "https://example.slack.com/archives/C1/p1", Text: "keys are in the log", Author: inhabitants["dave"], At: noon}
	asks := func() *Form {
		r := w.request("alice", "open")
		r.Source, r.Redraw, r.Values = &source, true, map[string][]string{}
		return w.desk.Handle(t.Context(), r).Form
	}
	ticked := func(f *Form) bool { return len(f.Fields[5].Value) > 0 }
	if f := asks(); f.Fields[5].Name != "private" || ticked(f) || len(f.Notes) != 1 || strings.Contains(f.Notes[0].Text, "private") || f.Fields[0].Value[0] != source.Text {
		t.Errorf("%+v", f)
	}
	source.Private = true
	if f := asks(); !ticked(f) || !strings.HasSuffix(f.Notes[0].Text, "It stands in a private channel; whoever can see the incident will read it.") {
		t.Errorf("%+v", f)
	}
	for _, text := range []string{"open another thing", "open keys"} {
		r := w.request("bob", text)
		if r.Source = &source; text == "open another thing" {
			r.Source = nil
		}
		w.desk.Handle(t.Context(), r)
	}
	if f := asks(); len(f.Notes) != 2 || f.Notes[1].Choice.Command != "join INC-2" {
		t.Errorf("%+v", f.Notes)
	}
	source.URL = ""
	if f := asks(); len(f.Notes) != 1 {
		t.Errorf("of a message whose address is not known: %+v", f.Notes)
	}
}

// The control panel offers what can be done now, and says why the rest cannot.
func TestTheControlPanel(t *testing.T) {
	w := newWorld(t)
	w.says("alice", "open x")
	w.here = 1
	labels := func(r Reply) (list []string) {
		for _, c := range r.Choices {
			list = append(list, c.Label)
		}
		return list
	}
	open := labels(w.says("bob", ""))
	for _, want := range []string{"Acknowledge", "Take command", "Update", "Severity", "Status", "Tasks", "Resolve"} {
		if !slices.Contains(open, want) {
			t.Errorf("an open incident lacks %q: %q", want, open)
		}
	}
	w.says("bob", "lead me")
	if led := labels(w.says("bob", "")); slices.Contains(led, "Take command") || !slices.Contains(led, "Hand over") {
		t.Errorf("the commander is offered %q", led)
	}
	w.says("bob", "close")
	closed := w.says("bob", "")
	if got := labels(closed); !slices.Contains(got, "Reopen") || slices.Contains(got, "Resolve") || slices.Contains(got, "Severity") {
		t.Errorf("a closed incident offers %q", got)
	}
	if !slices.ContainsFunc(closed.Lines, func(l Line) bool {
		return strings.Contains(l.Text, "severity") && strings.Contains(l.Text, "for it is closed. Open it again first: /incident reopen WHY")
	}) {
		t.Errorf("it does not say why: %+v", closed.Lines)
	}
}

// A home shows what concerns one person, and nothing that is not open to them.
func TestHome(t *testing.T) {
	w := newWorld(t)
	w.says("alice", "open sev3 slow")
	w.says("alice", "open sev1 down")
	w.says("alice", "open private secret")
	w.says("bob", "join INC-2")
	w.says("alice", "task INC-1 add look @bob due 2h")
	w.says("alice", "task INC-2 add now @bob due 1h")
	w.says("alice", "task INC-3 add hidden @bob")
	home, err := w.desk.Home(t.Context(), w.request("bob", ""))
	if err != nil || len(home.Sections) != 3 {
		t.Fatal(home, err)
	}
	var got []string
	for _, s := range home.Sections {
		for _, l := range s.Lines {
			got = append(got, s.Title+": "+strings.SplitN(l.Text, ";", 2)[0])
		}
	}
	want := []string{
		"My incidents: INC-2 sev1, investigating: down",
		"My tasks and follow-ups: INC-2 task 1: now (due 13:00 UTC)", "My tasks and follow-ups: INC-1 task 1: look (due 14:00 UTC)",
		"Open incidents: INC-2 sev1, investigating: down", "Open incidents: INC-1 sev3, investigating: slow",
	}
	if !slices.Equal(got, want) {
		t.Errorf("bob's home:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What has to be set before an incident is resolved is asked for, and the form
// then does what was said.
func TestFieldsThatAreMissingAreAskedFor(t *testing.T) {
	w := strict(t)
	w.does("bob", "type security")
	asked := w.says("bob", "close")
	if asked.Form == nil || asked.Form.Command != "close INC-1" || len(asked.Form.Fields) != 2 {
		t.Fatalf("closing asks %+v", asked.Form)
	}
	if law := asked.Form.Fields[1]; law.Name != "set_law" || law.Kind != FieldChoice || len(law.Options) != 2 {
		t.Errorf("law is asked as %+v", law)
	}
	if r := w.fills("bob", asked.Form.Command, map[string][]string{"set_root_cause": {"an old key"}}); r.Form == nil || len(r.Form.Fields) != 1 {
		t.Errorf("with one of two it answers %q and asks %+v", r.Text, r.Form)
	}
	done := w.fills("bob", asked.Form.Command, map[string][]string{"set_root_cause": {"an old key"}, "set_law": {"no"}})
	if done.Incident == nil || done.Incident.Status != incidents.Closed || done.Incident.Fields["law"] != "no" {
		t.Errorf("it ends as %q", done.Text)
	}
}

// A form that is only drawn anew does nothing, whatever is said and filled in.
func TestDrawingAnewDoesNothing(t *testing.T) {
	w := newWorld(t)
	w.says("alice", "open x")
	w.here = 1
	before := w.incident(1)
	for _, v := range Verbs() {
		for _, values := range []map[string][]string{nil, {}, {"set_root_cause": {"x"}, "text": {"y"}, "to": {"@UB"}}} {
			r := w.request("alice", v.Name+" me")
			r.Redraw, r.Values = true, values
			reply := w.desk.Handle(t.Context(), r)
			if reply.Form == nil && reply.Refused == "" || len(reply.Events) > 0 || reply.Fault != nil {
				t.Errorf("%s with %v: %+v", v.Name, values, reply)
			}
		}
	}
	if now := w.incident(1); now.Version != before.Version || now.Seq != before.Seq {
		t.Errorf("something was done: version %d, %d events", now.Version, now.Seq)
	}
}
