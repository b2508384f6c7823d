package web

import (
	"net/http"

	"fireboss/incidents/alerts"
)

// How many alerts the page of the noise lists.
const (
	tunedMost    = 10
	noisiestMost = 25
)

// noiseData is what alerts cost people, and what for.
type noiseData struct {
	Counted string // from how many alerts it is counted, in words
	Minutes int    // of people, of all of them
	Alerts  int
	Acted   int
	Tune    []alerts.Advice
	Noise   []alerts.Noise
	Rules   []ruleFigure
}

// noisePage shows the alerts of a month by what they cost and what came of them, as somebody is told of them.
func (s *Site) noisePage(r *http.Request) (page, error) {
	q, who, now := readQuery(r.URL.RawQuery), s.viewer(r), s.now()
	if q.err != nil {
		return page{}, q.err
	}
	list, whole, err := s.alertsSince(r.Context(), now.Add(-figuresOf), who)
	if err != nil {
		return page{}, err
	}
	d := noiseData{
		Counted: countedFrom(len(list), whole), Alerts: len(list), Tune: alerts.Tune(list, tunedMost), Noise: alerts.Noisiest(list, noisiestMost), Rules: ruleFigures(list, now),
	}
	for _, a := range list {
		d.Minutes += int(a.Effort().Minutes())
		if a.Incident != 0 {
			d.Acted++
		}
	}
	return page{Status: http.StatusOK, Template: "noise", Title: "Noise of alerts", Here: "alerts", Now: now, Data: d}, nil
}
