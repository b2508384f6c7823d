package postmortem

import (
	"time"

	"fireboss/incidents"
)

// Record is all that is known of an incident, and for whom it is told.
type Record struct {
	Incident incidents.Incident
	Events   []incidents.Event // all of them, by seq
	Rules    incidents.Rules
	Page     string            // the address of the incident's page; empty: it has none
	Messages map[uint64]string // where messages of the channel can be read, by the seq of their events
	Tickets  map[int]string    // where follow-ups are tracked, by their number
	At       time.Time         // when it is told
	By       incidents.Actor   // who has it told; zero: Fireboss
	// Names says that people have their names in the narrative. Otherwise they have
	// the roles that they held.
	Names bool
}

// by is who has it told.
func (r Record) by() incidents.Actor {
	if r.By.ID == "" {
		return incidents.Fireboss
	}
	return r.By
}
