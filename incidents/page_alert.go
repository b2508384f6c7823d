package incidents

import (
	"fmt"
	"slices"
)

// rouse wakes somebody because of an alert, as a rule of alerts wants it. Nobody asks who could be told that it cannot be
// done, so the channel is: an alert opens or joins its incident all the same.
func (d *decision) rouse(w Wake) {
	whom, found := d.rules.onCall(d.in)
	var err error
	if w.Who != "" {
		if whom, err = d.rules.Whom(d.in, w.Who); err == nil {
			found = true
		}
	}
	switch {
	case d.in.Drill:
	case len(d.rules.Paging) == 0:
		d.unroused(NobodyWoken)
	case err != nil:
		d.unroused(err.Error())
	case !found:
		d.unroused(fmt.Sprintf("Nobody was woken: no paging integration has a way to the services of %s.", d.in.Number))
	case slices.ContainsFunc(d.in.Pages, func(p Page) bool { return p.Whom == whom && p.rings() }) || len(d.in.Pages) >= maxList:
		// They are being woken for this incident, or see to it.
	default:
		by, ok := d.responsible()
		if !ok {
			by = Person{}
		}
		d.want(whom, by, shorten(Tidy(w.Text), MaxTitle))
	}
}

// rings reports whether a page has not come to its end.
func (p Page) rings() bool {
	return p.State == PageWanted || p.State == PageAccepted || p.State == PageAcknowledged
}

// unroused says in the channel that nobody was woken by a rule of alerts, once for each reason.
func (d *decision) unroused(why string) {
	if d.in.Alerts.Unwoken == why {
		return
	}
	d.in.Alerts.Unwoken = why
	d.event(NoteAdded, why, "outcome", "unwoken")
}
