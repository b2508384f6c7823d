// Package prometheus takes alerts from Prometheus itself, as if this were an Alertmanager: the part of its API v2 that
// Prometheus calls; see docs/integrations/prometheus.md.
//
// Prometheus sends every alert that fires again each minute (or as --rules.alert.resend-delay says), with the moment in
// endsAt at which it is over unless it was sent again, and those that ended for a quarter of an hour
// (github.com/prometheus/prometheus, rules/alerting.go).
package prometheus
