package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"fireboss/bot/slacksim/blockkit"
	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// nastyAlert is as long as an alert can be, and full of what Slack could misread.
func nastyAlert(now time.Time) alerts.Alert {
	evil := strings.Repeat("<!channel> *x* `y` & <b> <@U0ALICE> <https://evil.example.com|prometheus> ", 100)
	labels := map[string]string{}
	s := alerts.Signal{Fingerprint: evil, Status: alerts.Firing, Severity: alerts.Critical, Title: evil, Description: evil, Service: evil, URL: "https://example.com/" + strings.Repeat("a%7Cb", 300), Labels: labels, Count: 1 << 40}
	a := alerts.Alert{Number: 1 << 60, Source: "prometheus", Signal: s.Clean(now), ReceivedAt: now, HeardAt: now, Flapping: true}
	a.Decision = alerts.Decision{Rule: evil, Action: alerts.Notify, Reason: evil, At: now}
	for range 20 {
		a.Decision.Shadow = append(a.Decision.Shadow, alerts.Shadow{Rule: evil[:200], Action: alerts.Declare, Reason: evil})
	}
	return a
}

func TestMessagesAboutAlertsFit(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	nasty := nastyAlert(now)
	over := nasty
	over.Status, over.EndedAt = alerts.Resolved, now
	in := extreme()
	in.Alerts = incidents.Alerts{Total: 5000, Over: now}
	card := Card{Rules: func() incidents.Rules { return incidents.Rules{} }, Dashboard: "https://fireboss.example.com"}
	for what, m := range map[string]*message{
		"message":     Told{Alert: nasty, Where: "#alerts"}.message(card.Dashboard, now),
		"one over":    Told{Alert: over, Where: "#alerts", Place: "C1"}.message("", now),
		"list":        card.alertList(in, slices.Repeat([]alerts.Alert{over}, shownAlerts)),
		"list firing": card.alertList(in, slices.Repeat([]alerts.Alert{nasty}, shownAlerts)),
	} {
		raw, err := json.Marshal(m.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range blockkit.Message(raw) {
			t.Errorf("%s: %s", what, p)
		}
		for _, bad := range []string{"<!channel>", "<@U0ALICE>", "<https://evil", `\u003c!channel`, `\u003c@U0`, `\u003chttps://evil`} {
			if strings.Contains(string(raw), bad) || strings.Contains(m.Text, bad) {
				t.Errorf("%s: %q is no text any more", what, bad)
			}
		}
		if n := len([]rune(m.Text)); n > maxText || n == 0 {
			t.Errorf("%s: its text has %d characters", what, n)
		}
	}
}

func TestButtonsOfAnAlert(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for what, c := range map[string]struct {
		alert alerts.Alert
		want  string
	}{
		"firing":            {alerts.Alert{Signal: alerts.Signal{Status: alerts.Firing}}, "Declare, Attach to …, Ignore for 1 h"},
		"without data":      {alerts.Alert{Signal: alerts.Signal{Status: alerts.NoData}}, "Declare, Attach to …, Ignore for 1 h"},
		"ignored":           {alerts.Alert{Signal: alerts.Signal{Status: alerts.Firing}, IgnoredUntil: now.Add(time.Minute)}, "Declare, Attach to …"},
		"ignored until now": {alerts.Alert{Signal: alerts.Signal{Status: alerts.Firing}, IgnoredUntil: now}, "Declare, Attach to …, Ignore for 1 h"},
		"attached":          {alerts.Alert{Signal: alerts.Signal{Status: alerts.Firing}, Incident: 3}, ""},
		"over":              {alerts.Alert{Signal: alerts.Signal{Status: alerts.Resolved}}, ""},
	} {
		var labels []string
		for _, choice := range (Told{Alert: c.alert}).choices(now) {
			labels = append(labels, choice.Label)
		}
		if got := strings.Join(labels, ", "); got != c.want {
			t.Errorf("%s: there are %q, want %q", what, got, c.want)
		}
	}
}

// People are asked whether it is over when all alerts are, while somebody works on it, and not before.
func TestAnIncidentIsProposedToBeOver(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	firing, over := alerts.Alert{Signal: alerts.Signal{Status: alerts.Firing}}, alerts.Alert{Signal: alerts.Signal{Status: alerts.Resolved, EndedAt: now}}
	for what, c := range map[string]struct {
		status incidents.Status
		counts incidents.Alerts
		list   []alerts.Alert
		want   string
	}{
		"one fires":         {incidents.Investigating, incidents.Alerts{Total: 2, Firing: 1}, []alerts.Alert{firing, over}, ""},
		"all are over":      {incidents.Investigating, incidents.Alerts{Total: 1, Over: now}, []alerts.Alert{over}, "status INC-1 monitoring, resolve INC-1"},
		"one fires again":   {incidents.Investigating, incidents.Alerts{Total: 2, Over: now}, []alerts.Alert{over, firing}, ""},
		"it is watched":     {incidents.Monitoring, incidents.Alerts{Total: 1, Over: now}, []alerts.Alert{over}, "resolve INC-1"},
		"it ends by itself": {incidents.Monitoring, incidents.Alerts{Total: 1, Over: now, Auto: 1, Rules: []string{"x"}, Calm: true}, []alerts.Alert{over}, "resolve INC-1, status INC-1 investigating"},
		"it is over":        {incidents.Resolved, incidents.Alerts{Total: 1, Over: now}, []alerts.Alert{over}, ""},
		"none is attached":  {incidents.Investigating, incidents.Alerts{}, nil, ""},
	} {
		card := Card{Rules: func() incidents.Rules { return incidents.Rules{Quiet: 15 * time.Minute} }}
		raw, err := json.Marshal(card.alertList(incidents.Incident{Number: 1, Status: c.status, Alerts: c.counts}, c.list))
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, command := range []string{"status INC-1 monitoring", "resolve INC-1", "status INC-1 investigating"} {
			if strings.Contains(string(raw), `"value":"`+command+`"`) {
				said = append(said, command)
			}
		}
		if got := strings.Join(said, ", "); got != c.want {
			t.Errorf("%s: proposed are %q, want %q", what, got, c.want)
		}
	}
}
