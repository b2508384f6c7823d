package integrations

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"fireboss/incidents"
	"fireboss/integrations/secrets"
)

// Egress is the one policy that every text passes before it leaves the house: is it of an incident of which this system
// may be told, and are there secrets in it.
type Egress struct {
	travel  Travel
	secrets *secrets.Finder
}

// NewEgress is the policy for one system; known are secrets of the configuration, which
// leave with no text.
func NewEgress(t Travel, known ...string) Egress {
	return Egress{travel: t, secrets: secrets.New(known...)}
}

// Cleared is a text that may leave. Nothing but an [Egress] makes one.
type Cleared struct{ text string }

// String is the text.
func (c Cleared) String() string { return c.text }

// HeldError is why nothing of an incident may leave.
type HeldError struct{ sentence string }

// Error is a sentence for people who may see the incident.
func (h *HeldError) Error() string { return h.sentence }

// Admit says whether anything of an incident may leave; an error is a *[HeldError].
func (e Egress) Admit(in incidents.Incident) error {
	switch {
	case in.Private && !e.travel.Private:
		return &HeldError{fmt.Sprintf("%s is private, and private_incidents is not set", in.Number)}
	case !slices.Contains(upTo(e.travel.TLP), in.TLP): // nor one of a level that nobody knows
		return &HeldError{fmt.Sprintf("%s is TLP:%s, and no more than TLP:%s may leave", in.Number, in.TLP, e.travel.TLP)}
	}
	return nil
}

// upTo are the levels up to a ceiling; none where that is no level.
func upTo(ceiling TLP) []string {
	return incidents.TLPLevels[:slices.Index(incidents.TLPLevels, string(ceiling))+1]
}

// Clear is a text of an incident as it may leave; an error is a *[HeldError].
func (e Egress) Clear(in incidents.Incident, text string) (Cleared, error) {
	if err := e.Admit(in); err != nil {
		return Cleared{}, err
	}
	clean, _ := e.secrets.Remove(text)
	return Cleared{clean}, nil
}

// ClearNote is a text that is of no incident, as it may leave.
func (e Egress) ClearNote(text string) Cleared {
	clean, _ := e.secrets.Remove(text)
	return Cleared{clean}
}

// Incident is one without the secrets that people wrote into it.
func (e Egress) Incident(in incidents.Incident) (incidents.Incident, error) {
	if err := e.Admit(in); err != nil {
		return incidents.Incident{}, err
	}
	text, err := json.Marshal(in)
	if err != nil {
		return incidents.Incident{}, err
	}
	clean, changed, err := e.object(text)
	if err != nil || !changed {
		return in, err
	}
	var out incidents.Incident
	if err := json.Unmarshal(clean, &out); err != nil {
		return incidents.Incident{}, err
	}
	out.Seq, out.Head = in.Seq, in.Head // which JSON leaves out
	return out, nil
}

// Events are those of an incident without the secrets that people wrote into them. The ones
// given stay as they are.
func (e Egress) Events(in incidents.Incident, events []incidents.Event) ([]incidents.Event, error) {
	if err := e.Admit(in); err != nil {
		return nil, err
	}
	out := slices.Clone(events)
	for i := range out {
		out[i].Text, _ = e.secrets.Remove(out[i].Text)
		if len(out[i].Data) == 0 {
			continue
		}
		data, changed, err := e.object(out[i].Data)
		if err != nil {
			return nil, err
		}
		if changed {
			out[i].Data = data
		}
	}
	return out, nil
}

// object takes the secrets out of the texts of a JSON value, and says whether there were any.
func (e Egress) object(text []byte) (clean []byte, changed bool, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, false, err
	}
	removed := 0
	value = e.walk(value, &removed)
	if removed == 0 {
		return nil, false, nil
	}
	clean, err = json.Marshal(value)
	return clean, true, err
}

func (e Egress) walk(value any, removed *int) any {
	switch v := value.(type) {
	case string:
		clean, n := e.secrets.Remove(v)
		*removed += n
		return clean
	case []any:
		for i := range v {
			v[i] = e.walk(v[i], removed)
		}
	case map[string]any:
		for key := range v {
			v[key] = e.walk(v[key], removed)
		}
	}
	return value
}
