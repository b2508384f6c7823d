// Package crowdstrike takes detections of CrowdStrike Falcon, as a workflow's webhook or a forwarder sends them; see
// docs/integrations/crowdstrike.md.
//
// Three writings of a detection are read: resources of the Alerts API (composite_id, severity_name), which is also how
// the page's template for a workflow is written; events of the Event Streams API and the Data Replicator (CompositeId,
// SeverityName), flat or with metadata and event apart; and their older form (DetectId, DetectName). See
// https://falcon.crowdstrike.com/documentation, Streaming API event dictionary. A workflow's webhook signs:
// X-CS-Primary-Signature is the base64 of the HMAC-SHA256 of the body followed by X-CS-Delivery-Timestamp.
package crowdstrike
