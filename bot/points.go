package bot

import (
	"slices"

	"fireboss/bot/slack"
	"fireboss/incidents/store/bolt"
)

// Points of starting and stopping, and of what we do by ourselves.
const (
	pointOpened     = "start: the store is open"
	pointKnown      = "start: Slack said who we are"
	pointMirroring  = "start: the mirror is at work"
	pointTakenUp    = "start: what was left is taken up"
	pointStarted    = "start: done"
	pointStopping   = "stop: nothing more is taken"
	pointTaken      = "stop: what was taken is worked"
	pointSettled    = "stop: the mirror rests"
	pointClosed     = "stop: the store is closed"
	pointDrafting   = "a postmortem is to be drafted"
	pointDrafted    = "a postmortem is drafted"
	pointPaging     = "somebody is to be woken"
	pointPaged      = "somebody is woken"
	pointHookKept   = "an alert's delivery is kept"
	pointHookHeard  = "an alert's delivery is decided about"
	pointSilencing  = "a silence is to be set outside"
	pointSilenced   = "a silence is set outside"
	pointUnsilenced = "a silence is ended outside"
	// pointAlertShown comes before it is written down that people were told of it.
	pointAlertShown = "people are told of an alert"
	pointBeat       = "a heartbeat is written down"
	pointPulse      = "a heartbeat is missed, or is back"
)

// points are all places at which the process may be ended in a test.
func points() []string {
	return slices.Concat([]string{
		pointOpened, pointKnown, pointMirroring, pointTakenUp, pointStarted, pointStopping, pointTaken, pointSettled, pointClosed,
		pointDrafting, pointDrafted, pointHookKept, pointHookHeard, pointAlertShown, pointPaging, pointPaged, pointSilencing, pointSilenced, pointUnsilenced, pointBeat, pointPulse,
	}, slack.Points(), bolt.Points)
}

// crash is called at each of them. It does nothing but in a test.
var crash = func(point string) {}
