package incidents

// Acknowledge says that somebody looks at it; it stops the acknowledgement clock.
type Acknowledge struct{}

// Verb is the row in [Lifecycle].
func (Acknowledge) Verb() string { return "ack" }

func (Acknowledge) decide(d *decision) error {
	if !d.in.Times.Acknowledged.IsZero() {
		return nil
	}
	d.in.Times.Acknowledged = d.now
	d.event(Acknowledged, "Acknowledged by "+d.cmd.Actor.Name)
	d.turnUp()
	return nil
}
