// Package pagertest is what wakes people, for tests: PagerDuty's Events API v2 and Opsgenie's alert API over real HTTP, as
// strict as their documentation, well or badly. It counts how often somebody was woken.
package pagertest
