package slacksim

// subscriptions are the events that the app gets, by the names its manifest has for them (settings.
// event_subscriptions.bot_events). An app is told only of channels it is in.
var subscriptions = map[string]bool{
	"app_home_opened":       true,
	"app_mention":           true,
	"channel_archive":       true,
	"channel_left":          true,
	"channel_rename":        true,
	"channel_unarchive":     true,
	"file_shared":           true,
	"group_archive":         true,
	"group_left":            true,
	"group_rename":          true,
	"group_unarchive":       true,
	"member_joined_channel": true,
	"member_left_channel":   true,
	"message.channels":      true,
	"message.groups":        true,
	"message.im":            true,
	"message.mpim":          true,
	"pin_added":             true,
	"pin_removed":           true,
	"reaction_added":        true,
	"reaction_removed":      true,
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
	{"name": "Declare incident", "type": "global", "callback_id": "declare_incident", "description": "Open the declare form"},
	{"name": "Add to timeline", "type": "message", "callback_id": "add_to_timeline", "description": "Put this message on the incident's timeline"},
}
