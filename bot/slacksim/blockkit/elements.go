package blockkit

import "slices"

// elements are what stands in sections, actions, inputs, contexts and
// context_actions (https://docs.slack.dev/reference/block-kit/block-elements).
// Each says in which of them it may stand, and on which surfaces there.
var elements = slices.Concat(buttons, choices, selects, pickers, inputs, []*shape{image})

var image = &shape{
	name:   "image",
	stands: stands{inSection: everywhere, inContext: everywhere},
	fields: imageFields,
	needs:  []need{imageNeed},
}

var buttons = []*shape{
	{
		name:   "button",
		stands: stands{inSection: everywhere, inActions: everywhere},
		fields: []field{
			{"action_id", actionID},
			{"text", must(plainText(maxLabel))},
			{"value", str(1, 2000)},
			{"url", someURL},
			{"style", colorScheme},
			{"confirm", confirm},
			{"accessibility_label", str(1, maxLabel)},
		},
	},
	{
		name:   "workflow_button",
		stands: stands{inSection: message, inActions: message}, // "only for messaging" (jsx-slack)
		fields: []field{
			{"action_id", actionID},
			{"text", must(plainText(maxLabel))},
			{"workflow", must(workflow)},
			{"style", colorScheme},
			{"accessibility_label", str(1, maxLabel)},
		},
	},
	{
		name:   "feedback_buttons",
		stands: stands{inContextActions: message},
		fields: []field{
			{"action_id", actionID},
			{"positive_button", must(feedbackButton)},
			{"negative_button", must(feedbackButton)},
		},
	},
	{
		name:   "icon_button",
		stands: stands{inContextActions: message},
		fields: []field{
			{"action_id", actionID},
			{"icon", must(enum("trash"))},
			{"text", must(plainText(maxLabel))},
			{"value", str(1, 2000)},
			{"confirm", confirm},
			{"accessibility_label", str(1, maxLabel)},
			{"visible_to_user_ids", list(0, noMax, str(1, noMax))},
		},
	},
}

var feedbackButton = object(&shape{fields: []field{
	{"text", must(plainText(maxLabel))},
	{"value", must(str(1, 2000))},
	{"accessibility_label", str(1, maxLabel)},
}})

var workflow = object(&shape{fields: []field{
	{"trigger", must(object(&shape{fields: []field{
		{"url", must(someURL)},
		{"customizable_input_parameters", list(0, noMax, object(&shape{fields: []field{
			{"name", must(str(1, noMax))},
			{"value", must(rule{kind: kindAny})},
		}}))},
	}}))},
}})

// choices show all their options at once, or behind three dots.
var choices = []*shape{
	{
		name:   "checkboxes",
		stands: stands{inSection: everywhere, inActions: everywhere, inInput: everywhere},
		fields: with(actFields, []field{
			{"options", must(list(1, 10, boxOption))},
			{"initial_options", list(1, 10, boxOption)},
		}),
		whole: []func(*checker, string, *node){initialIsOffered},
	},
	{
		name:   "radio_buttons",
		stands: stands{inSection: everywhere, inActions: everywhere, inInput: everywhere},
		fields: with(actFields, []field{
			{"options", must(list(1, 10, boxOption))},
			{"initial_option", boxOption},
		}),
		whole: []func(*checker, string, *node){initialIsOffered},
	},
	{
		name:   "overflow",
		stands: stands{inSection: everywhere, inActions: everywhere},
		fields: []field{
			{"action_id", actionID},
			{"options", must(list(1, 5, overflowOption))},
			{"confirm", confirm},
		},
	},
}

// Fields of every choice, select and picker.
var (
	focus     = rule{kind: kindBool, once: true}
	actFields = []field{
		{"action_id", actionID},
		{"confirm", confirm},
		{"focus_on_load", focus},
	}
	placeholder = []field{{"placeholder", plainText(150)}}
)
