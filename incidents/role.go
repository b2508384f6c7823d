package incidents

import (
	"strings"
	"time"
)

// CommanderRole is the name of the role that leads.
const CommanderRole = "commander"

// Role is something one person at a time does for an incident.
type Role struct {
	Name    string   // commander
	Title   string   // Incident commander
	Duty    string   // one sentence
	Aliases []string // ic, lead
	// Instructions are sent once, directly, to who takes the role; empty: none.
	Instructions string
}

// standardRoles hold where the rules name none.
var standardRoles = []Role{
	{Name: CommanderRole, Title: "Incident commander", Duty: "decides, delegates and keeps everybody in step", Aliases: []string{"ic", "lead", "incident-commander"}},
	{Name: "communications", Title: "Communications lead", Duty: "tells customers and colleagues what they need to know", Aliases: []string{"comms", "communication", "communications-lead"}},
	{Name: "scribe", Title: "Scribe", Duty: "writes down what is decided and done", Aliases: []string{"scribes", "secretary"}},
}

// RoleList is the roles that these rules know, in order.
func (r Rules) RoleList() []Role {
	if len(r.Roles) == 0 {
		return standardRoles
	}
	return r.Roles
}

// Role finds a role by its name or an alias, in any case.
func (r Rules) Role(name string) (Role, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, role := range r.RoleList() {
		if role.Name == name || contains(role.Aliases, name) {
			return role, true
		}
	}
	return Role{}, false
}

func (r Rules) roleTitle(name string) string {
	if role, ok := r.Role(name); ok {
		return role.Title
	}
	return name
}

func (r Rules) roleNames() string {
	var list []string
	for _, role := range r.RoleList() {
		list = append(list, role.Name)
	}
	return strings.Join(list, ", ")
}

// AssignRole gives a role to somebody, or clears it where To is empty.
type AssignRole struct {
	Role string
	To   Person
}

// Verb is the row in [Lifecycle].
func (AssignRole) Verb() string { return "role" }

func (a AssignRole) decide(d *decision) error {
	role, ok := d.rules.Role(a.Role)
	if !ok {
		return Invalid("%q is not a role. There are: %s. Example: %s", shorten(Tidy(a.Role), 40), d.rules.roleNames(), d.say("role", "commander @alice"))
	}
	was, held := d.in.Roles[role.Name]
	if a.To.ID == "" {
		if !held {
			return nil
		}
		delete(d.in.Roles, role.Name)
		d.commandChanged(role.Name, time.Time{})
		d.event(RoleCleared, role.Title+" is nobody now; it was "+was.Name, "role", role.Name, "from", was.ID, "from_name", was.Name)
		return nil
	}
	if held && was.ID == a.To.ID {
		return nil
	}
	d.in.Roles[role.Name] = a.To
	d.commandChanged(role.Name, d.now)
	d.event(RoleAssigned, role.Title+" is now "+a.To.Name, "role", role.Name, "to", a.To.ID, "to_name", a.To.Name, "from", was.ID, "from_name", was.Name)
	d.brief(role, a.To)
	d.respond(a.To)
	return nil
}

// brief tells who has just taken a role what it is about, once.
func (d *decision) brief(role Role, p Person) {
	mark := role.Name + " " + p.ID
	if role.Instructions == "" || contains(d.in.Briefed, mark) {
		return
	}
	d.in.Briefed = append(d.in.Briefed, mark)
	d.tell(RoleInstructions, p)
}

// commandChanged keeps what hangs on who commands.
func (d *decision) commandChanged(role string, since time.Time) {
	if role != CommanderRole {
		return
	}
	d.in.InCommand, d.in.Handoff = since, nil
	if since.IsZero() {
		d.in.Watch.Unled = d.now
	}
}
