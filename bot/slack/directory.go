package slack

import (
	"context"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// Directory knows the people and groups of the workspace. What it knows is
// kept for a while, so that opening an incident waits for no look-up.
type Directory struct {
	client *Client

	mu       sync.Mutex
	people   map[string]member // by id
	names    map[string]string // lower-case name -> id
	handles  map[string]string // group handle -> id
	groups   map[string]group  // by id
	channels map[string]string // name -> id
	listed   time.Time         // when the list of people was read
	grouped  time.Time         // when the list of groups was read
}

type member struct {
	id, name string
	zone     *time.Location
	bot      bool
	deleted  bool
	read     time.Time
}

type group struct {
	handle  string
	members []string
	read    time.Time
}

// How long something is believed.
const (
	believePeople = time.Hour
	believeGroups = 5 * time.Minute
)

// NewDirectory makes an empty directory; it fills as it is asked.
func NewDirectory(c *Client) *Directory {
	return &Directory{client: c, people: map[string]member{}, names: map[string]string{}, handles: map[string]string{}, groups: map[string]group{}, channels: map[string]string{}}
}

// Person finds somebody by a name without @: the handle, the display name with
// or without spaces, or Slack's own id.
func (d *Directory) Person(ctx context.Context, name string) (incidents.Person, error) {
	if m, ok := d.named(name); ok {
		return d.person(m), nil
	}
	if err := d.readPeople(ctx); err != nil {
		return incidents.Person{}, err
	}
	if m, ok := d.named(name); ok {
		return d.person(m), nil
	}
	return incidents.Person{}, commands.ErrUnknown
}

func (d *Directory) named(name string) (member, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, ok := d.names[fold(name)]
	if !ok {
		id = strings.ToUpper(name)
	}
	m, ok := d.people[id]
	return m, ok && !m.deleted
}

func fold(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimPrefix(name, "@")), "."))
}

func (d *Directory) person(m member) incidents.Person {
	return incidents.Person{ID: d.client.actorID(m.id), Name: m.name}
}

// Group finds the members of a group by its handle without @.
func (d *Directory) Group(ctx context.Context, handle string) ([]incidents.Person, error) {
	ids, err := d.groupMembers(ctx, strings.ToLower(strings.TrimPrefix(handle, "@")))
	if err != nil {
		return nil, err
	}
	var list []incidents.Person
	for _, id := range ids {
		if m, err := d.member(ctx, id); err == nil && !m.bot && !m.deleted {
			list = append(list, d.person(m))
		}
	}
	return list, nil
}

func (d *Directory) groupMembers(ctx context.Context, handle string) ([]string, error) {
	d.mu.Lock()
	id, known := d.handles[handle]
	g := d.groups[id]
	stale := time.Since(d.grouped) > believeGroups
	d.mu.Unlock()
	if !known && stale {
		if err := d.readGroups(ctx); err != nil {
			return nil, err
		}
		d.mu.Lock()
		id, known = d.handles[handle]
		d.mu.Unlock()
	}
	if !known {
		return nil, commands.ErrUnknown
	}
	if time.Since(g.read) < believeGroups {
		return g.members, nil
	}
	members, err := again(ctx, true, func(ctx context.Context) ([]string, error) {
		return d.client.api.GetUserGroupMembersContext(ctx, id)
	})
	if err != nil {
		if len(g.members) > 0 {
			return g.members, nil // what we knew is better than nobody
		}
		return nil, explain("usergroups.users.list", err)
	}
	d.mu.Lock()
	d.groups[id] = group{handle, members, time.Now()}
	d.mu.Unlock()
	return members, nil
}

