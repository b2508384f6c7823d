package insights

import (
	"cmp"
	"slices"
)

// Alert is what statistics need of an alert that fired.
type Alert struct {
	Source, Title string
	Incident      bool // it led to an incident, or was attached to one
}

// Noise is how often an alert fired.
type Noise struct {
	Source, Title string
	Fired         int
	Incidents     int // how often it led to an incident, or was attached to one
}

// noisiest is how many are told.
const noisiest = 10

// Noisiest are the alerts that fired most often; of those that fired as often the one
// first that led to an incident more seldom.
func Noisiest(list []Alert) []Noise {
	var out []Noise
	at := map[[2]string]int{}
	for _, a := range list {
		key := [2]string{a.Source, a.Title}
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, Noise{Source: a.Source, Title: a.Title})
		}
		out[i].Fired++
		if a.Incident {
			out[i].Incidents++
		}
	}
	slices.SortFunc(out, func(a, b Noise) int {
		return cmp.Or(cmp.Compare(b.Fired, a.Fired), cmp.Compare(a.Incidents, b.Incidents), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Source, b.Source))
	})
	return out[:min(len(out), noisiest)]
}
