package slack

import "time"

// rate is how many calls of one method Slack lets an app make in a workspace.
type rate struct {
	perMinute float64
	burst     float64
}

// Slack's published tiers are a minimum of calls a minute for each method,
// workspace and app (docs.slack.dev/apis/web-api/rate-limits). A bucket is full
// at the start and as large as a minute's number.
var (
	tier2   = rate{20, 20}
	tier3   = rate{50, 50}
	tier4   = rate{100, 100}
	special = rate{600, 60} // "hundreds a minute"
)

// rates are the tiers of the methods used here (the methods' own pages).
var rates = map[string]rate{
	"apps.connections.open":         {20, 20}, // the page says tier 3, older ones tier 1; Retry-After decides
	"auth.test":                     special,
	"bookmarks.add":                 tier2,
	"bookmarks.list":                tier3,
	"canvases.delete":               tier3,
	"canvases.edit":                 tier3,
	"canvases.sections.lookup":      tier3,
	"chat.postEphemeral":            tier4,
	"chat.postMessage":              {300, 60}, // several hundred a minute in a workspace; a second for each channel, see perChannel
	"chat.update":                   tier3,
	"chat.delete":                   tier3,
	"conversations.archive":         tier2,
	"conversations.canvases.create": tier2,
	"conversations.create":          tier2,
	"conversations.history":         tier3,
	"conversations.info":            tier3,
	"conversations.invite":          tier3,
	"conversations.kick":            tier3,
	"conversations.list":            tier2,
	"conversations.members":         tier4,
	"conversations.open":            tier3,
	"conversations.rename":          tier2,
	"conversations.replies":         tier3,
	"conversations.setPurpose":      tier2,
	"conversations.setTopic":        tier2,
	"dnd.info":                      tier3,
	"pins.add":                      tier2,
	"usergroups.list":               tier2,
	"usergroups.users.list":         tier2,
	"users.conversations":           tier2,
	"users.info":                    tier4,
	"users.list":                    tier2,
	"views.open":                    tier4,
	"views.publish":                 tier4,
	"views.update":                  tier4,
}

// perChannel is Slack's limit for messages into one channel: one a second,
// with a burst.
var perChannel = rate{60, 5}

// Time to wait for an answer, and the longest that a cosmetic call waits for
// its turn before it is put off.
const (
	callTimeout   = 10 * time.Second
	cosmeticWait  = time.Second
	maxAnswerSize = 16 << 20
)
