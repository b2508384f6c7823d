package slack

import (
	"context"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
)

// privateChannel is what a channel is called that not everybody may know of: its
// name can tell what a private incident is about.
const privateChannel = "a-private-channel"

// channelName is what a channel of which a text has only the id is called; its id
// where Slack does not tell.
func (d *Directory) channelName(ctx context.Context, id string) string {
	d.mu.Lock()
	name := d.called[id]
	d.mu.Unlock()
	if name != "" {
		return name
	}
	info, err := again(ctx, true, func(ctx context.Context) (*slackgo.Channel, error) {
		return d.client.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
	})
	switch {
	case is(err, "channel_not_found"):
		return privateChannel
	case err != nil || info.Name == "":
		return id
	case info.IsPrivate || info.IsIM || info.IsMpIM:
		name = privateChannel
	default:
		name = incidents.Tidy(info.Name)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.called == nil || len(d.called) >= maxCalled {
		d.called = map[string]string{}
	}
	d.called[id] = name
	return name
}

// maxCalled bounds how many channels' names are kept.
const maxCalled = 10000

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

// KnowsChannel reports whether there is a channel that may be given by its name, as far as we can see.
func (d *Directory) KnowsChannel(ctx context.Context, where string) (bool, error) {
	id, err := d.channelID(ctx, where)
	return id != "", err
}

// KnowsPeople reports whether a name of the policy is that of a person or a group.
func (d *Directory) KnowsPeople(ctx context.Context, ref string) (bool, error) {
	_, unknown, err := d.resolve(ctx, []string{ref})
	return len(unknown) == 0, err
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
