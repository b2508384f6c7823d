// Package thehive takes what TheHive's webhook notifier sends of alerts and cases; see docs/integrations/thehive.md.
//
// The body is an audit: of TheHive 5, which says action and objectType "Alert", or of TheHive 3 and 4, or version 0 of
// 5's, which say operation and "alert"; see https://docs.strangebee.com/thehive/, Notifications, Webhook. One call of its
// API makes several audits with one requestId. It signs nothing.
package thehive
