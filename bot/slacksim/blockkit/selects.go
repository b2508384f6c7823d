package blockkit

// selects are the menus: of given options, of options the app is asked for, of
// people, of conversations and of public channels, for one choice or for several
// (https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element,
// …/multi-select-menu-element).
var selects = []*shape{
	{
		name:   "static_select",
		stands: selectStands,
		fields: with(actFields, placeholder, optionFields, []field{{"initial_option", menuOption}}),
		needs:  []need{optionNeed},
		whole:  []func(*checker, string, *node){initialIsOffered},
	},
	{
		name:   "external_select",
		stands: selectStands,
		fields: with(actFields, placeholder, queryFields, []field{{"initial_option", menuOption}}),
	},
	{
		name:   "users_select",
		stands: selectStands,
		fields: with(actFields, placeholder, []field{{"initial_user", oneID}}),
	},
	{
		name:   "conversations_select",
		stands: selectStands,
		fields: with(actFields, placeholder, conversationFields, []field{
			{"initial_conversation", oneID},
			{"response_url_enabled", responseURL},
		}),
	},
	{
		name:   "channels_select",
		stands: selectStands,
		fields: with(actFields, placeholder, []field{
			{"initial_channel", oneID},
			{"response_url_enabled", responseURL},
		}),
	},
	{
		name:   "multi_static_select",
		stands: multiStands,
		fields: with(actFields, placeholder, optionFields, []field{
			{"initial_options", list(1, 100, menuOption)},
			{"max_selected_items", maxSelected},
		}),
		needs: []need{optionNeed},
		whole: []func(*checker, string, *node){initialIsOffered},
	},
	{
		name:   "multi_external_select",
		stands: multiStands,
		fields: with(actFields, placeholder, queryFields, []field{
			{"initial_options", list(1, 100, menuOption)},
			{"max_selected_items", maxSelected},
		}),
	},
	{
		name:   "multi_users_select",
		stands: multiStands,
		fields: with(actFields, placeholder, []field{
			{"initial_users", someIDs},
			{"max_selected_items", maxSelected},
		}),
	},
	{
		name:   "multi_conversations_select",
		stands: multiStands,
		fields: with(actFields, placeholder, conversationFields, []field{
			{"initial_conversations", someIDs},
			{"max_selected_items", maxSelected},
		}),
	},
	{
		name:   "multi_channels_select",
		stands: multiStands,
		fields: with(actFields, placeholder, []field{
			{"initial_channels", someIDs},
			{"max_selected_items", maxSelected},
		}),
	},
}

var (
	selectStands = stands{inSection: everywhere, inActions: everywhere, inInput: everywhere}
	// multiStands: the reference allows them in actions on all surfaces, but views
	// with them are refused (python-slack-sdk issue 1631, January 2025).
	multiStands = stands{inSection: everywhere, inActions: message, inInput: everywhere}
)

var (
	optionFields = []field{
		{"options", list(1, 100, menuOption)},
		{"option_groups", list(1, 100, optionGroup)},
	}
	optionNeed = need{fields: []string{"options", "option_groups"}, exactly: true}

	queryFields = []field{{"min_query_length", integer(0, noMax)}}

	conversationFields = []field{
		{"default_to_current_conversation", boolean()},
		{"filter", conversationFilter},
	}

	oneID       = str(1, noMax)
	someIDs     = list(1, noMax, oneID)
	maxSelected = integer(1, noMax)

	// responseURL "only works with menus in input blocks in modals".
	responseURL = rule{kind: kindBool, only: stands{inInput: modal}}
)
