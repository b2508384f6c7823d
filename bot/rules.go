package bot

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fireboss/bot/settings"
	"fireboss/bot/slack"
	"fireboss/incidents"
)

// rules are the policy that these settings make.
func rules(s settings.Settings) incidents.Rules {
	r := incidents.Rules{
		Invite: map[string][]string{}, Services: map[string]incidents.Service{}, Clock: clock(s.Clock), Pages: string(s.HTTP.PublicURL) + "/incidents/",
		Permissions: permissions(s.Permissions), Record: record(s.Record),
		Retention: incidents.Retention{Messages: s.Retention.Messages.Std(), Incidents: s.Retention.Incidents.Std(), Drills: s.Retention.Drills.Std()},
		Roles:     roles(s.Roles), Types: types(s.Types), Meanings: map[incidents.Severity]string{}, Suggest: map[int]incidents.Severity{},
		Regulations: regulations(s.Regulations), Quiet: s.Alerts.ResolveAfter.Std(),
	}
	for name, meaning := range s.Severities {
		if sev, ok := incidents.ParseSeverity(name); ok {
			r.Meanings[sev] = string(meaning)
		}
	}
	for tier, name := range s.Open.Suggest {
		if sev, ok := incidents.ParseSeverity(name); ok {
			r.Suggest[int(tier[len(tier)-1]-'0')] = sev
		}
	}
	for _, t := range s.Open.PrivateTypes {
		r.PrivateTypes = append(r.PrivateTypes, string(t))
	}
	for occasion, list := range s.Open.Invite {
		for _, who := range list {
			r.Invite[occasion] = append(r.Invite[occasion], string(who))
		}
	}
	for name, svc := range s.Services {
		service := incidents.Service{Tier: svc.Tier, Owner: string(svc.Owner), Runbook: string(svc.Runbook)}
		for _, d := range svc.Dashboards {
			service.Dashboards = append(service.Dashboards, string(d))
		}
		r.Services[name] = service
	}
	return r
}

// permissions are who may do what; what is for all members is left out.
func permissions(p settings.Permissions) map[incidents.Permission][]string {
	out := map[incidents.Permission][]string{}
	for may, list := range map[incidents.Permission][]settings.Grantee{
		incidents.MayDeclare: p.Declare, incidents.MaySetSeverity: p.Severity, incidents.MayEnd: p.End, incidents.MayDoForOthers: p.Others, incidents.MaySeePrivate: p.Private, incidents.MayAdminister: p.Admin,
	} {
		var refs []string
		for _, g := range list {
			refs = append(refs, string(g))
		}
		if len(refs) > 0 && !slices.Equal(refs, []string{incidents.Members}) {
			out[may] = refs
		}
	}
	return out
}

func roles(list settings.Roles) (all []incidents.Role) {
	for _, r := range list {
		role := incidents.Role{Name: string(r.Name), Title: string(r.Title), Duty: string(r.Duty), Instructions: string(r.Instructions)}
		for _, alias := range r.Aliases {
			role.Aliases = append(role.Aliases, string(alias))
		}
		all = append(all, role)
	}
	return all
}

func types(list settings.Types) (all []incidents.Type) {
	for _, t := range list {
		typ := incidents.Type{Name: string(t.Name), Meaning: string(t.Meaning)}
		for _, item := range t.Checklist {
			typ.Checklist = append(typ.Checklist, string(item))
		}
		for _, f := range t.Fields {
			field := incidents.Field{Name: string(f.Name), Ask: string(f.Ask), Required: incidents.Gate(f.Required)}
			for _, v := range f.Values {
				field.Values = append(field.Values, string(v))
			}
			typ.Fields = append(typ.Fields, field)
		}
		all = append(all, typ)
	}
	return all
}

func clock(c settings.Clock) incidents.Clock {
	return incidents.Clock{
		Office:         office(c.Calendar),
		Gap:            c.Limits.Gap.Std(),
		FirstHour:      c.Limits.FirstHour,
		Acknowledge:    nag(c.Acknowledge),
		Commander:      nag(c.Commander),
		Severity:       incidents.Nag{After: once(c.Severity.Unset), Every: c.Severity.Every.Std(), Times: c.Severity.Times},
		Update:         bySeverity(c.Update.BySeverity),
		UpdateBefore:   c.Update.Before.Std(),
		Mitigate:       bySeverity(c.Mitigate.BySeverity),
		MitigateAtRisk: c.Mitigate.AtRisk,
		Resolve:        bySeverity(c.Resolve.BySeverity),
		ResolveAtRisk:  c.Resolve.AtRisk,
		Command:        bySeverity(c.Command.BySeverity),
		Stale:          bySeverity(c.Stale.BySeverity),
		Close:          incidents.Nag{After: once(c.Close.Resolved), Every: c.Close.Every.Std(), Times: c.Close.Times},
		Postmortem:     businessDays(c.Postmortem),
		FollowupHigh:   c.Followup.High.Std(),
		FollowupNormal: c.Followup.Normal.Std(),
	}
}

