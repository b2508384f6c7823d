package incidents

import "time"

// Handoff is an offer of command that waits for an answer.
type Handoff struct {
	To   Person    `json:"to"`
	From Person    `json:"from"`
	Text string    `json:"text,omitempty"`
	At   time.Time `json:"at"`
}

// offerWaits is how long an offer of command goes unanswered before the one who
// made it is told: they go on commanding, and should know that they do.
const offerWaits = 10 * time.Minute

// offered is who is offered command, by name.
func (d *decision) offered() string {
	if d.in.Handoff == nil {
		return "Nobody"
	}
	return d.in.Handoff.To.Name
}

// HandOff offers command to somebody, with what they need to know.
type HandOff struct {
	To   Person
	Text string
}

// Verb is the row in [Lifecycle].
func (HandOff) Verb() string { return "handoff" }

func (h HandOff) decide(d *decision) error {
	if h.To.ID == "" {
		return Missing("to", "To whom? Example: %s", d.say("handoff", "@alice the database is failing over, customers are told"))
	}
	if commander, ok := d.in.Commander(); ok && commander.ID == h.To.ID {
		return Refused("%s commands %s already.", h.To.Name, d.in.Number)
	}
	if h.To.ID == d.cmd.Actor.ID {
		return Refused("You cannot offer command to yourself. To take it: %s", d.say("lead", "me"))
	}
	words := clean(h.Text)
	if n := len([]rune(words)); n > MaxText {
		return Invalid("The summary has %d characters, at most %d fit. Shorten it.", n, MaxText)
	}
	if d.in.Handoff != nil && d.in.Handoff.To.ID == h.To.ID && d.in.Handoff.Text == words {
		return nil
	}
	d.in.Handoff = &Handoff{To: h.To, From: d.cmd.Actor.Person(), Text: words, At: d.now}
	d.event(HandoffOffered, because(d.cmd.Actor.Name+" offered command to "+h.To.Name, Tidy(words)), "to", h.To.ID, "to_name", h.To.Name, "text", words)
	d.tell(HandoffOffer, h.To)
	return nil
}

// AcceptHandoff takes command that was offered to the actor.
type AcceptHandoff struct{}

// Verb is the row in [Lifecycle].
func (AcceptHandoff) Verb() string { return "accept" }

func (AcceptHandoff) decide(d *decision) error {
	me := d.cmd.Actor.Person()
	if commander, ok := d.in.Commander(); ok && commander.ID == me.ID {
		return nil
	}
	if d.in.Handoff == nil || d.in.Handoff.To.ID != me.ID {
		return Refused("Command of %s is not offered to you any more. To take it all the same: %s", d.in.Number, d.say("lead", "me"))
	}
	was := d.in.Roles[CommanderRole]
	text := d.in.Handoff.Text
	d.in.Roles[CommanderRole] = me
	d.commandChanged(CommanderRole, d.now)
	d.event(HandoffAccepted, because(me.Name+" took command", Tidy(text)), "role", CommanderRole, "to", me.ID, "to_name", me.Name,
		"from", was.ID, "from_name", was.Name, "text", text)
	if role, ok := d.rules.Role(CommanderRole); ok {
		d.brief(role, me)
	}
	d.respond(me)
	return nil
}

// DeclineHandoff says that the actor does not take the command that they were
// offered; who offered it is told.
type DeclineHandoff struct{ Why string }

// Verb is the row in [Lifecycle].
func (DeclineHandoff) Verb() string { return "decline" }

func (x DeclineHandoff) decide(d *decision) error {
	why, err := d.reason(x.Why)
	if err != nil {
		return err
	}
	me, offer := d.cmd.Actor.Person(), d.in.Handoff
	if commander, ok := d.in.Commander(); ok && commander.ID == me.ID {
		return Refused("You command %s. To hand it over: %s", d.in.Number, d.say("handoff", "@somebody"))
	}
	if offer == nil || offer.To.ID != me.ID {
		return nil // it was withdrawn, or taken by somebody else
	}
	d.in.Handoff = nil
	d.event(HandoffDeclined, because(me.Name+" declined command", why), "from", offer.From.ID, "from_name", offer.From.Name, "why", why)
	d.tell(HandoffRefused, offer.From)
	return nil
}
