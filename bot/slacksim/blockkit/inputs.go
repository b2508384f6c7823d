package blockkit

// pickers of a day, a time, or both.
var pickers = []*shape{
	{
		name:   "datepicker",
		stands: stands{inSection: everywhere, inActions: everywhere, inInput: everywhere},
		fields: with(actFields, placeholder, []field{
			{"initial_date", formatted(str(1, noMax), dateFormat)},
		}),
	},
	{
		name:   "timepicker",
		stands: stands{inSection: everywhere, inActions: everywhere, inInput: everywhere},
		fields: with(actFields, placeholder, []field{
			{"initial_time", formatted(str(1, noMax), timeFormat)},
			{"timezone", str(1, noMax)},
		}),
	},
	{
		name:   "datetimepicker",
		stands: stands{inActions: message | modal, inInput: message | modal},
		fields: with(actFields, []field{
			{"initial_date_time", integer(1_000_000_000, 9_999_999_999)}, // Unix seconds, "10 digits"
		}),
	},
}

// inputs are what people write or upload. The surfaces are those of the older list
// of elements (https://api.slack.com/reference/block-kit/block-elements), which is
// narrower than where input blocks stand today; the newer pages name none.
var inputs = []*shape{
	{
		name:   "plain_text_input",
		stands: stands{inInput: everywhere},
		fields: with(writeFields, []field{
			{"initial_value", str(0, maxText)},
			{"multiline", boolean()},
			{"min_length", integer(0, maxText)},
			{"max_length", integer(1, maxText)},
		}),
		whole: []func(*checker, string, *node){lengthsInOrder},
	},
	{
		name:   "email_text_input",
		stands: stands{inInput: modal},
		fields: with(writeFields, []field{{"initial_value", str(0, maxText)}}),
	},
	{
		name:   "url_text_input",
		stands: stands{inInput: modal},
		fields: with(writeFields, []field{{"initial_value", str(0, maxText)}}),
	},
	{
		name:   "number_input",
		stands: stands{inInput: modal},
		fields: with(writeFields, []field{
			{"is_decimal_allowed", must(boolean())},
			{"initial_value", number},
			{"min_value", number},
			{"max_value", number},
		}),
		whole: []func(*checker, string, *node){numbersInOrder},
	},
	{
		name:   "rich_text_input",
		stands: stands{inInput: modal | home, inActions: modal | home},
		fields: with(writeFields, []field{
			{"initial_value", among(asInitial, []*shape{richText})},
			{"min_lines", integer(1, noMax)},
			{"max_lines", integer(1, noMax)},
		}),
	},
	{
		name:   "file_input",
		stands: stands{inInput: modal},
		fields: []field{
			{"action_id", actionID},
			{"filetypes", list(1, noMax, str(1, noMax))},
			{"max_files", integer(1, 10)},
		},
	},
}

var (
	writeFields = with(placeholder, []field{
		{"action_id", actionID},
		{"dispatch_action_config", dispatchActionConfig},
		{"focus_on_load", focus},
	})
	number = formatted(str(1, noMax), numberFormat)
)
