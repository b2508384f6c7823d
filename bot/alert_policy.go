package bot

import (
	"cmp"
	"time"

	"fireboss/bot/settings"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// alertPolicy is what these settings want made of alerts.
func alertPolicy(s settings.Settings, o *outside) (alerts.Policy, error) {
	p := decisions(s)
	p.Quiet = map[string]time.Duration{}
	for name, source := range o.sources() {
		p.Quiet[name] = source.Quiet
	}
	err := p.Compile()
	return p, err
}

// decisions are the same without what is known of the sources.
func decisions(s settings.Settings) alerts.Policy {
	p := alerts.Policy{
		Channel:  string(s.Slack.Announce),
		Flapping: alerts.Flapping{Turns: s.Alerts.Flapping.Turns, Within: s.Alerts.Flapping.Within.Std()},
		Storm:    alerts.Storm{Declared: s.Alerts.Storm.Declared, Within: s.Alerts.Storm.Within.Std()},
	}
	calendar := office(s.Clock.Calendar)
	p.Zone, p.Office = calendar.Zone, calendar.Open
	for _, w := range s.Alerts.Silences {
		p.Windows = append(p.Windows, alerts.Window{Name: w.Name, When: w.When, Within: w.Within(calendar.Zone)})
	}
	p.Tiers = map[string]int{}
	for name, service := range s.Services {
		p.Tiers[name] = service.Tier
	}
	for _, t := range s.Open.PrivateTypes {
		p.PrivateTypes = append(p.PrivateTypes, string(t))
	}
	for _, r := range s.Alerts.Rules {
		severity, _ := incidents.ParseSeverity(r.Severity)
		rule := alerts.Rule{
			Name: r.Name, When: r.When, Do: alerts.Action(r.Do), Severity: severity, Suggested: r.Severity == "suggested", Title: r.Title, Type: string(r.Type), Private: r.Private,
			Page: string(r.Page), Resolves: r.Resolve == "auto", Channel: string(r.Channel), Reason: r.Reason, Shadow: r.Shadow,
		}
		for role, who := range r.Roles {
			if rule.Roles == nil {
				rule.Roles = map[string]string{}
			}
			rule.Roles[role] = string(who)
		}
		p.Rules = append(p.Rules, rule)
	}
	for _, h := range s.Alerts.Heartbeats {
		p.Heartbeats = append(p.Heartbeats, alerts.Heartbeat{
			Name: h.Name, When: h.When, Within: h.Within.Std(), Severity: cmp.Or(h.Severity, alerts.Critical), Service: h.Service, Expect: h.Expect,
		})
	}
	p.Rates = alerts.Rates{Off: !s.Alerts.Unusual.On, Threshold: s.Alerts.Unusual.Threshold, Least: s.Alerts.Unusual.Least}
	return p
}

// alertsPlace is where people are told of alerts: where the first rule says that notifies, else where incidents are
// announced.
func alertsPlace(s settings.Settings) string {
	for _, r := range s.Alerts.Rules {
		if r.Do == settings.AlertNotify && r.Channel != "" {
			return string(r.Channel)
		}
	}
	return string(s.Slack.Announce)
}