// regulations are those of the configuration, by name.
func regulations(of settings.Regulations) []incidents.Regulation {
	var list []incidents.Regulation
	for _, name := range slices.Sorted(maps.Keys(of)) {
		r := of[name]
		law := incidents.Regulation{Name: name, Title: r.Title, Source: r.Source, AsOf: r.AsOf, Start: r.Start, Days: incidents.Days(r.Days)}
		for _, moment := range slices.Sorted(maps.Keys(r.Moments)) {
			law.Moments = append(law.Moments, incidents.Moment{Name: moment, Title: r.Moments[moment]})
		}
		for _, s := range r.Stages {
			st := incidents.Stage{Name: s.Name, Title: s.Title, Repeats: s.Repeats}
			for _, t := range s.Due {
				st.Terms = append(st.Terms, incidents.Term{From: t.From, Count: t.Count, Unit: incidents.Unit(t.Unit)})
			}
			law.Stages = append(law.Stages, st)
		}
		list = append(list, law)
	}
	return list
}

func nag(n settings.Nag) incidents.Nag {
	return incidents.Nag{After: bySeverity(n.BySeverity), Every: n.Every.Std(), Times: n.Times}
}

// once is a time that no severity changes.
func once(d settings.Duration) map[incidents.Severity]time.Duration {
	return map[incidents.Severity]time.Duration{incidents.Unset: d.Std()}
}

func office(c settings.Calendar) incidents.Calendar {
	out := incidents.Calendar{Zone: c.Zone.Location()}
	for _, w := range c.Hours {
		out.Hours = append(out.Hours, incidents.OfficeHours{Day: w.Day, From: w.From, To: w.To})
	}
	for _, h := range c.Holidays {
		out.Holidays = append(out.Holidays, incidents.Holiday{Year: h.Year, Month: h.Month, Day: h.Day})
	}
	return out
}

func bySeverity(b settings.BySeverity[settings.Duration]) map[incidents.Severity]time.Duration {
	m := map[incidents.Severity]time.Duration{}
	for _, s := range incidents.Severities {
		if d := b.For(s.String()).Std(); d > 0 {
			m[s] = d
		}
	}
	return m
}

// businessDays are how many of them a postmortem may take.
func businessDays(r settings.PostmortemRule) map[incidents.Severity]int {
	m := map[incidents.Severity]int{}
	for _, s := range incidents.Severities {
		if days := int(r.For(s.String())); days > 0 {
			m[s] = days
		}
	}
	return m
}

// announcements are the channels in which an incident is announced: those for
// its severity and its type, or else the one for all.
func announcements(s settings.Settings) func(incidents.Incident) []string {
	return func(in incidents.Incident) []string {
		var list []string
		for _, occasion := range []string{in.Severity.String(), in.Type} {
			if ch := string(s.Open.Announce[occasion]); ch != "" && !slices.Contains(list, ch) {
				list = append(list, ch)
			}
		}
		if len(list) == 0 && s.Slack.Announce != "" {
			list = []string{string(s.Slack.Announce)}
		}
		return list
	}
}

// called are all people and groups whom the policy may call, or lets do something.
func called(r incidents.Rules) []string {
	list := r.Refs()
	for _, refs := range r.Invite {
		list = append(list, refs...)
	}
	for _, s := range r.Services {
		if s.Owner != "" {
			list = append(list, s.Owner)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func alarm(a settings.Alarm) slack.Alarm {
	out := slack.Alarm{Reaction: string(a.Reaction)}
	for _, c := range a.Channels {
		out.Channels = append(out.Channels, string(c))
	}
	return out
}

// record is what of a channel is kept.
func record(s settings.Record) incidents.Record {
	r := incidents.Record{KeepDeleted: s.OnDelete == settings.DeleteKeeps, Files: int64(s.Files)}
	switch s.Messages {
	case settings.MessagesMarked:
		r.Messages = incidents.RecordMarked
	case settings.MessagesNone:
		r.Messages = incidents.RecordNone
	}
	return r
}

// meanings are what reactions do, by the names of their emoji.
func meanings(r settings.Reactions) map[string]slack.Meaning {
	m := map[string]slack.Meaning{
		string(r.Mark): slack.MeansKey, string(r.Task): slack.MeansTask, string(r.Followup): slack.MeansFollowup, string(r.Acknowledge): slack.MeansOnIt,
	}
	delete(m, "") // none
	return m
}

// silent reports whether what people write stays out of the record.
func silent(s settings.Settings) bool { return s.Record.Messages == settings.MessagesNone }

// notice says what is recorded of a channel, and for how long.
func notice(s settings.Settings) slack.Notice {
	if silent(s) {
		return slack.Notice{}
	}
	n := slack.Notice{Keeps: "for good", DeletedStays: s.Record.OnDelete == settings.DeleteKeeps}
	if d := s.Retention.Messages.Std(); d > 0 {
		n.Keeps = fmt.Sprintf("for %d days", int(d.Hours()/24))
	}
	if s.Record.Messages == settings.MessagesMarked {
		for _, e := range []settings.Emoji{s.Reactions.Mark, s.Reactions.Task, s.Reactions.Followup} {
			if e != "" {
				n.Marks = append(n.Marks, string(e))
			}
		}
	}
	return n
}
