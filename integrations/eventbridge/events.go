package eventbridge

import (
	"net/url"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// categories are what Health's events are, and how bad these are where the configuration says nothing.
var categories = map[string]struct {
	status   alerts.Status
	severity alerts.Severity
}{
	"issue":               {alerts.Firing, alerts.High},
	"investigation":       {alerts.Firing, alerts.Medium},
	"scheduledChange":     {alerts.Info, alerts.Low},
	"accountNotification": {alerts.Info, alerts.Information},
}

// health reads an event of AWS Health (https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html).
// One that concerns several accounts has one ARN in all of them, and comes a second time through another region.
func health(body integrations.JSON, in integrations.Inbound, came time.Time) alerts.Signal {
	d := body.At("detail")
	arn, code, category := d.At("eventArn").Text(), d.At("eventTypeCode").Text(), d.At("eventTypeCategory").Text()
	account, region := d.At("affectedAccount").Or(body.At("account")).Text(), d.At("eventRegion").Or(body.At("region")).Text()
	kind, known := categories[category]
	if !known {
		kind = categories["issue"]
	}
	s := alerts.Signal{
		Fingerprint: "health:" + arn + ":" + account,
		Status:      kind.status,
		Severity:    kind.severity,
		Title:       strings.TrimSpace(d.At("service").Text() + ": " + code + " in " + region),
		Description: healthText(d),
		Service:     d.At("service").Text(),
		StartedAt:   healthTime(d.At("startTime")),
		Labels:      common(body, "account", account, "region", region, "code", code, "category", category, "state", d.At("statusCode").Text()),
	}
	if configured, ok := in.Known(category); ok {
		s.Severity = configured
	}
	if arn == "" {
		s.Fingerprint = "health:" + d.At("service").Text() + ":" + code + ":" + region + ":" + account
	} else {
		s.URL = "https://health.aws.amazon.com/health/home#/account/event-log?eventID=" + url.QueryEscape(arn)
	}
	ended := healthTime(d.At("endTime"))
	state := d.At("statusCode").Text()
	switch {
	case state == "closed", state == "" && !ended.IsZero() && !ended.After(came):
		s.Status, s.EndedAt = alerts.Resolved, ended
	case s.Status == alerts.Info:
		s.Expires = came.Add(Over)
	}
	return s
}

// healthTime is a moment as Health writes it: Sat, 04 Jun 2016 05:01:10 GMT.
func healthTime(of integrations.JSON) time.Time {
	if t, err := time.Parse("Mon, 2 Jan 2006 15:04:05 MST", strings.TrimSpace(of.Text())); err == nil {
		return t.UTC()
	}
	return of.Time()
}

// healthText is the description in English, else in whatever language comes first, with when it is and what it
// concerns.
func healthText(d integrations.JSON) string {
	var text string
	for _, t := range d.At("eventDescription").List() {
		if text == "" || strings.HasPrefix(t.At("language").Text(), "en") {
			text = t.At("latestDescription").Text()
		}
	}
	// It is sent with the backslashes of a string within a string.
	lines := []string{strings.ReplaceAll(text, `\n`, "\n")}
	if from, to := d.At("startTime").Text(), d.At("endTime").Text(); from != "" {
		when := "From " + from
		if to != "" {
			when += " until " + to
		}
		lines = append(lines, when)
	}
	for _, e := range d.At("affectedEntities").List() {
		lines = append(lines, e.At("entityValue").Text())
	}
	return strings.Join(lines, "\n")
}

// cloudTrail reads a record (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
// That somebody has done something is not yet an alert: a rule decides. What was asked for and answered is left out, since passwords
// stand there as well.
func cloudTrail(body integrations.JSON, came time.Time) alerts.Signal {
	d := body.At("detail")
	id, name, who := d.At("eventID").Or(body.At("id")).Text(), d.At("eventName").Text(), d.At("userIdentity")
	user := who.At("userName").Or(who.At("sessionContext", "sessionIssuer", "userName"), who.At("invokedBy"), who.At("arn"), who.At("type")).Text()
	title := name
	if user != "" {
		title += " by " + user
	}
	if code := d.At("errorCode").Text(); code != "" {
		title += ": " + code
	}
	region := d.At("awsRegion").Or(body.At("region")).Text()
	return alerts.Signal{
		Fingerprint: "ct:" + id,
		Status:      alerts.Info,
		Severity:    alerts.Information,
		Title:       title,
		Description: d.At("errorMessage").Text(),
		Service:     d.At("eventSource").Text(),
		URL:         console(region, "/cloudtrailv2/home?region=REGION#/events/"+url.PathEscape(id)),
		StartedAt:   d.At("eventTime").Or(body.At("time")).Time(),
		Expires:     came.Add(Over),
		Labels: common(body, "region", region, "event", name, "event_source", d.At("eventSource").Text(), "user", user, "user_type", who.At("type").Text(),
			"user_arn", who.At("arn").Text(), "ip", d.At("sourceIPAddress").Text(), "error", d.At("errorCode").Text(),
			"console_login", d.At("responseElements", "ConsoleLogin").Text(), "mfa", d.At("additionalEventData", "MFAUsed").Text()),
	}
}

// other reads an event of any other sort, which a rule may make something of: what its detail says in single words are
// its labels, but for what may be secret.
func other(body integrations.JSON, in integrations.Inbound, came time.Time) alerts.Signal {
	kind, d := body.At("detail-type").Text(), body.At("detail")
	labels := d.Texts()
	for name := range labels {
		low := strings.ToLower(name)
		if strings.Contains(low, "secret") || strings.Contains(low, "token") || strings.Contains(low, "password") {
			delete(labels, name)
		}
	}
	for name, value := range common(body, "detail_type", kind) {
		labels[name] = value
	}
	s := alerts.Signal{
		Fingerprint: "eb:" + body.At("source").Text() + ":" + kind + ":" + body.At("id").Text(),
		Status:      alerts.Info,
		Severity:    alerts.Information,
		Title:       kind,
		Service:     body.At("source").Text(),
		StartedAt:   body.At("time").Time(),
		Expires:     came.Add(Over),
		Labels:      labels,
	}
	if known, ok := in.Known(d.At("severity").Text()); ok {
		s.Severity = known
	}
	var lines []string
	for _, r := range body.At("resources").List() {
		lines = append(lines, r.Text())
	}
	s.Description = strings.Join(lines, "\n")
	return s
}
