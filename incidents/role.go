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
}

// standardRoles hold where the rules name none.
var standardRoles = []Role{
	{CommanderRole, "Incident commander", "decides, delegates and keeps everybody in step", []string{"ic", "lead", "incident-commander"}},
	{"communications", "Communications lead", "tells customers and colleagues what they need to know", []string{"comms", "communication", "communications-lead"}},
	{"scribe", "Scribe", "writes down what is decided and done", []string{"scribes", "secretary"}},
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
	d.respond(a.To)
	return nil
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

// Handoff is an offer of command that waits for an answer.
type Handoff struct {
	To   Person    `json:"to"`
	From Person    `json:"from"`
	Text string    `json:"text,omitempty"`
	At   time.Time `json:"at"`
}

// HandOff offers command to somebody, with what they need to know.
type HandOff struct {
	To   Person
	Text string
}

// Verb is the row in [Lifecycle].
func (HandOff) Verb() string { return "handoff" }

func (h HandOff) decide(d *decision) error {
	if h.To.ID == "" {
		return Missing("to", "To whom? Example: %s", d.say("handoff", "@alice the database is failing over, customers are told"))
	}
	if commander, ok := d.in.Commander(); ok && commander.ID == h.To.ID {
		return Refused("%s commands %s already.", h.To.Name, d.in.Number)
	}
	if h.To.ID == d.cmd.Actor.ID {
		return Refused("You cannot offer command to yourself. To take it: %s", d.say("lead", "me"))
	}
	words := clean(h.Text)
	if n := len([]rune(words)); n > MaxText {
		return Invalid("The summary has %d characters, at most %d fit. Shorten it.", n, MaxText)
	}
	if d.in.Handoff != nil && d.in.Handoff.To.ID == h.To.ID && d.in.Handoff.Text == words {
		return nil
	}
	d.in.Handoff = &Handoff{To: h.To, From: d.cmd.Actor.Person(), Text: words, At: d.now}
	d.event(HandoffOffered, because(d.cmd.Actor.Name+" offered command to "+h.To.Name, Tidy(words)), "to", h.To.ID, "to_name", h.To.Name, "text", words)
	d.tell(HandoffOffer, h.To)
	return nil
}

// AcceptHandoff takes command that was offered to the actor.
type AcceptHandoff struct{}

// Verb is the row in [Lifecycle].
func (AcceptHandoff) Verb() string { return "accept" }

func (AcceptHandoff) decide(d *decision) error {
	me := d.cmd.Actor.Person()
	if commander, ok := d.in.Commander(); ok && commander.ID == me.ID {
		return nil
	}
	if d.in.Handoff == nil || d.in.Handoff.To.ID != me.ID {
		return Refused("Command of %s is not offered to you any more. To take it all the same: %s", d.in.Number, d.say("lead", "me"))
	}
	was := d.in.Roles[CommanderRole]
	text := d.in.Handoff.Text
	d.in.Roles[CommanderRole] = me
	d.commandChanged(CommanderRole, d.now)
	d.event(HandoffAccepted, because(me.Name+" took command", Tidy(text)), "role", CommanderRole, "to", me.ID, "to_name", me.Name,
		"from", was.ID, "from_name", was.Name, "text", text)
	d.respond(me)
	return nil
}
