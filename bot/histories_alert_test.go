package bot

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// monitor has monitoring say how one of its alerts stands: what fires again after it was over has begun anew.
func (l *life) monitor(text string) {
	if l.prog == nil {
		return
	}
	status, name, _ := strings.Cut(text, " ")
	_ = l.sends("alertmanager", strings.Replace(warning(status, name), "2000-01-01T00:00:00Z", time.Now().Truncate(10*time.Minute).UTC().Format(time.RFC3339), 1)) // it may be starting
}

// decide presses a button of the newest message about an alert that has one. Incidents are declared with titles of their
// own: that of an alert was told already, whatever becomes of the incident.
func (l *life) decide(s step) {
	st, err := l.state()
	if err != nil {
		return
	}
	label := []string{"Attach to …", "Ignore for 1 h"}[l.n%2]
	for _, m := range slices.Backward(st.channel(alertsChannel).Messages) {
		if m.kind() != "fireboss_alert" {
			continue
		}
		if action := button(m.Blocks, label); action != "" {
			l.call(http.MethodPost, "/sim/click", map[string]any{"user": s.Who, "channel": alertsChannel, "ts": m.TS, "action_id": action})
			l.fill()
			return
		}
	}
}
