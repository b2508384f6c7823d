package settings

// Clock is who is reminded of what, and when. In every rule a time of 0 means: not.
type Clock struct {
	Calendar    Calendar       `yaml:"calendar,flow" doc:"Office hours; sev3 to sev5 and what is not urgent wait for them."`
	Limits      Limits         `yaml:"limits,flow" doc:"How much of it a channel has to bear. What is due together is one message."`
	Acknowledge Nag            `yaml:"acknowledge,flow,off" doc:"Nobody has acknowledged the incident."`
	Commander   Nag            `yaml:"commander,flow,off" doc:"The incident has no commander."`
	Severity    SeverityNag    `yaml:"severity,flow,off" doc:"Nobody has set its severity."`
	Update      UpdateRule     `yaml:"update,flow,off" doc:"A status update is due; /incident update … next 20m sets the next one itself."`
	Mitigate    Target         `yaml:"mitigate,flow,off" doc:"A target: from impact or detection to mitigated. It goes to the commander and on the card, not to the channel."`
	Resolve     Target         `yaml:"resolve,flow,off" doc:"A target like mitigate, to resolved."`
	Command     SeverityTimes  `yaml:"command,flow,off" doc:"Somebody has been in command for so long that it is time to hand over."`
	Stale       SeverityTimes  `yaml:"stale,flow,off" doc:"Nothing has happened in it for a long time."`
	Close       CloseNag       `yaml:"close,flow,off" doc:"It is resolved and nobody has closed it; in office hours."`
	Postmortem  PostmortemRule `yaml:"postmortem,flow,off" doc:"The postmortem's draft is to be in review, in business days after resolving."`
	Followup    FollowupRule   `yaml:"followup,flow,off" doc:"Follow-ups that are not done; one direct message a person and day."`
}

// BySeverity has a value for each severity; zero where nothing is to happen.
type BySeverity[T any] struct {
	Sev1 T `yaml:"sev1"`
	Sev2 T `yaml:"sev2"`
	Sev3 T `yaml:"sev3"`
	Sev4 T `yaml:"sev4"`
	Sev5 T `yaml:"sev5"`
}

// For is the value for a severity by its name; zero for unset and for names that are none.
func (b BySeverity[T]) For(severity string) T {
	for i, v := range [...]T{b.Sev1, b.Sev2, b.Sev3, b.Sev4, b.Sev5} {
		if severities[i] == severity {
			return v
		}
	}
	var none T
	return none
}

// Limits bound what a channel gets in reminders.
type Limits struct {
	Gap       Duration `yaml:"gap" doc:"at most one reminder in this time"`
	FirstHour int      `yaml:"first_hour" min:"0" doc:"at most this many in its first hour"`
}

// Nag is a reminder that repeats until its matter is settled.
type Nag struct {
	BySeverity[Duration] `yaml:",inline" doc:"after how long, by severity; 0 is never"`

	Every Duration `yaml:"every" doc:"how long after a reminder comes the next; 0 is no next"`
	Times int      `yaml:"times" min:"0" doc:"how many in all"`
}

// SeverityNag is the reminder to set a severity.
type SeverityNag struct {
	Unset Duration `yaml:"unset" doc:"after how long; 0 is never"`
	Every Duration `yaml:"every" doc:"how long after a reminder comes the next; 0 is no next"`
	Times int      `yaml:"times" min:"0" doc:"how many in all"`
}

// CloseNag is the reminder to close what is resolved.
type CloseNag struct {
	Resolved Duration `yaml:"resolved" doc:"how long after it was resolved; 0 is never"`
	Every    Duration `yaml:"every" doc:"how long after a reminder comes the next; 0 is no next"`
	Times    int      `yaml:"times" min:"0" doc:"how many in all"`
}

// UpdateRule is how often an incident needs a status update.
type UpdateRule struct {
	BySeverity[Duration] `yaml:",inline" doc:"how long after the last one, by severity; 0 is never"`

	Before Duration `yaml:"before" doc:"how long before that the responsible person alone gets a word"`
}

// Target is the time that something should take.
type Target struct {
	BySeverity[Duration] `yaml:",inline" doc:"the target, by severity; 0 is none"`

	AtRisk float64 `yaml:"at_risk" doc:"at risk when this share of it has passed; above 0, at most 1"`
}

// Check wants a share, unless the rule is off.
func (t Target) Check(report func(key, sentence string)) {
	off := t == Target{}
	if !off && (t.AtRisk <= 0 || t.AtRisk > 1) {
		report("at_risk", "must be above 0 and at most 1, such as 0.8")
	}
}

// SeverityTimes is a time for each severity.
type SeverityTimes struct {
	BySeverity[Duration] `yaml:",inline" doc:"how long, by severity; 0 is never"`
}

// PostmortemRule is how soon a postmortem has to be there.
type PostmortemRule struct {
	BySeverity[BusinessDays] `yaml:",inline" doc:"how many, by severity; 0 is none"`
}

// FollowupRule is how soon follow-ups have to be done, by their priority.
type FollowupRule struct {
	High   Duration `yaml:"high" doc:"how long those of high priority may take"`
	Normal Duration `yaml:"normal" doc:"how long all others may take"`
}

const (
	minute = Duration(60e9)
	hour   = 60 * minute
	days   = Duration(day)
)

func defaultClock() Clock {
	return Clock{
		Calendar:    Calendar{Hours: everyWorkday(9*60, 17*60)},
		Limits:      Limits{Gap: 5 * minute, FirstHour: 6},
		Acknowledge: Nag{BySeverity[Duration]{Sev1: 5 * minute, Sev2: 5 * minute, Sev3: 15 * minute}, 10 * minute, 3},
		Commander:   Nag{BySeverity[Duration]{Sev1: 3 * minute, Sev2: 5 * minute}, 10 * minute, 3},
		Severity:    SeverityNag{10 * minute, 15 * minute, 2},
		Update:      UpdateRule{BySeverity[Duration]{Sev1: 30 * minute, Sev2: hour, Sev3: 4 * hour}, 5 * minute},
		Mitigate:    Target{BySeverity[Duration]{Sev1: hour, Sev2: 4 * hour}, 0.8},
		Resolve:     Target{BySeverity[Duration]{Sev1: 4 * hour, Sev2: 24 * hour}, 0.8},
		Command:     SeverityTimes{BySeverity[Duration]{Sev1: 4 * hour, Sev2: 8 * hour}},
		Stale:       SeverityTimes{BySeverity[Duration]{24 * hour, 24 * hour, 3 * days, 14 * days, 14 * days}},
		Close:       CloseNag{24 * hour, 3 * days, 3},
		Postmortem:  PostmortemRule{BySeverity[BusinessDays]{Sev1: 3, Sev2: 5}},
		Followup:    FollowupRule{7 * days, 30 * days},
	}
}
