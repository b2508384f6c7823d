package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// Directory knows the people, groups and channels of the workspace by name. What
// it knows is kept for a while, so that opening an incident waits for no look-up.
type Directory struct {
	// Rules say what has to be known of who acts; nil: nothing.
	Rules func() incidents.Rules

	client *Client

	mu       sync.Mutex
	people   map[string]member   // by id
	logins   map[string]string   // the name that only one has -> id
	names    map[string][]string // display and real names, folded -> ids
	handles  map[string]string   // group handle -> id
	groups   map[string]group    // by id
	channels map[string]string   // name -> id
	called   map[string]string   // what channels are called in texts, by id
	absent   map[string]time.Time
	listed   time.Time              // when the list of people was read to its end
	page     slackgo.UserPagination // how far it has been read since
	grouped  time.Time              // when the list of groups was read

	listing chan struct{} // held by who reads the list of people
	aged    chan string   // ids of people to ask about again
}

type member struct {
	id, name string
	login    string   // folded
	names    []string // folded
	zone     *time.Location
	bot      bool
	deleted  bool
	outside  bool // a guest, or of another company
	read     time.Time
}

// How long something is believed. Slack tells when somebody changes.
const (
	believePeople = 12 * time.Hour
	believeGroups = 5 * time.Minute
	believeAbsent = 5 * time.Minute // a channel that nobody knows
	believeList   = time.Minute     // a name that nobody has
)

// NewDirectory makes an empty directory; it fills as it is asked.
func NewDirectory(c *Client) *Directory {
	return &Directory{
		client: c, people: map[string]member{}, logins: map[string]string{}, names: map[string][]string{}, handles: map[string]string{},
		groups: map[string]group{}, channels: map[string]string{}, absent: map[string]time.Time{}, listing: make(chan struct{}, 1), aged: make(chan string, 100),
	}
}

// Person finds somebody by a name without @: the one they sign in with, the
// display name with or without spaces, or Slack's own id. A name that several
// have is refused, for the wrong person would be called.
func (d *Directory) Person(ctx context.Context, name string) (incidents.Person, error) {
	if p, err := d.named(name); !errors.Is(err, commands.ErrUnknown) {
		return p, err
	}
	if err := d.readPeople(ctx); err != nil {
		return incidents.Person{}, err
	}
	return d.named(name)
}

func (d *Directory) named(name string) (incidents.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []member
	id, ok := d.logins[fold(name)]
	if !ok {
		id = strings.ToUpper(name)
	}
	for _, id := range append([]string{id}, d.names[fold(name)]...) {
		if m, ok := d.people[id]; ok && !m.deleted && !m.bot {
			found = append(found, m)
		}
		if ok && len(found) > 0 {
			break // nobody else signs in with it
		}
	}
	switch len(found) {
	case 0:
		return incidents.Person{}, commands.ErrUnknown
	case 1:
		return d.person(found[0]), nil
	}
	return incidents.Person{}, incidents.Invalid("%d people are called @%s here. Type @ and pick the one you mean from the list.", len(found), cut(name, 40))
}

func fold(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.TrimPrefix(name, "@")), "."))
}

func (d *Directory) person(m member) incidents.Person {
	return incidents.Person{ID: d.client.actorID(m.id), Name: m.name}
}

