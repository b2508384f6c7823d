package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// ring has alerts heard as a month has them: short ones and long ones, noisy ones, and two that belong to an incident.
func (p *past) ring(of incidents.Number) {
	p.t.Helper()
	policy := alerts.Policy{Rules: []alerts.Rule{
		{Name: "critical", When: `alert.severity == "critical"`, Do: alerts.Declare, Shadow: true}, {Name: "the rest of what comes in", When: "true", Do: alerts.Notify},
	}}
	if err := policy.Compile(); err != nil {
		p.t.Fatal(err)
	}
	for i := range 40 {
		at := p.end.Add(-time.Duration(40-i) * 9 * time.Hour)
		s := alerts.Signal{
			Fingerprint: fmt.Sprint("fingerprint-of-an-alert-", i%7), Group: "g", Status: alerts.Firing, Severity: alerts.Severities[i%5], Title: fmt.Sprintf("%d%% of the requests of checkout fail in zone %d", 5+i, i%7), StartedAt: at,
			Description: "Since the last deployment.\nSee the runbook.", Service: "checkout", URL: "https://prometheus.example.com/graph", Labels: map[string]string{"zone": fmt.Sprint(i % 7), "a_label_without_a_place_to_break_it": strings.Repeat("x", 120)},
		}
		var a alerts.Alert
		for _, status := range []alerts.Status{alerts.Firing, alerts.Resolved} {
			s.Status = status
			if i == 39 && status == alerts.Resolved {
				break
			}
			h := alerts.Heard{Source: "alertmanager", Signal: s.Clean(at), At: at}
			heard, _, err := p.db.HearAlert(p.t.Context(), h, func(f alerts.Facts) alerts.Change { return policy.Hear(h, f) })
			if err != nil {
				p.t.Fatal(err)
			}
			a, at = heard, at.Add(7*time.Minute)
		}
		if i < 38 {
			continue
		}
		_, _, err := p.db.ChangeAlert(p.t.Context(), a.Number, func(f alerts.Facts) (alerts.Change, error) {
			return f.Known.AttachTo(of, incidents.Actor{Kind: incidents.User, ID: "slack:T1/U1", Name: "alice", Admin: true}, fmt.Sprint("attach ", i), at), nil
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// TestAlertsInABrowser looks at the page of alerts, and at that of their incident, as people see them.
func TestAlertsInABrowser(t *testing.T) {
	needBrowser(t)
	p := newPast(t, 12)
	p.ring(12)
	b := newTab(t)
	b.watch()
	for name, path := range map[string]string{"alerts": "/alerts", "alerts-found": "/alerts?severity=critical&decision=shadow", "alerts-incident": "/incidents/INC-12", "alerts-noise": "/alerts/noise"} {
		for _, dark := range []bool{false, true} {
			for size, width := range map[string]int64{"wide": 1280, "narrow": 390} {
				b.look(width, 860, dark)
				b.open(p.url + path)
				b.wait(`document.querySelectorAll("main .row").length > 1`)
				where := fmt.Sprintf("%s-%s-%v", name, size, dark)
				b.eval(`(document.querySelectorAll(".row.alert details").forEach((d, i) => d.open = i == 0), "")`)
				if got := b.eval(`document.documentElement.scrollWidth + " " + innerWidth`); got != fmt.Sprint(width, " ", width) {
					t.Errorf("%s is wider than the window: %s", where, got)
				}
				if wrong := b.eval(`wrong.join("; ")`); wrong != "" {
					t.Errorf("%s: %s", where, wrong)
				}
				b.paint(where)
			}
		}
	}
}
