package eventbridge_test

import (
	"testing"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/eventbridge"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB) *integrations.Source {
	t.Helper()
	in, err := eventbridge.Kind.New(&eventbridge.Config{}, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f)) }

func TestGuardDutySeverity(t *testing.T) {
	for number, want := range map[string]alerts.Severity{
		"10": alerts.Critical, "9.0": alerts.Critical, "8.9": alerts.High, "8": alerts.High, "7": alerts.High, "6.9": alerts.Medium,
		"4": alerts.Medium, "3.9": alerts.Low, "1": alerts.Low, "null": alerts.Medium, `"8.0"`: alerts.High, `"x"`: alerts.Medium,
	} {
		body := `{"id":"1","detail-type":"GuardDuty Finding","source":"aws.guardduty","detail":{"id":"f","severity":` + number + `}}`
		if got := read(t, body, integrations.Inbound{}).Signals[0].Severity; got != want {
			t.Errorf("%s is %s, not %s", number, got, want)
		}
	}
}

func TestSecurityHubSeverityAndStatus(t *testing.T) {
	for finding, want := range map[string]struct {
		severity alerts.Severity
		status   alerts.Status
	}{
		`"Severity":{"Label":"CRITICAL","Normalized":1}`:                               {alerts.Critical, alerts.Firing},
		`"Severity":{"Label":"INFORMATIONAL"}`:                                         {alerts.Information, alerts.Firing},
		`"Severity":{"Normalized":90}`:                                                 {alerts.Critical, alerts.Firing},
		`"Severity":{"Normalized":"70"}`:                                               {alerts.High, alerts.Firing},
		`"Severity":{"Normalized":69}`:                                                 {alerts.Medium, alerts.Firing},
		`"Severity":{"Normalized":39}`:                                                 {alerts.Low, alerts.Firing},
		`"Severity":{"Normalized":0}`:                                                  {alerts.Information, alerts.Firing},
		`"Severity":null`:                                                              {alerts.Medium, alerts.Firing},
		`"Workflow":{"Status":"NOTIFIED"}`:                                             {alerts.Medium, alerts.Acknowledged},
		`"Workflow":{"Status":"SUPPRESSED"}`:                                           {alerts.Medium, alerts.Resolved},
		`"Workflow":{"Status":"RESOLVED"}`:                                             {alerts.Medium, alerts.Resolved},
		`"RecordState":"ARCHIVED","Workflow":{"Status":"NEW"}`:                         {alerts.Medium, alerts.Resolved},
		`"Compliance":{"Status":"PASSED"},"Workflow":{"Status":"NEW"}`:                 {alerts.Medium, alerts.Resolved},
		`"Compliance":{"Status":"FAILED"},"Workflow":{"Status":"NEW"}`:                 {alerts.Medium, alerts.Firing},
		`"Compliance":{"Status":"NOT_AVAILABLE"},"Workflow":{"Status":"NEW"}`:          {alerts.Medium, alerts.NoData},
		`"Compliance":{"Status":"NOT_AVAILABLE"},"Workflow":{"Status":"RESOLVED"}`:     {alerts.Medium, alerts.Resolved},
		`"WorkflowState":"RESOLVED","Severity":{"Label":"LOW"},"RecordState":"ACTIVE"`: {alerts.Low, alerts.Resolved},
	} {
		body := `{"id":"1","detail-type":"Security Hub Findings - Imported","source":"aws.securityhub","detail":{"findings":[{"Id":"f",` + finding + `}]}}`
		if s := read(t, body, integrations.Inbound{}).Signals[0]; s.Severity != want.severity || s.Status != want.status {
			t.Errorf("%s is %s and %s, not %s and %s", finding, s.Severity, s.Status, want.severity, want.status)
		}
	}
}

// CloudWatch has no severities: configured words are looked for at the beginning of an alarm's name, and no others are.
func TestSeverityOfAlarms(t *testing.T) {
	in := integrations.Inbound{Severity: map[string]alerts.Severity{"prod-": alerts.High, "prod-db": alerts.Critical}}
	for name, want := range map[string]alerts.Severity{
		"prod-web": alerts.High, "Prod-DB-1": alerts.Critical, "page-views": alerts.Medium, "critical": alerts.Medium, "pro": alerts.Medium, "": alerts.Medium,
	} {
		if got := (eventbridge.Alarm{Name: name}).Signal(in).Severity; got != want {
			t.Errorf("%s is %s, not %s", name, got, want)
		}
	}
}

func read(t *testing.T, body string, in integrations.Inbound) alerts.Report {
	t.Helper()
	j, err := integrations.ReadJSON([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	r, err := eventbridge.Read(j, in, sourcetest.Came)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
