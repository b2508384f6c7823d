package web

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fireboss/incidents"
)

func TestIncidentJSON(t *testing.T) {
	at := func(minutes int) time.Time {
		return noon.Add(time.Duration(minutes) * time.Minute).In(time.FixedZone("elsewhere", 3600))
	}
	alice := incidents.Person{ID: "slack:T1/U1", Name: "alice"}
	in := incidents.Incident{
		Number: 12, Title: "checkout is down", Summary: "no cards", Severity: 1, Status: incidents.Resolved, EndedAs: incidents.EndedResolved,
		Type: "incident", TLP: "AMBER", Reopened: 2, Services: []string{"checkout"}, DeclaredBy: alice,
		Roles: map[string]incidents.Person{"commander": alice}, Responders: []incidents.Person{alice}, Followers: []incidents.Follower{{Person: incidents.Person{ID: "slack:T1/U2", Name: "bob"}}, {Person: incidents.Person{ID: "slack:T1/U3", Name: "a guest who left"}, Outside: true}},
		Tasks:     []incidents.Task{{Number: 1, Text: "look", State: incidents.TaskOpen, Assignee: &alice, Due: at(90)}},
		Followups: []incidents.Task{{Number: 1, Text: "mend", State: incidents.TaskGone, Priority: incidents.HighPriority}},
		Links:     []incidents.Link{{URL: "https://example.com", Name: "page"}}, Fields: map[string]string{"region": "eu"},
		Update: incidents.Update{Text: "better", At: at(30), Next: at(60)},
		Times: incidents.Times{
			ImpactStarted: at(-10), ImpactEnded: at(50), Detected: at(0), Declared: at(1), Acknowledged: at(2),
			Identified: at(20), Mitigated: at(40), Resolved: at(50), Closed: at(55),
		},
		Deadlines: []incidents.Deadline{{Rule: "close", Due: at(600), For: "commander", Snoozed: true}, {Rule: "resolve.at_risk", Due: at(90), For: "commander"}, {Rule: "resolve", Due: at(100), For: "commander", AtRisk: at(50)},
			{Rule: "gdpr.notification", Due: at(9000), Date: at(4320), From: at(0), AtRisk: at(3240), For: "commander", Title: "GDPR", Why: "72 hours from awareness"}},
	}
	got, err := json.MarshalIndent(IncidentJSON(in, "C1", "inc-12", at(55)), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "id": "INC-12",
  "number": 12,
  "title": "checkout is down",
  "summary": "no cards",
  "severity": "sev1",
  "status": "resolved",
  "ended_as": "resolved",
  "type": "incident",
  "private": false,
  "tlp": "AMBER",
  "drill": false,
  "reopened": 2,
  "services": [
    "checkout"
  ],
  "channel": {
    "id": "C1",
    "name": "inc-12"
  },
  "declared_by": {
    "id": "slack:T1/U1",
    "name": "alice"
  },
  "roles": {
    "commander": {
      "id": "slack:T1/U1",
      "name": "alice"
    }
  },
  "responders": [
    {
      "id": "slack:T1/U1",
      "name": "alice"
    }
  ],
  "followers": [
    {
      "id": "slack:T1/U2",
      "name": "bob"
    }
  ],
  "tasks": [
    {
      "number": 1,
      "text": "look",
      "state": "open",
      "assignee": {
        "id": "slack:T1/U1",
        "name": "alice"
      },
      "due": "2026-11-20T13:30:00.000Z"
    }
  ],
  "followups": [
    {
      "number": 1,
      "text": "mend",
      "state": "dropped",
      "assignee": null,
      "due": null,
      "priority": "high"
    }
  ],
  "links": [
    {
      "url": "https://example.com",
      "name": "page"
    }
  ],
  "fields": {
    "region": "eu"
  },
  "last_update": {
    "text": "better",
    "at": "2026-11-20T12:30:00.000Z",
    "next": "2026-11-20T13:00:00.000Z"
  },
  "deadlines": [
    {
      "rule": "resolve",
      "due": "2026-11-20T13:40:00.000Z",
      "for": "commander",
      "state": "at_risk"
    },
    {
      "rule": "close",
      "due": "2026-11-20T22:00:00.000Z",
      "for": "commander",
      "state": "snoozed"
    },
    {
      "rule": "gdpr.notification",
      "due": "2026-11-23T12:00:00.000Z",
      "for": "commander",
      "state": "pending",
      "why": "72 hours from awareness",
      "from": "2026-11-20T12:00:00.000Z"
    }
  ],
  "postmortem": {
    "state": "none",
    "owner": null,
    "version": 0
  },
  "timestamps": {
    "impact_started": "2026-11-20T11:50:00.000Z",
    "impact_ended": "2026-11-20T12:50:00.000Z",
    "detected": "2026-11-20T12:00:00.000Z",
    "declared": "2026-11-20T12:01:00.000Z",
    "acknowledged": "2026-11-20T12:02:00.000Z",
    "identified": "2026-11-20T12:20:00.000Z",
    "mitigated": "2026-11-20T12:40:00.000Z",
    "resolved": "2026-11-20T12:50:00.000Z",
    "closed": "2026-11-20T12:55:00.000Z"
  },
  "durations_seconds": {
    "detect": 600,
    "acknowledge": 120,
    "mitigate": 3000,
    "resolve": 3600,
    "basis": "impact_started"
  }
}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What is written can be read back by a client of the API.
func TestTimesComeBack(t *testing.T) {
	var back Incident
	in := IncidentJSON(incidents.Incident{Number: 1, Times: incidents.Times{Declared: noon.Add(1234 * time.Millisecond)}}, "", "", noon)
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &back); err != nil || !back.Timestamps.Declared.Equal(noon.Add(1234*time.Millisecond)) || back.Timestamps.Closed != nil {
		t.Errorf("%s came back as %+v, %v", raw, back.Timestamps, err)
	}
}

func TestRedactedEventJSON(t *testing.T) {
	e := incidents.Event{Incident: 3, Kind: incidents.NoteAdded, At: noon, RecordedAt: noon, Actor: incidents.Fireboss, Text: "secret", Data: json.RawMessage(`{"a":1}`)}
	e = e.Chain(7, "", make([]byte, 2*incidents.SaltSize))
	raw, err := json.Marshal(EventJSON(e.Redact()))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"seq":7,"id":"INC-3:7","kind":"note_added","at":"2026-11-20T12:00:00.000Z","recorded_at":"2026-11-20T12:00:00.000Z",` +
		`"actor":{"kind":"system","id":"system","name":"Fireboss"},"text":"","data":{},"redacted":true,"hash":"` + e.Hash + `","prev_hash":""}`
	if string(raw) != want {
		t.Errorf("%s\nwant %s", raw, want)
	}
}
