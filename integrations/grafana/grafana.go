package grafana

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"fireboss/incidents/alerts"
	"fireboss/integrations"
)

// Name is the integration's.
const Name = "grafana"

// Config are the settings.
type Config struct {
	_         struct{}              `doc:"Alerts from Grafana, sent to /hooks/grafana; see docs/integrations/grafana.md. It wants a key or a secret."`
	Secrets   []integrations.Secret `yaml:"secret,single" example:"\"${GRAFANA_SECRET}\"" doc:"The secret of the contact point's HMAC signature (Grafana 12 and newer). Where it is set, a key alone does not serve. A list while it is being changed."`
	Signature string                `yaml:"signature_header" doc:"The header of the signature, as the contact point has it."`
	Timestamp string                `yaml:"timestamp_header" example:"X-Grafana-Alerting-Timestamp" doc:"The timestamp header, where the contact point has one. It is then required, and what was signed more than 5 minutes ago is refused."`
	Inbound   integrations.Inbound  `yaml:",inline"`
}

// defaults are Grafana's own.
func defaults() *Config { return &Config{Signature: "X-Grafana-Alerting-Signature"} }

// tolerance is how long before its arrival a delivery may have been signed.
const tolerance = 5 * time.Minute

// Check finds what does not go together.
func (c Config) Check(report func(key, sentence string)) {
	if len(c.Secrets) == 0 {
		c.Inbound.CheckKeys(report)
	} else {
		integrations.CheckSecrets("key", c.Inbound.Keys, report)
	}
	integrations.CheckSecrets("secret", c.Secrets, report)
	header(c.Signature, "signature_header", report)
	header(c.Timestamp, "timestamp_header", report)
	if len(c.Secrets) > 0 && c.Signature == "" {
		report("signature_header", "is empty: say in which header the signature is")
	}
}

// header reports a name that no header can have.
func header(name, key string, report func(key, sentence string)) {
	if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == ':' }) {
		report(key, "is no name of a header; write it like X-Grafana-Alerting-Signature")
	}
}

// Kind is Grafana.
var Kind = integrations.Kind{
	Name:   Name,
	Config: func() any { return defaults() },
	New: func(config any, _ integrations.Deps) (integrations.Integration, error) {
		c := config.(*Config)
		s := &integrations.Source{
			Try:  "press Test at the contact point",
			Keys: c.Inbound.Keys, Quiet: c.Inbound.Quiet,
			Read: func(r integrations.Request) (alerts.Report, error) { return read(r, c.Inbound) },
		}
		if len(c.Secrets) > 0 {
			s.Verify = c.verify
		}
		return integrations.Integration{Alerts: s}, nil
	},
}

// verify checks the signature, which is over the body, or over the time in seconds, a colon and the body.
func (c *Config) verify(r integrations.Request) error {
	signed := r.Body
	if c.Timestamp != "" {
		at := r.Header.Get(c.Timestamp)
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return errors.New("it has no time in seconds in the header " + c.Timestamp)
		}
		if err := integrations.Recent(time.Unix(seconds, 0), r.At, tolerance); err != nil {
			return err
		}
		signed = append([]byte(at+":"), r.Body...)
	}
	return integrations.Signature{Secrets: c.Secrets}.Verify(signed, r.Header.Get(c.Signature))
}

func read(r integrations.Request, in integrations.Inbound) (alerts.Report, error) {
	body, err := integrations.ReadJSON(r.Body)
	if err != nil {
		return alerts.Report{}, err
	}
	switch {
	case body.At("alerts").Is():
		return unified(body, in)
	case body.At("ruleName").Text() != "" || body.At("ruleId").Text() != "":
		return legacy(body, in)
	}
	return alerts.Report{}, errors.New("it has neither \"alerts\" nor a \"ruleName\": send the contact point's own payload, without a template, or use the integration webhook")
}
