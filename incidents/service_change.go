package incidents

import (
	"strings"
	"time"
)

// ServiceChange is something that was changed about a service: a deployment, a
// flag, a migration. What broke is often what was changed last.
type ServiceChange struct {
	ID      string    `json:"id"` // unique; the same one again is the same change
	Service string    `json:"service"`
	Title   string    `json:"title"`
	URL     string    `json:"url,omitempty"`
	At      time.Time `json:"at"`
	By      string    `json:"by"` // who told us: a token's name
}

// How long changes are kept, and how long before an impact began a change may
// have caused it.
const (
	ServiceChangesKept = 31 * 24 * time.Hour
	Suspicious         = 2 * time.Hour
)

// Check reads a change as somebody tells it, or refuses it. Services are written
// as the policy does.
func (c ServiceChange) Check(r Rules, now time.Time) (ServiceChange, error) {
	const example = `Example: {"service": "checkout", "title": "deployed v123"}`
	if c.At.IsZero() {
		c.At = now
	}
	c.Service, c.Title, c.URL, c.At = r.ServiceName(c.Service), Tidy(c.Title), Tidy(c.URL), c.At.UTC().Truncate(time.Millisecond)
	switch {
	case !strings.ContainsFunc(c.Service, visible):
		return c, Invalid("Which service was changed? " + example)
	case len([]rune(c.Service)) > MaxName:
		return c, Invalid("The name of a service has at most %d characters. "+example, MaxName)
	case !strings.ContainsFunc(c.Title, visible):
		return c, Invalid("What was changed? " + example)
	case len([]rune(c.Title)) > MaxTitle:
		return c, Invalid("The title has at most %d characters. "+example, MaxTitle)
	case c.URL != "" && !opens(c.URL):
		return c, Invalid("%q is not an address that can be opened. "+example, shorten(c.URL, 80))
	case inFuture(c.At, now):
		return c, Invalid("The change cannot be in the future (%s). "+example, instant(c.At))
	case c.At.Before(now.Add(-ServiceChangesKept)):
		return c, Invalid("Changes are kept for %d days; %s is before that.", int(ServiceChangesKept.Hours()/24), instant(c.At))
	}
	return c, nil
}

// Suspects are the moments between which a change may have caused an incident:
// the two hours before its impact began or, where that is unknown, before it was
// detected.
func (in Incident) Suspects() (from, to time.Time) {
	to = in.Times.ImpactStarted
	if to.IsZero() {
		to = in.Times.Detected
	}
	return to.Add(-Suspicious), to
}

// Affects reports whether a change is one of a service of these.
func (c ServiceChange) Affects(services []string) bool {
	for _, s := range services {
		if strings.EqualFold(s, c.Service) {
			return true
		}
	}
	return false
}
