package postmortem

import (
	"slices"
	"strings"
	"time"

	"fireboss/incidents"
)

// Fact is what one event says, for an author that is no person: in one sentence, with
// roles for names, or with names where the record says so.
type Fact struct {
	// Seq is the event. 0: the fact counts events that are left out, and cannot be
	// cited.
	Seq uint64 `json:"seq"`
	// Also are further events, where the fact stands on several: who uses it cites
	// them all.
	Also  []uint64       `json:"also,omitempty"`
	At    time.Time      `json:"at"`
	Who   string         `json:"who,omitempty"`
	Kind  incidents.Kind `json:"kind"`
	Phase string         `json:"phase"`
	Text  string         `json:"text"`
	// Moments are those that the event states besides its own time.
	Moments []time.Time `json:"-"`
	// Names are those of systems in it.
	Names []string `json:"-"`
}

// The kinds of facts that are no events.
const (
	Counted  incidents.Kind = "counted"  // how many events were left out, of which kinds
	Computed incidents.Kind = "computed" // what follows from several events
)

// How many facts there are for a section: of more, the oldest and the newest.
const (
	maxFacts    = 80
	oldestFacts = 30
)

// Facts are what bears on a slot of a template, in the order in which it happened;
// of a slot of an organisation's own, all key events. Of a very long timeline the
// oldest and the newest stay, and what lies between is counted, by kind and phase.
func Facts(slotName string, r Record) []Fact {
	a := survey(r)
	s, known := find(slotName)
	bears := s.bears
	if !known || bears == nil {
		bears = func(*account, *entry) bool { return true }
	}
	var list []*entry
	for _, e := range a.told {
		if (e.weight > aside || elsewhere[e.Kind] && known && s.bears != nil) && bears(a, e) {
			list = append(list, e)
		}
	}
	v := a.voice()
	var out []Fact
	if known && s.hints != nil {
		for _, h := range s.hints(a) {
			out = append(out, a.computed(h)...)
		}
	}
	if len(list) <= maxFacts {
		return append(out, v.facts(list)...)
	}
	newest := len(list) - (maxFacts - oldestFacts)
	out = append(out, v.facts(list[:oldestFacts])...)
	out = append(out, counted(list[oldestFacts:newest])...)
	return append(out, v.facts(list[newest:])...)
}

// elsewhere are kinds that are no key events, and are told in sections of their own.
var elsewhere = map[incidents.Kind]bool{
	incidents.FollowupAdded: true, incidents.FollowupAssigned: true, incidents.FollowupDone: true, incidents.FollowupDropped: true,
	incidents.FollowupReopened: true, incidents.LinkAdded: true,
}

func (v *voice) facts(list []*entry) []Fact {
	var out []Fact
	for _, e := range list {
		c, ok := v.claim(e)
		if !ok {
			continue
		}
		out = append(out, Fact{
			Seq: e.Seq, At: e.At, Who: plain(c.subject), Kind: e.Kind, Phase: e.phase.String(), Text: round.Replace(plain(full(capital(c.text())))),
			Moments: e.moments(), Names: v.systems(e),
		})
	}
	return out
}

// round makes round brackets of square ones, which are for citations alone in what
// another author writes.
var round = strings.NewReplacer("[", "(", "]", ")")

// moments are those that an event states besides its own time.
func (e *entry) moments() []time.Time {
	var list []time.Time
	for _, name := range []string{"to", "at", "next", "due", "impact_started"} {
		if t := e.moment(name); !e.hidden && !t.IsZero() {
			list = append(list, t)
		}
	}
	return list
}

// systems are the names of services and programs in an event.
func (v *voice) systems(e *entry) []string {
	var list []string
	if e.Actor.Kind == incidents.Integration {
		list = append(list, tidy(e.Actor.Name))
	}
	for _, field := range []string{"service", "source"} {
		if name := tidy(e.field(field)); name != "" && !e.hidden {
			list = append(list, name)
		}
	}
	return list
}

// computed is a statement about several events as a fact.
func (a *account) computed(h hint) []Fact {
	cites := slices.Compact(slices.Sorted(slices.Values(a.known(h.cites))))
	if len(cites) == 0 {
		return nil
	}
	last := a.bySeq[cites[len(cites)-1]]
	f := Fact{Seq: cites[len(cites)-1], Also: cites[:len(cites)-1], At: last.At, Kind: Computed, Phase: last.phase.String(), Text: round.Replace(plain(full(capital(h.text))))}
	for _, seq := range cites {
		f.Moments = append(append(f.Moments, a.bySeq[seq].At), a.bySeq[seq].moments()...)
	}
	return []Fact{f}
}

// counted says what lies between the oldest and the newest facts.
func counted(list []*entry) []Fact {
	var out []Fact
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].phase == list[0].phase && list[n].round == list[0].round {
			n++
		}
		text := "in the phase " + list[0].phase.String() + ", " + numbers(list[:n]) + "; they are left out here"
		out = append(out, Fact{At: list[0].At, Kind: Counted, Phase: list[0].phase.String(), Text: full(capital(text))})
		list = list[n:]
	}
	return out
}
