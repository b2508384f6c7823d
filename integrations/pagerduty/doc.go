// Package pagerduty takes PagerDuty's incidents from its webhooks of version 3, and wakes people through its Events API v2;
// see docs/integrations/pagerduty.md.
//
// https://developer.pagerduty.com/docs/webhooks-overview has the events,
// https://developer.pagerduty.com/docs/verifying-webhook-signatures the signature,
// https://developer.pagerduty.com/docs/send-alert-event the events that wake people.
package pagerduty
