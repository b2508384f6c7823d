package eventbridge

import (
	"errors"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "eventbridge"

// Config are the settings.
type Config struct {
	_       struct{}             `doc:"Events of Amazon EventBridge, such as findings of GuardDuty and Security Hub, sent to /hooks/eventbridge by an API destination; see docs/integrations/eventbridge.md."`
	Inbound integrations.Inbound `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) { c.Inbound.CheckKeys(report) }

// Kind is EventBridge.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		in := config.(*Config).Inbound
		return integrations.Integration{Alerts: &integrations.Source{
			Try:  "aws events put-events, with an event that the rule is for",
			Keys: in.Keys, Quiet: in.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) {
				body, err := integrations.ReadJSON(r.Body)
				if err != nil {
					return alerts.Report{}, err
				}
				return Read(body, in, r.At)
			},
		}}, nil
	},
}

// Over is how long after it was last said an event is over of which nobody says that it is. GuardDuty says again what
// goes on at least every six hours
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
const Over = 24 * time.Hour

// Is says whether a value is an event.
func Is(body integrations.JSON) bool {
	return body.At("detail-type").Text() != "" && body.At("detail").Object()
}

// Read reads an event that came at a moment.
func Read(body integrations.JSON, in integrations.Inbound, came time.Time) (alerts.Report, error) {
	if !Is(body) {
		return alerts.Report{}, errors.New("it has no \"detail-type\" or no \"detail\": send the whole event, without an input path or transformer")
	}
	report := alerts.Report{ID: body.At("id").Text()}
	switch kind := body.At("detail-type").Text(); {
	case kind == "GuardDuty Finding":
		report.Signals = []alerts.Signal{guardDuty(body, came)}
	case body.At("source").Text() == "aws.securityhub":
		report.Signals = securityHub(body.At("detail"))
		if len(report.Signals) == 0 {
			report.Nothing = "an event of Security Hub without findings"
		}
	case strings.HasPrefix(kind, "AWS Health"):
		report.Signals = []alerts.Signal{health(body, in, came)}
	case kind == "CloudWatch Alarm State Change":
		report.Signals = []alerts.Signal{alarm(body).Signal(in)}
	case strings.HasSuffix(kind, "via CloudTrail"):
		report.Signals = []alerts.Signal{cloudTrail(body, came)}
	default:
		report.Signals = []alerts.Signal{other(body, in, came)}
	}
	return report, nil
}

// common are the labels of every event; more are a name and a value each.
func common(body integrations.JSON, more ...string) map[string]string {
	labels := map[string]string{}
	for _, name := range []string{"account", "region", "source"} {
		labels[name] = body.At(name).Text()
	}
	for i := 0; i+1 < len(more); i += 2 {
		labels[more[i]] = more[i+1]
	}
	for name, value := range labels {
		if value == "" {
			delete(labels, name)
		}
	}
	return labels
}

// console is the address of a page of AWS' console, and nothing where the region is none.
func console(region, path string) string {
	if region == "" || strings.Trim(region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return ""
	}
	domain := "console.aws.amazon.com"
	switch {
	case strings.HasPrefix(region, "cn-"):
		domain = "console.amazonaws.cn"
	case strings.HasPrefix(region, "us-gov-"):
		domain = "console.amazonaws-us-gov.com"
	}
	return "https://" + region + "." + domain + strings.ReplaceAll(path, "REGION", region)
}
