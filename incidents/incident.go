package incidents

import (
	"maps"
	"slices"
	"time"
)

// Incident is one incident as it stands now. Every field is explained by the
// events that changed it; see [Event].
type Incident struct {
	Number  Number `json:"number"`
	Version uint64 `json:"version"` // grows by one with each change of state
	Seq     uint64 `json:"-"`       // of the last event; kept by the store beside the state
	Head    string `json:"-"`       // hash of the last event; kept by the store beside the state

	Title    string   `json:"title"`
	Summary  string   `json:"summary,omitempty"`
	Severity Severity `json:"severity"`
	Status   Status   `json:"status"`
	EndedAs  EndedAs  `json:"ended_as,omitempty"`
	Type     string   `json:"type"`
	// MergedInto is where work on it goes on, exactly while it has ended as merged.
	MergedInto Number   `json:"merged_into,omitempty"`
	Merged     []Number `json:"merged,omitempty"` // those that were merged into it, each once
	// Backfilled says that it was over when it was recorded, and has not been
	// taken up again: nobody is reminded of it, and it is announced nowhere.
	Backfilled bool      `json:"backfilled,omitempty"`
	Private    bool      `json:"private,omitempty"`
	Drill      bool      `json:"drill,omitempty"`
	Storm      bool      `json:"storm,omitempty"` // it is what many alerts at once were folded into
	TLP        string    `json:"tlp"`
	Reopened   int       `json:"reopened,omitempty"`
	Services   []string  `json:"services,omitempty"`
	DeclaredBy Person    `json:"declared_by"`
	DeclaredAt time.Time `json:"declared_at"` // by our clock; [Times.Declared] can be set by hand, this cannot
	// Calls are the people and groups ("@oncall") whom the policy wants in the
	// channel; the mirrors find out who they are today.
	Calls      []string          `json:"calls,omitempty"`
	Roles      map[string]Person `json:"roles,omitempty"`
	Responders []Person          `json:"responders,omitempty"`
	Followers  []Follower        `json:"followers,omitempty"` // who is told directly of each update; see [Incident.Follows]
	// Left is when somebody ceased to be a responder, until they are one again.
	Left map[string]time.Time `json:"left,omitempty"`
	// Came is since when somebody is a responder; whoever declared it has none.
	Came  map[string]time.Time `json:"came,omitempty"`
	Asked map[string]string    `json:"asked,omitempty"` // who asked to be let in and was not yet, and whom they asked: ids
	// Denied is when somebody's request to be let in was denied; see [AskAccess].
	Denied map[string]time.Time `json:"denied,omitempty"`
	// WasPublic says of a private incident that it was public before: what was shown
	// of it then is to be taken back.
	WasPublic bool              `json:"was_public,omitempty"`
	Tasks     []Task            `json:"tasks,omitempty"`
	Followups []Task            `json:"followups,omitempty"`
	Links     []Link            `json:"links,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
	Alerts    Alerts            `json:"alerts,omitzero"`
	// Suggestion is how severe it may well be by the alert that it was declared for.
	Suggestion Suggestion   `json:"suggestion,omitzero"`
	Times      Times        `json:"times"`
	Handoff    *Handoff     `json:"handoff,omitempty"` // an offer nobody has answered yet
	Update     Update       `json:"update"`
	InCommand  time.Time    `json:"in_command,omitzero"` // since when the commander commands
	Deadlines  []Deadline   `json:"deadlines,omitempty"`
	Watch      Watch        `json:"watch"`
	Hold       Hold         `json:"hold,omitzero"`
	Clocks     []LegalClock `json:"clocks,omitempty"` // regulations that run, in the order in which they were started
	// Briefed are those who were told what a role is about: "role id", each once.
	Briefed []string `json:"briefed,omitempty"`
	Pages   []Page   `json:"pages,omitempty"` // who was to be woken
	// Swept is the seq up to which retention has removed messages, Emptied that
	// up to which it has removed everything.
	Swept   uint64 `json:"swept,omitempty"`
	Emptied uint64 `json:"emptied,omitempty"`
	// Postmortem is how far the account of it has come.
	Postmortem Postmortem `json:"postmortem,omitzero"`
}

// Link is an address that belongs to the incident.
type Link struct {
	URL  string `json:"url"`
	Name string `json:"name,omitempty"`
}

// Update is the last status update and when the next is promised.
type Update struct {
	Text string    `json:"text,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Next time.Time `json:"next,omitzero"` // promised with "next 30m"; zero: the policy decides
}

