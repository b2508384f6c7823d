// Package opsgenie takes alerts of Opsgenie, and of Jira Service Management, which took over its alerts and their
// webhooks, and wakes people through either; see docs/integrations/opsgenie.md.
//
// https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/ has the bodies. They are not
// signed. https://docs.opsgenie.com/docs/alert-api has the alerts that wake people.
package opsgenie
