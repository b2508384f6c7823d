package splunk_test

import (
	"testing"
	"time"

	"fireboss/integrations"
	"fireboss/integrations/sourcetest"
	"fireboss/integrations/splunk"
)

func source(t testing.TB, c *splunk.Config) *integrations.Source {
	t.Helper()
	in, err := splunk.Kind.New(c, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

// plain is the source as it is configured where nothing is said.
func plain(t testing.TB) *integrations.Source {
	t.Helper()
	return source(t, splunk.Kind.Config().(*splunk.Config))
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, plain(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, plain(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, plain(f)) }

// Splunk never says that something is over.
func TestQuiet(t *testing.T) {
	if q := plain(t).Quiet; q != 24*time.Hour {
		t.Errorf("an alert is taken to be over after %v", q)
	}
}

// The alerts of one search are told apart by the fields that the configuration names.
func TestFields(t *testing.T) {
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{nil, "splunk:logins"},
		{[]string{"host"}, "splunk:logins:web-1"},
		{[]string{"host", "src_ip"}, "splunk:logins:web-1:203.0.113.55"},
		{[]string{"user"}, "splunk:logins:"},
	} {
		report, err := source(t, &splunk.Config{Fields: c.fields}).Read(integrations.Request{
			Body: []byte(`{"search_name": "logins", "result": {"host": "web-1", "src_ip": "203.0.113.55"}}`),
		})
		if err != nil || report.Signals[0].Fingerprint != c.want {
			t.Errorf("by %v it is %+v, not %s: %v", c.fields, report.Signals, c.want, err)
		}
	}
}

// Rows of one run have one sid, and are not the same delivery.
func TestDeliveryIDs(t *testing.T) {
	for link, want := range map[string]string{
		"": "",
		"https://splunk.example.com/app/search/@go?sid=S":                                                  "S",
		"https://splunk.example.com/app/search/search?q=%7Cloadjob%20S%20%7C%20head%201%20%7C%20tail%201":  "S",
		"https://splunk.example.com/app/search/search?q=%7Cloadjob%20S%20%7C%20head%2012%20%7C%20tail%201": "S/12",
		"https://splunk.example.com/app/search/search?q=%7Cloadjob+S+%7C+head+3+%7C+tail+1&earliest=0":     "S/3",
	} {
		report, err := plain(t).Read(integrations.Request{Body: []byte(`{"search_name": "x", "sid": "S", "results_link": "` + link + `"}`)})
		if err != nil || report.ID != want {
			t.Errorf("%s has the id %q, not %q: %v", link, report.ID, want, err)
		}
	}
}
