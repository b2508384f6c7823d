package web

import (
	"time"

	"fireboss/incidents"
)

// Incident is an incident in JSON. What can be unknown is null, or absent in
// Timestamps and DurationsSeconds; lists and maps are never null.
type Incident struct {
	ID               string            `json:"id"` // INC-12
	Number           uint64            `json:"number"`
	Title            string            `json:"title"`
	Summary          string            `json:"summary"`
	Severity         string            `json:"severity"` // sev1 to sev5, unset
	Status           string            `json:"status"`
	EndedAs          string            `json:"ended_as,omitempty"` // absent while open
	Type             string            `json:"type"`
	Private          bool              `json:"private"`
	TLP              string            `json:"tlp"`
	Drill            bool              `json:"drill"`
	Hold             bool              `json:"hold,omitempty"`        // a legal hold is on
	Reopened         int               `json:"reopened"`              // how often
	MergedInto       string            `json:"merged_into,omitempty"` // INC-12; absent unless it ended as merged
	Merged           []string          `json:"merged,omitempty"`      // those that were merged into it
	Backfilled       bool              `json:"backfilled,omitempty"`  // it was over when it was recorded
	Services         []string          `json:"services"`
	Channel          *Channel          `json:"channel"` // null until there is one
	DeclaredBy       Person            `json:"declared_by"`
	Roles            map[string]Person `json:"roles"` // by role: commander, …
	Responders       []Person          `json:"responders"`
	Followers        []Person          `json:"followers"` // who is told directly of each update
	Tasks            []Task            `json:"tasks"`
	Followups        []Task            `json:"followups"`
	Links            []Link            `json:"links"`
	Fields           map[string]string `json:"fields"`
	LastUpdate       *Update           `json:"last_update"`
	Deadlines        []Deadline        `json:"deadlines"`
	Postmortem       Postmortem        `json:"postmortem"`
	Timestamps       Timestamps        `json:"timestamps"`
	DurationsSeconds Durations         `json:"durations_seconds"`
}

// Channel is where people talk about an incident.
type Channel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Person is somebody, by an id such as slack:T…/U…, token:ops or system.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Task is an entry of tasks or followups.
type Task struct {
	Number   int     `json:"number"`
	Text     string  `json:"text"`
	State    string  `json:"state"` // open, done, dropped
	Assignee *Person `json:"assignee"`
	Due      *Time   `json:"due"`
	Priority string  `json:"priority,omitempty"` // of a follow-up: high; absent where it is normal
}

// Link is an address that belongs to an incident.
type Link struct {
	URL  string `json:"url"`
	Name string `json:"name"`
}

// Update is the last status update.
type Update struct {
	Text string `json:"text"`
	At   Time   `json:"at"`
	Next *Time  `json:"next"` // when the next was promised
}

// Deadline is what is due of somebody.
type Deadline struct {
	Rule  string `json:"rule"` // the key under clock, or a regulation and its stage: gdpr.notification
	Due   Time   `json:"due"`
	For   string `json:"for"`
	State string `json:"state"` // pending, at_risk, snoozed
	// Of a regulation: by which rule the date comes, and the moment it is counted from.
	Why  string `json:"why,omitempty"`
	From *Time  `json:"from,omitempty"`
}

// Postmortem is how far the account of an incident has come.
type Postmortem struct {
	State   string  `json:"state"` // none: nobody has begun one
	Owner   *Person `json:"owner"`
	Version int     `json:"version"`
}

// Timestamps are the moments that are known.
type Timestamps struct {
	ImpactStarted *Time `json:"impact_started,omitempty"`
	ImpactEnded   *Time `json:"impact_ended,omitempty"`
	Detected      *Time `json:"detected,omitempty"`
	Declared      *Time `json:"declared,omitempty"`
	Acknowledged  *Time `json:"acknowledged,omitempty"`
	Identified    *Time `json:"identified,omitempty"`
	Mitigated     *Time `json:"mitigated,omitempty"`
	Resolved      *Time `json:"resolved,omitempty"`
	Closed        *Time `json:"closed,omitempty"`
}

