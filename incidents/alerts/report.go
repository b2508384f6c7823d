package alerts

import (
	"slices"
	"time"

	"fireboss/incidents"
)

// Clean is a report within the bounds of what a stranger may make us keep, but for its signals, which [Signal.Clean]
// bounds. A change whose time cannot be is of when the report came; one that is none is left out.
func (r Report) Clean(now time.Time) Report {
	r.ID = key(r.ID)
	r.Groups = slices.Clone(r.Groups)
	for i, group := range r.Groups {
		r.Groups[i] = key(group)
	}
	var changes []incidents.ServiceChange
	for _, c := range r.Changes {
		if c.At = instant(c.At); c.At.After(now) {
			c.At = time.Time{}
		}
		c.ID = key(c.ID)
		c, err := c.Check(incidents.Rules{}, now)
		if err == nil {
			changes = append(changes, c)
		}
	}
	r.Changes = changes
	r.Pages = slices.DeleteFunc(slices.Clone(r.Pages), func(p PageNews) bool { return len(p.Key) > MaxKey })
	for i, p := range r.Pages {
		r.Pages[i].By, r.Pages[i].At = cut(incidents.Tidy(p.By), MaxName), instant(p.At)
	}
	return r
}
