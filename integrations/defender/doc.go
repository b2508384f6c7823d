// Package defender takes alerts and incidents of Microsoft Defender XDR, as a flow or a forwarder sends them; see
// docs/integrations/defender.md.
//
// Defender itself sends no webhooks. What is read is how Microsoft's APIs write an alert: Graph's alert
// (https://learn.microsoft.com/en-us/graph/api/resources/security-alert), its incident with or without the alerts in it
// (https://learn.microsoft.com/en-us/graph/api/resources/security-incident), and the alert of Defender for Endpoint's own
// API (https://learn.microsoft.com/en-us/defender-endpoint/api/alerts); one, a list, or the whole answer of either.
package defender
