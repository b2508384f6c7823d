package integrations

import (
	"slices"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
)

// Record is one without secrets, of which sections may be told; an error is a *[HeldError].
func (e Egress) Record(r postmortem.Record) (postmortem.Record, error) {
	in, err := e.Incident(r.Incident)
	if err != nil {
		return postmortem.Record{}, err
	}
	events, err := e.Events(r.Incident, r.Events)
	if err != nil {
		return postmortem.Record{}, err
	}
	r.Incident, r.Events = in, events
	return r, nil
}

// Facts are those of an incident as they may leave; an error is a *[HeldError].
func (e Egress) Facts(in incidents.Incident, facts []postmortem.Fact) ([]Fact, error) {
	list := make([]Fact, len(facts))
	for i, f := range facts {
		text, err := e.Clear(in, f.Text)
		if err != nil {
			return nil, err
		}
		list[i] = Fact{At: f.At, Text: text}
		if f.Seq > 0 {
			list[i].Seqs = append(slices.Clone(f.Also), f.Seq)
		}
	}
	return list, e.Admit(in)
}
