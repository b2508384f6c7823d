package sns

import (
	"fmt"
	"regexp"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "sns"

// Config are the settings.
type Config struct {
	_        struct{}                   `doc:"Alarms of Amazon CloudWatch, events of EventBridge and texts that Amazon SNS delivers to /hooks/sns; see docs/integrations/sns.md. Amazon signs them: there is no key."`
	Topics   []string                   `yaml:"topics,required,single" example:"[\"arn:aws:sns:eu-west-1:123456789012:alarms\"]" doc:"The topics, by their ARN: of no others anything is taken, and their subscriptions are confirmed by themselves."`
	V1       bool                       `yaml:"signature_v1" doc:"true: signatures of version 1, over SHA-1, are taken as well. Better set the topic's attribute SignatureVersion to 2."`
	Private  bool                       `yaml:"private_network" doc:"true: Amazon SNS may be at an address of the own network, as behind a VPC endpoint."`
	Severity map[string]alerts.Severity `yaml:"severity,flow" example:"{prod-: high}" doc:"How bad an alarm is whose name, or a text whose subject, begins so: critical, high, medium, low or info. The longest that fits counts; of all others: medium."`
	Quiet    time.Duration              `yaml:"quiet" doc:"An alert of which nothing was heard for so long is taken to be over; 0: never."`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	for _, arn := range c.Topics {
		if _, ok := base(arn); !ok {
			report("topics", fmt.Sprintf("%q is no ARN of a topic; write one like arn:aws:sns:eu-west-1:123456789012:alarms", arn))
		}
	}
}

// topic is an ARN of one: its partition and its region.
var topic = regexp.MustCompile(`^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}[a-z0-9-]{1,30}):[0-9]{1,20}:[A-Za-z0-9_-]{1,256}$`)

// base is where Amazon SNS is in the region of a topic (https://docs.aws.amazon.com/general/latest/gr/sns.html); false where
// it is no topic.
func base(arn string) (string, bool) {
	parts := topic.FindStringSubmatch(arn)
	if parts == nil {
		return "", false
	}
	at := "https://sns." + parts[2] + ".amazonaws.com"
	if parts[1] == "aws-cn" {
		at += ".cn"
	}
	return at, true
}

// fetchTimeout is how long one call to Amazon may take: a delivery waits for a certificate, and is given up after 15
// seconds.
const fetchTimeout = 5 * time.Second

// Kind is Amazon SNS.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{} },
	New: func(config any, deps integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		a := &amazon{v1: c.V1, topics: map[string]region{}}
		clients := map[string]*integrations.Client{}
		for _, arn := range c.Topics {
			at, ok := base(arn)
			if !ok {
				return integrations.Integration{}, fmt.Errorf("integrations.sns.topics: %q is no ARN of a topic", arn)
			}
			if clients[at] == nil {
				var err error
				reach := integrations.Reach{Integration: Name, Base: at, Private: c.Private, Timeout: fetchTimeout, Body: 64 << 10, Tries: 2, Wait: time.Second}
				if clients[at], err = deps.Outbound.Client(reach); err != nil {
					return integrations.Integration{}, err
				}
			}
			a.topics[arn] = region{base: at, client: clients[at]}
		}
		in := integrations.Inbound{Severity: c.Severity, Quiet: c.Quiet}
		return integrations.Integration{Check: a.check, Alerts: &integrations.Source{
			Try:    "aws sns publish --topic-arn … --message test",
			Verify: a.verify, After: a.confirm, Quiet: c.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, in) },
		}}, nil
	},
}