// Durations are the spans whose both ends are known, in seconds.
type Durations struct {
	Detect      *float64 `json:"detect,omitempty"`
	Acknowledge *float64 `json:"acknowledge,omitempty"`
	Mitigate    *float64 `json:"mitigate,omitempty"`
	Resolve     *float64 `json:"resolve,omitempty"`
	Basis       string   `json:"basis"` // where mitigate and resolve begin: impact_started or detected
}

// IncidentJSON is an incident as the contract has it. The channel's id is empty
// where there is none yet; now decides which targets are at risk.
func IncidentJSON(in incidents.Incident, channelID, channelName string, now time.Time) Incident {
	out := Incident{
		ID: in.Number.String(), Number: uint64(in.Number), Title: in.Title, Summary: in.Summary,
		Severity: in.Severity.String(), Status: string(in.Status), EndedAs: string(in.EndedAs), Type: in.Type,
		Private: in.Private, TLP: in.TLP, Drill: in.Drill, Hold: in.Hold.On(), Reopened: in.Reopened, Backfilled: in.Backfilled,
		Services: append([]string{}, in.Services...), DeclaredBy: Person(in.DeclaredBy),
		Roles: map[string]Person{}, Responders: []Person{}, Followers: []Person{}, Links: []Link{}, Fields: map[string]string{},
		Tasks: tasks(in.Tasks), Followups: tasks(in.Followups), Deadlines: deadlines(in, now),
		Postmortem: Postmortem{State: "none"}, Timestamps: timestamps(in.Times), DurationsSeconds: durations(in.Times),
	}
	if in.MergedInto != 0 {
		out.MergedInto = in.MergedInto.String()
	}
	for _, n := range in.Merged {
		out.Merged = append(out.Merged, n.String())
	}
	if channelID != "" {
		out.Channel = &Channel{ID: channelID, Name: channelName}
	}
	for role, p := range in.Roles {
		out.Roles[role] = Person(p)
	}
	for _, p := range in.Responders {
		out.Responders = append(out.Responders, Person(p))
	}
	for _, p := range in.Following() {
		out.Followers = append(out.Followers, Person(p))
	}
	for _, l := range in.Links {
		out.Links = append(out.Links, Link{URL: l.URL, Name: l.Name})
	}
	for name, value := range in.Fields {
		out.Fields[name] = value
	}
	if u := in.Update; u.Text != "" {
		out.LastUpdate = &Update{Text: u.Text, At: Time{u.At}, Next: moment(u.Next)}
	}
	return out
}

func tasks(list []incidents.Task) []Task {
	out := []Task{}
	for _, t := range list {
		row := Task{Number: t.Number, Text: t.Text, State: string(t.State), Due: moment(t.Due), Priority: string(t.Priority)}
		if t.Assignee != nil {
			p := Person(*t.Assignee)
			row.Assignee = &p
		}
		out = append(out, row)
	}
	return out
}

func deadlines(in incidents.Incident, now time.Time) []Deadline {
	out := []Deadline{}
	for _, d := range in.Shown() {
		row := Deadline{Rule: d.Rule, Due: Time{d.By()}, For: d.For, State: d.State(now)}
		if d.Legal() {
			row.Why, row.From = d.Why, moment(d.From)
		}
		out = append(out, row)
	}
	return out
}

func timestamps(t incidents.Times) Timestamps {
	return Timestamps{
		ImpactStarted: moment(t.ImpactStarted), ImpactEnded: moment(t.ImpactEnded), Detected: moment(t.Detected),
		Declared: moment(t.Declared), Acknowledged: moment(t.Acknowledged), Identified: moment(t.Identified),
		Mitigated: moment(t.Mitigated), Resolved: moment(t.Resolved), Closed: moment(t.Closed),
	}
}

func durations(t incidents.Times) Durations {
	d := t.Durations()
	return Durations{
		Detect: seconds(d.Detect), Acknowledge: seconds(d.Acknowledge),
		Mitigate: seconds(d.Mitigate), Resolve: seconds(d.Resolve), Basis: d.Basis,
	}
}
