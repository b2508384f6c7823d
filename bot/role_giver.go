package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fireboss/commands"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// roleGiver gives the roles of an incident that a rule of alerts has declared. That they are due is a row of the outbox,
// written with the declaration, and each role's command has its id from that row, so that each is given once, however often
// we were killed. Who a name or a group is, it finds out today. A role for several people is given to none of them: nobody
// is responsible who does not know it.
type roleGiver struct {
	store  store.Store
	people commands.Directory
}

// do gives the roles that a row is about. A role that somebody has by now stays theirs.
func (g roleGiver) do(ctx context.Context, m store.Message) error {
	in, err := g.store.Incident(ctx, m.Incident)
	if err != nil {
		return err
	}
	events, err := g.store.Events(ctx, m.Incident, m.Seq-1, 1)
	if err != nil || len(events) == 0 {
		return err
	}
	var said struct {
		Roles map[string]string `json:"roles"`
	}
	if err := json.Unmarshal(events[0].Data, &said); err != nil || events[0].Redacted {
		return nil //nolint:nilerr // its text was removed since, and with it who was meant
	}
	var failed []error
	for _, role := range slices.Sorted(maps.Keys(said.Roles)) {
		if _, held := in.Roles[role]; !held {
			failed = append(failed, g.give(ctx, m, role, said.Roles[role]))
		}
	}
	return errors.Join(failed...)
}

// give gives one role.
func (g roleGiver) give(ctx context.Context, m store.Message, role, ref string) error {
	list, err := g.who(ctx, ref)
	if err != nil {
		return err
	}
	var act incidents.Act = incidents.AddNote{Text: g.free(m.Incident, role, ref, list)}
	if len(list) == 1 {
		act = incidents.AssignRole{Role: role, To: list[0]}
	}
	_, err = g.store.Apply(ctx, incidents.Command{ID: "roles:" + m.Key + ":" + role, Actor: incidents.Fireboss, At: time.Now(), Incident: m.Incident, Do: act})
	if _, no := incidents.AsRefusal(err); no { // it has ended, say
		return nil
	}
	return err
}

// free says why nobody has a role yet.
func (g roleGiver) free(n incidents.Number, role, ref string, list []incidents.Person) string {
	take := fmt.Sprintf("To take it: %s", incidents.Say{Of: n, Verb: "role", Args: role + " me"})
	if len(list) == 0 {
		return fmt.Sprintf("The role %s is meant for %s, and nobody is there. %s", role, ref, take)
	}
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return fmt.Sprintf("The role %s is meant for one of %s: %s. %s", role, ref, strings.Join(names, ", "), take)
}

// who are the people behind a name or a group; none, where nobody knows it.
func (g roleGiver) who(ctx context.Context, ref string) ([]incidents.Person, error) {
	list, err := g.people.Group(ctx, strings.TrimPrefix(ref, "@"))
	if err == nil {
		return list, nil
	}
	p, personErr := g.people.Person(ctx, strings.TrimPrefix(ref, "@"))
	switch {
	case personErr == nil:
		return []incidents.Person{p}, nil
	case errors.Is(err, commands.ErrUnknown) && (errors.Is(personErr, commands.ErrUnknown) || refused(personErr)):
		return nil, nil
	}
	return nil, errors.Join(err, personErr)
}

// refused reports whether a name was refused, because several go by it.
func refused(err error) bool {
	_, no := incidents.AsRefusal(err)
	return no
}
