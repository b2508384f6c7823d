package slacksim

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// document is the content of a canvas in a call: {"type": "markdown", "markdown": "…"}.
type document struct {
	Type     string `json:"type"`
	Markdown string `json:"markdown"`
}

// check refuses a document that Slack would refuse.
func (d document) check(code string) error {
	switch {
	case d.Type != "markdown":
		return refuseWith(code, object{"detail": "document_content must be of type markdown"})
	case len(d.Markdown) > maxCanvasBytes:
		return refuseWith(code, object{"detail": "markdown is limited to 1 MiB"})
	}
	if wrong := unsupported(d.Markdown); wrong != "" {
		return refuseWith(code, object{"detail": wrong})
	}
	return nil
}

// document is the call's document_content; empty where it has none.
func (c *call) document() (document, error) {
	raw, ok := c.args.raw("document_content")
	d := document{Type: "markdown"}
	if raw == nil && ok {
		return d, nil
	}
	if !ok || json.Unmarshal(raw, &d) != nil {
		return d, refuse("invalid_arguments", "[ERROR] must be an object [json-pointer:/document_content]")
	}
	return d, d.check("canvas_creation_failed")
}

// canvasesCreate makes a canvas that stands alone, or a channel's where the call names one.
// https://docs.slack.dev/reference/methods/canvases.create
func canvasesCreate(c *call) (object, error) {
	if c.args["channel_id"] != "" {
		return conversationsCanvasesCreate(c)
	}
	d, err := c.document()
	if err != nil {
		return nil, err
	}
	return object{"canvas_id": c.addCanvas(c.args["title"], "", d.Markdown).ID}, nil
}

// conversationsCanvasesCreate makes the canvas of a channel, which has one.
// https://docs.slack.dev/reference/methods/conversations.canvases.create
func conversationsCanvasesCreate(c *call) (object, error) {
	d, err := c.document()
	if err != nil {
		return nil, err
	}
	ch := c.byID[c.args["channel_id"]]
	switch {
	case ch == nil || !ch.has(botUserID):
		return nil, refuse("restricted_action")
	case ch.Canvas != "" && slices.Contains(c.method.Errors, "channel_canvas_already_exists"):
		return nil, refuse("channel_canvas_already_exists")
	case ch.Canvas != "":
		return nil, refuse("free_team_canvas_tab_already_exists")
	}
	v := c.addCanvas(c.args["title"], ch.ID, d.Markdown)
	ch.Canvas = v.ID
	c.channelChanged(ch)
	return object{"canvas_id": v.ID}, nil
}

// known is the canvas that canvas_id names.
func (c *call) known() (*canvas, error) {
	v := c.canvas(c.args["canvas_id"])
	if v == nil || (v.Channel != "" && !c.byID[v.Channel].has(botUserID)) {
		return nil, refuse("canvas_not_found")
	}
	return v, nil
}

// change is one entry of canvases.edit.
type change struct {
	Operation string    `json:"operation"`
	SectionID string    `json:"section_id"`
	Content   *document `json:"document_content"`
	Title     *document `json:"title_content"`
}

// canvasesEdit applies a change; Slack takes one a call. https://docs.slack.dev/reference/methods/canvases.edit
func canvasesEdit(c *call) (object, error) {
	v, err := c.known()
	if err != nil {
		return nil, err
	}
	raw, ok := c.args.raw("changes")
	var changes []change
	if !ok || json.Unmarshal(raw, &changes) != nil {
		return nil, refuse("invalid_arguments", "[ERROR] must be an array of changes [json-pointer:/changes]")
	}
	if len(changes) != 1 {
		return nil, refuse("invalid_arguments", "[ERROR] exactly 1 item allowed, found "+strconv.Itoa(len(changes))+" [json-pointer:/changes]")
	}
	after := *v
	after.Sections = slices.Clone(v.Sections)
	if err := c.edit(&after, changes[0]); err != nil {
		return nil, err
	}
	if len(after.markdown()) > maxCanvasBytes {
		return nil, refuse("canvas_too_large")
	}
	*v = after
	c.canvasChanged(v)
	return nil, nil
}

