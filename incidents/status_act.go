package incidents

import "time"

// ChangeStatus moves an incident along. Resolved, closed and canceled are the
// same as the acts of those names.
type ChangeStatus struct {
	To  Status
	Why string
}

// Verb is the row in [Lifecycle] of the act that this status stands for.
func (c ChangeStatus) Verb() string {
	switch c.To {
	case Resolved:
		return "resolve"
	case Closed:
		return "close"
	case Canceled:
		return "cancel"
	}
	return "status"
}

func (c ChangeStatus) decide(d *decision) error {
	switch c.To {
	case Resolved:
		return Resolve{Text: c.Why}.decide(d)
	case Closed:
		return Close{Why: c.Why}.decide(d)
	case Canceled:
		return Cancel{Why: c.Why}.decide(d)
	}
	if !contains(Statuses, c.To) {
		return Invalid("%q is not a status. Example: %s", shorten(Tidy(string(c.To)), 40), d.say("status", "identified"))
	}
	why, err := d.reason(c.Why)
	if err != nil || c.To == d.in.Status {
		return err
	}
	d.move(c.To, d.now, why)
	return nil
}

// Resolve says that the impact is over.
type Resolve struct{ Text string }

// Verb is the row in [Lifecycle].
func (Resolve) Verb() string { return "resolve" }

func (r Resolve) decide(d *decision) error {
	why, err := d.reason(r.Text)
	if err != nil || d.in.Status == Resolved {
		return err
	}
	if err := d.complete("resolved", BeforeResolve); err != nil {
		return err
	}
	d.finish(Resolved, EndedResolved, d.now, why)
	return nil
}

// Close ends the work on an incident, resolving it first where that was not done.
type Close struct{ Why string }

// Verb is the row in [Lifecycle].
func (Close) Verb() string { return "close" }

func (c Close) decide(d *decision) error {
	why, err := d.reason(c.Why)
	if err != nil || d.in.Status == Closed {
		return err
	}
	if err := d.complete("closed", BeforeResolve, BeforeClose); err != nil {
		return err
	}
	if d.in.Status != Resolved {
		d.finish(Resolved, EndedResolved, d.now, "")
	}
	d.move(Closed, d.now, why)
	return nil
}

// Cancel calls an incident off: it was none, or an alarm without a fire.
type Cancel struct {
	FalsePositive bool
	Why           string
}

// Verb is the row in [Lifecycle].
func (Cancel) Verb() string { return "cancel" }

func (c Cancel) decide(d *decision) error {
	why, err := d.reason(c.Why)
	if err != nil || d.in.Status == Canceled {
		return err
	}
	as := EndedCanceled
	if c.FalsePositive {
		as = EndedFalsePositive
	}
	d.finish(Canceled, as, d.now, why)
	return nil
}

// Reopen takes up an incident that had ended.
type Reopen struct{ Why string }

// Verb is the row in [Lifecycle].
func (Reopen) Verb() string { return "reopen" }

func (r Reopen) decide(d *decision) error {
	why, err := d.reason(r.Why)
	if err != nil {
		return err
	}
	if why == "" {
		return Missing("text", "Why is it open again? Example: %s", d.say("reopen", "errors are back in eu-west"))
	}
	from, as := d.in.Status, d.in.EndedAs
	d.in.Reopened++
	d.in.EndedAs, d.in.Status = "", Investigating
	d.unmerge()
	d.in.Backfilled = false // now it is one like any other
	d.in.Times.Resolved, d.in.Times.Closed = time.Time{}, time.Time{}
	d.in.Update.Next = time.Time{}
	d.in.Watch.Opened, d.in.Watch.Acted, d.in.Watch.ChannelFirst = d.now, d.now, 0
	d.event(StatusChanged, because("Reopened", why), "from", string(from), "to", string(Investigating), "why", why,
		"reopened", d.in.Reopened, "was", string(as))
	return nil
}

// finish ends an incident.
func (d *decision) finish(to Status, as EndedAs, at time.Time, why string) {
	d.in.EndedAs = as
	d.in.Update.Next = time.Time{}
	d.in.Handoff = nil
	d.move(to, at, why)
	d.wantDraft()
}

// move changes the status and sets the moments that follow from it.
func (d *decision) move(to Status, at time.Time, why string) {
	from := d.in.Status
	at = at.UTC().Truncate(time.Millisecond)
	d.in.Status = to
	t := &d.in.Times
	first := func(m *time.Time) {
		if m.IsZero() {
			*m = at
		}
	}
	switch to {
	case Identified:
		first(&t.Identified)
	case Monitoring:
		first(&t.Mitigated)
	case Resolved:
		first(&t.Mitigated)
		t.Resolved = at
	case Closed:
		t.Closed = at
	}
	line := "Status changed from " + string(from) + " to " + string(to)
	if d.in.EndedAs == EndedFalsePositive && to == Canceled {
		line += " (false positive)"
	}
	if n := d.in.Alerts.Firing; n > 0 && to == Resolved && d.cmd.Actor.Kind == User {
		line += ", while " + alertsFire(n)
	}
	d.eventAt(at, StatusChanged, because(line, why), "from", string(from), "to", string(to), "why", why, "ended_as", string(d.in.EndedAs))
}
