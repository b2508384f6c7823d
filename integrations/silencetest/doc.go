// Package silencetest is an Alertmanager that keeps silences and does nothing else, for tests of whatever sets them.
package silencetest
