package blockkit

// blocks are the layout blocks (https://docs.slack.dev/reference/block-kit/blocks;
// where they stand: https://docs.slack.dev/blocks.json).
var blocks = []*shape{
	{
		name:   "section",
		stands: stands{asBlock: everywhere},
		fields: []field{
			{"block_id", blockID},
			{"text", text(maxText)},
			{"fields", list(1, 10, text(2000))},
			{"accessory", among(inSection, elements)},
			{"expand", boolean()},
		},
		needs: []need{{fields: []string{"text", "fields"}}},
	},
	{
		name:   "header",
		stands: stands{asBlock: everywhere},
		fields: []field{
			{"block_id", blockID},
			{"text", must(plainText(150))},
			{"level", integer(1, 4)},
		},
	},
	{
		name:   "context",
		stands: stands{asBlock: everywhere},
		fields: []field{
			{"block_id", blockID},
			{"elements", must(list(1, 10, among(inContext, elements, texts(maxText))))},
		},
	},
	{
		name:   "actions",
		stands: stands{asBlock: everywhere},
		fields: []field{
			{"block_id", blockID},
			{"elements", must(list(1, 25, among(inActions, elements)))},
		},
	},
	{
		name:   "context_actions",
		stands: stands{asBlock: message},
		fields: []field{
			{"block_id", blockID},
			{"elements", must(list(1, 5, among(inContextActions, elements)))},
		},
	},
	{
		name:   "divider",
		stands: stands{asBlock: everywhere},
		fields: []field{{"block_id", blockID}},
	},
	{
		name:   "image",
		stands: stands{asBlock: everywhere},
		fields: with(imageFields, []field{
			{"block_id", blockID},
			{"title", plainText(2000)},
		}),
		needs: []need{imageNeed},
	},
	{
		name:   "input",
		stands: stands{asBlock: everywhere},
		fields: []field{
			{"block_id", blockID},
			{"label", must(plainText(2000))},
			{"element", must(among(inInput, elements))},
			{"hint", plainText(2000)},
			{"optional", boolean()},
			{"dispatch_action", boolean()},
		},
		whole: []func(*checker, string, *node){filesDispatchNothing},
	},
	{
		name:   "video",
		stands: stands{asBlock: everywhere},
		fields: []field{
			{"block_id", blockID},
			{"alt_text", must(str(1, 2000))},
			{"title", must(plainText(199))}, // "must be less than 200 characters"
			{"title_url", formatted(str(1, maxURL), httpsFormat)},
			{"description", plainText(199)},
			{"video_url", must(formatted(str(1, maxURL), httpsFormat))},
			{"thumbnail_url", must(someURL)},
			{"author_name", str(1, 49)}, // "must be less than 50 characters"
			{"provider_name", str(1, noMax)},
			{"provider_icon_url", someURL},
		},
	},
	{
		name:   "file", // a remote file, to be shared
		stands: stands{asBlock: message},
		fields: []field{
			{"block_id", blockID},
			{"external_id", must(str(1, noMax))},
			{"source", must(enum("remote"))},
		},
	},
	{
		name:   "call",
		stands: stands{asBlock: message},
		fields: []field{
			{"block_id", blockID},
			{"call_id", must(str(1, noMax))},
		},
	},
	{
		name:   "markdown",
		stands: stands{asBlock: message},
		fields: []field{
			{"block_id", blockID},
			{"text", must(str(1, MaxMarkdown))},
		},
	},
	{
		name:   "table",
		stands: stands{asBlock: message},
		fields: []field{
			{"block_id", blockID},
			{"rows", must(list(1, 100, list(1, 20, among(inCell, []*shape{rawText, richText}))))},
			{"column_settings", list(0, 20, columnSetting)},
		},
	},
	richText,
}

var rawText = &shape{
	name:   "raw_text",
	stands: stands{inCell: message},
	fields: []field{{"text", must(str(1, noMax))}},
}

// columnSetting of a table; null leaves the column as it is.
var columnSetting = rule{kind: kindObject, orNull: true, shape: &shape{fields: []field{
	{"align", enum("left", "center", "right")},
	{"is_wrapped", boolean()},
}}}

// An image, as a block and as an element.
var (
	imageFields = []field{
		{"alt_text", must(str(1, 2000))},
		{"image_url", someURL},
		{"slack_file", slackFile},
	}
	imageNeed = need{fields: []string{"image_url", "slack_file"}, exactly: true}
)
