package slacksim

import (
	"maps"
	"strings"
)

// apiTest answers with what it was sent, and with the error that was asked for.
// https://docs.slack.dev/reference/methods/api.test
func apiTest(c *call) (object, error) {
	args := object{}
	for name, value := range maps.All(c.args) {
		args[name] = value
	}
	if code := c.args["error"]; code != "" {
		return nil, refuseWith(code, object{"args": args})
	}
	return object{"args": args}, nil
}

// authTest says who the token is. https://docs.slack.dev/reference/methods/auth.test
func authTest(*call) (object, error) {
	return object{
		"url": "https://" + teamDomain + ".slack.com/", "team": teamName, "user": appName, "team_id": teamID,
		"user_id": botUserID, "bot_id": botID, "is_enterprise_install": false,
	}, nil
}

// teamInfo describes the workspace. https://docs.slack.dev/reference/methods/team.info
func teamInfo(c *call) (object, error) {
	if id := c.args["team"]; id != "" && id != teamID {
		return nil, refuse("team_not_found")
	}
	icon := object{"image_default": true}
	for _, size := range []string{"34", "44", "68", "88", "102", "132", "230"} {
		icon["image_"+size] = iconURL(size)
	}
	return object{"team": object{
		"id": teamID, "name": teamName, "domain": teamDomain, "email_domain": "example.com",
		"url": "https://" + teamDomain + ".slack.com/", "icon": icon, "is_verified": false,
	}}, nil
}

// appsConnectionsOpen gives the URL for one socket.
// https://docs.slack.dev/reference/methods/apps.connections.open
func appsConnectionsOpen(c *call) (object, error) {
	ticket := c.hub.issue(c.args.boolean("debug_reconnects"))
	return object{"url": strings.Replace(c.base, "http", "ws", 1) + "/link/?ticket=" + ticket + "&app_id=" + appID}, nil
}
