package slacksim

import (
	"slices"
	"strings"
)

// canvas is a document: the one of a channel, or one that stands alone.
type canvas struct {
	ID, Title, Channel string
	Sections           []section
	Created            int64
	Access             map[string]string `json:",omitempty"` // by person or channel: read, write, owner
}

// section is one block of a canvas: a heading, a paragraph, a list, …
type section struct{ ID, Markdown string }

// addCanvas keeps a new canvas.
func (w *world) addCanvas(title, channel, markdown string) *canvas {
	v := &canvas{ID: w.nextID("F"), Title: title, Channel: channel, Created: w.unix()}
	v.Sections = w.sections(markdown)
	w.canvases = append(w.canvases, v)
	w.canvasChanged(v)
	return v
}

func (w *world) canvasChanged(v *canvas) {
	w.journal.put(bucketCanvases, v.ID, v)
	w.feed.add("canvas", object{"canvas": canvasState(v)})
}

func (w *world) canvas(id string) *canvas {
	i := slices.IndexFunc(w.canvases, func(v *canvas) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return w.canvases[i]
}

// sections splits Markdown where a line is blank, but not within a fenced block of code.
func (w *world) sections(markdown string) []section {
	var found []section
	var lines []string
	end := func() {
		if len(lines) > 0 {
			id := "temp:C:" + strings.ToLower(w.nextID("s"))
			found = append(found, section{id, strings.Join(lines, "\n")})
		}
		lines = nil
	}
	fenced := false
	for line := range strings.SplitSeq(markdown, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		}
		if strings.TrimSpace(line) == "" && !fenced {
			end()
			continue
		}
		lines = append(lines, strings.TrimRight(line, "\r"))
	}
	end()
	return found
}

// markdown is the canvas as one text.
func (v *canvas) markdown() string {
	parts := make([]string, len(v.Sections))
	for i, s := range v.Sections {
		parts[i] = s.Markdown
	}
	return strings.Join(parts, "\n\n")
}

// heading is the level of a section that is a heading, 1 to 3; others have 0.
func (s section) heading() int {
	level := len(s.Markdown) - len(strings.TrimLeft(s.Markdown, "#"))
	if level > 3 || !strings.HasPrefix(s.Markdown[level:], " ") {
		return 0
	}
	return level
}

func canvasState(v *canvas) object {
	return object{"id": v.ID, "title": v.Title, "channel": v.Channel, "markdown": v.markdown(), "created": v.Created, "access": v.Access}
}

func (w *world) canvasesState() []object {
	shown := []object{}
	for _, v := range w.canvases {
		shown = append(shown, canvasState(v))
	}
	return shown
}
