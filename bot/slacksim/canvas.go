package slacksim

// canvas is a document, of a channel or standing alone.
type canvas struct {
	ID, Title, Channel string
	Markdown           string
	Created            int64
	Access             map[string]string `json:",omitempty"` // by person or channel: read, write, owner
}

func canvasState(v *canvas) object {
	return object{"id": v.ID, "title": v.Title, "channel": v.Channel, "markdown": v.Markdown, "created": v.Created}
}

func (w *world) canvasesState() []object {
	shown := []object{}
	for _, v := range w.canvases {
		shown = append(shown, canvasState(v))
	}
	return shown
}
