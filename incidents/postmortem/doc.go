// Package postmortem writes the account of an incident from its timeline, and
// holds what others write of it to the same timeline.
//
// A [Record] is all that is known of an incident. [Draft] makes a document of it
// by a [Template]: sentences that state a fact end with the events on which they
// stand, "[T14]", and what takes judgement is asked for, not answered. [Markdown]
// prints the document, [Redraft] keeps what people wrote in it, [Diff] shows what
// changed, and [Without] takes out of it what had to go. For another author, a
// language model, there are the facts of each section ([Facts]) and a check of
// what it made of them ([Check]), which drops whatever the facts do not hold.
//
// Nothing here reads a file, opens a socket or asks what time it is.
//
// The words of people are data: they stand in quotation marks, escaped, so that
// they can be no heading, link, mention or citation. In the narrative people have
// roles and no names; the timeline has the names. Of messages of the channel only
// those are repeated that somebody marked as a key event.
//
// To add a section: write a function for it in a section_ file, give it a row in
// the table of slots (slot.go), and name it in a template. To have another kind of
// event told: a row in deeds (phrases.go), and one in weights (key.go).
package postmortem
