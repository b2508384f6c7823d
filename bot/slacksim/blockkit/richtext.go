package blockkit

// richText is a block, a cell of a table and what a rich_text_input begins with
// (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). Lists of
// elements may be empty.
var richText = &shape{
	name:   "rich_text",
	stands: stands{asBlock: everywhere, inCell: message, asInitial: everywhere},
	fields: []field{
		{"block_id", blockID},
		{"elements", must(list(0, noMax, among(inRichText, richTextParts)))},
	},
}

var richTextSection = &shape{
	name:   "rich_text_section",
	stands: stands{inRichText: everywhere, inRichTextList: everywhere},
	fields: []field{{"elements", must(list(0, noMax, among(inLine, richTextWords)))}},
}

var richTextParts = []*shape{
	richTextSection,
	{
		name:   "rich_text_list",
		stands: stands{inRichText: everywhere},
		fields: []field{
			{"elements", must(list(0, noMax, among(inRichTextList, []*shape{richTextSection})))},
			{"style", must(enum("bullet", "ordered"))},
			{"indent", integer(0, 8)},
			{"offset", integer(0, noMax)},
			{"border", integer(0, 1)},
		},
	},
	{
		name:   "rich_text_preformatted",
		stands: stands{inRichText: everywhere},
		fields: []field{
			{"elements", must(list(0, noMax, among(inCode, richTextWords)))},
			{"border", integer(0, 1)},
			{"language", str(1, noMax)},
		},
	},
	{
		name:   "rich_text_quote",
		stands: stands{inRichText: everywhere},
		fields: []field{
			{"elements", must(list(0, noMax, among(inLine, richTextWords)))},
			{"border", integer(0, 1)},
		},
	},
}

// richTextWords are the elements in a line.
var richTextWords = []*shape{
	word("text", anyLine, []field{{"text", must(str(1, noMax))}}, textStyle),
	word("link", anyLine, []field{
		{"url", must(str(1, noMax))},
		{"text", str(0, noMax)},
		{"unsafe", boolean()},
	}, textStyle),
	word("user", proseLine, []field{{"user_id", must(oneID)}}, mentionStyle),
	word("usergroup", proseLine, []field{{"usergroup_id", must(oneID)}}, mentionStyle),
	word("channel", proseLine, []field{{"channel_id", must(oneID)}}, mentionStyle),
	word("team", proseLine, []field{{"team_id", must(oneID)}}, mentionStyle),
	word("broadcast", proseLine, []field{{"range", must(enum("here", "channel", "everyone"))}}, mentionStyle),
	word("color", proseLine, []field{{"value", must(str(1, noMax))}}, mentionStyle),
	word("emoji", proseLine, []field{
		{"name", must(str(1, noMax))},
		{"unicode", str(1, noMax)},
		{"skin_tone", integer(1, 6)},
		{"url", someURL},
	}, mentionStyle),
	word("date", proseLine, []field{
		{"timestamp", must(integer(0, noMax))},
		{"format", must(str(1, noMax))},
		{"url", someURL},
		{"fallback", str(0, noMax)},
	}, mentionStyle),
}

var (
	anyLine   = stands{inLine: everywhere, inCode: everywhere}
	proseLine = stands{inLine: everywhere}

	textStyle    = style("bold", "italic", "strike", "code", "underline")
	mentionStyle = style("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
)

func word(name string, in stands, fields []field, style rule) *shape {
	return &shape{name: name, stands: in, fields: with(fields, []field{{"style", style}})}
}

// style is an object of booleans.
func style(names ...string) rule {
	s := new(shape)
	for _, name := range names {
		s.fields = append(s.fields, field{name, boolean()})
	}
	return object(s)
}
