// Package sentry takes what an internal integration of Sentry sends; see docs/integrations/sentry.md.
//
// The bodies are those of https://docs.sentry.io/organization/integrations/integration-platform/webhooks/: which sort one
// is says the header Sentry-Hook-Resource, Request-ID is its id, and Sentry-Hook-Signature the hexadecimal HMAC-SHA256 of
// the raw body under the integration's client secret. Sentry waits one second for an answer, and stops sending after a
// thousand timeouts in a day.
package sentry
