package slack

import (
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/bot/slacksim"
	"fireboss/incidents"
	"fireboss/incidents/store"
)

// What may have been missed is looked for where people still write: in what is open
// or resolved, and for a day in what is over.
func TestWhichChannelsAreLookedAt(t *testing.T) {
	for name, tt := range map[string]struct {
		end  incidents.Act
		ago  time.Duration
		lost string
		want int
	}{
		"open":                {nil, 48 * time.Hour, "", 1},
		"resolved long ago":   {incidents.Resolve{}, 48 * time.Hour, "", 1},
		"just closed":         {incidents.Close{}, 23 * time.Hour, "", 1},
		"closed long ago":     {incidents.Close{}, 25 * time.Hour, "", 0},
		"just canceled":       {incidents.Cancel{}, 23 * time.Hour, "", 1},
		"canceled long ago":   {incidents.Cancel{}, 25 * time.Hour, "", 0},
		"its channel is lost": {nil, time.Hour, "is_archived", 0},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "slow"}, ch)
				if tt.end != nil {
					w.says(in.Number, "end", tt.end)
				}
				if tt.lost != "" {
					if err := w.db.PutRecord(w.Context(), store.Record{Mirror: Door, Incident: in.Number, Place: ch, IDs: map[string]string{idLost: tt.lost}}); err != nil {
						t.Fatal(err)
					}
				}
				elapse(tt.ago)
				w.intake.start()
				before := w.calls()
				if err := NewGaps(w.intake).once(w.Context(), false); err != nil {
					t.Error(err)
				}
				if got := w.newCalls(before)["conversations.history"]; got != tt.want {
					t.Errorf("it is read %d times", got)
				}
				w.intake.Close(w.Context())
			})
		})
	}
}

// What is not there any more was deleted, if it stood in this channel and Slack says
// that it is not there.
func TestWhatALookTakesForDeleted(t *testing.T) {
	for name, tt := range map[string]struct {
		channel string // another one; empty: this
		task    bool   // it was made a task, and not recorded
		redact  bool
		fault   string // of looking at one message
		want    int
	}{
		"a message":                    {"", false, false, "", 1},
		"of the channel it had before": {"C0BEFORE1", false, false, "", 0},
		"that was removed":             {"", false, true, "", 0},
		"what a task was made of":      {"", true, false, "", 1},
		"…and cannot be looked at":     {"", true, false, "internal_error", 0},
		"…nor by anybody":              {"", true, false, "missing_scope", 0},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				ch := w.channel("incidents").ID
				in := w.opened(incidents.Open{Title: "slow"}, ch)
				w.do("message", map[string]any{"user": "@alice", "channel": ch, "text": "before"})
				elapse(time.Second)
				where := ch
				if tt.channel != "" {
					where = tt.channel
				}
				id := place(where, formatTS(time.Now()))
				if tt.task {
					w.says(in.Number, "said", incidents.TaskFrom{List: incidents.Tasks, ID: id, Text: "look", At: time.Now()})
				} else {
					w.says(in.Number, "said", incidents.RecordMessage{ID: id, Text: "look", At: time.Now()})
				}
				if tt.redact {
					w.says(in.Number, "redact", incidents.Redact{Seq: 2})
				}
				elapse(time.Second)
				w.do("message", map[string]any{"user": "@alice", "channel": ch, "text": "after"})
				if tt.fault != "" {
					w.fault("conversations.replies", "error", 1000, "error", tt.fault)
				}
				w.intake.start()
				_ = NewGaps(w.intake).look(w.Context(), in.Number, true) // what fails is looked at again
				got := 0
				for _, k := range w.kinds(in.Number) {
					if k == string(incidents.MessageDeleted) {
						got++
					}
				}
				if got != tt.want {
					t.Errorf("%d are taken for deleted: %v", got, w.kinds(in.Number))
				}
				w.intake.Close(w.Context())
			})
		})
	}
}

func TestWhoRests(t *testing.T) {
	now := time.Unix(1000, 0)
	for name, tt := range map[string]struct {
		s    slackgo.DNDStatus
		want bool
	}{
		"nobody":                  {slackgo.DNDStatus{}, false},
		"within the hours":        {slackgo.DNDStatus{Enabled: true, NextStartTimestamp: 1000, NextEndTimestamp: 1001}, true},
		"before them":             {slackgo.DNDStatus{Enabled: true, NextStartTimestamp: 1001, NextEndTimestamp: 2000}, false},
		"after them":              {slackgo.DNDStatus{Enabled: true, NextStartTimestamp: 10, NextEndTimestamp: 1000}, false},
		"where they are not used": {slackgo.DNDStatus{NextStartTimestamp: 10, NextEndTimestamp: 2000}, false},
		"who snoozed":             {slackgo.DNDStatus{SnoozeInfo: slackgo.SnoozeInfo{SnoozeEnabled: true, SnoozeEndTime: 1001}}, true},
		"who snoozed until now":   {slackgo.DNDStatus{SnoozeInfo: slackgo.SnoozeInfo{SnoozeEnabled: true, SnoozeEndTime: 1000}}, false},
		"who does not any more":   {slackgo.DNDStatus{SnoozeInfo: slackgo.SnoozeInfo{SnoozeEndTime: 1001}}, false},
	} {
		if got := rests(tt.s, now); got != tt.want {
			t.Errorf("%s rests: %v", name, got)
		}
	}
}
