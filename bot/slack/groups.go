package slack

import (
	"context"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents"
)

// group is a user group.
type group struct {
	members []string
	read    time.Time
}

// handle is a group's name as it is looked up.
func handle(name string) string { return strings.ToLower(strings.TrimPrefix(name, "@")) }

// Group finds the members of a group by its handle without @.
func (d *Directory) Group(ctx context.Context, name string) ([]incidents.Person, error) {
	ids, err := d.groupMembers(ctx, handle(name))
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

// groupMembers are the ids of a group's members. Where Slack cannot be asked, as
// they were known last.
func (d *Directory) groupMembers(ctx context.Context, handle string) ([]string, error) {
	id, err := d.groupID(ctx, handle)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	g := d.groups[id]
	d.mu.Unlock()
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
	defer d.mu.Unlock()
	d.groups[id] = group{members, time.Now()}
	return members, nil
}

func (d *Directory) groupID(ctx context.Context, handle string) (string, error) {
	d.mu.Lock()
	id, known := d.handles[handle]
	stale := time.Since(d.grouped) > believeGroups
	d.mu.Unlock()
	if known {
		return id, nil
	}
	if stale {
		if err := d.readGroups(ctx); err != nil {
			return "", err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if id, known = d.handles[handle]; known {
		return id, nil
	}
	for _, id := range d.handles { // or it is the id itself
		if strings.EqualFold(id, handle) {
			return id, nil
		}
	}
	return "", commands.ErrUnknown
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
	clear(d.handles)
	for _, g := range list {
		d.handles[strings.ToLower(g.Handle)] = g.ID
	}
	return nil
}

func (d *Directory) groupName(ctx context.Context, t token) string {
	if t.label != "" {
		return "@" + strings.TrimPrefix(t.label, "@")
	}
	name, ok := d.handleOf(t.id)
	if !ok && d.readGroups(ctx) == nil {
		name, ok = d.handleOf(t.id)
	}
	if !ok {
		name = t.id
	}
	return "@" + name
}

func (d *Directory) handleOf(group string) (string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for handle, id := range d.handles {
		if id == group {
			return handle, true
		}
	}
	return "", false
}

// forgetGroups makes the next question about any group ask Slack again.
func (d *Directory) forgetGroups() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, g := range d.groups {
		g.read = time.Time{}
		d.groups[id] = g
	}
	d.grouped = time.Time{}
}
