// Package alertmanager takes what Prometheus' Alertmanager sends to a webhook receiver; see docs/integrations/alertmanager.md.
//
// The body is version 4 of https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. Grafana sends the
// same with a few fields more, so [Read] is also its.
package alertmanager
