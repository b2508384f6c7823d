// Package github takes what GitHub's webhooks say of workflows, of security alerts and of deployments; see docs/integrations/github.md.
//
// With a token it looks at the webhooks themselves, and has GitHub send again what it could not deliver, which it never does by
// itself; that a delivery that arrives twice counts once is the door's matter.
//
// https://docs.github.com/en/webhooks/webhook-events-and-payloads has the events,
// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries the signature.
package github
