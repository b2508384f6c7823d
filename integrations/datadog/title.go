package datadog

import "strings"

// title is one as Datadog makes it of a monitor's name: [P2] [Triggered on {host:db-1}] High CPU.
type title struct {
	priority   string // P2
	transition string // triggered, in small letters
	scope      string // {host:db-1}
	name       string // High CPU
	test       bool   // it was sent by the button that tries a monitor
}

// transitions are the beginnings of what the brackets say that are no part of a monitor's name.
var transitions = []string{"triggered", "re-triggered", "recovered", "warn", "re-warn", "no data", "re-no data", "re-notify", "renotify", "re-notified", "alert"}

func readTitle(text string) title {
	t := title{name: strings.TrimSpace(text)}
	for strings.HasPrefix(t.name, "[") {
		word, rest, ok := bracket(t.name)
		low := strings.ToLower(word)
		switch {
		case !ok:
			return t
		case low == "test":
			t.test = true
		case len(low) == 2 && low[0] == 'p' && low[1] >= '1' && low[1] <= '5':
			t.priority = word
		case t.transition == "" && begins(low):
			what, scope, _ := strings.Cut(word, " on ")
			t.transition, t.scope = strings.ToLower(what), scope
		default: // a bracket of the monitor's name
			return t
		}
		t.name = strings.TrimSpace(rest)
	}
	return t
}

// bracket is what the first bracket of a text holds, with the brackets inside it, and what comes after.
func bracket(text string) (inside, rest string, ok bool) {
	depth := 0
	for i, r := range text {
		switch r {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return text[1:i], text[i+1:], true
			}
		}
	}
	return "", text, false
}

func begins(low string) bool {
	for _, t := range transitions {
		if rest, ok := strings.CutPrefix(low, t); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}
