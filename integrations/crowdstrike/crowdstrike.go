package crowdstrike

import (
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "crowdstrike"

// The headers by which a workflow's webhook signs.
const (
	signatureHeader = "X-CS-Primary-Signature"
	timestampHeader = "X-CS-Delivery-Timestamp"
)

// tolerance is how long before it came a delivery may have been signed.
const tolerance = 5 * time.Minute

// Config are the settings.
type Config struct {
	_       struct{}              `doc:"Detections of CrowdStrike Falcon, sent to /hooks/crowdstrike; see docs/integrations/crowdstrike.md."`
	Secrets []integrations.Secret `yaml:"secret,single" example:"\"${CROWDSTRIKE_HMAC_SECRET}\"" doc:"The HMAC secret key of the webhook's configuration in Falcon; a list while it is being changed. Where there is one, a key is of no use."`
	Inbound integrations.Inbound  `yaml:",inline"`
}

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if len(c.Secrets)+len(c.Inbound.Keys) == 0 {
		report("key", "is missing, and so is secret: without either anybody could send alerts. Make one with: openssl rand -hex 24")
	}
	integrations.CheckSecrets("secret", c.Secrets, report)
	integrations.CheckSecrets("key", c.Inbound.Keys, report)
}

// Kind is CrowdStrike Falcon.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return &Config{Inbound: integrations.Inbound{Quiet: 24 * time.Hour}} },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		s := &integrations.Source{
			Try:  "let the workflow run once by hand",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, c.Inbound) },
		}
		if len(c.Secrets) > 0 {
			s.Verify = c.verify
		}
		return integrations.Integration{Alerts: s}, nil
	},
}

// verify checks the signature, which is over the body and then the moment of sending.
func (c *Config) verify(r integrations.Request) error {
	stamp := r.Header.Get(timestampHeader)
	if err := integrations.Recent(integrations.ReadTime(stamp), r.At, tolerance); err != nil {
		return err
	}
	s := integrations.Signature{Secrets: c.Secrets, Decode: base64.StdEncoding.DecodeString}
	return s.Verify(append(slices.Clip(r.Body), stamp...), r.Header.Values(signatureHeader)...)
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	all := body.List()
	if body.At("resources").Is() { // as the Alerts API answers
		all = body.At("resources").List()
	}
	var report alerts.Report
	others := 0
	for _, b := range all {
		switch e := events(b); {
		case e.tells():
			report.Signals = append(report.Signals, e.signal(in))
		case e.text("eventtype", "externalapitype") != "":
			others++
		}
	}
	switch {
	case len(report.Signals) > 0:
	case others > 0:
		report.Nothing = "an event of Falcon's that is no detection and no change of its status"
	case body.At("resources").Is():
		report.Nothing = "a list without detections"
	default:
		return alerts.Report{}, errors.New("it has no \"composite_id\", \"CompositeId\" or \"DetectId\": the body of docs/integrations/crowdstrike.md is expected, or a detection as Falcon's own APIs write it")
	}
	return report, nil
}