func (c *call) edit(v *canvas, change change) error {
	failed := func(detail string) error { return refuseWith("canvas_editing_failed", object{"detail": detail}) }
	if change.Operation == "rename" {
		if change.Title == nil {
			return failed("rename needs title_content")
		}
		v.Title = change.Title.Markdown
		return nil
	}
	var fresh []section
	if change.Operation != "delete" {
		if change.Content == nil {
			return failed(change.Operation + " needs document_content")
		}
		if err := change.Content.check("canvas_editing_failed"); err != nil {
			return err
		}
		fresh = c.sections(change.Content.Markdown)
	}
	i := slices.IndexFunc(v.Sections, func(s section) bool { return s.ID == change.SectionID })
	whole := change.SectionID == "" && change.Operation == "replace"
	atEdge := change.Operation == "insert_at_start" || change.Operation == "insert_at_end"
	if i < 0 && !whole && !atEdge {
		return failed("section_id " + strconv.Quote(change.SectionID) + " is not in the canvas")
	}
	switch change.Operation {
	case "insert_at_start":
		v.Sections = slices.Insert(v.Sections, 0, fresh...)
	case "insert_at_end":
		v.Sections = append(v.Sections, fresh...)
	case "insert_before":
		v.Sections = slices.Insert(v.Sections, i, fresh...)
	case "insert_after":
		v.Sections = slices.Insert(v.Sections, i+1, fresh...)
	case "delete":
		v.Sections = slices.Delete(v.Sections, i, i+1)
	case "replace":
		if whole {
			v.Sections = fresh
			return nil
		}
		v.Sections = slices.Replace(v.Sections, i, i+1, fresh...)
	default:
		return failed("there is no operation " + strconv.Quote(change.Operation))
	}
	return nil
}

// canvasesDelete deletes a canvas. https://docs.slack.dev/reference/methods/canvases.delete
func canvasesDelete(c *call) (object, error) {
	v, err := c.known()
	if err != nil {
		return nil, err
	}
	c.canvases = slices.DeleteFunc(c.canvases, func(other *canvas) bool { return other == v })
	c.journal.drop(bucketCanvases, v.ID)
	c.feed.add("canvas", object{"canvas": with(canvasState(v), object{"deleted": true})})
	if ch := c.byID[v.Channel]; ch != nil {
		ch.Canvas = ""
		c.channelChanged(ch)
	}
	return nil, nil
}

// canvasesSectionsLookup finds sections. https://docs.slack.dev/reference/methods/canvases.sections.lookup
func canvasesSectionsLookup(c *call) (object, error) {
	v, err := c.known()
	if err != nil {
		return nil, err
	}
	raw, ok := c.args.raw("criteria")
	var criteria struct {
		Types []string `json:"section_types"`
		Text  string   `json:"contains_text"`
	}
	if !ok || json.Unmarshal(raw, &criteria) != nil {
		return nil, refuse("invalid_arguments", "[ERROR] must be an object [json-pointer:/criteria]")
	}
	found := []object{}
	for _, s := range v.Sections {
		if s.is(criteria.Types) && strings.Contains(strings.ToLower(s.Markdown), strings.ToLower(criteria.Text)) {
			found = append(found, object{"id": s.ID})
		}
	}
	return object{"sections": found}, nil
}

// is says whether a section is of one of the types: h1, h2, h3, any_header. No types mean any.
func (s section) is(types []string) bool {
	level := s.heading()
	return len(types) == 0 || level > 0 && (slices.Contains(types, "any_header") || slices.Contains(types, "h"+strconv.Itoa(level)))
}

// canvasesAccessSet says who may do what. https://docs.slack.dev/reference/methods/canvases.access.set
func canvasesAccessSet(c *call) (object, error) {
	level := c.args["access_level"]
	if !slices.Contains([]string{"read", "write", "owner"}, level) {
		return nil, refuse("invalid_arguments", "[ERROR] must be one of read, write, owner [json-pointer:/access_level]")
	}
	return c.access(func(access map[string]string, id string) { access[id] = level })
}

// canvasesAccessDelete takes access back. https://docs.slack.dev/reference/methods/canvases.access.delete
func canvasesAccessDelete(c *call) (object, error) {
	return c.access(func(access map[string]string, id string) { delete(access, id) })
}

func (c *call) access(do func(access map[string]string, id string)) (object, error) {
	v, err := c.known()
	if err != nil {
		return nil, err
	}
	users, channels := c.ids("user_ids"), c.ids("channel_ids")
	if (len(users) == 0) == (len(channels) == 0) {
		return nil, refuse("invalid_parameters")
	}
	for _, id := range users {
		if c.user(id) == nil {
			return nil, refuse("user_not_found")
		}
	}
	for _, id := range channels {
		if ch := c.byID[id]; ch == nil || !c.visible(ch, botUserID) {
			return nil, refuse("channel_not_found")
		}
	}
	if v.Access == nil {
		v.Access = map[string]string{}
	}
	for _, id := range append(users, channels...) {
		do(v.Access, id)
	}
	c.canvasChanged(v)
	return nil, nil
}

// ids reads a list of ids: JSON, or separated by commas.
func (c *call) ids(name string) []string {
	var ids []string
	if json.Unmarshal([]byte(c.args[name]), &ids) == nil {
		return ids
	}
	return c.args.commaList(name)
}
