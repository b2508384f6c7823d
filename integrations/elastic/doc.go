// Package elastic takes alerts of Elasticsearch and Kibana; see docs/integrations/elastic.md.
//
// Kibana's webhook connector and Watcher's webhook action send whatever the operator wrote
// (https://www.elastic.co/guide/en/kibana/current/webhook-action-type.html,
// https://www.elastic.co/guide/en/elasticsearch/reference/current/actions-webhook.html), so that the page has a template
// for each. The third sort are documents of .alerts-* as they lie in their index, with dotted names
// (https://www.elastic.co/guide/en/security/current/alert-schema.html): from a detection rule's connector, or from
// whatever forwards them.
package elastic
