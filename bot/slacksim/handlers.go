package slacksim

// handlers are the methods' handlers, by name.
var handlers map[string]handler

func init() {
	handlers = map[string]handler{
		"api.test":              apiTest,
		"apps.connections.open": appsConnectionsOpen,
		"auth.test":             authTest,
		"team.info":             teamInfo,
		"bots.info":             botsInfo,
		"dnd.info":              dndInfo,
		"blocks.validate":       blocksValidate,

		"users.info":          usersInfo,
		"users.list":          usersList,
		"users.lookupByEmail": usersLookupByEmail,
		"users.conversations": usersConversations,

		"usergroups.list":       usergroupsList,
		"usergroups.users.list": usergroupsUsersList,

		"conversations.create":     conversationsCreate,
		"conversations.info":       conversationsInfo,
		"conversations.list":       conversationsList,
		"conversations.members":    conversationsMembers,
		"conversations.invite":     conversationsInvite,
		"conversations.open":       conversationsOpen,
		"conversations.setTopic":   conversationsSetTopic,
		"conversations.setPurpose": conversationsSetPurpose,
		"conversations.history":    conversationsHistory,
		"conversations.replies":    conversationsReplies,
		"conversations.join":       conversationsJoin,
		"conversations.leave":      conversationsLeave,
		"conversations.kick":       conversationsKick,
		"conversations.close":      conversationsClose,
		"conversations.mark":       conversationsMark,
		"conversations.rename":     conversationsRename,
		"conversations.archive":    conversationsArchive,
		"conversations.unarchive":  conversationsUnarchive,

		"chat.postMessage":   chatPostMessage,
		"chat.postEphemeral": chatPostEphemeral,
		"chat.update":        chatUpdate,
		"chat.delete":        chatDelete,
		"chat.getPermalink":  chatGetPermalink,

		"chat.scheduleMessage":        chatScheduleMessage,
		"chat.deleteScheduledMessage": chatDeleteScheduledMessage,
		"chat.scheduledMessages.list": chatScheduledMessagesList,

		"reactions.add":    reactionsAdd,
		"reactions.get":    reactionsGet,
		"reactions.remove": reactionsRemove,
		"pins.add":         pinsAdd,
		"pins.list":        pinsList,
		"pins.remove":      pinsRemove,
		"bookmarks.add":    bookmarksAdd,
		"bookmarks.edit":   bookmarksEdit,
		"bookmarks.list":   bookmarksList,
		"bookmarks.remove": bookmarksRemove,

		"files.getUploadURLExternal":   filesGetUploadURLExternal,
		"files.completeUploadExternal": filesCompleteUploadExternal,
		"files.info":                   filesInfo,
		"files.delete":                 filesDelete,
		"files.upload":                 filesUpload,

		"canvases.create":               canvasesCreate,
		"canvases.edit":                 canvasesEdit,
		"canvases.delete":               canvasesDelete,
		"canvases.sections.lookup":      canvasesSectionsLookup,
		"canvases.access.set":           canvasesAccessSet,
		"canvases.access.delete":        canvasesAccessDelete,
		"conversations.canvases.create": conversationsCanvasesCreate,

		"views.open":    viewsOpen,
		"views.push":    viewsPush,
		"views.update":  viewsUpdate,
		"views.publish": viewsPublish,
	}
}
