package incidents

import (
	"encoding/json"
	"fmt"
	"time"
)

// Kind is what sort of fact an event states.
type Kind string

// The kinds of events.
const (
	Declared            Kind = "declared"
	Renamed             Kind = "renamed"
	SummaryChanged      Kind = "summary_changed"
	SeverityChanged     Kind = "severity_changed"
	StatusChanged       Kind = "status_changed"
	TypeChanged         Kind = "type_changed"
	FieldChanged        Kind = "field_changed"
	VisibilityChanged   Kind = "visibility_changed"
	RoleAssigned        Kind = "role_assigned"
	RoleCleared         Kind = "role_cleared"
	ResponderJoined     Kind = "responder_joined"
	ResponderLeft       Kind = "responder_left"
	Acknowledged        Kind = "acknowledged"
	UpdatePosted        Kind = "update_posted"
	NoteAdded           Kind = "note_added"
	DecisionMade        Kind = "decision_made"
	TimeChanged         Kind = "time_changed"
	ServiceAdded        Kind = "service_added"
	ServiceRemoved      Kind = "service_removed"
	MessagePosted       Kind = "message_posted"
	MessageEdited       Kind = "message_edited"
	MessageDeleted      Kind = "message_deleted"
	TaskAdded           Kind = "task_added"
	TaskAssigned        Kind = "task_assigned"
	TaskDone            Kind = "task_done"
	TaskReopened        Kind = "task_reopened"
	TaskDropped         Kind = "task_dropped"
	FollowupAdded       Kind = "followup_added"
	FollowupAssigned    Kind = "followup_assigned"
	FollowupDone        Kind = "followup_done"
	FollowupReopened    Kind = "followup_reopened"
	FollowupDropped     Kind = "followup_dropped"
	ImpactChanged       Kind = "impact_changed"
	ReminderSent        Kind = "reminder_sent"
	ReminderSnoozed     Kind = "reminder_snoozed"
	HandoffOffered      Kind = "handoff_offered"
	HandoffAccepted     Kind = "handoff_accepted"
	LinkAdded           Kind = "link_added"
	AlertAttached       Kind = "alert_attached"
	AlertDetached       Kind = "alert_detached"
	AlertResolved       Kind = "alert_resolved"
	AlertRefired        Kind = "alert_refired"
	Merged              Kind = "merged"
	PostmortemPublished Kind = "postmortem_published"
	MessageMarked       Kind = "message_marked"
	MessageUnmarked     Kind = "message_unmarked"
	HoldChanged         Kind = "hold_changed"
	// What became of the postmortem: its text was written by the record or by
	// somebody, it was given to an owner, somebody was asked to review it or is not
	// any more, and somebody has approved it.
	PostmortemDrafted  Kind = "postmortem_drafted"
	PostmortemEdited   Kind = "postmortem_edited"
	PostmortemAssigned Kind = "postmortem_assigned"
	PostmortemReviewed Kind = "postmortem_reviewed"
	PostmortemApproved Kind = "postmortem_approved"
	// Redacted says that the text of other events was removed: which, by whom or
	// by which rule.
	Redacted       Kind = "redacted"
	ClockStarted   Kind = "clock_started"
	ClockMarked    Kind = "clock_marked"
	ClockSubmitted Kind = "clock_submitted"
	ClockStopped   Kind = "clock_stopped"
	// AccessRequested says that somebody outside asked to be let in.
	AccessRequested Kind = "access_requested"
	// AccessGranted and AccessDenied say how that was answered, and by whom.
	AccessGranted Kind = "access_granted"
	AccessDenied  Kind = "access_denied"
	TLPChanged    Kind = "tlp_changed"
	// HandoffDeclined says that somebody does not take the command that they were offered.
	HandoffDeclined Kind = "handoff_declined"
	// FollowerAdded and FollowerRemoved say who is told directly of updates, and who is no more.
	FollowerAdded   Kind = "follower_added"
	FollowerRemoved Kind = "follower_removed"
	// Unmerged says that what was merged into this incident was opened again.
	Unmerged Kind = "unmerged"
	// PageRequested says that somebody wants somebody woken; Paged what became of it, and of a page later.
	PageRequested Kind = "page_requested"
	Paged         Kind = "paged"
	// AlertsLeft says why an incident whose alerts are over is not resolved by itself.
	AlertsLeft Kind = "alerts_left"
	// SeveritySuggested says how severe an incident may well be, and why.
	SeveritySuggested Kind = "severity_suggested"
)

// posted are the kinds of which the incident's channel shows one message each.
var posted = map[Kind]bool{
	SeverityChanged: true, StatusChanged: true, RoleAssigned: true, RoleCleared: true, Acknowledged: true,
	UpdatePosted: true, NoteAdded: true, DecisionMade: true, TaskAdded: true, TaskDone: true, HandoffAccepted: true,
	ImpactChanged: true, VisibilityChanged: true, Merged: true, PostmortemPublished: true,
}

// Event is one fact about one incident. Events are the timeline and the audit
// trail at once; they are never edited, only their text and data can be taken
// away, and then it shows that they were.
type Event struct {
	Incident   Number          `json:"incident"`
	Seq        uint64          `json:"seq"` // 1, 2, 3 … within the incident, without gaps
	Kind       Kind            `json:"kind"`
	At         time.Time       `json:"at"`          // when it happened
	RecordedAt time.Time       `json:"recorded_at"` // when it was written down
	Actor      Actor           `json:"actor"`
	Text       string          `json:"text,omitempty"` // one readable line
	Data       json.RawMessage `json:"data,omitempty"` // an object
	Redacted   bool            `json:"redacted,omitempty"`
	// Origin is the mirror where it was said ("slack"), so that it is not
	// echoed there. Empty: nowhere.
	Origin  string `json:"origin,omitempty"`
	Command string `json:"command,omitempty"` // id of the command it came from

	// The chain; see [Event.Chain].
	TextSalt []byte `json:"text_salt,omitempty"`
	DataSalt []byte `json:"data_salt,omitempty"`
	TextHash []byte `json:"text_hash"`
	DataHash []byte `json:"data_hash"`
	PrevHash string `json:"prev_hash"` // lower-case hex, empty for the first
	Hash     string `json:"hash"`      // lower-case hex
}

// ID names the event among all events.
func (e Event) ID() string { return fmt.Sprintf("%s:%d", e.Incident, e.Seq) }

// Posted reports whether the channel shows a message of its own for this event.
func (e Event) Posted() bool {
	return posted[e.Kind] || e.Kind == ReminderSent && e.Field("to") == "channel"
}

// Field is the text of one field of Data, empty where there is none or the
// data was redacted.
func (e Event) Field(name string) string {
	var m map[string]any
	if json.Unmarshal(e.Data, &m) != nil {
		return ""
	}
	switch v := m[name].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}
