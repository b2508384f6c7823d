package thehive

import (
	"errors"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "thehive"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Alerts and cases of TheHive, sent to /hooks/thehive; see docs/integrations/thehive.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is TheHive.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "create an alert there, and delete it",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}

// kinds are the objects that are alerts here, by their names in lower case.
var kinds = map[string]string{"alert": "Alert", "case": "Case"}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	objectType, deed := body.At("objectType").Text(), done(body)
	if objectType == "" || deed == "" {
		return alerts.Report{}, errors.New("it has no \"objectType\", or neither \"action\" nor \"operation\": the body of TheHive's webhook notifier is expected")
	}
	kind := kinds[strings.ToLower(objectType)]
	if kind == "" {
		return alerts.Report{Nothing: "a change of something that is neither an alert nor a case"}, nil
	}
	id := body.At("objectId").Or(body.At("object", "_id"), body.At("object", "id")).Text()
	if id == "" {
		return alerts.Report{}, errors.New("it has no \"objectId\"")
	}
	s := signal(body, in)
	s.Fingerprint = "hive:" + kind + ":" + id
	s.Status = status(body, deed)
	if s.Title == "" {
		s.Title = kind + " " + id // of one that was deleted nothing else is sent
	}
	if s.Status == alerts.Resolved {
		s.EndedAt = body.At("object", "closedDate").Or(body.At("object", "endDate"), body.At("_createdAt"), body.At("startDate")).Time()
	}
	return alerts.Report{ID: delivery(body, deed, kind+":"+id), Signals: []alerts.Signal{s}}, nil
}

// signal is what the object says of itself. Its context is not asked: of a deletion that is the organisation.
func signal(body integrations.JSON, in integrations.Inbound) alerts.Signal {
	o := body.At("object")
	if !o.Object() {
		o = body.At("details")
	}
	s := alerts.Signal{
		Severity:    in.Rank(severity(o.At("severity").Text())),
		Title:       o.At("title").Text(),
		Description: o.At("description").Text(),
		StartedAt:   o.At("_createdAt").Or(o.At("createdAt"), o.At("startDate"), o.At("date")).Time(),
		SaidAt:      o.At("_updatedAt").Or(o.At("updatedAt")).Time(),
		Labels:      map[string]string{},
	}
	if root := body.At("rootId").Text(); root != "" && body.At("object").Object() {
		s.Group = root
	}
	for name, v := range map[string]integrations.JSON{
		"type": o.At("type"), "source": o.At("source"), "source_ref": o.At("sourceRef"), "stage": o.At("stage"), "status": o.At("status"),
		"tlp": o.At("tlp"), "pap": o.At("pap"), "case_number": o.At("number").Or(o.At("caseId")), "assignee": o.At("assignee").Or(o.At("owner")),
		"organisation": body.At("organisation", "organisation").Or(body.At("organisation")),
	} {
		if v.Text() != "" {
			s.Labels[name] = v.Text()
		}
	}
	s.Service = tagged(o.At("tags"))
	return s
}

// tagged is the service that a tag names, written service:NAME, or service="NAME" as TheHive's taxonomies are.
func tagged(tags integrations.JSON) string {
	for _, t := range tags.List() {
		tag := t.Text()
		if i := strings.IndexAny(tag, ":="); i > 0 && strings.EqualFold(strings.TrimSpace(tag[:i]), "service") {
			if name := strings.Trim(tag[i+1:], ` "`); name != "" {
				return name
			}
		}
	}
	return ""
}

// levels are TheHive's severities, which it counts.
var levels = map[string]string{"1": "low", "2": "medium", "3": "high", "4": "critical"}

// severity is a word for one.
func severity(level string) string {
	if word := levels[level]; word != "" {
		return word
	}
	return level
}
