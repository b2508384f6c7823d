package slacksim

// subscriptions are the events that the app gets, by the names its manifest has for them (settings.
// event_subscriptions.bot_events), and the scopes of which it needs one for each. An app is told only of channels it
// is in. https://docs.slack.dev/reference/events
var subscriptions = map[string][]string{
	"app_home_opened":       nil,
	"app_mention":           {"app_mentions:read"},
	"channel_archive":       {"channels:read"},
	"channel_left":          {"channels:read"},
	"channel_rename":        {"channels:read"},
	"channel_unarchive":     {"channels:read"},
	"file_shared":           {"files:read"},
	"group_archive":         {"groups:read"},
	"group_left":            {"groups:read"},
	"group_rename":          {"groups:read"},
	"group_unarchive":       {"groups:read"},
	"member_joined_channel": {"channels:read", "groups:read"},
	"member_left_channel":   {"channels:read", "groups:read"},
	"message.channels":      {"channels:history"},
	"message.groups":        {"groups:history"},
	"message.im":            {"im:history"},
	"message.mpim":          {"mpim:history"},
	"pin_added":             {"pins:read"},
	"pin_removed":           {"pins:read"},
	"reaction_added":        {"reactions:read"},
	"reaction_removed":      {"reactions:read"},
}

// messageSubscription is the subscription for messages of a channel's kind.
var messageSubscription = map[string]string{
	"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim",
}

// allScopes are the scopes an incident bot can ask for, all granted unless Options.Scopes says otherwise.
var allScopes = []string{
	"app_mentions:read", "bookmarks:read", "bookmarks:write", "canvases:read", "canvases:write", "channels:history",
	"channels:join", "channels:manage", "channels:read", "chat:write", "chat:write.customize", "chat:write.public",
	"commands", "dnd:read", "files:read", "files:write", "groups:history", "groups:read", "groups:write", "im:history",
	"im:read", "im:write", "mpim:history", "mpim:read", "mpim:write", "pins:read", "pins:write", "reactions:read",
	"reactions:write", "team:read", "usergroups:read", "users.profile:read", "users:read", "users:read.email",
}

// slashCommands are the commands the app declared, for completion on the page.
var slashCommands = []object{
	{"command": "/incident", "usage": "VERB …", "description": "Declare or run an incident"},
	{"command": "/inc", "usage": "VERB …", "description": "The same, shorter"},
}

// shortcuts are those the app declared.
var shortcuts = []object{
	{"name": "Declare an incident", "type": "global", "callback_id": "declare_incident", "description": "Opens a form: what is wrong, and how bad is it?"},
	{"name": "Open an incident", "type": "message", "callback_id": "open_incident_from_message", "description": "Opens an incident from this message"},
}
