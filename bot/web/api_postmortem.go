package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"fireboss/incidents"
	"fireboss/incidents/postmortem"
	"fireboss/incidents/store"
)

// PostmortemText is the text of a postmortem, one version of it.
type PostmortemText struct {
	Incident   string     `json:"incident"`
	Version    int        `json:"version"`
	Title      string     `json:"title"`
	Template   string     `json:"template"`
	At         Time       `json:"at"`
	By         Actor      `json:"by"`
	Seq        uint64     `json:"seq"` // the last event that the draft knows
	Postmortem Postmortem `json:"postmortem"`
	Sections   []Section  `json:"sections"`
}

// Section is one part of a postmortem. Its text is Markdown, with citations.
type Section struct {
	Slot    string   `json:"slot"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Author  string   `json:"author"`           // record, model or person
	Editor  *Person  `json:"editor,omitempty"` // where a person wrote it
	Note    string   `json:"note,omitempty"`
	Removed []string `json:"removed,omitempty"`
}

// PostmortemJSON is a version of a postmortem's text as the API has it.
func PostmortemJSON(in incidents.Incident, doc incidents.Document) PostmortemText {
	out := PostmortemText{
		Incident: in.Number.String(), Version: doc.Version, Title: doc.Title, Template: doc.Template, At: Time{doc.At},
		By: Actor{Kind: string(doc.By.Kind), ID: doc.By.ID, Name: doc.By.Name}, Seq: doc.Seq, Postmortem: postmortemOf(in.Postmortem), Sections: []Section{},
	}
	for _, s := range doc.Sections {
		row := Section{Slot: s.Slot, Title: s.Title, Text: s.Text, Author: string(s.Author), Note: s.Note, Removed: s.Removed}
		if s.Editor.ID != "" {
			editor := Person(s.Editor)
			row.Editor = &editor
		}
		out.Sections = append(out.Sections, row)
	}
	return out
}

// The types of a postmortem's text.
const (
	typeJSON     = "application/json"
	typeMarkdown = "text/markdown"
)

// getPostmortem answers with a version of the text, as JSON or as the Markdown file
// that people keep.
func (s *Site) getPostmortem(w http.ResponseWriter, c call) error {
	version := c.query.version()
	if c.query.err != nil {
		return c.query.err
	}
	in, err := s.incident(c.Context(), c.PathValue("id"), c.token.actor())
	if err != nil {
		return err
	}
	doc, err := s.store.Postmortem(c.Context(), in.Number, version)
	switch {
	case errors.Is(err, store.ErrNotFound) && version > 0 && in.Postmortem.Version > 0:
		return problemf(notFound, "The postmortem of %s has no version %d; the newest is %d.", in.Number, version, in.Postmortem.Version)
	case errors.Is(err, store.ErrNotFound):
		return problemf(notFound, `%s has no postmortem yet. To have it drafted: POST {"text": "postmortem draft"} to /api/v1/incidents/%s/commands`, in.Number, in.Number)
	case err != nil:
		return err
	}
	w.Header().Set("Vary", "Accept")
	switch accepted(strings.Join(c.Header.Values("Accept"), ","), typeJSON, typeMarkdown) {
	case typeJSON:
		body, err := json.Marshal(PostmortemJSON(in, doc))
		if err != nil {
			return err
		}
		sendTagged(w, c.Request, typeJSON, body)
	case typeMarkdown:
		sendTagged(w, c.Request, typeMarkdown+"; charset=utf-8", []byte(postmortem.Markdown(doc, s.citations(in.Number))))
	default:
		return problemf(noSuchType, "A postmortem can be had as %s and as %s; Accept lists neither.", typeJSON, typeMarkdown)
	}
	return nil
}

// citations lead to the events of an incident on its page.
func (s *Site) citations(n incidents.Number) postmortem.Links {
	page := s.public.JoinPath("incidents", n.String())
	return postmortem.Links{Event: func(seq uint64) string {
		at := *page
		at.Fragment = fmt.Sprint("e", seq)
		return at.String()
	}}
}

// sendTagged answers with a body, or that it is the one that the caller has.
func sendTagged(w http.ResponseWriter, r *http.Request, kind string, body []byte) {
	sum := sha256.Sum256(append([]byte(kind+"\n"), body...))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	w.Header().Set("ETag", tag)
	for part := range unquoted(strings.Join(r.Header.Values("If-None-Match"), ","), ',') {
		if part = strings.TrimPrefix(strings.TrimSpace(part), "W/"); part == tag || part == "*" {
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	send(w, http.StatusOK, kind, body)
}
