// Package github takes what GitHub's webhooks say of workflows, of security alerts and of deployments; see docs/integrations/github.md.
//
// https://docs.github.com/en/webhooks/webhook-events-and-payloads has the events,
// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries the signature.
package github
