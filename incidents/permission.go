package incidents

import (
	"fmt"
	"slices"
	"strings"
)

// Permission is something that the policy may keep for some. Its name is the
// key under permissions in the configuration.
type Permission string

// The permissions.
const (
	MayDeclare     Permission = "declare"  // open incidents
	MaySetSeverity Permission = "severity" // change the severity
	MayEnd         Permission = "end"      // resolve, close, cancel, merge
	MayDoForOthers Permission = "others"   // give others roles and tasks
	// MaySeePrivate lets somebody see every private incident, besides those who
	// are in it. A door looks it up and says so in [Actor.Admin].
	MaySeePrivate Permission = "private"
	// MayAdminister lets somebody see and revoke API tokens and everybody's sessions
	// on the pages. It shows them no incident.
	MayAdminister Permission = "admin"
	// maySetSight is to say who else may see an incident. It is no key: those who
	// are in it may, if they belong to the organisation.
	maySetSight Permission = "sight"
)

// References of a permission that are no people, groups or roles.
const (
	Members = "members" // everybody but guests: what holds where nobody is named
	Guests  = "guests"  // guests of the workspace, and people of other companies
)

// Standing is what a door has found out about somebody who acts, as far as the
// policy asks for it. It is not kept. The zero value is a member whom the policy
// does not name.
type Standing struct {
	Outside bool   // a guest of the workspace, or of another company
	Named   string // the references of the policy that they go by, with spaces between: "@alice @oncall"
	Unsure  string // those of which it could not be found out now
	// Administers says that a door has let them administer, by what they are where they signed in.
	Administers bool
}

// goesBy reports whether they are, or are in, what the policy calls by ref.
func (s Standing) goesBy(ref string) bool { return slices.Contains(strings.Fields(s.Named), ref) }

// deeds say a permission in a sentence, behind "may".
var deeds = map[Permission]string{
	MayDeclare: "open incidents", MaySetSeverity: "change the severity", MayEnd: "end an incident",
	MayDoForOthers: "give roles and tasks to others", MaySeePrivate: "see every private incident", maySetSight: "say who else may see an incident",
}

// permissionOf is the permission that an act's verb needs, where it needs one.
var permissionOf = map[string]Permission{
	"open": MayDeclare, "sev": MaySetSeverity, "resolve": MayEnd, "close": MayEnd, "cancel": MayEnd, "merge": MayEnd,
	"private": maySetSight, "public": maySetSight, "tlp": maySetSight, accessVerb: maySetSight,
}

