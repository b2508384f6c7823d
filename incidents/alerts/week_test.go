package alerts

import (
	"fmt"
	"testing"
	"time"
)

func TestWhatAWeekBrought(t *testing.T) {
	list := append(fired("noisy", 6, nil), fired("useful", 2, func(a *Alert) { a.Incident, a.Source = 3, "prometheus" })...)
	list = append(list, fired("silenced", 1, func(a *Alert) {
		a.Decision.Action, a.Decision.By, a.IgnoredUntil = Ignore, "bob", a.ReceivedAt.Add(time.Hour)
	})...)
	list = append(list, fired("silenced", 1, func(a *Alert) { a.Quiet = &Quiet{Silence: 3} })...)
	list = append(list, fired("silenced", 1, func(a *Alert) { a.Silenced = 3 })...)
	list = append(list, fired("in a window", 1, func(a *Alert) { a.Quiet = &Quiet{Window: "backups"} })...)
	list = append(list, fired("shadow", 1, func(a *Alert) { a.Decision.Shadow = []Shadow{{Rule: "critical", Action: Declare}} })...)
	for i := range 7 {
		list = append(list, fired(fmt.Sprint("rate ", i), 1, func(a *Alert) { a.Source, a.ReceivedAt = Own, a.ReceivedAt.Add(time.Duration(i)*time.Minute) })...)
	}
	w := WeekOf(list, noon.Add(24*time.Hour))
	if w.Alerts != 13 || w.Sources != 2 || w.Acted != 2 || w.Silenced != 3 || w.Effort != 13*ToRead+ToDecide || w.Empty() {
		t.Errorf("%+v", w)
	}
	loud := ""
	for _, a := range w.Loudest {
		loud += fmt.Sprintf("%s %d; ", a.Title, len(a.Why))
	}
	if loud != "noisy 1; silenced 0; useful 0; " || len(w.Shadow) != 1 || w.Shadow[0].Rule != "critical" || len(w.Raised) != 5 || w.Raised[0].Title != "rate 6" {
		t.Errorf("%s\n%+v\n%+v", loud, w.Shadow, w.Raised)
	}
	if !(WeekOf(nil, noon)).Empty() || WeekOf(fired("rate", 1, func(a *Alert) { a.Source = Own }), noon).Empty() {
		t.Error("when there is nothing to tell")
	}
}
