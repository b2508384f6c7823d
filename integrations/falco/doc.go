// Package falco takes what Falco sends to its http_output, or falcosidekick to its webhook; see docs/integrations/falco.md.
//
// Both send the same JSON (https://falco.org/docs/concepts/outputs/formatting/ and
// https://github.com/falcosecurity/falcosidekick); falcosidekick adds a uuid and its own custom fields. Neither signs, and
// neither ever says that something is over.
package falco
