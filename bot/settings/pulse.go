package settings

import "fireboss/incidents/alerts"

// AlertHeartbeat is an alert that fires as long as all is well.
type AlertHeartbeat struct {
	Name     string               `yaml:"name,required" example:"watchdog" doc:"what it is called where it has stopped"`
	When     alerts.BeatCondition `yaml:"when,required" example:"'alert.labels.alertname == \"Watchdog\"'" doc:"which alerts are this heartbeat: an expression over alert; see docs/alerts.md"`
	Within   Duration             `yaml:"within" doc:"how long after one the next has to come; left out, twice the longest of its last pauses, and 5m at least"`
	Severity alerts.Severity      `yaml:"severity" enum:"critical,high,medium,low,info" doc:"of the alert that it has stopped; left out, critical"`
	Service  string               `yaml:"service" doc:"of that alert"`
	Expect   bool                 `yaml:"expect" doc:"true: it is missed also where it was never heard"`
}

// Check wants what is expected to have a time.
func (h AlertHeartbeat) Check(report func(key, sentence string)) {
	if h.Expect && h.Within == 0 {
		report("within", "is missing: where a heartbeat is expected before it was heard, its pace is not known. Write one like within: 5m")
	}
}

// AlertRates is when a source sends unusually many alerts, or none.
type AlertRates struct {
	On        bool    `yaml:"on" doc:"false: nobody is told"`
	Threshold float64 `yaml:"threshold" doc:"how many robust deviations from the median of its hours are too many"`
	Least     int     `yaml:"least" min:"1" max:"1000000" doc:"an hour of fewer alerts is never unusual"`
}

// Check wants a threshold that is one.
func (r AlertRates) Check(report func(key, sentence string)) {
	if r.On && (r.Threshold < 1 || r.Threshold > 1000) {
		report("threshold", "must be from 1 to 1000, such as 3.5")
	}
}

func defaultHeartbeats() []AlertHeartbeat {
	return []AlertHeartbeat{{Name: "watchdog", When: `alert.labels.alertname == "Watchdog"`, Severity: alerts.Critical}}
}

func defaultRates() AlertRates {
	return AlertRates{On: true, Threshold: alerts.UsualThreshold, Least: 20}
}
