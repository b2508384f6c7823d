package thehive_test

import (
	"testing"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/sourcetest"
	"fireboss/integrations/thehive"
)

func source(t testing.TB, c *thehive.Config) *integrations.Source {
	t.Helper()
	in, err := thehive.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, thehive.Kind.Config().(*thehive.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// How TheHive's words, of its versions 3 to 5, stand here.
func TestStatus(t *testing.T) {
	for body, want := range map[string]alerts.Status{
		`{"action": "create", "object": {"stage": "New", "status": "New"}}`:                                    alerts.Firing,
		`{"action": "create", "object": {"stage": "New", "status": "a status of our own"}}`:                    alerts.Firing,
		`{"action": "create", "details": {"stage": "InProgress"}}`:                                             alerts.Acknowledged,
		`{"action": "update", "details": {"title": "x"}, "object": {"stage": "Closed"}}`:                       alerts.Update,
		`{"action": "update", "details": {"status": "Spam"}, "object": {"stage": "Closed", "status": "Spam"}}`: alerts.Resolved,
		`{"action": "update", "details": {"stage": "Imported"}, "object": {"stage": "Imported"}}`:              alerts.Resolved,
		`{"action": "update", "details": {"stage": "New"}, "object": {"stage": "New", "status": "New"}}`:       alerts.Firing,
		`{"action": "delete"}`: alerts.Resolved,
		`{"operation": "Creation", "object": {"status": "Open"}}`:                                                                   alerts.Firing,
		`{"operation": "create", "object": {"status": "Open"}}`:                                                                     alerts.Firing,
		`{"operation": "Update", "details": {"status": "Ignored"}, "object": {"stage": "New", "status": "Ignored"}}`:                alerts.Resolved,
		`{"operation": "Update", "details": {"extendedStatus": "InProgress"}, "object": {"stage": "InProgress", "status": "Open"}}`: alerts.Acknowledged,
		`{"operation": "Update", "details": {"status": "Resolved"}, "object": {"status": "Resolved"}}`:                              alerts.Resolved,
		`{"operation": "Delete"}`: alerts.Resolved,
	} {
		body = `{"objectType": "case", "objectId": "~1", ` + body[1:]
		report, err := plain(t).Read(integrations.Request{Body: []byte(body)})
		if err != nil || len(report.Signals) != 1 || report.Signals[0].Status != want {
			t.Errorf("%s is %+v, not %s: %v", body, report, want, err)
		}
	}
}

// All that one call of the API changed is sent on its own, and none of it is taken for another.
func TestDeliveryIDs(t *testing.T) {
	ids := map[string]bool{}
	for _, of := range [][3]string{{"~1", "alert", "~7"}, {"", "alert", "~7"}, {"", "alert", "~8"}, {"", "case", "~7"}} {
		body := `{"action": "create", "requestId": "r:1", "_id": "` + of[0] + `", "objectType": "` + of[1] + `", "objectId": "` + of[2] + `", "object": {"title": "x"}}`
		report, err := plain(t).Read(integrations.Request{Body: []byte(body)})
		if err != nil || report.ID == "" || ids[report.ID] {
			t.Errorf("%v has the id %q: %v", of, report.ID, err)
		}
		ids[report.ID] = true
	}
}
