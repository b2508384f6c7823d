package incidents

import "time"

// Clock is when things are due. A severity that is not in a map has no such
// deadline, and so has a duration of 0.
type Clock struct {
	Office         Calendar
	Gap            time.Duration              // a channel gets at most one reminder in this time
	FirstHour      int                        // and at most so many in its first hour; 0: any number
	Acknowledge    Nag                        // from the declaration
	Commander      Nag                        // from the declaration or since nobody commands any more
	Severity       Nag                        // from the declaration, while the severity is unset; under [Unset]
	Update         map[Severity]time.Duration // from the last update or else the declaration
	UpdateBefore   time.Duration              // so long before that the commander alone gets a word
	Mitigate       map[Severity]time.Duration // a target
	Resolve        map[Severity]time.Duration // a target
	MitigateAtRisk float64                    // share of the time after which a target is at risk, 0 to 1
	ResolveAtRisk  float64
	Command        map[Severity]time.Duration // so long in command: time to hand over
	Stale          map[Severity]time.Duration // from the last thing that people did
	Close          Nag                        // from resolved, whatever the severity; under [Unset]
	Postmortem     map[Severity]int           // business days from resolved until its draft is in review
	FollowupHigh   time.Duration              // how long follow-ups of high priority may take; 0: they have no date of their own
	FollowupNormal time.Duration              // and all others
}

// Nag is a reminder that is repeated until its matter is settled.
type Nag struct {
	After map[Severity]time.Duration // the first one
	Every time.Duration              // the next after each; 0: there is no next
	Times int                        // in all
}

// DefaultClock is what holds where the configuration says nothing.
func DefaultClock() Clock {
	const day = 24 * time.Hour
	var office []OfficeHours
	for d := time.Monday; d <= time.Friday; d++ {
		office = append(office, OfficeHours{d, 9 * 60, 17 * 60})
	}
	return Clock{
		Office:      Calendar{Hours: office},
		Gap:         5 * time.Minute,
		FirstHour:   6,
		Acknowledge: Nag{map[Severity]time.Duration{1: 5 * time.Minute, 2: 5 * time.Minute, 3: 15 * time.Minute}, 10 * time.Minute, 3},
		Commander:   Nag{map[Severity]time.Duration{1: 3 * time.Minute, 2: 5 * time.Minute}, 10 * time.Minute, 3},
		Severity:    Nag{map[Severity]time.Duration{Unset: 10 * time.Minute}, 15 * time.Minute, 2},
		Update:      map[Severity]time.Duration{1: 30 * time.Minute, 2: time.Hour, 3: 4 * time.Hour}, UpdateBefore: 5 * time.Minute,
		Mitigate:       map[Severity]time.Duration{1: time.Hour, 2: 4 * time.Hour},
		Resolve:        map[Severity]time.Duration{1: 4 * time.Hour, 2: day},
		MitigateAtRisk: 0.8, ResolveAtRisk: 0.8,
		Command:      map[Severity]time.Duration{1: 4 * time.Hour, 2: 8 * time.Hour},
		Stale:        map[Severity]time.Duration{1: day, 2: day, 3: 3 * day, 4: 14 * day, 5: 14 * day},
		Close:        Nag{map[Severity]time.Duration{Unset: day}, 3 * day, 3},
		Postmortem:   map[Severity]int{1: 3, 2: 5},
		FollowupHigh: 7 * day, FollowupNormal: 30 * day,
	}
}
