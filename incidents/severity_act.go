package incidents

// ChangeSeverity says how bad it is.
type ChangeSeverity struct {
	To  Severity
	Why string
}

// Verb is the row in [Lifecycle].
func (ChangeSeverity) Verb() string { return "sev" }

func (c ChangeSeverity) decide(d *decision) error {
	if c.To == d.in.Severity {
		return nil // saying it twice is not an error
	}
	from, why := d.in.Severity, Tidy(c.Why)
	d.in.Severity = c.To
	called := d.call()
	d.event(SeverityChanged, because("Severity changed from "+from.String()+" to "+c.To.String(), why),
		"from", from.String(), "to", c.To.String(), "why", why, "calls", called)
	return nil
}

// call adds whom the policy now wants in the channel and answers who is new.
func (d *decision) call() []string {
	var fresh []string
	for _, ref := range d.rules.calls(d.in) {
		if !contains(d.in.Calls, ref) {
			d.in.Calls = append(d.in.Calls, ref)
			fresh = append(fresh, ref)
		}
	}
	return fresh
}
