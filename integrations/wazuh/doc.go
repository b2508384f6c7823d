// Package wazuh takes alerts of Wazuh, as an integration of its manager sends them; see docs/integrations/wazuh.md.
//
// The body is an alert as in alerts.json (https://documentation.wazuh.com/current/user-manual/manager/alert-management.html),
// or what Wazuh's own integration "shuffle" wraps around one, which has the alert in all_fields. It signs nothing, and
// never says that something is over.
package wazuh
