package slacksim

import (
	"regexp"
	"strings"
)

// emojiPattern is an emoji's name: "eyes", "+1", "wave::skin-tone-3".
var emojiPattern = regexp.MustCompile(`^[\p{Ll}\p{Lo}0-9_'+.-]{1,100}(::skin-tone-[2-6])?$`)

// emojiName reads an emoji's name, with its colons or without.
func emojiName(name string) (string, error) {
	name = strings.TrimSuffix(strings.TrimPrefix(name, ":"), ":")
	if !emojiPattern.MatchString(name) {
		return "", malformed("%q is no emoji's name; write for example eyes or white_check_mark.", name)
	}
	return name, nil
}
