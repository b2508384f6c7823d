package postmortem

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"fireboss/incidents"
)

// The people and programs of the tests.
var (
	alice   = incidents.Person{ID: "slack:T1/UA", Name: "alice"}
	bob     = incidents.Person{ID: "slack:T1/UB", Name: "bob"}
	carol   = incidents.Person{ID: "slack:T1/UC", Name: "carol"}
	dave    = incidents.Person{ID: "slack:T1/UD", Name: "Dave Miller"}
	erin    = incidents.Person{ID: "slack:T1/UE", Name: "erin"}
	watcher = incidents.Actor{Kind: incidents.Integration, ID: "token:prometheus", Name: "prometheus"}
)

// ten is when every play begins: a Friday, at ten in the morning.
var ten = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

func policy() incidents.Rules {
	return incidents.Rules{
		PrivateTypes: []string{"security"},
		Services: map[string]incidents.Service{
			"checkout": {Tier: 1, Runbook: "https://wiki.example.com/checkout", Dashboards: []string{"https://graphs.example.com/d/checkout"}}, "payments": {Tier: 1},
		},
		Types: []incidents.Type{{Name: "security", Checklist: []string{"Preserve the evidence", "Tell the security lead", "Write down who has accessed what"}}},
		Clock: incidents.DefaultClock(), Pages: "https://fireboss.example.com/incidents/",
	}
}

// play is an incident that is acted out: every event of it is decided by the rules.
type play struct {
	t      testing.TB
	rules  incidents.Rules
	in     incidents.Incident
	events []incidents.Event
	behind map[incidents.OutsideID][]incidents.Event
	now    time.Time
	said   int
}

func begin(t testing.TB, number incidents.Number) *play {
	return &play{t: t, rules: policy(), in: incidents.Incident{Number: number}, behind: map[incidents.OutsideID][]incidents.Event{}, now: ten}
}

// later lets time pass.
func (p *play) later(d time.Duration) *play {
	p.now = p.now.Add(d)
	return p
}

// does has a person do something that must be allowed.
func (p *play) does(who incidents.Person, act incidents.Act) *play {
	p.t.Helper()
	return p.acts(who.Actor(), act)
}

func (p *play) acts(who incidents.Actor, act incidents.Act) *play {
	p.t.Helper()
	if err := p.try(who, act); err != nil {
		p.t.Fatalf("%s: %#v: %v", who.Name, act, err)
	}
	return p
}

// try decides an act, and keeps what follows as a store would.
func (p *play) try(who incidents.Actor, act incidents.Act) error {
	p.said++
	cmd := incidents.Command{ID: fmt.Sprint("c", p.said), Actor: who, At: p.now, Incident: p.in.Number, Origin: "slack", Do: act}
	facts := incidents.Facts{Behind: p.behind, Others: map[incidents.Number]incidents.Incident{7: {Number: 7, Title: "card network slow", Status: incidents.Investigating}}}
	if after, limit, ok := incidents.Recalls(act); ok {
		facts.Events = p.events[min(int(after), len(p.events)):]
		if limit > 0 && len(facts.Events) > limit {
			facts.Events = facts.Events[:limit]
		}
	}
	change, err := incidents.Decide(p.rules, p.in, facts, cmd, p.now)
	if err != nil {
		return err
	}
	for i, e := range change.Events {
		e.Seq = uint64(len(p.events) + 1)
		p.events = append(p.events, e)
		if id, ok := change.Links[i]; ok {
			p.behind[id] = append(p.behind[id], e)
		}
	}
	for _, seq := range change.Redact {
		p.events[seq-1] = p.events[seq-1].Redact()
		for _, list := range p.behind {
			for i, e := range list {
				if e.Seq == seq {
					list[i] = e.Redact()
				}
			}
		}
	}
	p.in = stored(p.t, change.Incident)
	return nil
}

// stored is an incident as it comes back from a store.
func stored(t testing.TB, in incidents.Incident) (out incidents.Incident) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// says has somebody write into the channel, and answers the message's id.
func (p *play) says(who incidents.Person, text string, files ...incidents.File) incidents.OutsideID {
	p.t.Helper()
	id := incidents.OutsideID{Mirror: "slack", ID: fmt.Sprintf("C1/%d.%06d", p.now.Unix(), p.said)}
	p.does(who, incidents.RecordMessage{ID: id, Text: text, At: p.now, Files: files})
	return id
}

// record is the play as it is told.
func (p *play) record() Record {
	r := Record{
		Incident: p.in, Events: p.events, Rules: p.rules, At: p.now, Page: p.rules.Pages + p.in.Number.String(), Messages: map[uint64]string{},
	}
	for _, e := range p.events {
		if e.Kind == incidents.MessagePosted {
			r.Messages[e.Seq] = fmt.Sprintf("https://example.slack.com/archives/C1/p%d", e.Seq)
		}
	}
	return r
}
