package incidents

import "time"

// Handoff is an offer of command that waits for an answer.
type Handoff struct {
	To   Person    `json:"to"`
	From Person    `json:"from"`
	Text string    `json:"text,omitempty"`
	At   time.Time `json:"at"`
	// Seq is the event that offers it, by which an answer can say which offer it
	// is to; 0 in stores that did not keep it yet.
	Seq uint64 `json:"seq,omitempty"`
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
	d.in.Handoff = &Handoff{To: h.To, From: d.cmd.Actor.Person(), Text: words, At: d.now, Seq: d.nextSeq()}
	d.event(HandoffOffered, because(d.cmd.Actor.Name+" offered command to "+h.To.Name, Tidy(words)), "to", h.To.ID, "to_name", h.To.Name, "text", words)
	d.tell(HandoffOffer, h.To)
	return nil
}

// AcceptHandoff takes command that was offered to the actor.
type AcceptHandoff struct {
	// Offer is the event of the offer that it answers; 0: the one that stands.
	Offer uint64
}

// standing refuses an answer to an offer that a newer one to the same person has
// taken the place of.
func (d *decision) standing(offer uint64) error {
	h := d.in.Handoff
	if offer == 0 || h == nil || h.To.ID != d.cmd.Actor.ID || h.Seq == 0 || h.Seq == offer {
		return nil
	}
	return Refused("That offer of command of %s no longer stands: %s has made you another one since. To accept that one: %s, and to decline it: %s",
		d.in.Number, h.From.Name, d.say("accept", ""), d.say("decline", ""))
}

// Verb is the row in [Lifecycle].
func (AcceptHandoff) Verb() string { return "accept" }

func (x AcceptHandoff) decide(d *decision) error {
	me := d.cmd.Actor.Person()
	if commander, ok := d.in.Commander(); ok && commander.ID == me.ID {
		return nil
	}
	if d.in.Handoff == nil || d.in.Handoff.To.ID != me.ID {
		return Refused("Command of %s is not offered to you any more. To take it all the same: %s", d.in.Number, d.say("lead", "me"))
	}
	if err := d.standing(x.Offer); err != nil {
		return err
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
type DeclineHandoff struct {
	Why   string
	Offer uint64 // as of [AcceptHandoff]
}

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
	if err := d.standing(x.Offer); err != nil {
		return err
	}
	d.in.Handoff = nil
	d.event(HandoffDeclined, because(me.Name+" declined command", why), "from", offer.From.ID, "from_name", offer.From.Name, "why", why)
	d.tell(HandoffRefused, offer.From)
	return nil
}
