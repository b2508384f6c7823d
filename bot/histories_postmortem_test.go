package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"fireboss/incidents"
)

// token is the number that a text of a history is told apart by.
var token = regexp.MustCompile(`n\d+n`)

// postmortem checks that there is one text for each event that tells of one, that
// what has ended was drafted, and that the record's own words in any version say
// nothing that is not in the record any more.
func (l *life) postmortem(in incidents.Incident, events []incidents.Event) error {
	texts, err := l.texts(in.Number)
	if err != nil {
		return err
	}
	var wrong []error
	versions, ended := 0, false
	for _, e := range events {
		switch e.Kind {
		case incidents.PostmortemDrafted, incidents.PostmortemEdited:
			versions++
		case incidents.StatusChanged:
			as := e.Field("ended_as")
			ended = ended || (as == string(incidents.EndedResolved) || as == string(incidents.EndedFalsePositive)) && e.At.Equal(e.RecordedAt)
		}
	}
	if versions != len(texts) || in.Postmortem.Version != versions {
		wrong = append(wrong, fmt.Errorf("the postmortem of %s has %d versions, %d of them kept, and events tell of %d", in.Number, in.Postmortem.Version, len(texts), versions))
	}
	if ended && in.Status.Ended() && in.MergedInto == 0 && versions == 0 && in.EndedAs != incidents.EndedCanceled {
		wrong = append(wrong, fmt.Errorf("%s has ended, and nobody drafted its postmortem", in.Number))
	}
	return errors.Join(append(wrong, unsaid(in, events, texts))...)
}

// unsaid checks that every text of the postmortem that the record wrote is still in
// the record.
func unsaid(in incidents.Incident, events []incidents.Event, texts []incidents.Document) error {
	state, err := json.Marshal(in)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	note := func(s string) {
		for _, t := range token.FindAllString(s, -1) {
			known[t] = true
		}
	}
	note(string(state))
	for _, e := range events {
		note(e.Text + string(e.Data))
	}
	var wrong []error
	for i, doc := range texts {
		if doc.Version != i+1 || doc.Incident != in.Number {
			wrong = append(wrong, fmt.Errorf("version %d of %s stands where %d should", doc.Version, doc.Incident, i+1))
		}
		for _, s := range doc.Sections {
			if s.Author == incidents.ByPerson {
				continue
			}
			for _, t := range token.FindAllString(doc.Title+s.Text+s.Note, -1) {
				if !known[t] {
					wrong = append(wrong, fmt.Errorf("version %d of the postmortem of %s says %s in %s, and the record does not any more", doc.Version, in.Number, t, s.Slot))
				}
			}
		}
	}
	return errors.Join(wrong...)
}
