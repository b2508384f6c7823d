package settings

import (
	"fmt"
	"regexp"
	"slices"
)

// Permissions are who may do what.
type Permissions struct {
	Declare  []Grantee `yaml:"declare,single" doc:"open incidents"`
	Severity []Grantee `yaml:"severity,single" doc:"change the severity"`
	End      []Grantee `yaml:"end,single" doc:"resolve, close, cancel, merge"`
	Others   []Grantee `yaml:"others,single" doc:"give roles and tasks to others, or take them away"`
	Private  []Grantee `yaml:"private,single" doc:"see every private incident, besides those who are in it; people and groups. Default: nobody"`
	Admin    []Grantee `yaml:"admin,single" doc:"on the pages: make and revoke API tokens, end anybody's session; make rules of alerts live; people and groups. Default: nobody"`
}

// Grantee is who may do something: @name or the id of a person or user group, a
// role in the incident, members or guests.
type Grantee string

// References that are no people, groups or roles.
const (
	grantMembers Grantee = "members"
	grantGuests  Grantee = "guests"
)

// roles are the roles that there are.
var roles = []string{"commander", "communications", "scribe"}

var roleName = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// role reports whether it is a role.
func (g Grantee) role() bool {
	return roleName.MatchString(string(g)) && g != grantMembers && g != grantGuests
}

// UnmarshalText takes @name, an id, or a word.
func (g *Grantee) UnmarshalText(text []byte) error {
	if roleName.Match(text) {
		*g = Grantee(text)
		return nil
	}
	var who Invitee
	if err := who.UnmarshalText(text); err != nil {
		return fmt.Errorf("%q is nobody; write \"@name\" of a person or a user group, a role such as commander, members or guests", text)
	}
	*g = Grantee(who)
	return nil
}

// check wants roles that there are, and none where there is no incident yet or
// where a role lets in anyway.
func (p Permissions) check(roles []string, report func(key, sentence string)) {
	for _, list := range []struct {
		key   string
		who   []Grantee
		roles bool
	}{{"declare", p.Declare, false}, {"severity", p.Severity, true}, {"end", p.End, true}, {"others", p.Others, true}, {"private", p.Private, false}, {"admin", p.Admin, false}} {
		if len(list.who) == 0 && list.key != "private" && list.key != "admin" {
			report("permissions."+list.key, "names nobody; write members for everybody")
		}
		for _, g := range list.who {
			switch {
			case list.key == "private" && (g == grantMembers || g == grantGuests):
				report("permissions.private", "a private incident that all "+string(g)+" see is none; name people and groups")
			case list.key == "admin" && (g == grantMembers || g == grantGuests):
				report("permissions.admin", "who may make API tokens is not for all "+string(g)+"; name people and groups")
			case !g.role():
			case !list.roles:
				report("permissions."+list.key, fmt.Sprintf("%s is a role in an incident, which does not count here; name people (\"@%s\") and groups", g, g))
			case !slices.Contains(roles, string(g)):
				report("permissions."+list.key, fmt.Sprintf("there is no role %s; the roles are %s", g, orList(roles)))
			}
		}
	}
}
