package slacksim

// handlers are the methods' handlers, by name.
var handlers map[string]handler

func init() {
	handlers = map[string]handler{
		"api.test":              apiTest,
		"apps.connections.open": appsConnectionsOpen,
		"auth.test":             authTest,
		"team.info":             teamInfo,

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

		"chat.postMessage":   chatPostMessage,
		"chat.postEphemeral": chatPostEphemeral,
		"chat.update":        chatUpdate,
		"chat.delete":        chatDelete,
		"chat.getPermalink":  chatGetPermalink,

		"pins.add":       pinsAdd,
		"pins.list":      pinsList,
		"pins.remove":    pinsRemove,
		"bookmarks.add":  bookmarksAdd,
		"bookmarks.list": bookmarksList,

		"views.open":    viewsOpen,
		"views.push":    viewsPush,
		"views.update":  viewsUpdate,
		"views.publish": viewsPublish,
	}
}
