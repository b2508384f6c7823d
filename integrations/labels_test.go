package integrations

import "testing"

// As Alertmanager 0.25 computed it (testdata of package alertmanager), and of nothing.
func TestLabelsFingerprintIsPrometheus(t *testing.T) {
	for _, c := range []struct {
		labels map[string]string
		want   string
	}{
		{nil, "cbf29ce484222325"}, // the offset basis of FNV-1a
		{map[string]string{"alertname": "TargetDown", "cluster": "prod-eu", "instance": "127.0.0.1:19998", "job": "web", "replica": "0", "service": "checkout", "severity": "critical", "team": "sre"}, "40b20eba2e938d00"},
	} {
		if got := LabelsFingerprint(c.labels); got != c.want {
			t.Errorf("%v has %s, not %s", c.labels, got, c.want)
		}
	}
}
