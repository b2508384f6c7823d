package incidents

import "time"

// PostmortemState is how far the account of an incident has come.
type PostmortemState string

// The states of a postmortem, in their order.
const (
	NotDrafted PostmortemState = "" // nobody has begun one
	Drafted    PostmortemState = "draft"
	InReview   PostmortemState = "in_review"
	Approved   PostmortemState = "approved"
	Published  PostmortemState = "published"
)

// Postmortem is how far the account of an incident has come. Its text is a
// [Document], which the store keeps apart, each version of it.
type Postmortem struct {
	State   PostmortemState `json:"state,omitempty"`
	Version int             `json:"version,omitempty"` // of the newest text: 1, 2, …; 0: there is none
	// Seq is the last event that the newest text knows.
	Seq       uint64     `json:"seq,omitempty"`
	Owner     *Person    `json:"owner,omitempty"` // who sees to it; nil: nobody
	Reviewers []Reviewer `json:"reviewers,omitempty"`
	// Published is when which version of it was last published.
	Published        time.Time `json:"published,omitzero"`
	PublishedVersion int       `json:"published_version,omitempty"`
}

// Reviewer is somebody who was asked to review a postmortem.
type Reviewer struct {
	Person   Person    `json:"person"`
	Approved time.Time `json:"approved,omitzero"` // zero: not yet
}

// Document is one version of a postmortem's text.
type Document struct {
	Incident Number    `json:"incident"`
	Version  int       `json:"version"` // the store's row; 1, 2, …
	At       time.Time `json:"at"`      // when it was written
	By       Actor     `json:"by"`
	Template string    `json:"template"` // the name of the template that it was made by: "full"
	Title    string    `json:"title"`
	// Seq is the last event that was known when it was drafted.
	Seq      uint64    `json:"seq"`
	Sections []Section `json:"sections"`
}

// Section is one part of a postmortem.
type Section struct {
	Slot  string `json:"slot"`  // its name in the template, unique in the document: "summary"
	Title string `json:"title"` // its heading
	// Text is Markdown. Each sentence of it that states a fact ends with the events
	// on which it stands, by their seq: "Alice took command. [T4]" or "[T4, T7]".
	Text   string `json:"text"`
	Author Author `json:"author"`
	// Editor is who wrote it last, where a person did.
	Editor Person `json:"editor,omitzero"`
	// Note says of a section what its reader should know: why it was written by
	// the record after all, say. One sentence; may be empty.
	Note string `json:"note,omitempty"`
	// Removed are statements of a model that the record does not hold, as they were
	// written, without citations.
	Removed []string `json:"removed,omitempty"`
}

// Author is what sort of author wrote a section.
type Author string

// The authors of sections.
const (
	ByRecord Author = "record" // composed from the timeline by rules
	ByModel  Author = "model"  // by a language model, and checked against the timeline
	ByPerson Author = "person" // no redraft overwrites it
)
