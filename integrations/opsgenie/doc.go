// Package opsgenie takes alerts of Opsgenie, and of Jira Service Management, which took over its alerts and their
// webhooks; see docs/integrations/opsgenie.md.
//
// https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/ has the bodies. They are not
// signed.
package opsgenie
