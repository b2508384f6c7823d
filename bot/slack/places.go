package slack

import (
	"context"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// channelID is the id of a channel that may be given by its name; empty where
// no channel that we can see has it.
func (d *Directory) channelID(ctx context.Context, where string) (string, error) {
	name, named := strings.CutPrefix(where, "#")
	if !named {
		return where, nil
	}
	d.mu.Lock()
	id, absent := d.channels[name], time.Since(d.absent[name]) < believeAbsent
	d.mu.Unlock()
	if id != "" || absent {
		return id, nil
	}
	for cursor := ""; ; {
		type page struct {
			list []slackgo.Channel
			next string
		}
		got, err := again(ctx, true, func(ctx context.Context) (page, error) {
			list, next, err := d.client.api.GetConversationsContext(ctx, &slackgo.GetConversationsParameters{Cursor: cursor, Limit: 200, ExcludeArchived: true, Types: []string{"public_channel", "private_channel"}})
			return page{list, next}, err
		})
		if err != nil {
			return "", explain("conversations.list", err)
		}
		if i := slices.IndexFunc(got.list, func(ch slackgo.Channel) bool { return ch.Name == name }); i >= 0 {
			id = got.list[i].ID
		}
		if cursor = got.next; id != "" || cursor == "" {
			d.keepPlace(name, id)
			return id, nil
		}
	}
}

func (d *Directory) keepPlace(name, id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if id == "" {
		d.absent[name] = time.Now()
		return
	}
	d.channels[name] = id
}
