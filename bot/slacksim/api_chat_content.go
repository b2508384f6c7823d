package slacksim

import (
	"encoding/json"
	"unicode/utf8"

	"fireboss/bot/slacksim/blockkit"
)

// content is what a call says a message shall hold. A nil pointer or message leaves what was there.
type content struct {
	text        *string
	blocks      json.RawMessage
	attachments json.RawMessage
	metadata    *metadata

	hasBlocks, hasAttachments, hasMetadata bool
}

// content reads and checks what the chat methods have in common.
func (c *call) content() (content, error) {
	var k content
	if c.args.has("text") {
		text := c.written(c.args["text"])
		k.text = &text
	}
	if err := c.readBlocks(&k); err != nil {
		return k, err
	}
	if err := c.readMarkdown(&k); err != nil {
		return k, err
	}
	if err := c.readAttachments(&k); err != nil {
		return k, err
	}
	err := c.readMetadata(&k)
	return k, err
}

// written is a posted text as Slack keeps it.
func (c *call) written(text string) string {
	if c.args.boolean("link_names") || c.args["parse"] == "full" {
		return c.typed(text, false)
	}
	return posted(text)
}

func (c *call) readBlocks(k *content) error {
	raw, ok := c.args.raw("blocks")
	if !ok {
		return refuse("invalid_blocks_format")
	}
	var err error
	k.hasBlocks = raw != nil && string(raw) != "null"
	if k.hasBlocks {
		k.blocks, err = checkBlocks(raw)
	}
	return err
}

// readMarkdown takes markdown_text, which stands for text and blocks alike.
func (c *call) readMarkdown(k *content) error {
	markdown := c.args["markdown_text"]
	if markdown == "" {
		return nil
	}
	if c.args["text"] != "" || k.hasBlocks {
		return refuse("markdown_text_conflict")
	}
	if utf8.RuneCountInString(markdown) > maxMarkdownText {
		return c.badArgument("markdown_text", "msg_too_long")
	}
	text := posted(markdown)
	k.text, k.hasBlocks = &text, true
	k.blocks = blockkit.Normalize(mustJSON([]object{{"type": "markdown", "text": markdown}}))
	return nil
}

func (c *call) readAttachments(k *content) error {
	raw, ok := c.args.raw("attachments")
	if !ok {
		return c.badArgument("attachments", "invalid_attachments")
	}
	if raw == nil || string(raw) == "null" {
		return nil
	}
	var items []map[string]json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return c.badArgument("attachments", "invalid_attachments")
	}
	if len(items) > maxAttachments {
		return refuse("too_many_attachments")
	}
	for i, item := range items {
		item["id"] = mustJSON(i + 1)
		if item["fallback"] == nil {
			item["fallback"] = mustJSON("[no preview available]")
		}
		if item["blocks"] != nil {
			blocks, err := checkBlocks(item["blocks"])
			if err != nil {
				return err
			}
			item["blocks"] = rawOrEmpty(blocks)
		}
	}
	if k.hasAttachments = true; len(items) > 0 {
		k.attachments = mustJSON(items)
	}
	return nil
}

// readMetadata takes {"event_type", "event_payload"}; an empty object takes metadata away.
// https://docs.slack.dev/messaging/message-metadata
func (c *call) readMetadata(k *content) error {
	raw, ok := c.args.raw("metadata")
	if raw == nil && ok {
		return nil
	}
	var fields struct {
		EventType    *string         `json:"event_type"`
		EventPayload json.RawMessage `json:"event_payload"`
	}
	var object map[string]json.RawMessage
	switch {
	case !ok || json.Unmarshal(raw, &object) != nil || object == nil:
		return refuse("invalid_metadata_format")
	case len(raw) > maxMetadataBytes:
		return refuse("metadata_too_large")
	}
	k.hasMetadata = true
	if len(object) == 0 {
		return nil
	}
	var payload map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields.EventType == nil || *fields.EventType == "" ||
		json.Unmarshal(fields.EventPayload, &payload) != nil || payload == nil {
		return refuse("invalid_metadata_schema")
	}
	k.metadata = &metadata{EventType: *fields.EventType, EventPayload: fields.EventPayload}
	return nil
}

// empty says whether there is nothing to show.
func (k content) empty() bool {
	return (k.text == nil || *k.text == "") && k.blocks == nil && k.attachments == nil
}

// message makes a message of the content.
func (k content) message() *message {
	m := &message{User: botUserID, Bot: true, Blocks: k.blocks, Attachments: k.attachments, Metadata: k.metadata}
	if k.text != nil {
		m.Text = cut(*k.text, maxText)
	}
	if m.Text == "" && m.Blocks != nil {
		m.Text = blocksText
	}
	return m
}

// blocksText is what Slack puts as the text of a message that was posted without one.
const blocksText = "This content can't be displayed."
