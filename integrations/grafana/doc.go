// Package grafana takes alerts from Grafana's webhook contact points; see docs/integrations/grafana.md.
//
// Since version 8 the body is Alertmanager's and a few fields more
// (https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/);
// the alerting before that, which was there until version 10, sends one rule at a time.
package grafana
