package slacksim

import (
	"slices"
	"strings"
)

// labelled is a topic or a purpose, and who set it when (Unix seconds).
type labelled struct {
	Value   string `json:"value"`
	Creator string `json:"creator"`
	LastSet int64  `json:"last_set"`
}

// channel is any conversation: public, private, or direct between two or more.
type channel struct {
	ID, Name       string
	Order          int64 // of creation
	Private        bool  `json:",omitempty"`
	Direct         bool  `json:",omitempty"` // between two
	Group          bool  `json:",omitempty"` // direct between several
	General        bool  `json:",omitempty"`
	Archived       bool  `json:",omitempty"`
	Creator        string
	Created        int64
	Updated        int64 // Unix milliseconds
	Topic, Purpose labelled
	PreviousNames  []string `json:",omitempty"`
	Members        []string
	Pins           []pin             `json:",omitempty"`
	Bookmarks      []*bookmark       `json:",omitempty"`
	Canvas         string            `json:",omitempty"`
	LastRead       map[string]string `json:",omitempty"` // by person
	LastTS         int64             // microseconds: the newest timestamp given here

	messages []*message            // by ts; ephemeral ones too
	threads  map[string][]*message // lasting replies by their root's ts, oldest first
}

func directChannel(id string, now int64, members ...string) *channel {
	return &channel{ID: id, Private: true, Direct: len(members) <= 2, Group: len(members) > 2, Created: now, Members: members}
}

func (w *world) addChannel(ch *channel) {
	ch.Order = w.nextNumber("channel")
	w.channels = append(w.channels, ch)
	w.byID[ch.ID] = ch
	w.channelChanged(ch)
}

// channelChanged keeps ch and tells the page.
func (w *world) channelChanged(ch *channel) {
	ch.Updated = w.now().UnixMilli()
	w.journal.put(bucketChannels, ch.ID, ch)
	w.feed.add("channel", object{"channel": w.channelState(ch)})
}

func (ch *channel) has(user string) bool { return slices.Contains(ch.Members, user) }

// visible says whether a person or bot may know of ch: public, or a member. Guests see only what they are in.
func (w *world) visible(ch *channel, user string) bool {
	if ch.has(user) {
		return true
	}
	u := w.user(user)
	return !ch.Private && u != nil && !u.IsRestricted
}

// channelNamed finds a channel by name, without the #. Archived channels keep their names.
func (w *world) channelNamed(name string) *channel {
	i := slices.IndexFunc(w.channels, func(ch *channel) bool { return ch.Name != "" && strings.EqualFold(ch.Name, name) })
	if i < 0 {
		return nil
	}
	return w.channels[i]
}

// direct finds the conversation that exactly these have, whoever opened it.
func (w *world) direct(members ...string) *channel {
	for _, ch := range w.channels {
		if (ch.Direct || ch.Group) && sameMembers(ch.Members, members) {
			return ch
		}
	}
	return nil
}

// openDirect finds or begins the conversation of these.
func (w *world) openDirect(members ...string) (ch *channel, existed bool) {
	if ch := w.direct(members...); ch != nil {
		return ch, true
	}
	prefix := "D"
	if len(members) > 2 {
		prefix = "G"
	}
	ch = directChannel(w.nextID(prefix), w.unix(), members...)
	if ch.Group {
		ch.Name, ch.Creator = w.groupName(members), members[0]
	}
	w.addChannel(ch)
	return ch, false
}

// groupName is what Slack calls a conversation of several: mpdm-alice--bob--fireboss-1.
func (w *world) groupName(members []string) string {
	names := make([]string, len(members))
	for i, id := range members {
		names[i] = w.user(id).Name
	}
	return "mpdm-" + strings.Join(names, "--") + "-1"
}

func sameMembers(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(id string) bool { return !slices.Contains(b, id) })
}

// other is the partner of user in a direct conversation.
func (ch *channel) other(user string) string {
	for _, id := range ch.Members {
		if id != user {
			return id
		}
	}
	return user
}

// displayName is what payloads call ch: they tell the names of public channels and of groups' conversations alone.
func (ch *channel) displayName() string {
	switch ch.kind() {
	case "im":
		return "directmessage"
	case "group":
		return "privategroup"
	}
	return ch.Name
}

// kind is the channel_type of message events.
func (ch *channel) kind() string {
	switch {
	case ch.Direct:
		return "im"
	case ch.Group:
		return "mpim"
	case ch.Private:
		return "group"
	}
	return "channel"
}

// listType is what conversations.list calls ch's kind.
func (ch *channel) listType() string {
	switch ch.kind() {
	case "channel":
		return "public_channel"
	case "group":
		return "private_channel"
	}
	return ch.kind()
}

// letter is the channel_type of membership events.
func (ch *channel) letter() string {
	if ch.Private {
		return "G"
	}
	return "C"
}

// channelState is ch in /sim/state, without its messages.
func (w *world) channelState(ch *channel) object {
	pins := make([]string, len(ch.Pins))
	for i, p := range ch.Pins {
		pins[i] = p.TS
	}
	state := object{
		"id": ch.ID, "name": ch.Name, "topic": ch.Topic.Value, "purpose": ch.Purpose.Value,
		"is_private": ch.Private, "is_archived": ch.Archived, "is_general": ch.General, "is_im": ch.Direct, "is_mpim": ch.Group,
		"creator": ch.Creator, "created": ch.Created, "members": ch.Members, "pins": pins,
		"bookmarks": list(ch.Bookmarks), "canvas": ch.Canvas,
	}
	if ch.Direct {
		state["user"] = ch.other(botUserID)
	}
	return state
}

// list is items as a JSON array even where there are none.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
