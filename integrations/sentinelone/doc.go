// Package sentinelone takes threats of SentinelOne, as its console or a forwarder sends them; see
// docs/integrations/sentinelone.md.
//
// Three of the console's objects are read, in its own writing or in lower case as some forwarders have them: a threat
// (threatInfo; GET /web/api/v2.1/threats), an activity (activityType; /activities), and an alert of a custom rule
// (alertInfo; /cloud-detection/alerts). SentinelOne's API documentation stands in each console, under Help.
package sentinelone
