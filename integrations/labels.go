package integrations

import (
	"encoding/hex"
	"hash/fnv"
	"maps"
	"slices"

	"fireboss/incidents/alerts"
)

// LabelsFingerprint is what Prometheus and Alertmanager call the fingerprint of a set of labels: FNV-1a over the sorted
// names and values, each followed by the byte 255 (github.com/prometheus/common, model/signature.go).
func LabelsFingerprint(labels map[string]string) string {
	h := fnv.New64a()
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		h.Write([]byte(name))
		h.Write([]byte{255})
		h.Write([]byte(labels[name]))
		h.Write([]byte{255})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// LabelledService is the service that the labels name, or nothing.
func LabelledService(labels map[string]string) string {
	for _, name := range alerts.ServiceLabels {
		if s := labels[name]; s != "" {
			return s
		}
	}
	return ""
}
