package thehive

import (
	"slices"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// What was done to an object.
const (
	created = "create"
	updated = "update"
	deleted = "delete"
)

// done is what was done: TheHive 5 says create, its versions 3 and 4 say Creation; empty where it says neither.
func done(body integrations.JSON) string {
	switch word := strings.ToLower(body.At("action").Or(body.At("operation")).Text()); {
	case strings.HasPrefix(word, "creat"):
		return created
	case strings.HasPrefix(word, "delet"):
		return deleted
	case word == "":
		return ""
	}
	return updated // Update, and merge
}

// status is how the object stands. A change that does not touch that, such as of its description, leaves it alone.
func status(body integrations.JSON, deed string) alerts.Status {
	if deed == deleted {
		return alerts.Resolved
	}
	details := body.At("details")
	if deed == updated && !details.At("stage").Is() && !details.At("status").Is() && !details.At("extendedStatus").Is() {
		return alerts.Update
	}
	o := body.At("object")
	if !o.Object() {
		o = details
	}
	return staged(o.At("stage").Or(details.At("stage")).Text(), o.At("status").Or(details.At("status")).Text())
}

// ended are the stages and statuses in which nobody works on it any more: closed, or become a case.
var ended = []string{"closed", "imported", "ignored", "resolved", "deleted", "duplicate", "duplicated"}

// staged is what a stage means (TheHive 5, and most of 4); else what a status does, which people can name as they like.
func staged(stage, status string) alerts.Status {
	for _, word := range []string{stage, status} {
		switch word = strings.ToLower(word); {
		case slices.Contains(ended, word):
			return alerts.Resolved
		case word == "inprogress":
			return alerts.Acknowledged
		}
	}
	return alerts.Firing
}

// delivery is which audit this is. Those that TheHive 5 makes for what belongs to an alert, all in one request, have an
// empty id.
func delivery(body integrations.JSON, deed, object string) string {
	id, request := body.At("_id").Or(body.At("id")).Text(), body.At("requestId").Text()
	switch {
	case id != "" && request != "":
		return id + "/" + request
	case id != "":
		return id
	case request != "":
		return deed + ":" + object + "/" + request
	}
	return ""
}
