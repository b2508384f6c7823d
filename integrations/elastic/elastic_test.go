package elastic_test

import (
	"testing"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/elastic"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB, c *elastic.Config) *integrations.Source {
	t.Helper()
	in, err := elastic.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, elastic.Kind.Config().(*elastic.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// A field is found however its dots are written, at every level.
func TestDottedNames(t *testing.T) {
	for _, body := range []string{
		`{"kibana.alert.uuid": "u", "kibana.alert.rule.name": "R"}`,
		`{"kibana": {"alert": {"uuid": "u", "rule": {"name": "R"}}}}`,
		`{"kibana.alert": {"uuid": "u", "rule.name": "R"}}`,
		`{"kibana": {"alert.uuid": "u", "alert.rule": {"name": "R"}}}`,
		`{"kibana": {"alert": {"rule": {}}}, "kibana.alert": {"uuid": ["u"]}, "kibana.alert.rule.name": ["R", "S"]}`,
		`{"_id": "other", "_source": {"kibana.alert.uuid": "u", "kibana.alert.rule.name": "R"}}`,
		`{"hits": {"hits": [{"_id": "u", "_source": {"kibana.alert.rule.name": "R"}}]}}`,
		`{"alerts": "[{\"_id\": \"u\", \"kibana.alert.rule.name\": \"R\"}]"}`,
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(body)})
		if err != nil || len(report.Signals) != 1 || report.Signals[0].Fingerprint != "kbn-alert:u" || report.Signals[0].Title != "R" {
			t.Errorf("%s is %+v: %v", body, report, err)
		}
	}
}

// What people and rules do with an alert.
func TestStanding(t *testing.T) {
	for fields, want := range map[string]alerts.Status{
		`"kibana.alert.workflow_status": "open"`:                                               alerts.Firing,
		`"kibana.alert.workflow_status": "acknowledged"`:                                       alerts.Acknowledged,
		`"kibana.alert.workflow_status": "closed"`:                                             alerts.Resolved,
		`"signal": {"status": "in-progress"}`:                                                  alerts.Acknowledged,
		`"kibana.alert.status": "recovered"`:                                                   alerts.Resolved,
		`"kibana.alert.status": "untracked"`:                                                   alerts.Resolved,
		`"kibana.alert.workflow_status": "open", "kibana": {"alert": {"status": "recovered"}}`: alerts.Resolved,
		`"kibana.alert.status": "active"`:                                                      alerts.Firing,
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"kibana.alert.uuid": "u", "kibana.alert.rule.name": "R", ` + fields + `}`)})
		if err != nil || report.Signals[0].Status != want {
			t.Errorf("%s is %+v, not %s: %v", fields, report, want, err)
		}
	}
}

// Only what nobody ends ends by itself.
func TestLasts(t *testing.T) {
	const (
		kibana    = `{"rule": {"id": "r"}, "event": "active"}`
		watch     = `{"watch_id": "w"}`
		detection = `{"kibana.alert.uuid": "u", "kibana.alert.rule.name": "R"}`
	)
	for _, c := range []struct {
		body  string
		lasts time.Duration
		want  time.Time
	}{
		{kibana, time.Hour, time.Time{}},
		{watch, time.Hour, sourcetest.Came.Add(time.Hour)},
		{detection, time.Hour, sourcetest.Came.Add(time.Hour)},
		{watch, 0, time.Time{}},
		{detection, 0, time.Time{}},
	} {
		report, err := source(t, &elastic.Config{Lasts: c.lasts}).Read(integrations.Request{Body: []byte(c.body), At: sourcetest.Came})
		if err != nil || !report.Signals[0].Expires.Equal(c.want) {
			t.Errorf("%s expires %+v, not %v: %v", c.body, report, c.want, err)
		}
	}
	if q := plain(t).Quiet; q != 0 {
		t.Errorf("a rule of Kibana that says its alerts' ends is cut off after %v", q)
	}
}

// A notification is told from the next one of the same episode, which has the same alert.uuid.
func TestDeliveryIDs(t *testing.T) {
	ids := map[string]bool{}
	for _, rest := range []string{
		`"event": "active", "date": "2026-11-26T11:00:00.000Z"`,
		`"event": "active", "date": "2026-11-26T11:01:00.000Z"`,
		`"event": "recovered", "date": "2026-11-26T11:01:00.000Z"`,
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"rule": {"id": "r"}, "alert": {"uuid": "u"}, ` + rest + `}`)})
		if err != nil || report.ID == "" || ids[report.ID] {
			t.Errorf("%s has the id %q: %v", rest, report.ID, err)
		}
		ids[report.ID] = true
	}
}
