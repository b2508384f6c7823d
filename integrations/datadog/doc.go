// Package datadog takes what Datadog's webhooks send of its monitors; see docs/integrations/datadog.md.
//
// The body is a template that the webhook's owner writes (https://docs.datadoghq.com/integrations/webhooks/): read are the one on our page, and
// the one that is there where nobody writes any, which has no more than a title to tell alerts apart by.
package datadog
