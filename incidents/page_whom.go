package incidents

import (
	"slices"
	"strings"
)

// sorts are what can be written before a name, with a colon, to say whose it is.
var sorts = map[string]string{
	"service": WhomService, "team": WhomTeam, "escalation": WhomEscalation, "schedule": WhomSchedule, "person": WhomPerson, "user": WhomPerson,
}

// Whom is who is meant by what somebody wrote, and by which system they are woken: a service that has a way of its own,
// or is known; a team, an escalation policy, a schedule or a person where a system finds them; a system by its name for
// whoever is on call there.
func (r Rules) Whom(in Incident, said string) (Whom, error) {
	said = strings.Trim(Tidy(said), `"“”`)
	sort, name := "", said
	if before, behind, ok := strings.Cut(said, ":"); ok && sorts[strings.ToLower(before)] != "" {
		sort, name = sorts[strings.ToLower(before)], strings.Trim(Tidy(behind), `"“”`)
	} else if address(said) {
		sort = WhomPerson
	}
	switch {
	case len(r.Paging) == 0:
		return Whom{}, Refused("%s To call somebody in Slack: %s", NobodyWoken, Say{in.Number, "invite", "@alice @oncall"})
	case len([]rune(name)) > MaxName:
		return Whom{}, About("who", Invalid("Nobody was woken: that name has more than %d characters.", MaxName))
	}
	for _, find := range []func(Paging) (Whom, bool){
		func(p Paging) (Whom, bool) { return p.system(sort, name) },
		func(p Paging) (Whom, bool) { return p.own(sort, name) },
		func(p Paging) (Whom, bool) { return p.named(sort, name) },
		func(p Paging) (Whom, bool) { return p.rest(sort, name, r.knows(in, name)) },
	} {
		for _, p := range r.Paging {
			if whom, ok := find(p); ok {
				if whom.Kind == WhomService {
					whom.Name = r.ServiceName(whom.Name)
				}
				return whom, nil
			}
		}
	}
	return Whom{}, r.unreachable(in, said)
}

// address reports whether a word is an e-mail address.
func address(s string) bool {
	before, behind, ok := strings.Cut(s, "@")
	return ok && before != "" && strings.Contains(behind, ".") && !strings.ContainsAny(s, " ,;<>")
}

// knows reports whether the policy or the incident has a service of that name.
func (r Rules) knows(in Incident, name string) bool {
	same := func(s string) bool { return strings.EqualFold(s, name) }
	_, known := r.Services[r.ServiceName(name)]
	return known || slices.ContainsFunc(in.Services, same)
}

func (p Paging) whom(kind, name string) Whom {
	return Whom{Through: p.Through, Title: p.Title, Kind: kind, Name: name}
}

func (p Paging) system(sort, name string) (Whom, bool) {
	return p.whom(WhomOnCall, ""), sort == "" && p.Rest && (strings.EqualFold(name, p.Through) || strings.EqualFold(name, p.Title))
}

func (p Paging) own(sort, name string) (Whom, bool) {
	i := slices.IndexFunc(p.Services, func(s string) bool { return strings.EqualFold(s, name) })
	if i < 0 || sort != "" && sort != WhomService {
		return Whom{}, false
	}
	return p.whom(WhomService, p.Services[i]), true
}

func (p Paging) named(sort, name string) (Whom, bool) {
	return p.whom(sort, name), name != "" && slices.Contains(p.Named, sort)
}

// rest is the way for everything else. Where no service is named anywhere nobody can be mistaken for another, and any
// name but a person's or a group's is taken.
func (p Paging) rest(sort, name string, known bool) (Whom, bool) {
	if !p.Rest || sort != "" && sort != WhomService || name == "" || strings.HasPrefix(name, "@") {
		return Whom{}, false
	}
	w := p.whom(WhomService, name)
	w.Rest = !known
	return w, known || len(p.Services) == 0 && len(p.Named) == 0
}

// unreachable says who can be written instead.
func (r Rules) unreachable(in Incident, said string) error {
	var titles, names, more []string
	for _, p := range r.Paging {
		titles = append(titles, p.Title)
		names = append(names, p.Services...)
		if p.Rest {
			names = append(append(names, in.Services...), p.Through)
		}
		if p.Rest && len(p.Services) == 0 && len(p.Named) == 0 {
			more = append(more, "any service")
		}
		for _, sort := range p.Named {
			if sort == WhomPerson {
				more = append(more, "an e-mail address")
			} else {
				more = append(more, sort+":NAME")
			}
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	const shown = 12
	can := strings.Join(append(names[:min(len(names), shown)], more...), ", ")
	example := "checkout"
	if len(names) > 0 {
		example = names[0]
	}
	return About("who", Refused("Nobody was woken: %s cannot be asked for %q. Write one of: %s. Example: %s. To call somebody in Slack: %s",
		strings.Join(titles, " or "), shorten(said, 40), can, Say{in.Number, pageVerb, example + " it is down"}, Say{in.Number, "invite", "@alice @oncall"}))
}

// onCall is who is woken by the clock: whoever is on call for one of the incident's services, or else for everything.
func (r Rules) onCall(in Incident) (Whom, bool) {
	for _, name := range in.Services {
		for _, p := range r.Paging {
			if whom, ok := p.own(WhomService, name); ok {
				return whom, true
			}
		}
	}
	for _, p := range r.Paging {
		switch {
		case p.Rest && len(in.Services) > 0:
			return p.whom(WhomService, in.Services[0]), true
		case p.Rest:
			return p.whom(WhomOnCall, ""), true
		}
	}
	return Whom{}, false
}
