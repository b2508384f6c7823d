package incidents

import "time"

// Source is the message that an incident is opened from. It was written
// elsewhere, before there was an incident, so nothing that becomes of it there is
// followed: what it said stands on the timeline, at its own time.
type Source struct {
	URL string `json:"url"` // where it is read
	// Private says that not everybody can read it there.
	Private bool   `json:"private,omitempty"`
	Text    string `json:"text"`
	Author  Person
	At      time.Time `json:"at"`
}

// begin starts the timeline with the message that an incident is opened from.
func (d *decision) begin(s *Source) {
	if s == nil {
		return
	}
	if words := clean(shorten(s.Text, MaxText)); words != "" {
		at := s.At
		if inFuture(at, d.now) {
			at = d.now
		}
		d.eventAt(at, MessagePosted, words, "source", s.URL)
		if s.Author.ID != "" {
			e := &d.out.Events[len(d.out.Events)-1]
			e.Actor = Actor{Kind: User, ID: s.Author.ID, Name: s.Author.Name}
		}
	}
	if opens(s.URL) {
		d.in.Links = append(d.in.Links, Link{URL: s.URL, Name: sourceName})
		d.event(LinkAdded, "Link: "+sourceName+" "+s.URL, "url", s.URL, "name", sourceName)
	}
}

// sourceName is what the link to the message is called.
const sourceName = "the message it was opened from"
