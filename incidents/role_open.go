package incidents

import (
	"maps"
	"slices"
)

// rolesFor are roles by their own names, and for whom they are.
func (r Rules) rolesFor(said map[string]string) (map[string]string, error) {
	if len(said) == 0 {
		return nil, nil //nolint:nilnil // no roles are none
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		role, ok := r.Role(name)
		if !ok {
			return nil, Invalid("%q is not a role. There are: %s.", shorten(Tidy(name), 40), r.roleNames())
		}
		out[role.Name] = said[name]
	}
	return out, nil
}

// callFor brings those in for whom there are roles.
func (d *decision) callFor(roles map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(roles)) {
		if ref := roles[name]; !contains(d.in.Calls, ref) {
			d.in.Calls = append(d.in.Calls, ref)
		}
	}
}