// Refs are the people and groups whom the permissions name, each once: what a
// door has to look up. There are none where everybody may do everything.
func (r Rules) Refs() []string {
	var list []string
	for _, refs := range r.Permissions {
		for _, ref := range refs {
			if _, role := r.Role(ref); !role && ref != Members && ref != Guests {
				list = append(list, ref)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// SeesPrivate reports whether the policy lets somebody of this standing see
// every private incident. Where it names nobody, nobody may.
func (r Rules) SeesPrivate(s Standing) bool {
	return slices.ContainsFunc(r.Permissions[MaySeePrivate], s.goesBy)
}

// Administers reports whether the policy lets somebody of this standing look after
// API tokens and sessions. Where it names nobody, nobody may.
func (r Rules) Administers(s Standing) bool {
	return slices.ContainsFunc(r.Permissions[MayAdminister], s.goesBy)
}

// SwitchesRules refuses who may not say which rules of alerts are at work: those who administer may or, where the policy
// names nobody for that, those who may open incidents, for that is what such rules do. A program may with a token of scope
// admin.
func (r Rules) SwitchesRules(a Actor) error {
	const deed = "make rules of alerts live, or take that back"
	who := r.Permissions[MayAdminister]
	switch {
	case a.Kind == Integration && !a.Admin:
		return Refused("Only a token of scope admin may %s.", deed)
	case a.Kind != User || !a.Standing.Outside && (a.Standing.Administers || r.Administers(a.Standing)):
		return nil
	case len(who) > 0:
		return Refused("Only %s may %s. Ask one of them.", r.those(Incident{}, who), deed)
	case a.Standing.Outside:
		return Refused("Guests do not %s. Ask a member of the workspace.", deed)
	}
	return r.may(Incident{}, a, MayDeclare)
}

// May says whether an actor may do what a verb of [Lifecycle] stands for, or
// open, in an incident as it is now. If not, the error is a [*Refusal] that says
// why and who may. With the zero incident it judges what does not hang on one.
func (r Rules) May(in Incident, a Actor, verb string) error {
	if in.Number != 0 && verb != openVerb {
		if !in.VisibleTo(a) {
			return NotFound(in.Number)
		}
		if slices.ContainsFunc(Lifecycle, func(row lifecycleRow) bool { return row.Verb == verb }) {
			if err := allowed(verb, in); err != nil {
				return err
			}
		}
	}
	p, limited := permissionOf[verb]
	if !limited || in.Number == 0 && slices.ContainsFunc(r.Permissions[p], func(ref string) bool { _, role := r.Role(ref); return role }) {
		return nil
	}
	return r.may(in, a, p)
}

// may is [Rules.May] for a permission. What a program may do is its token's
// scope, which its door has looked at.
func (r Rules) may(in Incident, a Actor, p Permission) error {
	if a.Kind != User {
		return nil
	}
	who := r.Permissions[p]
	if len(who) == 0 {
		who = []string{Members}
	}
	for _, ref := range who {
		role, isRole := r.Role(ref)
		switch {
		case ref == Members && !a.Standing.Outside, ref == Guests && a.Standing.Outside, a.Standing.goesBy(ref),
			isRole && a.ID != "" && in.Roles[role.Name].ID == a.ID:
			return nil
		}
	}
	return r.mayNot(in, a, p, who)
}

// mayNot is the refusal, with those who may.
func (r Rules) mayNot(in Incident, a Actor, p Permission, who []string) error {
	for _, ref := range who {
		if contains(strings.Fields(a.Standing.Unsure), ref) {
			return Refused("Only %s may %s, and Slack does not say at the moment whether you may. Try again in a minute.", r.those(in, who), deeds[p])
		}
	}
	if a.Standing.Outside && slices.Equal(who, []string{Members}) && p == maySetSight { // it is no key
		return Refused("Only members of this workspace may %s, and you are a guest here. Ask one of them.", deeds[p])
	}
	if a.Standing.Outside && slices.Equal(who, []string{Members}) {
		return Refused("Only members of this workspace may %s, and you are a guest here. Ask one of them, or whoever runs Fireboss to name you under permissions.%s.", deeds[p], p)
	}
	if role, ok := r.Role(who[0]); ok && len(who) == 1 && in.Number != 0 && in.Roles[role.Name].ID == "" {
		return Refused("Only the %s may %s, and there is none yet. To be it: %s", role.Name, deeds[p], Say{in.Number, "role", role.Name + " me"})
	}
	return Refused("Only %s may %s. Ask one of them.", r.those(in, who), deeds[p])
}

// those are the ones whom a permission names, in a sentence.
func (r Rules) those(in Incident, who []string) string {
	var list []string
	for _, ref := range who {
		role, isRole := r.Role(ref)
		switch {
		case ref == Members:
			list = append(list, "members of this workspace")
		case isRole && in.Roles[role.Name].ID != "":
			list = append(list, fmt.Sprintf("the %s (%s)", role.Name, in.Roles[role.Name].Name))
		case isRole:
			list = append(list, "the "+role.Name)
		default:
			list = append(list, ref)
		}
	}
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return list[0]
}

// permitted refuses what the policy keeps for others.
func (d *decision) permitted() error {
	if p, limited := permissionOf[d.cmd.Do.Verb()]; limited {
		if err := d.rules.may(d.in, d.cmd.Actor, p); err != nil {
			return err
		}
	}
	if d.letsIn() {
		if err := d.rules.may(d.in, d.cmd.Actor, maySetSight); err != nil {
			return err
		}
	}
	if d.forOthers() {
		return d.rules.may(d.in, d.cmd.Actor, MayDoForOthers)
	}
	return nil
}

// role is a role's own name for what somebody called it.
func role(r Rules, said string) string {
	known, _ := r.Role(said)
	return known.Name
}

// letsIn reports whether an act lets somebody see a private incident.
func (d *decision) letsIn() bool {
	switch act := d.cmd.Do.(type) {
	case Invite, Merge: // of a private one into another: its people come along
		return d.in.Private
	case HandOff:
		return d.in.Private && !d.in.VisibleTo(act.To.Actor())
	case AssignRole:
		return d.in.Private && act.To.ID != "" && !d.in.VisibleTo(act.To.Actor())
	}
	return false
}

// forOthers reports whether somebody else is given something to do, or has it
// taken away.
func (d *decision) forOthers() bool {
	me := d.cmd.Actor.ID
	switch act := d.cmd.Do.(type) {
	case AssignRole:
		held, taken := d.in.Roles[role(d.rules, act.Role)]
		return act.To.ID != "" && act.To.ID != me || taken && held.ID != me
	case HandOff:
		return act.To.ID != "" && act.To.ID != me
	case AssignTask:
		for _, t := range act.List.Of(d.in) {
			if t.Number == act.Number && t.Assignee != nil && t.Assignee.ID != me {
				return true
			}
		}
		return act.To.ID != me
	case AddTask:
		return act.Assignee.ID != "" && act.Assignee.ID != me
	case OwnPostmortem:
		owner := d.in.Postmortem.Owner
		return act.To.ID != "" && act.To.ID != me || owner != nil && owner.ID != me
	case ReviewPostmortem:
		return act.By.ID != "" && act.By.ID != me
	}
	return false
}
