package settings

import (
	"slices"
	"testing"
)

func TestEmoji(t *testing.T) {
	for text, want := range map[string]string{"pushpin": "pushpin", ":pushpin:": "pushpin", "": "", "+1": "+1", "no_entry-2": "no_entry-2", "Pushpin": "-", "two words": "-", ":a:b:": "-", "<!here>": "-"} {
		e := Emoji("-")
		if err := e.UnmarshalText([]byte(text)); (err != nil) != (want == "-") || string(e) != want {
			t.Errorf("%q is %q, %v", text, e, err)
		}
	}
}

func TestEachEmojiMeansOneThing(t *testing.T) {
	var wrong []string
	Reactions{Mark: "eyes", Task: "", Followup: "", Acknowledge: "eyes"}.Check(func(key, _ string) { wrong = append(wrong, key) })
	if !slices.Equal(wrong, []string{"acknowledge"}) {
		t.Errorf("wrong are %v", wrong)
	}
	Defaults().Reactions.Check(func(key, sentence string) { t.Errorf("%s: %s", key, sentence) })
}
