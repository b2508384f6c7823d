package bot

import "time"

// act is one thing that somebody does.
type act struct {
	wait  time.Duration // beats after the one before
	who   string
	verb  string // slash, message or join
	text  string
	in    string // channel; empty: the incident's
	part  string // what this line is to others
	after string // the part without which it makes no sense
}

// fireCast are the people of the story, in the order of their first lines.
var fireCast = []string{"@dave", "@alice", "@bob", "@carol"}

// fireStart is the channel in which it begins.
const fireStart = "general"

// The parts that other lines answer.
const (
	partOpen     = "open"
	partDecision = "decision"
	partTask     = "task"
	partResolve  = "resolve"
)

var fireStory = []act{
	{wait: 1, who: "@dave", verb: "message", in: "#" + fireStart, text: "Is anybody else seeing errors on checkout? Three customers called."},
	{wait: 5, who: "@alice", verb: "message", in: "#" + fireStart, text: "Yes. The error rate went from 0.1 % to 38 % within the last minute."},
	{wait: 4, who: "@alice", verb: "slash", in: "#" + fireStart, text: "open sev2 checkout answers with errors", part: partOpen},
	{wait: 4, who: "@bob", verb: "join"},
	{wait: 2, who: "@bob", verb: "slash", text: "ack"},
	{wait: 3, who: "@bob", verb: "slash", text: "lead me"},
	{wait: 4, who: "@bob", verb: "slash", text: "service add checkout"},
	{wait: 1, who: "@carol", verb: "join"},
	{wait: 3, who: "@alice", verb: "message", text: "It began with release 2241, six minutes ago. I would roll back."},
	{wait: 5, who: "@carol", verb: "message", text: "Wait, 2241 also carries the tax fix. Rolling back breaks invoices."},
	{wait: 5, who: "@bob", verb: "slash", text: "sev 1 every second payment fails"},
	{wait: 4, who: "@bob", verb: "slash", text: "role communications @carol"},
	{wait: 5, who: "@carol", verb: "slash", text: "update About half of all payments fail. We know since when and are deciding how to go back. next 20m"},
	{wait: 5, who: "@bob", verb: "slash", text: "status identified release 2241 sends an empty currency"},
	{wait: 4, who: "@bob", verb: "slash", text: "decision We roll back 2241 now and redo the tax fix tomorrow.", part: partDecision},
	{wait: 4, who: "@bob", verb: "slash", text: "task add roll back release 2241 @alice", part: partTask},
	{wait: 6, who: "@alice", verb: "message", text: "Rolling back … done. Watching.", after: partDecision},
	{wait: 4, who: "@alice", verb: "slash", text: "task done 1", after: partTask},
	{wait: 5, who: "@bob", verb: "slash", text: "status monitoring errors are down to 0.1 %", after: partDecision},
	{wait: 5, who: "@carol", verb: "slash", text: "followup add test releases with an empty currency @alice"},
	{wait: 6, who: "@bob", verb: "slash", text: "resolve payments work again", part: partResolve, after: partDecision},
}