// readPeople reads the list of people, page by page: what was read is known
// although the rest could not be, and is not read again.
func (d *Directory) readPeople(ctx context.Context) error {
	select {
	case d.listing <- struct{}{}:
		defer func() { <-d.listing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	d.mu.Lock()
	fresh, page := time.Since(d.listed) < believeList, d.page
	d.mu.Unlock()
	if fresh {
		return nil // an unknown name does not make us read the list again and again
	}
	if page.Cursor == "" {
		page = d.client.api.GetUsersPaginated(slackgo.GetUsersOptionLimit(200))
	}
	for last := false; !last; last = page.Cursor == "" {
		next, err := again(ctx, true, page.Next)
		if err != nil {
			if is(err, "invalid_cursor") {
				next = slackgo.UserPagination{} // begin again
			}
			d.keepPage(next)
			return explain("users.list", err)
		}
		for _, u := range next.Users {
			d.learn(u)
		}
		page = next
	}
	d.mu.Lock()
	d.listed, d.page = time.Now(), slackgo.UserPagination{}
	d.mu.Unlock()
	return nil
}

func (d *Directory) keepPage(p slackgo.UserPagination) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p.Users = nil
	d.page = p
}

// knownName is a person's name, as far as it is known without asking.
func (d *Directory) knownName(user string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m, ok := d.people[user]; ok && m.name != "" {
		return m.name
	}
	return user
}

// learn keeps what Slack said of a person.
func (d *Directory) learn(u slackgo.User) member {
	m := member{id: u.ID, name: incidents.Tidy(u.Profile.DisplayName), bot: u.IsBot, deleted: u.Deleted, read: time.Now(), zone: time.UTC}
	m.outside = u.IsRestricted || u.IsUltraRestricted || u.IsStranger
	for _, alt := range []string{u.Name, u.RealName, u.ID} {
		if m.name == "" {
			m.name = incidents.Tidy(alt)
		}
	}
	if z, err := time.LoadLocation(u.TZ); err == nil && u.TZ != "" {
		m.zone = z
	} else if u.TZOffset != 0 {
		m.zone = time.FixedZone(u.TZLabel, u.TZOffset)
	}
	for _, name := range []string{u.Profile.DisplayName, u.RealName} {
		if f := fold(name); f != "" && !slices.Contains(m.names, f) {
			m.names = append(m.names, f)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, was := range d.people[u.ID].names {
		d.names[was] = slices.DeleteFunc(d.names[was], func(id string) bool { return id == u.ID })
	}
	for _, name := range m.names {
		d.names[name] = append(d.names[name], u.ID)
	}
	if was := d.people[u.ID].login; d.logins[was] == u.ID {
		delete(d.logins, was)
	}
	if m.login = fold(u.Name); m.login != "" {
		d.logins[m.login] = u.ID
	}
	d.people[u.ID] = m
	return m
}

// changed learns what an event says of a person, who stands in it whole.
func (d *Directory) changed(raw json.RawMessage) {
	var u slackgo.User
	if json.Unmarshal(raw, &u) == nil && u.ID != "" && (u.Name != "" || u.Profile.DisplayName != "") {
		d.learn(u)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if m, ok := d.people[id(raw)]; ok {
		m.read = time.Time{} // the next question asks Slack again
		d.people[m.id] = m
	}
}

// member is what is known of a person, asked for where need be.
func (d *Directory) member(ctx context.Context, id string) (member, error) {
	d.mu.Lock()
	m, ok := d.people[id]
	d.mu.Unlock()
	switch age := time.Since(m.read); {
	case ok && age < believePeople:
		return m, nil
	case ok && !m.read.IsZero():
		// Slack tells of most changes, so this is hardly ever wrong; nobody waits
		// until it is asked again.
		select {
		case d.aged <- id:
		default:
		}
		return m, nil
	}
	return d.asked(ctx, id)
}

// asked is a person as Slack has them now, or, where it does not answer, as they
// were known last.
func (d *Directory) asked(ctx context.Context, id string) (member, error) {
	u, err := again(ctx, true, func(ctx context.Context) (*slackgo.User, error) {
		return d.client.api.GetUserInfoContext(ctx, id)
	})
	if err == nil {
		return d.learn(*u), nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if m, ok := d.people[id]; ok {
		return m, nil
	}
	return member{id: id, name: id, zone: time.UTC}, explain("users.info", err)
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
				m.name = incidents.Tidy(t.label)
			}
			if m.bot || m.deleted || refused(err) {
				return "@" + m.name // nobody who could be given anything
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
				return "#" + d.channelName(ctx, t.id)
			}
			return "#" + t.label
		case "special":
			return "@" + t.id
		case "date":
			return t.label
		}
		if address, ok := strings.CutPrefix(t.id, "mailto:"); ok {
			return address
		}
		if t.label != "" && t.label != t.id && !strings.HasSuffix(t.id, t.label) {
			return t.label + " (" + t.id + ")"
		}
		return t.id
	})
	return out, mentions
}

// Known are the members of the workspace who are known by now, by name, without
// asking anybody: also while Slack does not answer.
func (d *Directory) Known() []incidents.Person {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []incidents.Person
	for _, m := range d.people {
		if !m.bot && !m.deleted {
			list = append(list, d.person(m))
		}
	}
	slices.SortFunc(list, func(a, b incidents.Person) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return list
}

// Warm reads people and groups before they are needed, and people again who were
// read long ago, letting others go first. It ends with the context.
func (d *Directory) Warm(ctx context.Context, refs []string) {
	ctx = putOff(ctx)
	var later *Later
	for errors.As(d.readPeople(ctx), &later) && sleep(ctx, later.After) == nil {
		later = nil
	}
	for _, ref := range refs {
		_, _ = d.groupMembers(ctx, handle(ref)) // what cannot be read now is read when it is asked for
	}
	for {
		select {
		case id := <-d.aged:
			if d.old(id) {
				_, _ = d.asked(ctx, id) // where it has to wait, they are met again
			}
		case <-ctx.Done():
			return
		}
	}
}

// old reports whether a person was read long ago.
func (d *Directory) old(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Since(d.people[id].read) >= believePeople
}

// resolve finds the ids of people and groups of the policy as they are today.
// Whom nobody knows is answered apart; an error says that not all could be asked.
func (d *Directory) resolve(ctx context.Context, refs []string) (ids, unknown []string, err error) {
	var failed []error
	for _, ref := range refs {
		found, err := d.referred(ctx, ref)
		switch {
		case err == nil:
			ids = append(ids, found...)
		case errors.Is(err, commands.ErrUnknown), isRefusal(err): // an answer, which asking again does not change
			unknown = append(unknown, ref)
		case temporary(err), unauthorized(err), code(err) == "":
			failed = append(failed, err)
		default:
			unknown = append(unknown, ref)
		}
	}
	return ids, unknown, errors.Join(failed...)
}

func isRefusal(err error) bool {
	_, ok := incidents.AsRefusal(err)
	return ok
}

// referred is a group, or else a person.
func (d *Directory) referred(ctx context.Context, ref string) ([]string, error) {
	members, ofGroup := d.groupMembers(ctx, handle(ref))
	if ofGroup == nil {
		return d.present(members), nil
	}
	p, err := d.Person(ctx, strings.TrimPrefix(ref, "@"))
	if err == nil {
		id, _ := d.client.member(p.ID)
		return []string{id}, nil
	}
	if errors.Is(ofGroup, commands.ErrUnknown) || refused(ofGroup) {
		return nil, err
	}
	return nil, ofGroup
}

// present are those of the ids that are not known to be programs, or gone.
func (d *Directory) present(ids []string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { m := d.people[id]; return m.bot || m.deleted })
}
