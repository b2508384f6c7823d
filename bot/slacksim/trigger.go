package slacksim

import (
	"strconv"
	"time"
)

// trigger is the right to open one modal for a person who just did something.
type trigger struct {
	user    string
	expires time.Time
	used    bool
}

// newTrigger makes a trigger that lives three seconds from now, the moment of delivery.
func (w *world) newTrigger(user string) string {
	for id, t := range w.triggers {
		if w.now().Sub(t.expires) > time.Hour {
			delete(w.triggers, id)
		}
	}
	id := strconv.FormatInt(w.now().UnixMilli(), 10) + "." + strconv.FormatInt(w.nextNumber("trigger"), 10) + "." + newSecret()
	w.triggers[id] = &trigger{user: user, expires: w.now().Add(triggerLife)}
	return id
}

// exchange uses a trigger up and says whose it was.
func (w *world) exchange(id string) (user string, err error) {
	t := w.triggers[id]
	switch {
	case t == nil:
		return "", refuse("invalid_trigger_id")
	case t.used:
		return "", refuse("exchanged_trigger_id")
	case w.now().After(t.expires):
		return "", refuse("expired_trigger_id")
	}
	t.used = true
	return t.user, nil
}