func (d *Directory) readGroups(ctx context.Context) error {
	list, err := again(ctx, true, func(ctx context.Context) ([]slackgo.UserGroup, error) {
		return d.client.api.GetUserGroupsContext(ctx)
	})
	if is(err, "plan_upgrade_required") {
		err = nil // free plans have no groups
	}
	if err != nil {
		return explain("usergroups.list", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.grouped = time.Now()
	for _, g := range list {
		d.handles[strings.ToLower(g.Handle)] = g.ID
	}
	return nil
}

func (d *Directory) readPeople(ctx context.Context) error {
	d.mu.Lock()
	fresh := time.Since(d.listed) < time.Minute
	d.mu.Unlock()
	if fresh {
		return nil // an unknown name does not make us read the list again and again
	}
	users, err := again(ctx, true, func(ctx context.Context) ([]slackgo.User, error) {
		return d.client.api.GetUsersContext(ctx, slackgo.GetUsersOptionLimit(200))
	})
	if err != nil {
		return explain("users.list", err)
	}
	for _, u := range users {
		d.learn(u)
	}
	d.mu.Lock()
	d.listed = time.Now()
	d.mu.Unlock()
	return nil
}

// learn keeps what Slack said of a person.
func (d *Directory) learn(u slackgo.User) member {
	m := member{id: u.ID, name: u.Profile.DisplayName, bot: u.IsBot, deleted: u.Deleted, read: time.Now(), zone: time.UTC}
	for _, alt := range []string{u.Name, u.RealName, u.ID} {
		if m.name == "" {
			m.name = alt
		}
	}
	if z, err := time.LoadLocation(u.TZ); err == nil && u.TZ != "" {
		m.zone = z
	} else if u.TZOffset != 0 {
		m.zone = time.FixedZone(u.TZLabel, u.TZOffset)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people[u.ID] = m
	if !u.Deleted {
		for _, name := range []string{u.Profile.DisplayName, u.RealName, u.Name} { // the handle last: it wins
			if name != "" {
				d.names[fold(name)] = u.ID
			}
		}
	}
	return m
}

// member is what is known of a person, asked for where need be.
func (d *Directory) member(ctx context.Context, id string) (member, error) {
	d.mu.Lock()
	m, ok := d.people[id]
	d.mu.Unlock()
	if ok && time.Since(m.read) < believePeople {
		return m, nil
	}
	u, err := again(ctx, true, func(ctx context.Context) (*slackgo.User, error) {
		return d.client.api.GetUserInfoContext(ctx, id)
	})
	switch {
	case err == nil:
		return d.learn(*u), nil
	case ok:
		return m, nil
	}
	return member{id: id, name: id, zone: time.UTC}, explain("users.info", err)
}

// actor is a person as somebody who acts. A look-up that fails costs the name,
// not the command: fallback is what the payload called them.
func (d *Directory) actor(ctx context.Context, id, fallback string) (incidents.Actor, *time.Location) {
	m, err := d.member(ctx, id)
	if err != nil && fallback != "" {
		m.name = fallback
	}
	return incidents.Actor{Kind: incidents.User, ID: d.client.actorID(id), Name: m.name}, m.zone
}

// read turns Slack's text into plain text, with people, groups and channels by
// name, and says who the people are.
func (d *Directory) read(ctx context.Context, text string) (string, map[string]incidents.Person) {
	mentions := map[string]incidents.Person{}
	out := unwrap(text, func(t token) string {
		switch t.kind {
		case "user":
			m, err := d.member(ctx, t.id)
			if err != nil && t.label != "" {
				m.name = t.label
			}
			name := "@" + strings.Join(strings.Fields(m.name), ".")
			for other, taken := mentions[name]; taken && other.ID != d.client.actorID(t.id); other, taken = mentions[name] {
				name += "_" // two people of one name in one text
			}
			mentions[name] = d.person(m)
			return name
		case "group":
			return d.groupName(ctx, t)
		case "channel":
			if t.label == "" {
				return "#" + t.id
			}
			return "#" + t.label
		case "special":
			return "@" + t.id
		case "date":
			return t.label
		}
		if t.label != "" && t.label != t.id && !strings.HasSuffix(t.id, t.label) {
			return unescaper.Replace(t.label) + " (" + unescaper.Replace(t.id) + ")"
		}
		return unescaper.Replace(t.id)
	})
	return out, mentions
}

func (d *Directory) groupName(ctx context.Context, t token) string {
	if t.label != "" {
		return "@" + strings.TrimPrefix(t.label, "@")
	}
	for range 2 {
		d.mu.Lock()
		for handle, id := range d.handles {
			if id == t.id {
				d.mu.Unlock()
				return "@" + handle
			}
		}
		d.mu.Unlock()
		if d.readGroups(ctx) != nil {
			break
		}
	}
	return "@" + t.id
}

// Warm reads people and groups before they are needed.
func (d *Directory) Warm(ctx context.Context, refs []string) {
	ctx = putOff(ctx)
	_ = d.readPeople(ctx) // what cannot be read now is read when it is asked for
	for _, ref := range refs {
		_, _ = d.Group(ctx, ref)
	}
}

// resolve finds who people and groups of the policy are today; what nobody
// knows is answered apart.
func (d *Directory) resolve(ctx context.Context, refs []string) (ids, unknown []string) {
	for _, ref := range refs {
		if list, err := d.Group(ctx, ref); err == nil {
			for _, p := range list {
				id, _ := d.client.member(p.ID)
				ids = append(ids, id)
			}
			continue
		}
		if p, err := d.Person(ctx, strings.TrimPrefix(ref, "@")); err == nil {
			id, _ := d.client.member(p.ID)
			ids = append(ids, id)
			continue
		}
		unknown = append(unknown, ref)
	}
	return ids, unknown
}

// forget makes the next question about a person ask Slack again.
func (d *Directory) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.people, id)
	d.listed = time.Time{}
}

// forgetGroups makes the next question about any group ask Slack again.
func (d *Directory) forgetGroups() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.groups)
	d.grouped = time.Time{}
}

// channelID is the id of a channel that may be given by its name; empty where
// no channel that we can see has it.
func (d *Directory) channelID(ctx context.Context, where string) (string, error) {
	name, named := strings.CutPrefix(where, "#")
	if !named {
		return where, nil
	}
	d.mu.Lock()
	id := d.channels[name]
	d.mu.Unlock()
	if id != "" {
		return id, nil
	}
	cursor := ""
	for {
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
		for _, ch := range got.list {
			if ch.Name == name {
				d.mu.Lock()
				d.channels[name] = ch.ID
				d.mu.Unlock()
				return ch.ID, nil
			}
		}
		if cursor = got.next; cursor == "" {
			return "", nil
		}
	}
}
