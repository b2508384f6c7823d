package bot

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fireboss/bot/settings"
	"fireboss/incidents"
)

// rules are the policy that these settings make.
func rules(s settings.Settings) incidents.Rules {
	r := incidents.Rules{Invite: map[string][]string{}, Services: map[string]incidents.Service{}, Clock: clock(s.Clock), Regulations: regulations(s.Regulations)}
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

// invited are all people and groups whom the policy may call.
func invited(r incidents.Rules) []string {
	var list []string
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

// silent reports whether what people write stays out of the record. Marking
// single messages is not there yet, so "marked" records none.
func silent(s settings.Settings) bool { return s.Record.Messages != settings.MessagesAll }

// keeps says for how long what is written in a channel is kept.
func keeps(s settings.Settings) string {
	if silent(s) {
		return ""
	}
	d := s.Retention.Messages.Std()
	if d <= 0 {
		return "for good"
	}
	return fmt.Sprintf("for %d days", int(d.Hours()/24))
}
