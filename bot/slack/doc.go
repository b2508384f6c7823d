// Package slack is the door to Slack: Socket Mode in, Block Kit out, and the
// mirror that makes a channel match its incident.
//
// In: a [Socket] reads raw frames, an [Intake] makes each durable before it is
// acknowledged, then works it in order. Out: the [Mirror] brings channel, card,
// topic, announcement and messages to what the store says, and a [Courier]
// tells single people what concerns them alone. Every call to Slack passes one
// transport, which keeps Slack's rate limits, lets the urgent go first and
// counts.
//
// To answer another kind of envelope: decode it in envelope.go and work it in a
// work_*.go file. To show another event in the channel: give it words in say.go.
package slack
