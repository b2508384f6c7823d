package commands

import (
	"strings"

	"fireboss/incidents"
)

var roleVerb = Verb{
	Name: "role", Group: groupPeople, about: true,
	Usage:    []string{"role ROLE @user|me|none"},
	Does:     "gives a role to somebody, or clears it",
	Examples: []string{"role communications @alice", "role scribe none"},
	more:     (*call).explainRoles,
	run: func(c *call) (Reply, error) {
		role, rest := c.cutRole(c.args)
		if role == "" || rest == "" {
			return Reply{}, incidents.Missing("to", "Which role, and who? There are: %s. Example: %s", c.roleNames(), c.say("role", "communications @alice"))
		}
		return c.assign(role, rest)
	},
	form: func(c *call) Form {
		role, who := c.cutRole(c.args)
		if strings.HasPrefix(role, "@") {
			role, who = "", role
		}
		var options []Option
		for _, r := range c.desk.rules().RoleList() {
			options = append(options, Option{Value: r.Name, Label: r.Title, Detail: r.Duty})
		}
		return Form{Title: "Role in " + c.number.String(), Submit: "Assign", Fields: []Field{
			choiceField("role", "Role", role, options), personField("Who").with(c.guess(who)),
		}}
	},
	fill: func(c *call) (Reply, error) { return c.assign(c.said("role"), c.said("to")) },
}

var rolesVerb = Verb{
	Name: "roles", Group: groupPeople, about: true, alone: true,
	Usage:    []string{"roles"},
	Does:     "shows who does what",
	Examples: []string{"roles"},
	more:     (*call).explainRoles,
	run: func(c *call) (Reply, error) {
		in, err := c.incident()
		if err != nil {
			return Reply{}, err
		}
		r := Reply{Text: "Roles of " + in.Number.String() + ". To give one: " + c.say("role", "scribe @alice"), Incident: &in}
		for _, role := range c.desk.rules().RoleList() {
			who := "nobody"
			if p, held := in.Roles[role.Name]; held {
				who = p.Name
			}
			about := role.Name
			if role.Duty != "" {
				about += ": " + role.Duty
			}
			r.Lines = append(r.Lines, Line{Text: role.Title + ": " + who + " (" + about + ")"})
		}
		return r, nil
	},
}

// explainRoles says of each role what it is about.
func (c *call) explainRoles() (lines []Line) {
	for _, role := range c.desk.rules().RoleList() {
		text := role.Name
		if len(role.Aliases) > 0 {
			text += " (also " + strings.Join(role.Aliases, ", ") + ")"
		}
		text += ": the " + lower(role.Title)
		if role.Duty != "" {
			text += " " + role.Duty
		}
		if role.Instructions != "" {
			text += ". " + role.Instructions
		}
		lines = append(lines, Line{Text: text})
	}
	return lines
}

// cutRole takes the name of a role off, which may have two words: incident commander.
func (c *call) cutRole(s string) (name, rest string) {
	name, rest = cut(s)
	if _, known := c.desk.rules().Role(name); known {
		return name, rest
	}
	second, behind := cut(rest)
	if role, known := c.desk.rules().Role(name + "-" + second); known {
		return role.Name, behind
	}
	return name, rest
}

// roleNames are the roles there are.
func (c *call) roleNames() string {
	var names []string
	for _, role := range c.desk.rules().RoleList() {
		names = append(names, role.Name)
	}
	return strings.Join(names, ", ")
}

// assign gives a role to whom s names: @user, me or none.
func (c *call) assign(role, s string) (Reply, error) {
	word, rest := c.cutPerson(s)
	if rest != "" {
		return Reply{}, incidents.Invalid("A role goes to one person; I did not understand %s. Example: %s", quote(rest), c.say("role", "scribe @alice"))
	}
	var to incidents.Person
	if !strings.EqualFold(bare(word), "none") {
		var err error
		if to, err = c.person(word); err != nil {
			return Reply{}, err
		}
	}
	out, err := c.apply(incidents.AssignRole{Role: role, To: to})
	if err != nil {
		return Reply{}, err
	}
	return c.done(out, c.roleAnswer(out, role, to)...)
}

// roleAnswer says who has the role now; to is empty where it was cleared.
func (c *call) roleAnswer(out incidents.Outcome, name string, to incidents.Person) []string {
	role, _ := c.desk.rules().Role(name)
	n, title := out.Incident.Number.String(), lower(role.Title)
	changed := "now"
	if len(out.Events) == 0 {
		changed = "already"
	}
	switch {
	case to.ID == c.Actor.ID:
		return []string{"You are " + changed + " " + title + " of " + n + "."}
	case to.ID != "":
		return []string{to.Name + " is " + changed + " " + title + " of " + n + "."}
	case len(out.Events) == 0:
		return []string{n + " has no " + title + "."}
	}
	return []string{n + " now has no " + title + ".", c.calledFor(out.Incident)}
}
