package incidents

import (
	"strings"
	"testing"
)

func TestUnanswered(t *testing.T) {
	h := begin(t, Open{})
	at := func(id string) OutsideID {
		if id == "" {
			return OutsideID{}
		}
		return OutsideID{"slack", "C1/" + id}
	}
	say := func(who Person, id, thread, text string) {
		h.does(who, RecordMessage{ID: at(id), Thread: at(thread), Text: text, At: h.at})
	}
	say(alice, "1", "", "Is the database up?")
	say(bob, "2", "", "we look at it")
	say(bob, "3", "", "Who can restart it?")
	say(bob, "4", "3", "anybody?") // asked again by the same person, in the thread
	say(carol, "5", "", "Does it hurt customers?!")
	say(alice, "6", "5", "yes")
	say(carol, "7", "", "Shall I call them?")
	h.does(carol, RecordEdit{ID: at("7"), Text: "I call them", At: h.at.Add(1)})
	say(carol, "8", "", "is this secret?")
	h.does(carol, RecordDeletion{ID: at("8"), At: h.at})
	say(bob, "9", "", "Is it us?")
	h.does(bob, RecordEdit{ID: at("9"), Text: "Is it really us?", At: h.at.Add(1)})
	h.does(bob, AddNote{Text: "what is a note?"})
	texts := func(most int) string {
		var list []string
		for _, e := range Unanswered(h.events, most) {
			list = append(list, e.Text)
		}
		return strings.Join(list, " | ")
	}
	if got := texts(10); got != "Is the database up? | Who can restart it? | anybody? | Is it really us?" {
		t.Error(got)
	}
	if got := texts(1); got != "Is it really us?" {
		t.Error(got)
	}
	say(alice, "10", "3", "I can") // which answers both
	if got := texts(10); got != "Is the database up? | Is it really us?" {
		t.Error(got)
	}
}
