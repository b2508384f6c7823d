package blockkit

const (
	maxViewLabel       = 24 // characters of a modal's title, submit and close
	maxPrivateMetadata = 3000
)

// views are what views.open, views.update, views.push and views.publish take
// (https://docs.slack.dev/reference/views).
var views = []*shape{
	{
		name:   "modal",
		stands: stands{anyPlace: modal},
		fields: with(viewFields, []field{
			{"title", must(plainText(maxViewLabel))},
			{"submit", plainText(maxViewLabel)},
			{"close", plainText(maxViewLabel)},
			{"clear_on_close", boolean()},
			{"notify_on_close", boolean()},
		}),
		whole: []func(*checker, string, *node){inputsAreSubmitted},
	},
	{
		name:   "home",
		stands: stands{anyPlace: home},
		fields: viewFields,
	},
}

var viewFields = []field{
	{"blocks", must(list(0, MaxViewBlocks, block))},
	{"private_metadata", str(0, maxPrivateMetadata)},
	{"callback_id", str(0, maxID)},
	{"external_id", str(0, maxID)},
}

var (
	block = among(asBlock, blocks)
	view  = among(anyPlace, views)
	// messageBlocks is the "blocks" of a message.
	messageBlocks = list(0, MaxMessageBlocks, block)
)
