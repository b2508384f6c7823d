package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/commands"
	"fireboss/incidents/alerts"
)

// AlertBoard shows alerts in channels in which people decide about them.
type AlertBoard struct {
	Client    *Client
	Directory *Directory
	StoreID   string // marks what this store posted
}

// Show shows an alert as it is: in the message that is there, or in a new one in a channel. Where one was tried before and
// it is not known whether it came, it is looked for first.
func (b AlertBoard) Show(ctx context.Context, channel string, a alerts.Alert, place, ts string, tried bool) (newPlace, newTS string, err error) {
	m := alertMessage(a)
	if ts == "" && tried {
		if place, ts, err = b.find(ctx, channel, a.Number); err != nil {
			return "", "", err
		}
	}
	if ts != "" {
		switch err = b.Client.update(ctx, place, ts, m); {
		case err == nil:
			return place, ts, nil
		case !is(err, "message_not_found"):
			return "", "", explain("chat.update", err)
		}
	}
	place, ts, err = b.Client.postTo(ctx, channel, m, metadata(alertMark, map[string]any{"alert": a.Number.String(), "store": b.StoreID}))
	if err != nil {
		return "", "", explain("chat.postMessage", err)
	}
	b.Client.said(saidAnnounce, "alert", "")
	return place, ts, nil
}

// find looks for the message of an alert.
func (b AlertBoard) find(ctx context.Context, where string, n alerts.Number) (place, ts string, err error) {
	if place, err = b.Directory.channelID(ctx, where); err != nil || place == "" {
		return "", "", err
	}
	err = b.Client.history(ctx, place, formatTS(time.Now().Add(-lookBack)), func(m slackgo.Message) {
		if of := m.Metadata.EventPayload; m.Metadata.EventType == alertMark && of["alert"] == n.String() && of["store"] == b.StoreID {
			ts = m.Timestamp
		}
	})
	if code(err) != "" && !temporary(err) {
		return "", "", nil // it cannot be read, so it cannot be found
	}
	return place, ts, err
}

// Shows stands for what an alert's message shows: all of it, and without the count, which changes often.
func (b AlertBoard) Shows(a alerts.Alert) (all, calm string) {
	sum := func(a alerts.Alert) string {
		raw, _ := json.Marshal(alertMessage(a).Blocks) // blocks of ours
		hash := sha256.Sum256(raw)
		return hex.EncodeToString(hash[:8])
	}
	once := a
	once.Count = 1
	return sum(a), sum(once)
}

// severityMarks stand before alerts.
var severityMarks = map[alerts.Severity]string{
	alerts.Critical: ":red_circle:", alerts.High: ":large_orange_circle:", alerts.Medium: ":large_yellow_circle:", alerts.Low: ":large_blue_circle:", alerts.Information: ":white_circle:",
}

// alertMessage is an alert as people see it. To which incident it belongs it does not say: that may be private, or become
// so, and what was posted stays.
func alertMessage(a alerts.Alert) *message {
	mark := severityMarks[a.Severity]
	if !a.Open() {
		mark = ":white_check_mark:"
	}
	title := fmt.Sprintf("%s *%s  %s*", mark, a.Number, plain(a.Title))
	facts := []string{string(a.Severity), standing(a)}
	if a.Service != "" {
		facts = append(facts, plain(a.Service))
	}
	facts = append(facts, plain(a.Source))
	if a.Count > 1 {
		facts = append(facts, fmt.Sprintf("%d times", a.Count))
	}
	blocks := []slackgo.Block{section(title + "\n" + strings.Join(facts, " · "))}
	if a.Description != "" {
		blocks = append(blocks, contextLine(cutEscaped(a.Description, 1000)))
	}
	if a.URL != "" {
		blocks = append(blocks, contextLine(prose(a.URL)))
	}
	var notes []string
	for _, s := range a.Decision.Shadow {
		notes = append(notes, fmt.Sprintf("The rule %s would have done this: %s.", plain(s.Rule), s.Action))
	}
	if what := whatBecame(a); what != "" {
		notes = append(notes, what)
	}
	if len(notes) > 0 {
		blocks = append(blocks, contextLine(strings.Join(notes, " ")))
	}
	if a.Open() && a.Incident == 0 && a.Decision.By == "" {
		blocks = append(blocks, choices([]commands.Choice{
			{Label: "Declare", Command: "alert declare " + a.Number.String(), Primary: true},
			{Label: "Attach to …", Command: "alert attach " + a.Number.String()},
			{Label: "Ignore for 1 h", Command: "alert ignore " + a.Number.String() + " 1h"},
		}))
	}
	return &message{Text: clipped(fmt.Sprintf("%s %s (%s, %s)", a.Number, plain(a.Title), a.Severity, a.Status), maxText), Blocks: blocks}
}

// standing says how an alert stands, and since when.
func standing(a alerts.Alert) string {
	switch {
	case !a.Open():
		return "over since " + date(a.EndedAt)
	case a.StartedAt.IsZero():
		return string(a.Status) + " since " + date(a.ReceivedAt)
	}
	return string(a.Status) + " since " + date(a.StartedAt)
}

// whatBecame says what people have made of it.
func whatBecame(a alerts.Alert) string {
	switch {
	case a.Incident != 0:
		return "It belongs to an incident; `/incident alert show " + a.Number.String() + "` tells more."
	case a.Decision.By != "" && a.IgnoredUntil.IsZero():
		return plain(a.Decision.By) + " decided that it belongs to no incident."
	case a.Decision.By != "":
		return plain(a.Decision.By) + " ignores it until " + date(a.IgnoredUntil) + "."
	}
	return ""
}
