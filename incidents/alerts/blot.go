package alerts

import "fireboss/incidents"

// Blot takes out what its source wrote of an alert. What is heard of this episode later brings no text back; the next one
// is an alert of its own.
func (a Alert) Blot() Alert {
	a = a.clone()
	a.Blotted = true
	return a.withoutTexts()
}

// withoutTexts keeps by what it is recognised, and how it stands.
func (a Alert) withoutTexts() Alert {
	a.Title, a.Description, a.URL, a.Labels = incidents.RemovedText, "", "", nil
	return a
}
