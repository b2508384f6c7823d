package blockkit

// Composition objects: what blocks and elements are built of
// (https://docs.slack.dev/reference/block-kit/composition-objects).

const (
	maxText  = 3000 // characters of a text object
	maxURL   = 3000
	maxID    = 255 // characters of a block_id, action_id, callback_id or external_id
	maxLabel = 75  // characters of a button, an option and their like
)

var (
	blockID  = rule{kind: kindString, bounded: true, min: 1, max: maxID, scope: wholeScope}
	actionID = rule{kind: kindString, bounded: true, min: 1, max: maxID, scope: blockScope}

	// someURL is an address with a scheme. Slack does not say which schemes.
	someURL = formatted(str(1, maxURL), uriFormat)

	colorScheme = enum("primary", "danger")
)

// Where a text may stand: as the value of a field, and as an element of a context.
var textStands = stands{anyPlace: everywhere, inContext: everywhere}

func plainShape(max int64) *shape {
	return &shape{
		name:   "plain_text",
		stands: textStands,
		fields: []field{
			{"text", must(str(1, max))},
			{"emoji", boolean()},
		},
		fills: []fill{{"emoji", "true", kindBool}},
	}
}

func mrkdwnShape(max int64) *shape {
	return &shape{
		name:   "mrkdwn",
		stands: textStands,
		fields: []field{
			{"text", must(str(1, max))},
			{"verbatim", boolean()},
		},
		fills: []fill{{"verbatim", "false", kindBool}},
	}
}

// plainText is a plain_text object of at most max characters.
func plainText(max int64) rule { return among(anyPlace, []*shape{plainShape(max)}) }

// text is a plain_text or mrkdwn object of at most max characters.
func text(max int64) rule { return among(anyPlace, texts(max)) }

func texts(max int64) []*shape { return []*shape{plainShape(max), mrkdwnShape(max)} }

var confirm = object(&shape{fields: []field{
	{"title", must(plainText(100))},
	{"text", must(text(300))},
	{"confirm", must(plainText(30))},
	{"deny", must(plainText(30))},
	{"style", colorScheme},
}})

// Options. Slack's pages allow values of 150 characters; its older types say 75.
const maxOptionValue = 150

func optionShape(text rule, more ...field) *shape {
	return &shape{fields: with([]field{
		{"text", must(text)},
		{"value", must(str(1, maxOptionValue))},
		{"description", text},
	}, more)}
}

var (
	// menuOption is an option of a select, plain text only.
	menuOption = object(optionShape(plainText(maxLabel)))
	// boxOption is an option of checkboxes and radio buttons.
	boxOption = object(optionShape(text(maxLabel)))
	// overflowOption may open an address.
	overflowOption = object(optionShape(plainText(maxLabel), field{"url", someURL}))

	optionGroup = object(&shape{fields: []field{
		{"label", must(plainText(maxLabel))},
		{"options", must(list(1, 100, menuOption))},
	}})
)

var conversationFilter = object(&shape{
	fields: []field{
		{"include", distinct(list(1, noMax, enum("im", "mpim", "private", "public")))},
		{"exclude_external_shared_channels", boolean()},
		{"exclude_bot_users", boolean()},
	},
	atLeast: 1,
})

var dispatchActionConfig = object(&shape{fields: []field{
	{"trigger_actions_on", must(distinct(list(1, 2, enum("on_enter_pressed", "on_character_entered"))))},
}})

var slackFile = object(&shape{
	fields: []field{
		{"id", str(1, noMax)},
		{"url", someURL},
	},
	needs: []need{{fields: []string{"id", "url"}, exactly: true}},
})
