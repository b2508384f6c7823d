// Package webhook takes alerts from whatever sends JSON; see docs/integrations/webhook.md.
//
// What of a body is an alert and what of an alert is its title, its status and so on is said by expressions of package
// fireboss/incidents/alerts/condition; what none says is looked for under its usual names. A sender proves itself by a
// key, by a message authentication code over the body in a header of its choice (RFC 2104), or as Standard Webhooks has
// it (https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
package webhook
