package settings

import (
	"fmt"
	"regexp"
	"strings"
)

// Reactions are the emoji that mean something on a message in an incident's channel.
type Reactions struct {
	Mark        Emoji `yaml:"mark" doc:"marks the message as a key event, until it is taken off"`
	Task        Emoji `yaml:"task" doc:"makes it a task"`
	Followup    Emoji `yaml:"followup" doc:"makes it a follow-up"`
	Acknowledge Emoji `yaml:"acknowledge" doc:"acknowledges the incident: I am on it"`
}

// Check wants a meaning of its own for each emoji.
func (r Reactions) Check(report func(key, sentence string)) {
	seen := map[Emoji]string{}
	for _, e := range []struct {
		key  string
		name Emoji
	}{{"mark", r.Mark}, {"task", r.Task}, {"followup", r.Followup}, {"acknowledge", r.Acknowledge}} {
		if other, twice := seen[e.name]; twice && e.name != "" {
			report(e.key, fmt.Sprintf("%s has this emoji already; each means one thing", other))
		}
		seen[e.name] = e.key
	}
}

// Emoji is the name of an emoji of Slack's, without colons; empty is none.
type Emoji string

// emojiName is what Slack lets a name be made of (docs.slack.dev, emoji).
var emojiName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_+'-]{1,100}$`)

// UnmarshalText takes a name with or without its colons.
func (e *Emoji) UnmarshalText(text []byte) error {
	name := strings.Trim(string(text), ":")
	if name != "" && !emojiName.MatchString(name) {
		return fmt.Errorf("%q is no emoji; write its name, such as pushpin, or \"\" for none", text)
	}
	*e = Emoji(name)
	return nil
}