// Commander is who leads, if anybody does.
func (in Incident) Commander() (Person, bool) {
	p, ok := in.Roles[CommanderRole]
	return p, ok
}

// IsResponder reports whether this person is one of those who respond.
func (in Incident) IsResponder(id string) bool {
	return slices.ContainsFunc(in.Responders, func(p Person) bool { return p.ID == id })
}

// VisibleTo reports whether this actor may know that the incident exists. A
// public one is visible to everybody but guests. A private one is to those who
// are in it: they respond, which is to be in its channel or to have been let in,
// hold a role or are offered command; the program that declared it, for a program
// can be in no channel; and whoever may see all of them. Guests see of either sort
// only what they are in.
func (in Incident) VisibleTo(a Actor) bool {
	return visibleTo(a, in.Private, in.DeclaredBy.ID, in.has)
}

// visibleTo is the rule, of what it needs to know: whether the incident is private,
// who declared it, and who is in it.
func visibleTo(a Actor, private bool, declarer string, has func(id string) bool) bool {
	switch {
	case a.Kind == System || a.Admin || !private && !a.Standing.Outside:
		return true
	case a.ID == "":
		return false
	}
	return has(a.ID) || a.Kind == Integration && declarer == a.ID
}

// has reports whether somebody is in the incident.
func (in Incident) has(id string) bool {
	if in.IsResponder(id) || in.Handoff != nil && in.Handoff.To.ID == id {
		return true
	}
	for _, p := range in.Roles {
		if p.ID == id {
			return true
		}
	}
	return false
}

// Known are those of some events that had happened when the incident was read. What
// has happened since is left out: whoever could see the incident then may not be
// allowed to see what came after.
func (in Incident) Known(events []Event) []Event {
	return slices.DeleteFunc(events, func(e Event) bool { return e.Seq > in.Seq })
}

// clone copies everything that a decision may change.
func (in Incident) clone() Incident {
	in.Services = slices.Clone(in.Services)
	in.Calls = slices.Clone(in.Calls)
	in.Merged = slices.Clone(in.Merged)
	in.Briefed = slices.Clone(in.Briefed)
	in.Pages = slices.Clone(in.Pages)
	in.Responders = slices.Clone(in.Responders)
	in.Followers = slices.Clone(in.Followers)
	in.Tasks = slices.Clone(in.Tasks)
	in.Followups = slices.Clone(in.Followups)
	in.Links = slices.Clone(in.Links)
	in.Alerts.Rules = slices.Clone(in.Alerts.Rules)
	in.Alerts.Services = maps.Clone(in.Alerts.Services)
	in.Suggestion.Why = slices.Clone(in.Suggestion.Why)
	in.Deadlines = slices.Clone(in.Deadlines)
	in.Roles = cloneMap(in.Roles)
	in.Fields = cloneMap(in.Fields)
	in.Left = cloneMap(in.Left)
	in.Came = cloneMap(in.Came)
	in.Watch.Reminded = cloneMap(in.Watch.Reminded)
	in.Watch.Snoozed = cloneMap(in.Watch.Snoozed)
	in.Watch.Waits = cloneMap(in.Watch.Waits)
	in.Watch.Tallies = cloneMap(in.Watch.Tallies)
	in.Asked = cloneMap(in.Asked)
	in.Denied = cloneMap(in.Denied)
	in.Clocks = slices.Clone(in.Clocks)
	in.Postmortem.Reviewers = slices.Clone(in.Postmortem.Reviewers)
	for i, c := range in.Clocks {
		in.Clocks[i] = c.clone()
	}
	if in.Handoff != nil {
		h := *in.Handoff
		in.Handoff = &h
	}
	return in
}

func cloneMap[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m)+1)
	for k, v := range m {
		c[k] = v
	}
	return c
}
