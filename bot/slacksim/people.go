package slacksim

import (
	"strings"
	"time"
)

// The people of every workspace.
const (
	aliceID = "U0000ALICE"
	bobID   = "U000000BOB"
	carolID = "U0000CAROL"
	daveID  = "U00000DAVE"
	graceID = "U0000GRACE"
)

// user is a person or a bot.
type user struct {
	ID, Name, RealName string
	Email, TZ, Color   string
	IsBot              bool
	IsRestricted       bool // a guest
	IsAdmin            bool
}

func people() []*user {
	return []*user{
		{ID: aliceID, Name: "alice", RealName: "Alice Martin", Email: "alice@example.com", TZ: "Europe/Berlin", Color: "9f69e7", IsAdmin: true},
		{ID: bobID, Name: "bob", RealName: "Bob Fischer", Email: "bob@example.com", TZ: "America/New_York", Color: "4bbe2e"},
		{ID: carolID, Name: "carol", RealName: "Carol Tanaka", Email: "carol@example.com", TZ: "Asia/Tokyo", Color: "e7392d"},
		{ID: daveID, Name: "dave", RealName: "Dave Silva", Email: "dave@example.com", TZ: "America/Los_Angeles", Color: "3c989f"},
		{ID: graceID, Name: "grace", RealName: "Grace Okafor", Email: "grace@example.com", TZ: "Europe/London", Color: "e96699", IsRestricted: true},
		{ID: botUserID, Name: appName, RealName: "Fireboss", TZ: "UTC", Color: "d55aef", IsBot: true},
	}
}

// user finds somebody by id.
func (w *world) user(id string) *user {
	for _, u := range w.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// userNamed finds somebody by name, without the @.
func (w *world) userNamed(name string) *user {
	for _, u := range w.users {
		if strings.EqualFold(u.Name, name) {
			return u
		}
	}
	return nil
}

// zone is where the person's clock stands. A machine without a time zone database puts everybody in UTC.
func (u *user) zone() *time.Location {
	if zone, err := time.LoadLocation(u.TZ); err == nil {
		return zone
	}
	return time.UTC
}

// userJSON is the user object of users.info and users.list.
func (w *world) userJSON(u *user, locale bool) object {
	abbreviation, offset := w.now().In(u.zone()).Zone()
	first, last, _ := strings.Cut(u.RealName, " ")
	profile := object{
		"title": "", "phone": "", "skype": "", "real_name": u.RealName, "real_name_normalized": u.RealName,
		"display_name": u.Name, "display_name_normalized": u.Name, "first_name": first, "last_name": last,
		"status_text": "", "status_emoji": "", "status_emoji_display_info": []any{}, "status_expiration": 0,
		"status_text_canonical": "", "avatar_hash": "g" + strings.ToLower(u.ID[len(u.ID)-6:]), "team": teamID,
	}
	if u.Email != "" && granted([]string{"users:read.email"}, w.scopes) {
		profile["email"] = u.Email
	}
	if u.IsBot {
		profile["api_app_id"], profile["bot_id"], profile["always_active"] = appID, botID, true
	}
	answer := object{
		"id": u.ID, "team_id": teamID, "name": u.Name, "deleted": false, "color": u.Color, "real_name": u.RealName,
		"tz": u.TZ, "tz_label": abbreviation, "tz_offset": offset, "profile": profile,
		"is_admin": u.IsAdmin, "is_owner": false, "is_primary_owner": false, "is_restricted": u.IsRestricted,
		"is_ultra_restricted": false, "is_bot": u.IsBot, "is_app_user": false, "updated": workspaceBegan,
		"is_email_confirmed": u.Email != "", "who_can_share_contact_card": "EVERYONE",
	}
	if locale {
		answer["locale"] = "en-US"
	}
	return answer
}

// workspaceBegan is when the people of the workspace were last changed: 1 January 2020, in Unix seconds.
const workspaceBegan = 1577836800
