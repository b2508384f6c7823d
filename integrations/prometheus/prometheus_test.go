package prometheus_test

import (
	"testing"

	"fireboss/integrations"
	"fireboss/integrations/prometheus"
	"fireboss/integrations/sourcetest"
)

func source(t testing.TB) *integrations.Source {
	t.Helper()
	in, err := prometheus.Kind.New(&prometheus.Config{}, integrations.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Alerts
}

func TestPayloads(t *testing.T) { sourcetest.Payloads(t, source(t)) }
func TestRubbish(t *testing.T)  { sourcetest.Rubbish(t, source(t)) }
func FuzzRead(f *testing.F)     { sourcetest.Fuzz(f, source(f)) }
