package bolt

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"fireboss/incidents"
)

// putState plans an incident's row with everything that is found by it.
func (p *plan) putState(was, in incidents.Incident) {
	k := key{}.number(in.Number)
	row, err := json.Marshal(in)
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("this cannot be stored: %w", err)
	}
	p.put(states, k, row)
	p.putJSON(figures, k, nil, figuresOf(in, row))
	if was.Version == 0 {
		p.put(meta, metaNumber, k)
		p.put(days, dayKey(in), none)
	}
	switch open := in.Status.Open(); {
	case open && (was.Version == 0 || !was.Status.Open()):
		p.put(openings, k, none)
	case !open && was.Status.Open():
		p.remove(openings, k)
	}
	for _, d := range was.Deadlines {
		if !slices.Contains(in.Deadlines, d) {
			p.remove(due, dueKey(in.Number, d))
		}
	}
	for _, d := range in.Deadlines {
		if !slices.Contains(was.Deadlines, d) {
			p.put(due, dueKey(in.Number, d), dueRow(d))
		}
	}
}

func dayKey(in incidents.Incident) key {
	return key{}.raw(in.DeclaredAt.UTC().Format(time.DateOnly)).number(in.Number)
}

// figure is what statistics need to know of an incident, without its texts.
type figure struct {
	Number    incidents.Number   `json:"number"`
	Severity  incidents.Severity `json:"severity"`
	Status    incidents.Status   `json:"status"`
	EndedAs   incidents.EndedAs  `json:"ended_as,omitempty"`
	Type      string             `json:"type"`
	Services  []string           `json:"services,omitempty"`
	Drill     bool               `json:"drill,omitempty"`
	Private   bool               `json:"private,omitempty"`
	Reopened  int                `json:"reopened,omitempty"`
	Times     incidents.Times    `json:"times"`
	Durations map[string]float64 `json:"durations_seconds,omitempty"`
	Basis     string             `json:"basis"`
	// State is the SHA-256 of the row in incidents, so that an audit finds a row
	// that went bad on the disk. Rows of earlier versions have none.
	State string `json:"state,omitempty"`
}

// figuresOf are the figures of an incident and of its row in incidents.
func figuresOf(in incidents.Incident, row []byte) figure {
	sum := sha256.Sum256(row)
	spans := in.Times.Durations()
	f := figure{
		Number: in.Number, Severity: in.Severity, Status: in.Status, EndedAs: in.EndedAs, Type: in.Type,
		Services: in.Services, Drill: in.Drill, Private: in.Private, Reopened: in.Reopened,
		Times: in.Times, Durations: map[string]float64{}, Basis: spans.Basis, State: hex.EncodeToString(sum[:]),
	}
	for name, d := range map[string]*time.Duration{
		"detect": spans.Detect, "acknowledge": spans.Acknowledge, "mitigate": spans.Mitigate, "resolve": spans.Resolve,
	} {
		if d != nil {
			f.Durations[name] = d.Seconds()
		}
	}
	return f
}
