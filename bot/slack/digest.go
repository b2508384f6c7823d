package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"fireboss/incidents"
	"fireboss/incidents/alerts"
)

// Digest is what is said of all incidents or alerts together: which are open, or what the
// week brought.
type Digest struct {
	Open    []incidents.Incident
	Places  map[incidents.Number]string // the channels of these
	Week    bool                        // it is the week's
	Figures []incidents.WeekFigure
	Late    time.Time // when it should have come; zero where it is in time
	// Alerts is what the week brought of alerts; nil: it is not about them. Page is where there is more of that.
	Alerts *alerts.Week
	Page   string
}

// Silent says that there is nothing to say.
func (d Digest) Silent() bool { return d.Alerts != nil && d.Alerts.Empty() }

// Bulletin posts digests.
type Bulletin struct {
	Client    *Client
	Directory *Directory
	StoreID   string // marks what this store posted
}

// Post says a digest in a channel; where it was tried before it looks first whether
// it is there.
func (b Bulletin) Post(ctx context.Context, channel, key string, d Digest, tried bool) error {
	if tried {
		if there, err := b.find(ctx, channel, key); err != nil || there {
			return err
		}
	}
	if _, _, err := b.Client.postTo(ctx, channel, d.message(), metadata(digestMark, b.mark(key))); err != nil {
		return explain("chat.postMessage", err)
	}
	b.Client.said(saidAnnounce, "digest", "")
	return nil
}

func (b Bulletin) mark(key string) map[string]any {
	return map[string]any{"key": key, "store": b.StoreID}
}

// find reports whether a digest is in the channel already.
func (b Bulletin) find(ctx context.Context, where, key string) (there bool, err error) {
	channel, err := b.Directory.channelID(ctx, where)
	if err != nil || channel == "" {
		return false, err
	}
	err = b.Client.history(ctx, channel, formatTS(time.Now().Add(-lookBack)), func(m slackgo.Message) {
		of := m.Metadata.EventPayload
		there = there || m.Metadata.EventType == digestMark && of["key"] == key && of["store"] == b.StoreID
	})
	if code(err) != "" && !temporary(err) {
		return false, nil // it cannot be read, so it cannot be found
	}
	return there, err
}

// message is the digest as it stands in the channel.
func (d Digest) message() *message {
	if d.Alerts != nil {
		return d.alertsMessage()
	}
	lines := d.openLines()
	if d.Week {
		lines = d.figureLines()
	}
	head := lines[0]
	if !d.Late.IsZero() {
		head += " (This comes late: it was due " + date(d.Late) + ".)"
	}
	lines[0] = "*" + head + "*"
	text := clipLines(lines)
	return &message{Text: clipped(text, maxText), Blocks: []slackgo.Block{section(text)}}
}

// openLines list what is open, the gravest first and of these the oldest. What an
// incident is about only its channel's name says: a digest stays where it is, and
// the incident may become private.
func (d Digest) openLines() []string {
	if len(d.Open) == 0 {
		return []string{"No incident is open"}
	}
	list := slices.Clone(d.Open)
	slices.SortStableFunc(list, func(a, b incidents.Incident) int {
		if c := slices.Index(incidents.Severities, a.Severity) - slices.Index(incidents.Severities, b.Severity); c != 0 {
			return c
		}
		return a.Times.Declared.Compare(b.Times.Declared)
	})
	lines := []string{"1 incident is open"}
	if len(list) > 1 {
		lines[0] = fmt.Sprintf("%d incidents are open", len(list))
	}
	for _, in := range list {
		lines = append(lines, fmt.Sprintf("%s *%s* %s – %s, %s, commander: %s, since %s",
			marks[in.Severity], in.Number, d.place(in.Number), in.Severity, in.Status, commander(in), date(in.Times.Declared)))
	}
	return lines
}

// place is an incident's channel, where it has one.
func (d Digest) place(n incidents.Number) string {
	if d.Places[n] == "" {
		return ""
	}
	return "<#" + d.Places[n] + ">"
}

// figureLines say how many there were of each severity, and how long they took.
func (d Digest) figureLines() []string {
	lines := []string{"Incidents of the last seven days"}
	for _, f := range d.Figures {
		line := fmt.Sprintf("%s %s: %d", marks[f.Severity], f.Severity, f.Count)
		for _, m := range []struct {
			what string
			took *time.Duration
		}{{"acknowledged", f.Acknowledge}, {"mitigated", f.Mitigate}, {"resolved", f.Resolve}} {
			if m.took != nil {
				line += "; " + m.what + " after " + incidents.Span(*m.took)
			}
		}
		lines = append(lines, line)
	}
	if len(d.Figures) == 0 {
		return append(lines, "There were none.")
	}
	if slices.ContainsFunc(lines, func(s string) bool { return strings.Contains(s, " after ") }) {
		lines = append(lines, "Times are medians.")
	}
	return lines
}
