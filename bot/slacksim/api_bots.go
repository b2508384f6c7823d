package slacksim

import "time"

// botsInfo describes the app's bot, the only one there is. https://docs.slack.dev/reference/methods/bots.info
func botsInfo(c *call) (object, error) {
	if id := c.args["bot"]; id != "" && id != botID {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": object{
		"id": botID, "deleted": false, "name": appName, "updated": workspaceBegan, "app_id": appID, "user_id": botUserID,
		"icons": object{"image_36": iconURL("36"), "image_48": iconURL("48"), "image_72": iconURL("72")},
	}}, nil
}

// Everybody's night, in their own zone: Slack's default of ten in the evening to eight in the morning.
const (
	nightBegins = 22 // hours
	nightEnds   = 8
)

// dndInfo says when somebody does not want to be disturbed. https://docs.slack.dev/reference/methods/dnd.info
func dndInfo(c *call) (object, error) {
	id := c.args["user"]
	if id == "" {
		id = botUserID
	}
	u := c.user(id)
	if u == nil {
		return nil, refuse("user_not_found")
	}
	if u.IsBot {
		return object{"dnd_enabled": false, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": false}, nil
	}
	begins, ends := night(c.now().In(u.zone()))
	return object{"dnd_enabled": true, "next_dnd_start_ts": begins.Unix(), "next_dnd_end_ts": ends.Unix()}, nil
}

// night is the night that it is, or else the next one.
func night(now time.Time) (begins, ends time.Time) {
	y, m, d := now.Date()
	if now.Hour() < nightEnds {
		d--
	}
	begins = time.Date(y, m, d, nightBegins, 0, 0, 0, now.Location())
	return begins, time.Date(y, m, d+1, nightEnds, 0, 0, 0, now.Location())
}
