package opsgenie_test

import (
	"testing"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/opsgenie"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB) *integrations.Source {
	t.Helper()
	in, err := opsgenie.Kind.New(&opsgenie.Config{}, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f)) }

// What each action makes of an alert; those that nobody has thought of yet change nothing.
func TestActions(t *testing.T) {
	for action, want := range map[string]alerts.Status{
		"Create": alerts.Firing, "UnAcknowledge": alerts.Firing, "Acknowledge": alerts.Acknowledged, "Close": alerts.Resolved, "Delete": alerts.Resolved,
		"AddNote": alerts.Update, "AddTags": alerts.Update, "RemoveTags": alerts.Update, "AddTeam": alerts.Update, "AddRecipient": alerts.Update, "AssignOwnership": alerts.Update,
		"TakeOwnership": alerts.Update, "Escalate": alerts.Update, "EscalateNext": alerts.Update, "UpdatePriority": alerts.Update, "UpdateMessage": alerts.Update,
		"UpdateDescription": alerts.Update, "Snooze": alerts.Update, "SnoozeEnded": alerts.Update, "restart the pod": alerts.Update,
	} {
		r, err := source(t).Read(integrations.Request{Body: []byte(`{"action":"` + action + `","alert":{"alias":"a"}}`)})
		if err != nil || len(r.Signals) != 1 || r.Signals[0].Status != want {
			t.Errorf("%s: %+v, %v; not %s", action, r, err, want)
		}
	}
}

func TestPriorities(t *testing.T) {
	for text, want := range map[string]alerts.Severity{
		`"P1"`: alerts.Critical, `"P5"`: alerts.Information, `1`: alerts.Critical, `"2"`: alerts.High, `3`: alerts.Medium, `4`: alerts.Low, `5`: alerts.Information,
		`0`: alerts.Medium, `6`: alerts.Medium, `null`: alerts.Medium, `"x"`: alerts.Medium,
	} {
		r, err := source(t).Read(integrations.Request{Body: []byte(`{"action":"Create","alert":{"alias":"a","priority":` + text + `}}`)})
		if err != nil || r.Signals[0].Severity != want {
			t.Errorf("%s: %+v, %v; not %s", text, r, err, want)
		}
	}
}
