package slacksim

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// The workspace and its app, the same in every fresh workspace.
const (
	teamID     = "T0FIREBOSS"
	teamName   = "Fireboss Workspace"
	teamDomain = "fireboss"
	appID      = "A0FIREBOSS"
	appName    = "fireboss"
	botID      = "B0FIREBOSS"
	botUserID  = "U0FIREBOSS"
	slackbotID = "USLACKBOT"

	// verificationToken is the deprecated token that Slack still puts into every payload.
	verificationToken = "verification-token"
)

// nextNumber counts up what is called name, from 1, across restarts.
func (w *world) nextNumber(name string) int64 {
	w.counters[name]++
	w.journal.put(bucketCounters, name, w.counters[name])
	return w.counters[name]
}

// nextID makes an id in Slack's form: a letter for its kind and ten upper-case letters and digits.
func (w *world) nextID(prefix string) string {
	n := strings.ToUpper(strconv.FormatInt(w.nextNumber(prefix), 36))
	return prefix + "0" + strings.Repeat("0", max(0, 9-len(n))) + n
}

// newUUID makes a random (version 4) UUID: envelopes, tickets, client_msg_id.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// newSecret makes 24 random characters for a URL that is its own key.
func newSecret() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// formatTS writes microseconds since 1970 as Slack's message timestamp.
func formatTS(micros int64) string { return fmt.Sprintf("%010d.%06d", micros/1e6, micros%1e6) }

// parseTS reads a message timestamp; it takes what history's oldest and latest take too: "0", "1234567890".
func parseTS(ts string) (micros int64, ok bool) {
	whole, fraction, _ := strings.Cut(ts, ".")
	if len(fraction) > 6 {
		fraction = fraction[:6]
	}
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds < 0 || seconds > 1e11 {
		return 0, false
	}
	part, err := strconv.ParseUint("0"+fraction+strings.Repeat("0", 6-len(fraction)), 10, 32)
	if err != nil {
		return 0, false
	}
	return seconds*1e6 + int64(part), true
}

// isTS says whether ts is written exactly as Slack writes one.
func isTS(ts string) bool {
	micros, ok := parseTS(ts)
	return ok && formatTS(micros) == ts
}

// stamp gives a time of its own to something that happens now: later than any before it.
func (w *world) stamp() string {
	micros := max(w.now().UnixMicro(), w.lastStamp+1)
	w.lastStamp = micros
	return formatTS(micros)
}

// second is the present as a time of an edit, which Slack gives in whole seconds.
func (w *world) second() string { return formatTS(w.unix() * 1_000_000) }

// unix is the present in whole seconds.
func (w *world) unix() int64 { return w.now().Unix() }
