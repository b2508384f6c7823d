package postmortem

import (
	"strings"

	"fireboss/incidents"
)

// writeTimeline lists the key events, with the names of those who acted.
func writeTimeline(p *page) {
	named := *p.a
	named.Names = true
	p.voice = named.voice()
	p.row("Time (UTC)", "Who", "What")
	silent := p.a.silent
	for _, e := range p.a.key() {
		for len(silent) > 0 && silent[0].from.At.Before(e.At) {
			p.row(exact(silent[0].from.At), "–", p.cell("Nothing that people did is recorded for "+incidents.Span(silent[0].length()), silent[0].from.Seq, silent[0].to.Seq))
			silent = silent[1:]
		}
		if what := p.happening(e); what != "" {
			p.row(exact(e.At), p.a.doer(e), what)
		}
	}
}

// doer is who acted, by name.
func (a *account) doer(e *entry) string {
	if e.Kind == impactBegan || e.Kind == impactEnded {
		return "–"
	}
	if e.Kind == incidents.MessageMarked && !e.hidden {
		return escape(tidy(e.field("author_name")))
	}
	return escape(shorten(tidy(e.Actor.Name), incidents.MaxName))
}

// happening is what an event says, with its citation and what leads to it.
func (p *page) happening(e *entry) string {
	c, ok := p.claim(e)
	if !ok {
		return ""
	}
	text := c.verb
	if c.subject != p.actor(e) && (e.Kind != incidents.MessageMarked || e.hidden) {
		text = c.subject + " " + c.verb
	}
	if c.tail != "" {
		text += ": " + c.tail
	}
	if e.later() && e.Kind != incidents.NoteAdded {
		text += " (written down at " + clockOn(e.RecordedAt, e.At) + ")"
	}
	cell := p.cell(capital(text), c.cites...)
	if address := p.a.message(e); address != "" && !e.hidden {
		cell += " " + address
	}
	return cell
}

// message is a link to the message that an event is about, if it has one.
func (a *account) message(e *entry) string {
	address := a.Messages[e.Seq]
	if e.Kind == incidents.MessageMarked {
		address = a.Messages[e.seq("seq")]
		if address == "" {
			address = a.Messages[e.Seq]
		}
	}
	if address == "" && e.Kind == incidents.MessagePosted {
		address = e.field("source")
	}
	if _, _, ok := target(address); !ok {
		return ""
	}
	return link("message", address)
}

// markedText is what a message that was marked says now.
func (a *account) markedText(e *entry) string {
	if last := a.last[e.field("id")]; last != nil && last.Seq > e.Seq {
		return last.Text
	}
	return strings.TrimPrefix(e.Text, "Key event: "+e.field("author_name")+": ")
}
