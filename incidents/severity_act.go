package incidents

// ChangeSeverity says how bad it is.
type ChangeSeverity struct {
	To  Severity
	Why string
}

// Verb is the row in [Lifecycle].
func (ChangeSeverity) Verb() string { return "sev" }

func (c ChangeSeverity) decide(d *decision) error {
	if err := d.checkSeverity(c.To); err != nil {
		return err
	}
	why, err := d.reason(c.Why)
	if err != nil || c.To == d.in.Severity {
		return err // saying it twice is none
	}
	from := d.in.Severity
	d.in.Severity = c.To
	called := d.call()
	d.event(SeverityChanged, because("Severity changed from "+from.String()+" to "+c.To.String(), why),
		"from", from.String(), "to", c.To.String(), "why", why, "calls", called)
	return nil
}

// checkSeverity refuses what is none.
func (d *decision) checkSeverity(s Severity) error {
	if s < Unset || s > 5 {
		return Invalid("%d is not a severity; there are sev1 (the worst) to sev5, and unset. Example: %s", int(s), d.say("sev", "2"))
	}
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
