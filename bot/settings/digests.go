package settings

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Digests are what is said of all incidents together, at set times.
type Digests struct {
	Daily  Digest `yaml:"daily,flow" doc:"Which incidents are open."`
	Weekly Digest `yaml:"weekly,flow" doc:"How many there were in the last seven days, and how long they took, by severity."`
}

// Digest is when and where one is posted.
type Digest struct {
	Cron    Cron    `yaml:"cron" doc:"when, by the zone of clock.calendar: minute hour day month weekday, such as \"0 9 * * 1-5\"; empty is never"`
	Channel Channel `yaml:"channel" doc:"where; left out, slack.announce"`
}

// Insights are what the dashboard tells of all incidents together.
type Insights struct {
	ByPerson bool `yaml:"by_person" doc:"true: also how many hours each person was at work on incidents; in many places people have to be asked first"`
}

// Cron is when something comes again and again: minute, hour, day of the month, month, day of the week. Empty is never.
type Cron string

// UnmarshalText takes a specification that comes up at some time.
func (c *Cron) UnmarshalText(text []byte) error {
	*c = Cron(text)
	if *c == "" {
		return nil
	}
	schedule, err := c.schedule()
	if err != nil {
		return fmt.Errorf("%q is no time that comes again: %w; write one like \"0 9 * * 1-5\" (minute hour day month weekday)", text, err)
	}
	if schedule.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() { // the library looks five years ahead
		return fmt.Errorf("%q never comes; write one like \"0 9 * * 1-5\" (minute hour day month weekday)", text)
	}
	return nil
}

// schedule reads the specification. The library panics on some that are none.
func (c Cron) schedule() (s cron.Schedule, err error) {
	defer func() {
		if v := recover(); v != nil {
			s, err = nil, errors.New("it cannot be read")
		}
	}()
	// No descriptors (@daily, @every), no seconds and no TZ=: one form for all, in one zone.
	if len(c) > 100 || strings.Contains(string(c), "TZ=") {
		return nil, errors.New("it has at most 100 characters, and no zone stands in it")
	}
	return cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(string(c))
}

// Next is the first time after t, by the clocks of a zone; zero where it is never.
func (c Cron) Next(t time.Time, zone *time.Location) time.Time {
	if c == "" {
		return time.Time{}
	}
	schedule, err := c.schedule()
	if err != nil { // it was checked when it was read
		return time.Time{}
	}
	return schedule.Next(t.In(zone))
}
