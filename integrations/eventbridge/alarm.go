package eventbridge

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Alarm is an alarm of CloudWatch that has changed its state, whichever way it was told.
type Alarm struct {
	ARN             string // may be empty; then the next three name it
	Account, Region string
	Name            string
	State           string // OK, ALARM or INSUFFICIENT_DATA
	Changed         time.Time
	Description     string // what its author says of it
	Reason          string // why it has changed
	Namespace       string // of its metric; of several, of the first
	Labels          map[string]string
}

// Signal is what it says.
func (a Alarm) Signal(in integrations.Inbound) alerts.Signal {
	id, region := a.ARN, ""
	if parts := strings.Split(a.ARN, ":"); len(parts) > 4 { // arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME
		region = parts[3]
	} else {
		id = a.Account + ":" + a.Region + ":" + a.Name
	}
	s := alerts.Signal{
		Fingerprint: "cw:" + id,
		Status:      alerts.Firing,
		Severity:    Severity(a.Name, in),
		Title:       a.Name,
		Description: strings.TrimSpace(a.Description + "\n" + a.Reason),
		Service:     a.Namespace,
		URL:         console(region, "/cloudwatch/home?region=REGION#alarmsV2:alarm/"+url.PathEscape(a.Name)),
		Labels:      map[string]string{},
	}
	for name, value := range a.Labels {
		s.Labels[name] = value
	}
	for name, value := range map[string]string{"account": a.Account, "region": cmp.Or(region, a.Region), "namespace": a.Namespace, "alarm": a.Name} {
		if value != "" {
			s.Labels[name] = value
		}
	}
	switch strings.ToUpper(a.State) {
	case "OK":
		s.Status, s.EndedAt = alerts.Resolved, a.Changed
	case "INSUFFICIENT_DATA":
		s.Status, s.StartedAt = alerts.NoData, a.Changed
	default:
		s.StartedAt = a.Changed
	}
	return s
}

// Severity is that of the longest configured word with which a name begins, else medium: CloudWatch has no severities. The
// usual words are not looked for, since a name like page-views says nothing of one.
func Severity(name string, in integrations.Inbound) alerts.Severity {
	found, longest := alerts.Medium, 0
	for word, s := range in.Severity {
		if len(word) > longest && len(name) >= len(word) && strings.EqualFold(name[:len(word)], word) {
			found, longest = s, len(word)
		}
	}
	return found
}

// alarm reads an event (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html).
func alarm(body integrations.JSON) Alarm {
	d := body.At("detail")
	a := Alarm{
		Account: body.At("account").Text(), Region: body.At("region").Text(), Name: d.At("alarmName").Text(),
		State: d.At("state", "value").Text(), Changed: d.At("state", "timestamp").Or(body.At("time")).Time(),
		Description: d.At("configuration", "description").Text(), Reason: d.At("state", "reason").Text(), Labels: map[string]string{},
	}
	for _, r := range body.At("resources").List() {
		if strings.HasPrefix(r.Text(), "arn:") {
			a.ARN = r.Text()
			break
		}
	}
	for _, m := range d.At("configuration", "metrics").List() {
		metric := m.At("metricStat", "metric")
		a.Namespace = cmp.Or(a.Namespace, metric.At("namespace").Text())
		for name, value := range metric.At("dimensions").Texts() {
			a.Labels[name] = value
		}
	}
	return a
}
