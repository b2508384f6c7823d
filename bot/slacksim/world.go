package slacksim

import (
	"encoding/json"
	"time"
)

// object is a JSON object on its way out.
type object = map[string]any

// world is all there is in the workspace. Whoever holds the Server's lock owns it.
type world struct {
	now     func() time.Time
	hub     *hub
	feed    *feed
	journal *journal
	scopes  []string // granted to the bot's token

	counters  map[string]int64
	lastStamp int64

	users    []*user
	groups   []*usergroup
	channels []*channel // in order of creation
	byID     map[string]*channel

	views     []*view          // open modals, oldest first
	homes     map[string]*view // by person
	files     []*file
	canvases  []*canvas
	scheduled []*scheduledMessage

	triggers  map[string]*trigger
	responses map[string]*responseURL

	base      string // the address the app knows us by: scheme://host:port
	baseFixed bool
}

func newWorld(s *Server) *world {
	return &world{
		now: s.opt.Now, hub: s.hub, feed: s.feed, journal: s.journal, scopes: s.opt.Scopes,
		counters: map[string]int64{}, byID: map[string]*channel{}, homes: map[string]*view{},
		triggers: map[string]*trigger{}, responses: map[string]*responseURL{},
		users: people(), groups: usergroups(),
	}
}

// seed fills a fresh workspace: its channels and who is in them.
func (w *world) seed() {
	everybody := []string{aliceID, bobID, carolID, daveID}
	for _, c := range []struct {
		id, name, purpose string
		members           []string
	}{
		{"C00GENERAL", "general", "Company-wide announcements and work-based matters", append(everybody, graceID)},
		{"CINCIDENTS", "incidents", "Every incident is announced here", append(everybody, botUserID)},
		{"C000ALERTS", "alerts", "What monitoring says", append(everybody, botUserID)},
		{"C000RANDOM", "random", "Non-work banter and water cooler conversation", everybody},
	} {
		ch := &channel{ID: c.id, Name: c.name, Creator: aliceID, Created: w.unix(), General: c.name == "general"}
		ch.Purpose = labelled{Value: c.purpose, Creator: aliceID, LastSet: w.unix()}
		ch.Members = append([]string(nil), c.members...)
		w.addChannel(ch)
	}
	for _, u := range w.users {
		if !u.IsBot {
			w.addChannel(directChannel("D"+u.ID[1:], w.unix(), botUserID, u.ID))
		}
	}
}

// mustJSON encodes what this package made itself and so always can be encoded.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacksim: " + err.Error())
	}
	return b
}
