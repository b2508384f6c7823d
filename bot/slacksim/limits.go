package slacksim

import (
	"time"

	"fireboss/bot/slacksim/blockkit"
)

// The numbers of Slack that the workspace keeps to. Where no source is named they are from docs.slack.dev (the
// method's page, or apis/events-api/using-socket-mode), August 2026.
const (
	ackDeadline      = 3 * time.Second  // for every envelope
	ackSizeLimit     = 20 * 1024        // bytes on the wire; a longer ack is dropped without a word
	triggerLife      = 3 * time.Second  // from delivery
	responseURLLife  = 30 * time.Minute // from delivery
	responseURLUses  = 5
	maxSockets       = 10
	pingInterval     = 5 * time.Second      // clients give up after 30 s without one
	pongDeadline     = 20 * time.Second     // a socket that answers no ping for so long is cut
	connectionLife   = 18060 * time.Second  // as seen in real hello frames
	debugLife        = 360 * time.Second    // with debug_reconnects=true
	warningTime      = 10 * time.Second     // between the warning and refresh_requested
	closeGrace       = 2 * time.Second      // between refresh_requested and our closing of the socket
	linkDisabledTime = time.Second          // new sockets are refused for so long after link_disabled
	scheduleAhead    = 120 * 24 * time.Hour // time_too_far beyond
	schedulePerSlot  = 30                   // scheduled messages per channel in one scheduleSlot
	scheduleSlot     = 5 * time.Minute
	maxUploadBytes   = 1 << 30               // a file's bytes
	maxAltText       = 1000                  // characters of a picture's description
	maxCanvasBytes   = 1 << 20               // canvas Markdown
	maxCanvasCells   = 300                   // of one table of a canvas
	maxViewBytes     = blockkit.MaxViewBytes // view_too_large beyond
	maxViewStack     = 3                     // push_limit_reached beyond
	maxMetadataBytes = 16 * 1024             // message metadata (unverified)
	maxText          = 40000                 // characters of a message; what is beyond is cut
	maxUpdateText    = 4000                  // chat.update: msg_too_long beyond
	maxMarkdownText  = 12000                 // characters of markdown_text
	maxAttachments   = 100
	maxNameChars     = 80  // a channel's name
	maxTopicChars    = 250 // topic and purpose
	maxInvite        = 100 // people in one conversations.invite
	maxOpenUsers     = 8   // people in one conversations.open
	maxPins          = 100 // per channel (unverified)
	maxBookmarks     = 100 // per channel
	maxBookmarkTitle = 256
	maxBookmarkLink  = 2048
	maxReactions     = 23  // different emoji of one person on a message (unverified)
	maxShareChannels = 100 // channels in one files.completeUploadExternal
	maxHistoryPage   = 999
	maxListPage      = 1000
)

// eventRetryDelays are the waits before Slack sends an unacknowledged event again.
var eventRetryDelays = []time.Duration{0, time.Minute, 5 * time.Minute}

// tiers are Slack's published calls a minute, per method and workspace. A tier's bucket starts full.
// t5 is "special": chat.postMessage has a bucket per channel besides (postPerChannel).
var tiers = map[string]int{"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 600}

// chat.postMessage: one message a second and channel, with a short burst, and several hundred a minute in all.
const (
	postPerChannel      = 60 // a minute
	postPerChannelBurst = 5
	postPerWorkspace    = 300
)
