package alerts

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"fireboss/incidents"
)

// Status is how an alert stands.
type Status string

// The statuses.
const (
	Firing       Status = "firing"
	Resolved     Status = "resolved"
	Acknowledged Status = "acknowledged" // firing, and somebody over there says that they see to it
	NoData       Status = "nodata"       // its source cannot tell
	Info         Status = "info"         // to be known, with nothing wrong
	// Update is only of signals: it changes what is known of an alert and makes none; an alert keeps its status.
	Update Status = "update"
)

// Over says whether nothing of it is left to be seen to.
func (s Status) Over() bool { return s == Resolved }

// Severity is how bad its source thinks it is.
type Severity string

// The severities, worst first.
const (
	Critical    Severity = "critical"
	High        Severity = "high"
	Medium      Severity = "medium"
	Low         Severity = "low"
	Information Severity = "info"
)

// Severities are all of them, worst first.
var Severities = []Severity{Critical, High, Medium, Low, Information}

// words are what outside systems call the severities.
var words = map[Severity][]string{
	Critical:    {"critical", "crit", "page", "fatal", "emergency", "alert", "p1"},
	High:        {"high", "error", "err", "major", "p2"},
	Medium:      {"medium", "moderate", "warning", "warn", "p3"},
	Low:         {"low", "minor", "notice", "note", "p4"},
	Information: {"info", "information", "informational", "none", "debug", "ok", "p5"},
}

// ParseSeverity reads a source's word for a severity, in any case; false where it is none that is known.
func ParseSeverity(word string) (Severity, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	for _, s := range Severities {
		if slices.Contains(words[s], word) {
			return s, true
		}
	}
	return "", false
}

// UnmarshalText reads one as [ParseSeverity] does.
func (s *Severity) UnmarshalText(text []byte) error {
	found, ok := ParseSeverity(string(text))
	if !ok {
		return incidents.Invalid("%q is no severity of an alert; write critical, high, medium, low or info", text)
	}
	*s = found
	return nil
}

// Signal is what a source says of one of its alerts, once.
type Signal struct {
	// Fingerprint is the same for everything that is said of one alert, and of no other alert of that source.
	Fingerprint string `json:"fingerprint"`
	// Group is what its source holds together; may be empty.
	Group    string   `json:"group,omitempty"`
	Status   Status   `json:"status"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"` // one line
	// Description is what else there is to read; several lines.
	Description string `json:"description,omitempty"`
	Service     string `json:"service,omitempty"` // as its source calls it
	URL         string `json:"url,omitempty"`     // where people can look at it there
	// StartedAt is when it began, as its source says; zero where it does not.
	StartedAt time.Time         `json:"started_at,omitzero"`
	EndedAt   time.Time         `json:"ended_at,omitzero"` // only of one that is over
	Labels    map[string]string `json:"labels,omitempty"`
	// Count is how often it has happened, where its source counts; else 0.
	Count int `json:"count,omitempty"`
	// Expires is when it is over unless it is said again, where its source works so; else zero.
	Expires time.Time `json:"expires,omitzero"`
	// SaidAt is when its source said this, where it says so; else zero. It tells what came late from what began again.
	SaidAt time.Time `json:"said_at,omitzero"`
}

// Report is what one delivery says.
type Report struct {
	// ID is the sender's own id of this delivery: a second one with it says nothing new. Empty where there is none.
	ID      string   `json:"id,omitempty"`
	Signals []Signal `json:"signals,omitempty"`
	// Groups are those of which every alert is over that Signals does not name: the sender left some out.
	Groups []string `json:"groups,omitempty"`
	// Changes are deployments and the like.
	Changes []incidents.ServiceChange `json:"changes,omitempty"`
	// Pages are what was done there with pages of ours.
	Pages []PageNews `json:"pages,omitempty"`
	// Nothing is why it says nothing, in words for people, such as "a ping"; only where there is nothing above.
	Nothing string `json:"nothing,omitempty"`
	// Unread is what of it could not be read while the rest could, a sentence each, for whoever looks after the sender.
	Unread []string `json:"unread,omitempty"`
}

// PageNews is what somebody did with a page by which Fireboss has woken them.
type PageNews struct {
	Key    string    `json:"key"`
	Status Status    `json:"status"` // [Acknowledged] or [Resolved]
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// The bounds of what a stranger may make us keep, in characters.
const (
	MaxTitle       = 200
	MaxDescription = 4000
	MaxKey         = 500 // of a fingerprint, a group
	MaxName        = 100 // of a service, a label's name
	MaxLabel       = 500
	MaxLabels      = 64
	MaxURL         = 2000
)

// Clean is the signal within its bounds, with a title and a severity, whatever was sent. Times that cannot be are left
// out: a start that is yet to come, an end before the start. A fingerprint that is too long keeps its beginning and a
// hash of all of it, so that two do not become one.
func (s Signal) Clean(now time.Time) Signal {
	s.Fingerprint, s.Group = key(s.Fingerprint), key(s.Group)
	s.Title = cut(incidents.Tidy(s.Title), MaxTitle)
	if !strings.ContainsFunc(s.Title, unicode.IsGraphic) {
		s.Title = "an alert without a title"
	}
	s.Description = cut(lines(s.Description), MaxDescription)
	s.Service = cut(incidents.Tidy(s.Service), MaxName)
	s.URL = opens(s.URL)
	if !slices.Contains(Severities, s.Severity) {
		s.Severity = Medium
	}
	s.Labels = labels(s.Labels)
	s.StartedAt, s.EndedAt, s.Expires, s.SaidAt = instant(s.StartedAt), instant(s.EndedAt), instant(s.Expires), instant(s.SaidAt)
	if s.StartedAt.After(now.Add(Skew)) {
		s.StartedAt = time.Time{}
	}
	if s.EndedAt.Before(s.StartedAt) || s.EndedAt.After(now.Add(Skew)) {
		s.EndedAt = time.Time{}
	}
	s.Count = max(s.Count, 0)
	return s
}

// Skew is how far another machine's clock may be ahead of ours.
const Skew = 5 * time.Minute

// instant is a time in UTC in milliseconds, and zero for what no clock shows.
func instant(t time.Time) time.Time {
	if t.Year() < 1990 || t.Year() > 9000 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

// labels keeps the first of them in order, tidy and bounded.
func labels(all map[string]string) map[string]string {
	if len(all) == 0 {
		return nil
	}
	kept := make(map[string]string, min(len(all), MaxLabels))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		short := cut(incidents.Tidy(name), MaxName)
		if _, there := kept[short]; short == "" || there {
			continue
		}
		kept[short] = cut(incidents.Tidy(all[name]), MaxLabel)
		if len(kept) == MaxLabels {
			break
		}
	}
	return kept
}

// opens is an address that people can open, or nothing.
func opens(address string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || len(address) > MaxURL ||
		strings.ContainsAny(address, " <>|\"`\\") || strings.ContainsFunc(address, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ""
	}
	return address
}
