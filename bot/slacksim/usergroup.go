package slacksim

import (
	"slices"
	"strings"
)

// usergroup is a handle for several people.
type usergroup struct {
	ID, Handle, Name, Description string
	Users                         []string
}

func usergroups() []*usergroup {
	return []*usergroup{{
		ID: "S000ONCALL", Handle: "oncall", Name: "On call",
		Description: "Who is on call now", Users: []string{aliceID, bobID},
	}}
}

// group finds a user group by id, or else by its handle without the @.
func (w *world) group(name string) *usergroup {
	i := slices.IndexFunc(w.groups, func(g *usergroup) bool { return g.ID == name || strings.EqualFold(g.Handle, name) })
	if i < 0 {
		return nil
	}
	return w.groups[i]
}

// groupJSON is the user group object of usergroups.list.
func groupJSON(g *usergroup, withUsers, withCount bool) object {
	answer := object{
		"id": g.ID, "team_id": teamID, "is_usergroup": true, "is_subteam": true, "name": g.Name,
		"description": g.Description, "handle": g.Handle, "is_external": false,
		"date_create": workspaceBegan, "date_update": workspaceBegan, "date_delete": 0,
		"created_by": aliceID, "updated_by": aliceID, "deleted_by": nil,
		"prefs": object{"channels": []string{}, "groups": []string{}},
	}
	if withUsers {
		answer["users"] = g.Users
	}
	if withCount {
		answer["user_count"] = len(g.Users)
	}
	return answer
}
