package datadog_test

import (
	"testing"

	"fireboss/integrations"
	"fireboss/integrations/datadog"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB) *integrations.Source {
	t.Helper()
	in, err := datadog.Kind.New(&datadog.Config{}, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f)) }

// What is said of one alert has one fingerprint, whatever Datadog puts before its title.
func TestTitlesOfOneAlert(t *testing.T) {
	s := source(t)
	fingerprint := func(title string) string {
		r, err := s.Read(integrations.Request{Body: []byte(`{"title":"` + title + `"}`), At: sourcetest.Came})
		if err != nil {
			t.Fatal(err)
		}
		return r.Signals[0].Fingerprint
	}
	want := fingerprint("[Triggered on {host:a}] High CPU")
	for _, same := range []string{
		"[Recovered on {host:a}] High CPU", "[P1] [Re-Triggered on {host:a}] High CPU", "[P1] [Warn on {host:a}] High CPU", "[No data on {host:a}] High CPU",
		"[Warn Recovered on {host:a}] High CPU", "[No Data Recovered on {host:a}] High CPU", "[Re-No Data on {host:a}] High CPU",
	} {
		if got := fingerprint(same); got != want {
			t.Errorf("%s has the fingerprint %q, not %q", same, got, want)
		}
	}
	for _, other := range []string{"[Triggered on {host:b}] High CPU", "[Triggered] High CPU", "[Triggered on {host:a}] Low CPU", "[eu] High CPU", "[Triggered on {host:a} High CPU", "[Warning lamp] High CPU", "[TEST] [P3] [Triggered on {host:a}] High CPU"} {
		if got := fingerprint(other); got == want {
			t.Errorf("%s has the fingerprint of another alert", other)
		}
	}
}
