// Package splunk takes what Splunk's webhook alert action sends; see docs/integrations/splunk.md.
//
// The body is that of https://docs.splunk.com/Documentation/Splunk/latest/Alert/Webhooks: the search, its run (sid), and
// the first row of what it found, or one row a delivery where the alert triggers for each result. Splunk signs nothing,
// sends nothing again, and never says that something is over.
package splunk
