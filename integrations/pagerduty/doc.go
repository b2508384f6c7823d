// Package pagerduty takes PagerDuty's incidents from its webhooks of version 3; see docs/integrations/pagerduty.md.
//
// https://developer.pagerduty.com/docs/webhooks-overview has the events,
// https://developer.pagerduty.com/docs/verifying-webhook-signatures the signature.
package pagerduty
