package settings

import (
	"fmt"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"fireboss/incidents/alerts"
)

// SilenceWindow is when some alerts are silenced, again and again.
type SilenceWindow struct {
	Name string           `yaml:"name,required" example:"backup window" doc:"what the alert's decision is explained by"`
	When alerts.Condition `yaml:"when,required" example:"'alert.service == \"reports\"'" doc:"which alerts: an expression as in rules"`
	Cron Cron             `yaml:"cron,required" example:"\"0 2 * * 0\"" doc:"when it begins, by the zone of clock.calendar: minute hour day month weekday"`
	For  Duration         `yaml:"for,required" example:"2h" doc:"how long it lasts"`
}

// Check wants a window that ends, and before it begins again.
func (w SilenceWindow) Check(report func(key, sentence string)) {
	if d := w.For.Std(); d < alerts.MinSilence || d > alerts.MaxSilence {
		report("for", "must be from 1m to 31d, such as 2h")
		return
	}
	if gap := w.Cron.shortest(); gap > 0 && gap <= w.For.Std() {
		report("for", fmt.Sprintf("the window begins again after %s, so one of %s would never end; make it shorter, or use a rule that ignores these alerts", Duration(gap), w.For))
	}
}

// looked is how many times of a cron are looked at.
const looked = 100

// shortest is the shortest time between two times of it; 0 where it comes but once.
func (c Cron) shortest() (gap time.Duration) {
	at := c.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
	for range looked {
		next := c.Next(at, time.UTC)
		if at.IsZero() || next.IsZero() {
			break
		}
		if d := next.Sub(at); gap == 0 || d < gap {
			gap = d
		}
		at = next
	}
	return gap
}

// slack is by how much clocks of a zone may be changed at once.
const slack = 26 * time.Hour

// Within is [inWindow] for the moments that come, such as those of alerts: it is asked for each of them, in the one
// transaction that writes. The cron is read once, and an answer holds for the rest of its minute, since windows begin at full
// minutes, or until the window is over.
func (w SilenceWindow) Within(zone *time.Location) func(time.Time) (until time.Time, in bool) {
	schedule, err := w.Cron.schedule()
	if w.Cron == "" || err != nil { // it was checked when it was read
		return func(time.Time) (time.Time, bool) { return time.Time{}, false }
	}
	var mu sync.Mutex
	var from, to, until time.Time // when the last answer holds
	var in bool
	return func(t time.Time) (time.Time, bool) {
		mu.Lock()
		defer mu.Unlock()
		if t.Before(from) || !t.Before(to) {
			until, in = inWindow(schedule, t, zone, w.For.Std())
			if from, to = t, t.Truncate(time.Minute).Add(time.Minute); in && until.Before(to) {
				to = until
			}
		}
		return until, in
	}
}

// inWindow says whether a moment lies so long after one of the times of a cron, and then until when. A time that clocks leave out when
// they go forward is as long after the one before as on any other day; of one that they show twice the first counts.
func inWindow(schedule cron.Schedule, t time.Time, zone *time.Location, length time.Duration) (until time.Time, in bool) {
	local := t.In(zone)
	shown := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), time.UTC)
	for wall := schedule.Next(shown.Add(-length - slack)); !wall.IsZero() && !wall.After(shown.Add(slack)); wall = schedule.Next(wall) {
		from := onThe(wall, zone)
		if end := from.Add(length); !t.Before(from) && t.Before(end) && end.After(until) {
			until, in = end, true
		}
	}
	return until, in
}

// onThe is the moment at which clocks of a zone show what a clock of UTC does then.
func onThe(wall time.Time, zone *time.Location) time.Time {
	var first time.Time
	for _, about := range []time.Time{wall.Add(-slack), wall.Add(slack)} {
		_, offset := about.In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second)
		if _, there := t.In(zone).Zone(); there == offset {
			return t
		}
		if first.IsZero() {
			first = t
		}
	}
	return first
}
