package sns

import (
	"cmp"
	"errors"
	"strings"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
	"fireboss/integrations/eventbridge"
)

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	m, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	report := alerts.Report{ID: m.At("MessageId").Text()}
	switch m.At("Type").Text() {
	case "SubscriptionConfirmation":
		report.Nothing = "the request to confirm a subscription, which is confirmed by itself"
	case "UnsubscribeConfirmation":
		report.Nothing = "the news that a subscription has ended; subscribe again if that was not meant"
	case "Notification":
		return notification(m, report, r, in)
	default:
		return alerts.Report{}, errors.New("it is no message of Amazon SNS, which has a Type: raw message delivery has to be off")
	}
	return report, nil
}

// notification reads the message within: an alarm, an event, or whatever somebody has published.
func notification(m integrations.JSON, report alerts.Report, r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	inside, err := integrations.ReadJSON([]byte(m.At("Message").Text()))
	switch {
	case err == nil && inside.At("AlarmName").Text() != "":
		report.Signals = []alerts.Signal{alarm(inside, m).Signal(in)}
	case err == nil && eventbridge.Is(inside):
		event, err := eventbridge.Read(inside, in, r.At)
		if err != nil {
			return alerts.Report{}, err
		}
		report.Signals, report.Nothing = event.Signals, event.Nothing
	default:
		report.Signals = []alerts.Signal{published(m, r, in)}
	}
	return report, nil
}

// alarm reads an alarm as CloudWatch sends it to a topic. The name of its region is one for people, where there is no
// ARN.
func alarm(a, m integrations.JSON) eventbridge.Alarm {
	alarm := eventbridge.Alarm{
		ARN: a.At("AlarmArn").Text(), Account: a.At("AWSAccountId").Text(), Region: a.At("Region").Text(), Name: a.At("AlarmName").Text(),
		State: a.At("NewStateValue").Text(), Changed: a.At("StateChangeTime").Or(m.At("Timestamp")).Time(),
		Description: a.At("AlarmDescription").Text(), Reason: a.At("NewStateReason").Text(),
		Namespace: a.At("Trigger", "Namespace").Text(), Labels: map[string]string{},
	}
	metrics := []integrations.JSON{a.At("Trigger")}
	for _, m := range a.At("Trigger", "Metrics").List() { // of an alarm over an expression
		metrics = append(metrics, m.At("MetricStat", "Metric"))
	}
	for _, metric := range metrics {
		alarm.Namespace = cmp.Or(alarm.Namespace, metric.At("Namespace").Text())
		for _, d := range metric.At("Dimensions").List() {
			if name := d.At("name").Or(d.At("Name")).Text(); name != "" {
				alarm.Labels[name] = d.At("value").Or(d.At("Value")).Text()
			}
		}
	}
	return alarm
}

// published is what somebody has sent to the topic. Nobody says when it is over.
func published(m integrations.JSON, r integrations.Request, in integrations.Inbound) alerts.Signal {
	arn, message := m.At("TopicArn").Text(), strings.TrimSpace(m.At("Message").Text())
	title := strings.TrimSpace(m.At("Subject").Text())
	if title == "" {
		first, _, _ := strings.Cut(message, "\n")
		title = strings.TrimSpace(first)
	}
	name := arn[strings.LastIndex(arn, ":")+1:]
	return alerts.Signal{
		Fingerprint: "sns:" + arn + ":" + title,
		Status:      alerts.Firing,
		Severity:    eventbridge.Severity(title, in),
		Title:       title,
		Description: message,
		Service:     name,
		StartedAt:   m.At("Timestamp").Time(),
		Expires:     r.At.Add(eventbridge.Over),
		Labels:      map[string]string{"topic": name},
	}
}
