package crowdstrike

import (
	"strconv"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// event are the fields of a detection, or of a change of one, by their names in lower case without underscores: the
// writings differ in little else.
type event map[string]integrations.JSON

// events puts together what is said of one: beside the event, and within its metadata, device and attributes.
func events(body integrations.JSON) event {
	e := event{}
	for _, part := range []integrations.JSON{body.At("event"), body, body.At("metadata"), body.At("device"), body.At("event", "Attributes"), body.At("Attributes")} {
		for name, v := range part.Fields() {
			name = strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "Attributes."), "_", ""))
			if _, there := e[name]; !there && v.Is() {
				e[name] = v
			}
		}
	}
	return e
}

// text is the first text that one of the fields has.
func (e event) text(names ...string) string {
	for _, name := range names {
		if t := strings.TrimSpace(e[name].Text()); t != "" {
			return t
		}
	}
	return ""
}

// id is the detection's.
func (e event) id() string { return e.text("compositeid", "detectid", "detectionid") }

func (e event) signal(in integrations.Inbound) alerts.Signal {
	s := alerts.Signal{
		Fingerprint: "cs:" + e.id(),
		Group:       e.text("aggregateid"),
		Status:      alerts.Firing,
		Severity:    e.severity(in),
		Title:       e.title(),
		Description: e.description(),
		Service:     e.text("hostname", "computername", "sourceendpointhostname"),
		URL:         e.text("falconhostlink", "url"),
		StartedAt:   integrations.ReadTime(e.text("createdtimestamp", "timestamp", "utctimestamp", "eventcreationtime")),
		Labels:      map[string]string{},
	}
	switch strings.ToLower(e.text("updatestatus", "status")) {
	case "closed", "true_positive", "false_positive", "ignored":
		s.Status = alerts.Resolved
	case "in_progress":
		s.Status = alerts.Acknowledged
	}
	if e.change() {
		if s.Status == alerts.Resolved {
			s.EndedAt = s.StartedAt
		}
		s.StartedAt = time.Time{}
	}
	for label, names := range shown {
		if v := e.text(names...); v != "" {
			s.Labels[label] = v
		}
	}
	return s
}

// tells says whether there is anything of an alert in it: of what people do to a detection only its status counts, not a
// comment or a tag.
func (e event) tells() bool { return e.id() != "" && (!e.change() || e.text("updatestatus") != "") }

// change says whether this is what somebody did to a detection in Falcon.
func (e event) change() bool {
	return strings.Contains(e.text("eventtype")+e.text("externalapitype"), "UserActivityAuditEvent")
}

// title is what it is called. A change does not say.
func (e event) title() string {
	if t := e.text("displayname", "detectname", "name", "technique"); t != "" {
		return t
	}
	return "Detection " + e.id()
}

// description is what was found, how, and what Falcon did about it.
func (e event) description() string {
	var lines []string
	for _, l := range []string{
		e.text("description", "detectdescription"),
		strings.Trim(e.text("tactic")+" / "+e.text("technique"), " /"),
		e.text("patterndispositiondescription"),
		e.text("commandline", "cmdline"),
	} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

// shown are the fields that are kept as labels.
var shown = map[string][]string{
	"tactic":      {"tactic"},
	"technique":   {"technique"},
	"objective":   {"objective"},
	"product":     {"product"},
	"user":        {"username"},
	"file":        {"filename"},
	"path":        {"filepath"},
	"sha256":      {"sha256string", "sha256"},
	"parent":      {"parentimagefilename"},
	"local_ip":    {"localip"},
	"sensor":      {"sensorid", "agentid", "deviceid", "agentidstring"},
	"customer":    {"cid", "customeridstring"},
	"disposition": {"patterndispositiondescription"},
}

// severity is its name, else its number.
func (e event) severity(in integrations.Inbound) alerts.Severity {
	if word := e.text("severityname"); word != "" {
		return in.Rank(word)
	}
	n, err := strconv.ParseFloat(e.text("severity", "maxseverity"), 64)
	if err != nil {
		return in.Rank(e.text("severity")) // a workflow may write the word there
	}
	return in.Rank(named(n))
}

// named is the name of a number: events count from 1 to 5, the Alerts API to 100
// (https://falcon.crowdstrike.com/documentation, Alerts API: 80 and more is critical).
func named(n float64) string {
	if n <= 5 {
		n *= 20
		n--
	}
	switch {
	case n >= 80:
		return "critical"
	case n >= 60:
		return "high"
	case n >= 40:
		return "medium"
	case n >= 20:
		return "low"
	}
	return "info"
}
