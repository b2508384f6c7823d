package slacksim

import "slices"

// bookmark is a link at a channel's top. Its fields are Slack's.
type bookmark struct {
	ID       string  `json:"id"`
	Channel  string  `json:"channel_id"`
	Title    string  `json:"title"`
	Link     string  `json:"link"`
	Emoji    string  `json:"emoji"`
	IconURL  string  `json:"icon_url"`
	Type     string  `json:"type"`
	EntityID *string `json:"entity_id"`
	Created  int64   `json:"date_created"`
	Updated  int64   `json:"date_updated"`
	Rank     string  `json:"rank"`
	By       string  `json:"last_updated_by_user_id"`
	ByTeam   string  `json:"last_updated_by_team_id"`
	Shortcut *string `json:"shortcut_id"`
	AppID    *string `json:"app_id"`
}

func (ch *channel) bookmark(id string) *bookmark {
	i := slices.IndexFunc(ch.Bookmarks, func(b *bookmark) bool { return b.ID == id })
	if i < 0 {
		return nil
	}
	return ch.Bookmarks[i]
}
