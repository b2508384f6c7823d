package slacksim

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// bookmarksAdd puts a link at a channel's top. https://docs.slack.dev/reference/methods/bookmarks.add
func bookmarksAdd(c *call) (object, error) {
	ch, err := c.bookmarked()
	if err != nil {
		return nil, err
	}
	if c.args["type"] != "link" {
		return nil, refuse("invalid_bookmark_type")
	}
	if err := c.checkBookmark(); err != nil {
		return nil, err
	}
	if !isWebLink(c.args["link"]) {
		return nil, refuse("invalid_link")
	}
	if len(ch.Bookmarks) >= maxBookmarks {
		return nil, refuse("too_many_bookmarks")
	}
	b := &bookmark{
		ID: c.nextID("Bk"), Channel: ch.ID, Title: c.args["title"], Link: c.args["link"], Emoji: c.args["emoji"],
		Type: "link", Created: c.unix(), Rank: "i", By: botUserID, ByTeam: teamID,
	}
	ch.Bookmarks = append(ch.Bookmarks, b)
	c.channelChanged(ch)
	return object{"bookmark": b}, nil
}

// bookmarksList lists them. https://docs.slack.dev/reference/methods/bookmarks.list
func bookmarksList(c *call) (object, error) {
	ch, err := c.bookmarked()
	if err != nil {
		return nil, err
	}
	return object{"bookmarks": list(ch.Bookmarks)}, nil
}

// bookmarked is the channel that channel_id names.
func (c *call) bookmarked() (*channel, error) {
	ch, err := c.channel("channel_id")
	if err == nil && !ch.has(botUserID) {
		return nil, refuse("access_denied")
	}
	return ch, err
}

func (c *call) checkBookmark() error {
	if utf8.RuneCountInString(c.args["title"]) > maxBookmarkTitle {
		return refuse("invalid_arguments", "[ERROR] must be less than 257 characters [json-pointer:/title]")
	}
	if utf8.RuneCountInString(c.args["link"]) > maxBookmarkLink {
		return refuse("invalid_arguments", "[ERROR] must be less than 2049 characters [json-pointer:/link]")
	}
	if _, err := emojiName(c.args["emoji"]); err != nil && c.args["emoji"] != "" {
		return refuse("invalid_emoji")
	}
	return nil
}

func isWebLink(link string) bool {
	return strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://")
}

// bookmarksEdit changes what the call names. https://docs.slack.dev/reference/methods/bookmarks.edit
func bookmarksEdit(c *call) (object, error) {
	ch, b, err := c.bookmark()
	if err != nil {
		return nil, err
	}
	if err := c.checkBookmark(); err != nil {
		return nil, err
	}
	if c.args["link"] != "" && !isWebLink(c.args["link"]) {
		return nil, refuse("invalid_link")
	}
	for name, field := range map[string]*string{"title": &b.Title, "link": &b.Link, "emoji": &b.Emoji} {
		if c.args[name] != "" {
			*field = c.args[name]
		}
	}
	b.Updated, b.By = c.unix(), botUserID
	c.channelChanged(ch)
	return object{"bookmark": b}, nil
}

// bookmarksRemove takes one away. https://docs.slack.dev/reference/methods/bookmarks.remove
func bookmarksRemove(c *call) (object, error) {
	ch, b, err := c.bookmark()
	if err != nil {
		return nil, err
	}
	ch.Bookmarks = slices.DeleteFunc(ch.Bookmarks, func(other *bookmark) bool { return other == b })
	c.channelChanged(ch)
	return nil, nil
}

func (c *call) bookmark() (*channel, *bookmark, error) {
	ch, err := c.bookmarked()
	if err != nil {
		return nil, nil, err
	}
	b := ch.bookmark(c.args["bookmark_id"])
	if b == nil {
		return nil, nil, refuse("not_found")
	}
	return ch, b, nil
}
